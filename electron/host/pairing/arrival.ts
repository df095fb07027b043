/** The new computer: it brings its keys to whoever shows the code, shows the number, and reads the log for itself. */
import { AUTH_TYP, signingInput } from "#core/protocol/command.ts";
import { LOG } from "#core/protocol/ids.ts";
import { pairCommitment, pairNumber } from "#core/protocol/pair.ts";
import type { PairCode } from "#core/protocol/pair.ts";
import { deviceActive } from "#core/rules/may.ts";
import { PAIR_SAY, writeText } from "#core/protocol/wire.ts";
import type { PairArrival } from "#bridge/pairing.ts";
import type { Told } from "#bridge/told.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { toldOf } from "#bridge/refused.ts";
import { nodeCrypto, random22 } from "#node/crypto.ts";
import { knock } from "#client/link/knock.ts";
import type { Knock } from "#client/link/knock.ts";
import type { Live } from "#client/live.ts";
import { platform } from "../ways/platform.ts";
import { pairTalk } from "./talk.ts";
import type { Said } from "./talk.ts";
import { ARRIVAL_ENDED, arrivalEnded, ENDED } from "./ended.ts";
import type { Signer } from "#client/keys/signer.ts";

export interface Arrival {
  stop(): void;
}
export interface ArrivalDeps {
  readonly signer: Signer;
  readonly tell: (step: PairArrival) => void;
  /** Opens the workspace on this computer, as this member, below the pinned head. */
  readonly open: (code: PairCode) => Promise<Live>;
  /** Takes it from this computer again. */
  readonly forget: (wid: string) => void;
  /** The key is in no workspace. */
  readonly unused: () => void;
  /** The person is known by this name there. */
  readonly named: (name: string) => void;
}

const READ_WITHIN_MS = 20_000;
const ENDS: Record<NonNullable<Said<"end">["problem"]>, Told> = {
  declined: ARRIVAL_ENDED.declined,
  "closed-key": ARRIVAL_ENDED.closedKey,
  failed: ARRIVAL_ENDED.failed,
  "bad-keys": ARRIVAL_ENDED.unfit,
};

/** Resolves once the pairing was joined. Rejects with `Refusal`. */
export const arrive = async (
  code: PairCode,
  name: string,
  { signer, tell, open, forget, unused, named }: ArrivalDeps,
): Promise<Arrival> => {
  const { wid, member, server } = code;
  const talk = pairTalk(code.seed);
  const { x, enc } = signer.keys;
  const newNonce = random22();
  const pop = await signer.proof(wid, member);
  let door: Knock | undefined;
  let committed: Said<"commit"> | undefined;
  let compared = false;
  let over = false;

  const end = (reason: Told, notAdded = !compared): void => {
    if (over) return;
    over = true;
    door?.close();
    // Once the number was shown, it may be in the log although nobody here heard of it.
    if (notAdded) unused();
    tell({ step: "ended", reason });
  };

  /** Whether the server lets this device in as itself: the last word of the other computer may have got lost. */
  const isIn = async (): Promise<boolean> => {
    try {
      (
        await knock(platform, server, wid, (nonce) => signer.auth({ w: wid, d: LOG, nonce, aud: server, as: "device" }))
      ).close();
      return true;
    } catch {
      // The server does not know the device, or cannot be reached: it is asked again.
      return false;
    }
  };

  /** The log alone says who is in: what was said on the way here is not believed. */
  const read = async ({ workspace }: Said<"commit">): Promise<void> => {
    over = true;
    door?.close();
    tell({ step: "reading", workspace });
    const live = await open(code);
    live.start();
    const { log } = live;
    await live.until(
      READ_WITHIN_MS,
      () => live.replica.halt() !== null || deviceActive(log, signer.device) !== undefined,
    );
    const halt = live.replica.halt();
    const device = deviceActive(log, signer.device);
    if (halt === null && device?.member === member) {
      named(log.members.get(member)?.name ?? "");
      return tell({ step: "done", wid, workspace: log.name });
    }
    // Nothing of what cannot be trusted stays, but what was found is on the screen.
    forget(wid);
    tell({ step: "ended", reason: halt ?? ARRIVAL_ENDED.failed });
  };

  const onClosed = async (closed: number): Promise<void> => {
    if (over) return;
    if (compared && committed !== undefined && (await isIn())) return over ? undefined : read(committed);
    end(arrivalEnded(closed) ?? ENDED.lost);
  };

  const onSaid = (sealed: string): void => {
    if (committed === undefined) {
      committed = talk.open("commit", sealed);
      if (committed === undefined) return end(ARRIVAL_ENDED.unfit);
      return door?.post(writeText(PAIR_SAY, talk.seal("keys", { x, enc, pop, name, newNonce })));
    }
    const opened = compared ? undefined : talk.open("open", sealed);
    if (opened !== undefined) return compare(committed, opened);
    const said = talk.open("end", sealed);
    if (said === undefined) return end(ARRIVAL_ENDED.unfit);
    if (said.problem !== null) return end(ENDS[said.problem], true);
    // Added before this screen showed a number: nobody compared anything.
    if (!compared) return end(ARRIVAL_ENDED.unfit);
    void read(committed).catch((error: unknown) =>
      tell({ step: "ended", reason: error instanceof Refusal ? toldOf(error) : ENDED.lost }),
    );
  };
  const compare = ({ commitment, workspace, person }: Said<"commit">, { nonce }: Said<"open">): void => {
    if (pairCommitment(nodeCrypto, nonce) !== commitment) return end(ARRIVAL_ENDED.unfit);
    compared = true;
    const number = pairNumber(nodeCrypto, { wid, member, x, enc, name, newNonce, nonce });
    tell({ step: "compare", server, workspace, person, number });
  };

  const early: string[] = [];
  tell({ step: "connecting", server });
  const auth = async (nonce: string): Promise<string> => {
    const input = signingInput(nodeCrypto, talk.id, AUTH_TYP, {
      v: 1,
      w: wid,
      d: LOG,
      nonce,
      aud: server,
      as: "pair",
      x: talk.key.x,
    });
    return `${input}.${talk.key.sign(input)}`;
  };
  const events = {
    frame: (_type: number, text: string) => void (door === undefined ? early.push(text) : over || onSaid(text)),
    closed: (closed: number) => void onClosed(closed),
    says: arrivalEnded,
  };
  try {
    door = await knock(platform, server, wid, auth, events);
  } catch (error) {
    end(error instanceof Refusal ? toldOf(error) : ENDED.lost);
    throw error;
  }
  for (const text of early) onSaid(text);
  return { stop: () => end(ENDED.stopped) };
};
