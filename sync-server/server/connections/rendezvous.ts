/**
 * Pairings: where a device and a new device of the same person find each other; `core/wire.ts` says what they are. In
 * memory only, and only as long as both sockets live. The node of the device that opened one is its home: it alone lets
 * somebody in. A new device at another node is there by word between the nodes, which the store carries. Such a word may
 * get lost; then the two wait until somebody gives up, and a new code is made.
 */
import { randomUUID } from "node:crypto";
import { drop } from "#core/facts/drop.ts";
import type { DeviceId, MemberId, PairId, WorkspaceId } from "#core/protocol/ids.ts";
import { CLOSE, PAIR_NEWS, PAIR_SAY, writeText } from "#core/protocol/wire.ts";
import type { Shut } from "../admission/auth.ts";
import type { LimitNumbers } from "../admission/limits.ts";
import type { Log } from "../system/log.ts";
import { readWord, writeWord } from "../system/node-words.ts";
import type { Word } from "../system/node-words.ts";
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

/** The new device as its pairing sees it, here or at another node. */
interface Guest {
  say(text: string): void;
  end(shut: Shut): void;
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
/** What a socket is an end of, and how much it has said. */
interface End {
  said: number;
  say(text: string): void;
  left(): void;
}

/** How long the home of a pairing, somewhere, has to answer. */
const ANSWER_MS = 5_000;
const OVER: Shut = { code: CLOSE.pairingOver, reason: "pairing-over" };
const TWICE: Shut = { code: CLOSE.pairingTwice, reason: "pairing-twice" };
const CROWDED: Shut = { code: CLOSE.tooMuch, reason: "too-many-pairings" };
const NOBODY: Shut = { code: CLOSE.noPairing, reason: "no-such-pairing" };

export interface RendezvousDeps {
  readonly store: Pick<ChainStore, "tellNodes" | "onNodeWord">;
  readonly numbers: LimitNumbers;
  readonly log: Log;
}

export const createRendezvous = ({ store, numbers, log }: RendezvousDeps): Rendezvous => {
  const homes = new Map<string, Pairing>();
  const ends = new Map<Voice, End>();
  /** Guests here whose pairing is at home elsewhere, by seat. */
  const away = new Map<
    string,
    { readonly peer: DocumentSocket; readonly answered: (shut: Shut | undefined) => void }
  >();
  const nameOf = (wid: string, id: string): string => `${wid} ${id}`;

  const tell = (word: Word): void => {
    drop(store.tellNodes(writeWord(word)), "lost like any other word: somebody gives up waiting");
  };

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
    ends.delete(pairing.voice);
    pairing.guest?.end(why);
    tellEnd(pairing.voice, why);
  };
  const endOthersOf = (device: DeviceId, wid: string): void => {
    for (const pairing of homes.values()) if (pairing.device === device && pairing.wid === wid) end(pairing, OVER);
  };

  /** A guest comes to a pairing that is at home here. */
  const letIn = (pairing: Pairing | undefined, guest: Guest, seat: string): Shut | undefined => {
    if (pairing === undefined) return NOBODY;
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
    const guest: Guest = {
      say: (text) => send(peer, writeText(PAIR_SAY, text)),
      end: ({ code, reason }) => {
        ends.delete(peer);
        close(peer, code, reason);
      },
    };
    const refused = letIn(pairing, guest, "");
    if (refused !== undefined) return refused;
    ends.set(peer, {
      said: 0,
      say: (text) => send(pairing.voice, writeText(PAIR_SAY, text)),
      left: () => leaveGuest(pairing),
    });
    welcome();
    joined(pairing);
    return undefined;
  };

  const joinElsewhere = async (
    peer: DocumentSocket,
    wid: WorkspaceId,
    id: PairId,
    welcome: () => void,
  ): Promise<Shut | undefined> => {
    const seat = randomUUID();
    const asked = Promise.withResolvers<Shut | undefined>();
    const late = setTimeout(() => asked.resolve(NOBODY), ANSWER_MS);
    away.set(seat, { peer, answered: asked.resolve });
    // A word that could not be said reaches no other node.
    const others = await store.tellNodes(writeWord({ k: "knock", wid, id, seat })).catch(() => false);
    const refused = others ? await asked.promise : NOBODY;
    clearTimeout(late);
    if (refused !== undefined || isMute(peer)) {
      away.delete(seat);
      // Its home may have let it in meanwhile.
      if (others) tell({ k: "left", wid, id, seat });
      return refused;
    }
    ends.set(peer, {
      said: 0,
      say: (text) => tell({ k: "say", wid, id, seat, text }),
      left: () => {
        away.delete(seat);
        tell({ k: "left", wid, id, seat });
      },
    });
    welcome();
    tell({ k: "here", wid, id, seat });
    return undefined;
  };

  const remoteGuest = (seat: string): Guest => ({
    say: (text) => tell({ k: "answer", seat, text }),
    end: ({ code, reason }) => tell({ k: "over", seat, code, reason }),
  });

  /** A word for a guest who sits here. */
  const onWordForGuest = (word: Extract<Word, { k: "in" | "answer" | "over" }>): void => {
    const guest = away.get(word.seat);
    if (guest === undefined) return;
    if (word.k === "in") return guest.answered(undefined);
    if (word.k === "answer") return send(guest.peer, writeText(PAIR_SAY, word.text));
    away.delete(word.seat);
    ends.delete(guest.peer);
    guest.answered(word);
    close(guest.peer, word.code, word.reason);
  };
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
    else if (word.k === "in" || word.k === "answer" || word.k === "over") onWordForGuest(word);
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
      ends.set(voice, { said: 0, say: (text) => pairing.guest?.say(text), left: () => end(pairing, OVER) });
      log({ event: "pairing-opened", workspace: wid });
      tell({ k: "opened", wid, device });
      send(voice, writeText(PAIR_NEWS, "open"));
    },
    join: async (peer, wid, id, welcome) => {
      const pairing = homes.get(nameOf(wid, id));
      return pairing === undefined ? joinElsewhere(peer, wid, id, welcome) : joinHere(pairing, peer, welcome);
    },
    say: (voice, text) => {
      const own = ends.get(voice);
      if (own === undefined) return shut(voice, CLOSE.forbidden, "no-end-of-a-pairing");
      own.said += 1;
      if (own.said > numbers.sayingsPerPairing) return shut(voice, CLOSE.tooMuch, "too-much-said");
      own.say(text);
    },
    left: (voice) => {
      const own = ends.get(voice);
      ends.delete(voice);
      own?.left();
    },
    close: () => {
      unfollow();
      for (const { timer } of homes.values()) clearTimeout(timer);
      homes.clear();
    },
  };
};
