/**
 * Pairings: where a device and a new device of the same person find each other; `core/wire.ts` says what they are. In
 * memory only, and only as long as both sockets live. The node of the device that opened one is its home: it alone lets
 * somebody in. A new device at another node is there by word between the nodes, which the store carries. Such a word may
 * get lost; then the two wait until somebody gives up, and a new code is made.
 */
import { drop } from "#core/facts/drop.ts";
import type { DeviceId, MemberId, PairId, WorkspaceId } from "#core/protocol/ids.ts";
import { CLOSE, PAIR_NEWS, PAIR_SAY, writeText } from "#core/protocol/wire.ts";
import type { Shut } from "../admission/auth.ts";
import type { LimitNumbers } from "../admission/limits.ts";
import type { Log } from "../system/log.ts";
import { readWord, writeWord } from "../system/node-words.ts";
import type { Word } from "../system/node-words.ts";
import { createAwayGuests } from "./away-guests.ts";
import type { Guest, GuestHere } from "./away-guests.ts";
import { createEnds } from "./pairing-ends.ts";
import { close, isMute, peerOf, send, shut } from "./peer.ts";
import type { DocumentSocket, Voice } from "./peer.ts";
import type { ChainStore } from "../store/store.ts";

export interface Rendezvous {
  /** The device of that member waits for its new one. An older pairing of the same device ends, and of the same member the oldest of too many. */
  open(voice: Voice, device: DeviceId, member: MemberId, id: PairId): void;
  /** Lets the holder of the pairing's key in, once: `welcome` is called before anything is said. Otherwise why not. */
  join(peer: DocumentSocket, wid: WorkspaceId, id: PairId, welcome: () => void): Promise<Shut | undefined>;
  say(voice: Voice, text: string): void;
  /** It is ending; ends the pairing that it was an end of. */
  left(voice: Voice): void;
  close(): void;
}

interface Pairing {
  readonly wid: WorkspaceId;
  readonly id: PairId;
  readonly device: DeviceId;
  readonly member: MemberId;
  /** Of the device that opened it. */
  readonly voice: Voice;
  readonly timer: NodeJS.Timeout;
  guest: Guest | undefined;
  /** Where the guest sits, for words from another node. */
  seat: string;
}

/** How long the home of a pairing, somewhere, has to answer. */
const ANSWER_MS = 5_000;
const OVER: Shut = { code: CLOSE.pairingOver, reason: "pairing-over" };
const TWICE: Shut = { code: CLOSE.pairingTwice, reason: "pairing-twice" };
const CROWDED: Shut = { code: CLOSE.tooMuch, reason: "too-many-pairings" };

export interface RendezvousDeps {
  readonly store: Pick<ChainStore, "tellNodes" | "onNodeWord">;
  readonly numbers: LimitNumbers;
  readonly log: Log;
}

export const createRendezvous = ({ store, numbers, log }: RendezvousDeps): Rendezvous => {
  const homes = new Map<string, Pairing>();
  const ends = createEnds(numbers.sayingsPerPairing);
  const nameOf = (wid: string, id: string): string => `${wid} ${id}`;

  const tell = (word: Word): void => {
    drop(store.tellNodes(writeWord(word)), "lost like any other word: somebody gives up waiting");
  };

  const away = createAwayGuests({ ask: (word) => store.tellNodes(writeWord(word)), tell, answerMs: ANSWER_MS });
  const guestHere = (peer: DocumentSocket): GuestHere => ({
    say: (text) => send(peer, writeText(PAIR_SAY, text)),
    end: ({ code, reason }) => {
      ends.forget(peer);
      close(peer, code, reason);
    },
    isGone: () => isMute(peer),
  });

  /** On a connection the log is needed for more than this. */
  const tellEnd = (voice: Voice, { code, reason }: Shut): void => {
    if (voice.kind === "channel") send(voice, writeText(PAIR_NEWS, String(code)));
    else close(voice, code, reason);
  };

  const end = (pairing: Pairing, why: Shut): void => {
    const name = nameOf(pairing.wid, pairing.id);
    if (homes.get(name) !== pairing) return;
    homes.delete(name);
    clearTimeout(pairing.timer);
    ends.forget(pairing.voice);
    pairing.guest?.end(why);
    tellEnd(pairing.voice, why);
  };
  const endOthersOf = (device: DeviceId, wid: string): void => {
    for (const pairing of homes.values()) if (pairing.device === device && pairing.wid === wid) end(pairing, OVER);
  };

  /** A guest comes to a pairing that is at home here. */
  const letIn = (pairing: Pairing, guest: Guest, seat: string): Shut | undefined => {
    if (pairing.guest !== undefined) {
      end(pairing, TWICE);
      return TWICE;
    }
    pairing.guest = guest;
    pairing.seat = seat;
    return undefined;
  };
  const joined = ({ voice }: Pairing): void => send(voice, writeText(PAIR_NEWS, "joined"));

  const leaveGuest = (pairing: Pairing): void => {
    pairing.guest = undefined;
    end(pairing, OVER);
  };

  const joinHere = (pairing: Pairing, peer: DocumentSocket, welcome: () => void): Shut | undefined => {
    const refused = letIn(pairing, guestHere(peer), "");
    if (refused !== undefined) return refused;
    ends.set(peer, {
      say: (text) => send(pairing.voice, writeText(PAIR_SAY, text)),
      left: () => leaveGuest(pairing),
    });
    welcome();
    joined(pairing);
    return undefined;
  };

  const remoteGuest = (seat: string): Guest => ({
    say: (text) => tell({ k: "answer", seat, text }),
    end: ({ code, reason }) => tell({ k: "over", seat, code, reason }),
  });

  /** A word from a guest elsewhere about a pairing that may be at home here. */
  const onWordOfGuest = (word: Extract<Word, { k: "knock" | "here" | "say" | "left" }>): void => {
    const pairing = homes.get(nameOf(word.wid, word.id));
    // Where the pairing is not at home here, it may be at another node.
    if (pairing === undefined) return;
    if (word.k === "knock") {
      const refused = letIn(pairing, remoteGuest(word.seat), word.seat);
      return tell(refused === undefined ? { k: "in", seat: word.seat } : { k: "over", seat: word.seat, ...refused });
    }
    if (pairing.seat !== word.seat) return;
    if (word.k === "left") return leaveGuest(pairing);
    if (word.k === "here") return joined(pairing);
    send(pairing.voice, writeText(PAIR_SAY, word.text));
  };
  const unfollow = store.onNodeWord((text) => {
    const word = readWord(text);
    if (word === undefined || word.k === "lost") return;
    if (word.k === "opened") endOthersOf(word.device, word.wid);
    else if (word.k === "in" || word.k === "answer" || word.k === "over") away.hear(word);
    else onWordOfGuest(word);
  });

  return {
    open: (voice, device, member, id) => {
      const { wid } = peerOf(voice);
      endOthersOf(device, wid);
      const [oldest, ...more] = [...homes.values()].filter((other) => other.wid === wid && other.member === member);
      if (oldest !== undefined && more.length + 1 >= numbers.pairingsPerMember) end(oldest, OVER);
      // The socket that made the older one may have been this very one.
      if (isMute(voice)) return;
      const count = [...homes.values()].filter((other) => other.wid === wid).length;
      if (count >= numbers.pairingsPerWorkspace || homes.has(nameOf(wid, id))) return tellEnd(voice, CROWDED);
      const pairing: Pairing = {
        wid,
        id,
        device,
        member,
        voice,
        guest: undefined,
        seat: "",
        timer: setTimeout(() => end(pairing, OVER), numbers.pairingMs),
      };
      homes.set(nameOf(wid, id), pairing);
      ends.set(voice, { say: (text) => pairing.guest?.say(text), left: () => end(pairing, OVER) });
      log({ event: "pairing-opened", workspace: wid });
      tell({ k: "opened", wid, device });
      send(voice, writeText(PAIR_NEWS, "open"));
    },
    join: async (peer, wid, id, welcome) => {
      const pairing = homes.get(nameOf(wid, id));
      if (pairing !== undefined) return joinHere(pairing, peer, welcome);
      return away.join(wid, id, guestHere(peer), (end) => {
        ends.set(peer, end);
        welcome();
      });
    },
    say: (voice, text) => {
      const refused = ends.say(voice, text);
      if (refused !== undefined) shut(voice, refused.code, refused.reason);
    },
    left: ends.left,
    close: () => {
      unfollow();
      for (const { timer } of homes.values()) clearTimeout(timer);
      homes.clear();
    },
  };
};
