/** The computer that is in the workspace: it shows the code, hears the new device, and adds it when its person says so. */
import { why } from "#core/facts/why.ts";
import { told, type Told } from "#bridge/told.ts";
import { refusalOf } from "#bridge/refused.ts";
import { affords, costInLog } from "#core/rules/budget.ts";
import { deviceProofText } from "#core/protocol/command.ts";
import { deviceIdOf } from "#core/protocol/crypto.ts";
import { DEVICES_MAX, devicesInForce } from "#core/rules/devices.ts";
import { asHash, LOG } from "#core/protocol/ids.ts";
import { writePairCode } from "#core/protocol/pair.ts";
import { PAIRING_MS, PAIR_NEWS, PAIR_OPEN, PAIR_SAY, writeText } from "#core/protocol/wire.ts";
import { isHere } from "#bridge/here.ts";
import type { PairOffer } from "#bridge/pairing.ts";
import type { Verdict } from "#bridge/answer.ts";
import { z } from "zod";
import { Refusal } from "#core/facts/refusal.ts";
import { toldOf } from "#bridge/refused.ts";
import type { Clock } from "#client/ports/clock.ts";
import { platform } from "../ways/platform.ts";
import type { Shell } from "../seams.ts";
import { nodeCrypto, random22 } from "#node/crypto.ts";
import { knock } from "#client/link/knock.ts";
import type { Knock } from "#client/link/knock.ts";
import type { Live } from "#client/live.ts";
import { pairTalk } from "./talk.ts";
import type { Said } from "./talk.ts";
import { ENDED, offerEnded } from "./ended.ts";

export interface Offer {
  readonly wid: string;
  readonly pairing: string;
  /** Draws the number in the popup window. Rejects with `Refusal`. */
  show(): Promise<void>;
  /** What the person said of the number; the shell has seen it too. Rejects where the device was not added. */
  answer(same: boolean): Promise<void>;
  stop(): void;
}
export interface OfferDeps {
  readonly shell: Shell;
  readonly clock: Clock;
  /** What stands on the screen. */
  readonly tell: (step: PairOffer) => void;
}

const Commitment = z.strictObject({ commitment: z.string() });
const Opened = z.strictObject({ nonce: z.string(), number: z.string() });

/** Why this person may have no further device now, as the log will say it, or null. */
const crowdedOut = ({
  log,
  me,
  serverNow,
}: Pick<Live, "log" | "me" | "serverNow">): "too-many-devices" | "too-often" | null => {
  if (devicesInForce(log, me).length >= DEVICES_MAX) return "too-many-devices";
  const cost = costInLog("device.add", 0);
  return cost === null || affords(log, cost.budget, me, cost.units, serverNow()) ? null : "too-often";
};

/** Whether a pairing could be opened now. What is only being connected is worth a try. */
export const canPair = (live: Pick<Live, "active" | "link" | "log" | "me" | "serverNow">): Verdict => {
  if (!live.active()) return { allowed: false, why: ENDED.out };
  const crowded = crowdedOut(live);
  if (crowded !== null) return { allowed: false, why: why(crowded) };
  const { link, reason } = live.link();
  if (link === "offline")
    return { allowed: false, why: told(reason?.code === "paused" ? "pair-paused" : "pair-offline") };
  if (link === "refused" || link === "out" || link === "tampered" || link === "update-app")
    return { allowed: false, why: reason === null ? told("pair-offline") : reason };
  return { allowed: true, why: told("device.adds") };
};

/** Opens the pairing and resolves when the code can be shown. Rejects with `Refusal`. */
export const openOffer = async (live: Live, { shell, clock, tell }: OfferDeps): Promise<Offer> => {
  const { wid, log, me } = live;
  const head = asHash(log.head);
  if (!live.active() || head === undefined) throw refusalOf(ENDED.out);
  const can = canPair(live);
  if (!can.allowed) throw refusalOf(can.why);
  const seed = random22();
  const talk = pairTalk(seed);
  const pairing = talk.id;
  const link = `bulkhead://pair#${writePairCode(nodeCrypto, { wid: log.wid, head: [log.seq, head], member: me, seed, server: live.server() })}`;
  // The last second is the server's, so that a code is never shown that it has ended.
  const expiresAt = clock.now() + PAIRING_MS - 1_000;
  const { commitment } = Commitment.parse(await shell.request("pair.begin", { wid, member: me, pairing }));
  const opened = Promise.withResolvers<void>();
  // Set once the server let us in; a close may be told of before that.
  const at: { door: Knock | null } = { door: null };
  let over = false;
  let came: Said<"keys"> | undefined;

  const end = (reason: Told): void => {
    if (over) return;
    over = true;
    clearTimeout(late);
    at.door?.close();
    opened.reject(refusalOf(reason));
    tell({ step: "ended", wid, reason });
  };
  const say = (text: string): void => at.door?.post(writeText(PAIR_SAY, text));
  const endWith = (reason: Told, problem: Said<"end">["problem"]): void => {
    say(talk.seal("end", { problem }));
    end(reason);
  };
  const late = setTimeout(() => end(ENDED.late), PAIRING_MS);

  const onNews = (news: string): void => {
    if (news === "open") opened.resolve();
    if (news !== "joined") return;
    tell({ step: "here", wid });
    say(talk.seal("commit", { commitment, workspace: log.name, person: log.members.get(me)?.name ?? "" }));
  };
  /** The one message of the new device. */
  const onKeys = async (sealed: string): Promise<void> => {
    const keys = came === undefined ? talk.open("keys", sealed) : undefined;
    if (keys === undefined) return endWith(ENDED.unfit, "bad-keys");
    came = keys;
    const problem = unfit(keys);
    if (problem !== undefined) return endWith(problem, problem === ENDED.closedKey ? "closed-key" : "bad-keys");
    const { x, enc, name, newNonce } = keys;
    const { nonce, number } = Opened.parse(await shell.request("pair.reveal", { pairing, x, enc, name, newNonce }));
    if (over) return;
    say(talk.seal("open", { nonce }));
    tell({ step: "compare", wid, name, number });
  };
  const unfit = ({ x, enc, pop }: Said<"keys">): Told | undefined => {
    if (!nodeCrypto.verify(x, deviceProofText(wid, me, x, enc), pop)) return ENDED.unfit;
    return log.devices.has(deviceIdOf(nodeCrypto, x)) ? ENDED.closedKey : undefined;
  };
  const failed = (error: unknown): void => endWith(error instanceof Refusal ? toldOf(error) : ENDED.unfit, "failed");

  at.door = await knock(
    platform,
    live.server(),
    wid,
    (nonce) => live.signer().auth({ w: log.wid, d: LOG, nonce, aud: live.server(), as: "device" }),
    {
      frame: (type, text) => {
        if (over) return;
        if (type === PAIR_NEWS) onNews(text);
        else void onKeys(text).catch(failed);
      },
      closed: (code) => end(offerEnded(code)),
    },
  ).catch((error: unknown) => {
    clearTimeout(late);
    throw error;
  });
  at.door.post(writeText(PAIR_OPEN, pairing));
  await opened.promise;
  tell({ step: "waiting", wid, link, expiresAt, nearby: isHere(live.server()) });

  const add = async ({ x, enc, pop, name }: Said<"keys">): Promise<void> => {
    tell({ step: "adding", wid, name });
    await live.outbox.now("device.add", LOG, { x, enc, pop, kind: "desktop", name: null });
    if (over) return;
    over = true;
    clearTimeout(late);
    say(talk.seal("end", { problem: null }));
    at.door?.close();
    tell({ step: "done", wid, name });
  };

  return {
    wid,
    pairing,
    show: async () => {
      if (over) throw refusalOf(ENDED.left);
      await shell.request("pair.show", { wid, pairing });
    },
    answer: async (same) => {
      if (over || came === undefined) throw refusalOf(ENDED.left);
      if (!same) return endWith(ENDED.declined, "declined");
      await add(came).catch((error: unknown) => {
        failed(error);
        throw error;
      });
    },
    stop: () => end(ENDED.stopped),
  };
};
