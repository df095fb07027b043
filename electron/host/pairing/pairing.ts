import { hostname } from "node:os";
import { drop } from "#core/facts/drop.ts";
import type { DeviceId } from "#core/protocol/ids.ts";
import { label } from "#core/protocol/parse.ts";
import { readPairLink } from "#core/protocol/pair.ts";
import type { PairCode } from "#core/protocol/pair.ts";
import type { PairArrival, PairOffer, PairingView, pairingMethods } from "#bridge/pairing.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { refusalOf, refused, toldOf } from "#bridge/refused.ts";
import type { Clock } from "#client/ports/clock.ts";
import type { HandlersOf, Publisher, Shell } from "../seams.ts";
import type { SettingsStore } from "../store/settings.ts";
import type { WorkspaceRow } from "#client/ports/store.ts";
import { nodeCrypto } from "#node/crypto.ts";
import type { Live } from "#client/live.ts";
import { arrive } from "./arrival.ts";
import type { Arrival } from "./arrival.ts";
import { openOffer } from "./offer.ts";
import type { Offer } from "./offer.ts";
import { ENDED } from "./ended.ts";
import type { Keyring } from "#client/keys/signer.ts";

/** The workspaces of this computer. */
interface Open {
  find(wid: string): Live | null;
  /** Throws `Refusal("no-such-workspace")`. */
  get(wid: string): Live;
  begin(row: WorkspaceRow): Promise<Live>;
}
export interface PairingHandlerDeps {
  readonly lives: Open;
  readonly shell: Shell;
  readonly clock: Clock;
  readonly publisher: Publisher;
  readonly settings: SettingsStore;
  readonly keys: () => Promise<Keyring>;
  /** Keeps a membership; one of that workspace that was here before ends with it. */
  readonly keep: (row: WorkspaceRow) => void;
  readonly forget: (wid: string) => void;
}
export interface Pairing {
  readonly handlers: HandlersOf<typeof pairingMethods>;
  view(): PairingView;
  close(): void;
}

const readCode = (text: string): PairCode => {
  const read = readPairLink(nodeCrypto, text);
  if (!read.ok) throw refused(read.problem);
  return read.code;
};

/** What this computer calls itself, where the system's name can be shown. */
const ownName = (): string | null => label(80)(hostname().split(".")[0]) ?? null;

/** The methods `pair.*`. One pairing at a time on a computer, whichever end it is. */
export const createPairing = ({
  lives,
  shell,
  clock,
  publisher,
  settings,
  keys,
  keep,
  forget,
}: PairingHandlerDeps): Pairing => {
  let shown: PairingView = { offer: null, arrival: null };
  let offer: Offer | null = null;
  let arrival: Arrival | null = null;
  /** Counts beginnings: what an older one says is of no interest any more. */
  let turn = 0;

  const show = (next: PairingView): void => {
    shown = next;
    publisher.publish("pairing");
  };
  const begin = (): number => {
    stop();
    return turn;
  };
  const stop = (): void => {
    turn += 1;
    const [was, came] = [offer, arrival];
    offer = null;
    arrival = null;
    was?.stop();
    came?.stop();
    show({ offer: null, arrival: null });
  };

  const makeOffer = async (wid: string): Promise<void> => {
    const live = lives.get(wid);
    const mine = begin();
    const tell = (step: PairOffer): void => void (mine === turn && show({ offer: step, arrival: null }));
    tell({ step: "opening", wid });
    try {
      const made = await openOffer(live, { shell, clock, tell });
      if (mine !== turn) return made.stop();
      offer = made;
    } catch (error) {
      tell({ step: "ended", wid, reason: error instanceof Refusal ? toldOf(error) : ENDED.lost });
      throw error;
    }
  };

  const openAs = ({ wid, member, server, head }: PairCode, device: DeviceId) => {
    const before = lives.find(wid);
    // The log that is here may still show the old key in force; it is tried first, turned away, and the new one knocks.
    const keys = before?.me === member ? { device: before.device, nextDevice: device } : { device, nextDevice: null };
    const row: WorkspaceRow = { wid, member, ...keys, server, embedded: null, paused: false, halt: null, pin: head };
    keep(row);
    return lives.begin(row);
  };
  const come = async (text: string, name: string): Promise<void> => {
    const code = readCode(text);
    const before = lives.find(code.wid);
    if (before?.active() === true) throw refused("already-here");
    const mine = begin();
    const tell = (step: PairArrival): void => void (mine === turn && show({ offer: null, arrival: step }));
    const named = (person: string): void => {
      if (settings.person() === null && person !== "") settings.setPerson(person);
      publisher.publish("app");
    };
    const ring = await keys();
    const device = await ring.make();
    const started = await arrive(code, name, {
      signer: ring.signer(device),
      tell,
      open: (of) => openAs(of, device),
      // Threads that were here before stay: they are not the workspace's.
      forget: (wid) => void (before === null && forget(wid)),
      unused: () => drop(ring.drop(device), "a key that no workspace names is dropped with the next look"),
      named,
    });
    if (mine === turn) arrival = started;
    else started.stop();
  };

  return {
    handlers: {
      "pair.offer": async ({ wid }) => {
        await makeOffer(wid);
        return {};
      },
      "pair.inspect": ({ code }) => {
        const { server, wid } = readCode(code);
        return { server, wid, name: ownName(), alreadyHere: lives.find(wid)?.active() === true };
      },
      "pair.arrive": async ({ code, name }) => {
        await come(code, name);
        return {};
      },
      "pair.show": async () => {
        if (offer === null) throw refusalOf(ENDED.left);
        await offer.show();
        return {};
      },
      "pair.answer": async ({ wid, pairing, same }) => {
        if (offer === null || offer.wid !== wid || offer.pairing !== pairing) throw refusalOf(ENDED.left);
        await offer.answer(same);
        return {};
      },
      "pair.stop": () => {
        stop();
        return {};
      },
    },
    view: () => shown,
    close: () => {
      turn += 1;
      offer?.stop();
      arrival?.stop();
    },
  };
};
