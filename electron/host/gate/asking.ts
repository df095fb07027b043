/** The bytes of a request: what is sealed, what is hashed, and whether anybody could ever approve it. */
import { told, type Told } from "#bridge/told.ts";
import type { Body, QueuePolicy } from "#core/protocol/command.ts";
import type { Hash, MemberId, QueueId, ServerId } from "#core/protocol/ids.ts";
import { names, policyAt, roleOf } from "#core/rules/may.ts";
import type { ReadLog } from "#core/rules/read.ts";
import type { Judgement, ProposedCall, Tools } from "../seams.ts";
import type { Hold } from "../store/holds.ts";
import { clientCrypto } from "#node/client-crypto.ts";
import { random22 } from "#node/crypto.ts";
import type { Live } from "#client/live.ts";
import { QUEUED_LIFE_MS } from "#client/link/outbox.ts";
import { approvers, readers, seal, SEALED_MAX } from "#client/keys/sealed.ts";
import { crowded, tooLarge } from "./bounds.ts";
import { callHash, callText } from "./call-hash.ts";
import { sealWithin } from "./enclosure.ts";
import type { Enclosure } from "./enclosure.ts";

/** The queue of that id, or the first one: a policy always has one. */
const queueOf = (log: ReadLog, id: QueueId): QueuePolicy =>
  policyAt(log).queues.find((queue) => queue.id === id) ?? (policyAt(log).queues[0] as QueuePolicy);

/** Text of a call as that device of mine would seal it. */
const bytesOf = (
  live: Live,
  device: string,
  call: ProposedCall,
  salt: string,
  launch: string,
  schema: string,
): string =>
  callText({
    workspace: live.wid,
    requester: live.me,
    device,
    server: { id: call.server, launch },
    tool: call.tool,
    schema,
    args: call.args,
    salt,
  });

export const hashAtHand = (
  live: Live,
  device: string,
  call: ProposedCall,
  salt: string,
  launch: string,
  schema: string,
): string => callHash(bytesOf(live, device, call, salt, launch, schema));

interface Draft {
  readonly hold: Hold;
  /** What approvers decide about, exactly. */
  readonly text: string;
  readonly queue: QueuePolicy;
}
/** `now` is steady time, ms. Until the server has the request its command's own life is the limit. */
const draftOf = (
  live: Live,
  call: ProposedCall,
  queue: QueuePolicy,
  launch: string,
  schema: string,
  now: number,
): Draft => {
  const salt = random22();
  const text = bytesOf(live, live.device, call, salt, launch, schema);
  const decideBy = now + QUEUED_LIFE_MS;
  const needed = queue.all.reduce((sum, { n }) => sum + n, 0);
  const hold: Hold = {
    call: call.id,
    wid: live.log.wid,
    request: null,
    replaces: null,
    queue: queue.id,
    callHash: callHash(text),
    salt,
    launch,
    schema,
    decideBy,
    useBy: decideBy + queue.useMs,
    state: "queued",
    votes: 0,
    needed,
    expiresAt: null,
    decidedBy: null,
    reason: null,
    enclosed: null,
  };
  return { hold, text, queue };
};

/** Whether these people could meet some rung of the queue: a later one may be met where the first cannot. */
export const couldBeMet = (log: ReadLog, queue: QueuePolicy, people: readonly MemberId[]): boolean =>
  [queue.all, ...queue.steps.map((step) => step.all)].some((all) =>
    all.every(
      (threshold) => people.filter((person) => names(threshold, person, roleOf(log, person))).length >= threshold.n,
    ),
  );

/** Why nobody could ever approve this, or null: such a request would only wait for its end. */
const cannotDecide = (live: Live, queue: QueuePolicy): Told | null => {
  const people = approvers(live.log, queue, live.me, live.serverNow());
  return couldBeMet(live.log, queue, people) ? null : told("nobody-to-ask", queue.name, people.length);
};

/** What this person lets approvers read beside the arguments of a call. */
export type Enclose = (call: ProposedCall) => Promise<Enclosure>;

export type Prepared =
  | { readonly ok: true; readonly hold: Hold; readonly queue: QueuePolicy; readonly body: Body<"approval.request"> }
  | { readonly ok: false; readonly hold: Hold; readonly problem: Told };
interface Asks {
  /** Steady time, ms. */
  readonly now: number;
  /** The request of this call that ends with the new one. */
  readonly besides: Hash | null;
}
/** A request of that call with what is enclosed, sealed and ready to be signed, or why it could not be approved. */
export const prepare = async (
  live: Live,
  call: ProposedCall,
  judged: Extract<Judgement, { kind: "ask" }>,
  tool: NonNullable<ReturnType<Tools["find"]>>,
  enclose: Enclose,
  { now, besides }: Asks,
): Promise<Prepared> => {
  const { hold, text, queue } = draftOf(
    live,
    call,
    queueOf(live.log, judged.queue as QueueId),
    tool.launch,
    tool.def.schema,
    now,
  );
  const problem = cannotDecide(live, queue) ?? crowded(live, queue, besides);
  if (problem !== null) return { ok: false, hold, problem };
  const enclosure = await enclose(call);
  const devices = readers(live.log, queue, live.me, live.serverNow());
  const sealed = await sealWithin(text, enclosure, SEALED_MAX, (each) => seal(clientCrypto, each, devices));
  if (sealed === null) return { ok: false, hold, problem: tooLarge(text, call.args, queue, devices) };
  const server = live.log.servers.get(call.server as ServerId)?.name ?? "";
  return {
    ok: true,
    hold: { ...hold, enclosed: JSON.stringify(sealed.enclosed) },
    queue,
    body: {
      ttlMs: queue.decideMs,
      server,
      tool: call.tool,
      rule: judged.ruleId,
      callHash: hold.callHash,
      jwe: sealed.jwe,
      replaces: null,
      practice: false,
    },
  };
};
