/**
 * The only place where rules meet state. `ingest*` takes one entry's exact text and either changes the state and says
 * what happened, or refuses with a code and changes nothing. Server (admission) and every client (replay) run this same
 * module; on a client a refusal means that the server's copy cannot be trusted.
 *
 * Order of the checks, first failure wins: gap, chain-broken, time-went-back, log-behind, log-fork, malformed, newer,
 * bad-typ, too-large, wrong-workspace, wrong-doc, unknown-device, bad-signature, not-a-member, command-expired, replay,
 * fork-detected, unknown-command; for a critical kind then above-level, below-level, and the command's own rules. What is
 * not critical is judged by its envelope alone, so that who knows the kind and who does not come to one state (LV6).
 */
import { applyToApprovals, isApprovalKind } from "./approval.ts";
import { affords, INVITES, spend, unitsOf } from "./budget.ts";
import type { Body, CommandPayload, Kind } from "../protocol/command.ts";
import { hashOf } from "../protocol/crypto.ts";
import { parseEntry } from "../protocol/entry.ts";
import type { Entry } from "../protocol/entry.ts";
import { ADMIN, docArgument, LOG } from "../protocol/ids.ts";
import type { DeviceId, Hash } from "../protocol/ids.ts";
import { checkInvite, onJoin } from "./invite.ts";
import { applyToLog, isLogKind, onGenesis } from "./membership.ts";
import { refusedTo } from "./context.ts";
import type { Context } from "./context.ts";
import { refusedByEpoch } from "./epochs.ts";
import { author, bodyOf, buildOf, checkFreshness, isKind, openCommand, refusedToPhone } from "./opened.ts";
import type { IngestOptions, Opened } from "./opened.ts";
import { reject } from "../facts/reject.ts";
import type { Reject, RejectCode } from "../facts/reject.ts";
import type { ReadAdminDoc, ReadApprovalDoc, ReadChain, ReadLog } from "./read.ts";
import type { AdminDoc, ApprovalDoc, Chain, Deps, Log } from "./state.ts";
import { aheadAt, noteSetBack, refusedTime, timeOf } from "./time.ts";

export interface Taken {
  readonly ok: true;
  readonly seq: number;
  readonly head: Hash;
  /** Time of the workspace, ms. */
  readonly time: number;
  /** What the server dated it, ms. */
  readonly date: number;
  /** By how much the server's clock was set back before it, ms; 0 for nearly all. */
  readonly setBack: number;
  /** Null where the entry was passed over: its kind is not critical, and what it says changes no state. */
  readonly kind: Kind | null;
  readonly device: DeviceId;
  /** Hash of the command: the id of an approval request. */
  readonly command: Hash;
}
export type Ingested = Taken | Reject;

/** Where the entry does not follow from the chain, why. */
const checkLink = (chain: ReadChain, entry: Entry): RejectCode | undefined => {
  if (entry.s !== chain.seq + 1) return "gap";
  if (entry.p !== chain.head) return "chain-broken";
  return refusedTime(chain, entry);
};

const checkPosition = (
  log: ReadLog,
  doc: ReadAdminDoc | ReadApprovalDoc,
  { a }: Entry,
  m: readonly [number, Hash],
): RejectCode | undefined => {
  if (m[0] > log.seq) return "log-behind";
  if (m[0] < doc.position || m[0] < 1 || log.hashes.at(m[0]) !== m[1]) return "log-fork";
  return a < aheadAt(log, m[0]) ? "time-went-back" : undefined;
};

/** `ahead` is what was known of the server's clock before. */
const commit = (chain: Chain, ahead: number, entry: Entry, head: Hash, opened: Opened, command: Hash): Taken => {
  chain.seq = entry.s;
  chain.head = head;
  const setBack = Math.max(0, entry.a - Math.max(chain.ahead, ahead));
  chain.time = timeOf(entry);
  chain.ahead = entry.a;
  chain.counters.set(opened.counter, opened.signed.payload.n);
  chain.commands.set(command, entry.s);
  return {
    ok: true,
    seq: entry.s,
    head,
    time: chain.time,
    date: entry.t,
    setBack,
    kind: opened.kind,
    device: opened.signed.kid,
    command,
  };
};

/** Takes the next entry of the member log. */
export const ingestLog = (deps: Deps, log: Log, source: string, options: IngestOptions = {}): Ingested => {
  const entry = parseEntry(source, true);
  if (entry === undefined) return reject("malformed");
  const broken = checkLink(log, entry);
  if (broken !== undefined) return reject(broken);
  const opened = openCommand(
    deps,
    log,
    entry,
    (payload) =>
      payload.d === LOG &&
      (payload.k === "genesis") === (entry.s === 1) &&
      (!isKind(buildOf(deps), payload) || isLogKind(payload.k as Kind)),
  );
  if (typeof opened === "string") return reject(opened);
  const refused = judgeLogCommand(deps, log, entry, opened, options);
  if (refused !== undefined) return reject(refused);
  const head = hashOf(deps.crypto, source);
  log.hashes.push(head);
  noteSetBack(log, entry);
  return commit(log, 0, entry, head, opened, hashOf(deps.crypto, entry.c));
};

const judgeLogCommand = (
  deps: Deps,
  log: Log,
  entry: Entry,
  opened: Opened,
  options: IngestOptions,
): RejectCode | undefined => {
  const { signed, kind } = opened;
  const facts = {
    crypto: deps.crypto,
    build: buildOf(deps),
    device: signed.kid,
    position: log.seq,
    seq: entry.s,
    time: timeOf(entry),
    size: entry.c.length,
  };
  const signedBy = (x: string): boolean =>
    options.trusted === true || deps.crypto.verify(x, signed.input, signed.signature);
  if (kind === "genesis" || kind === "member.join") {
    const stale = checkFreshness(deps, options, log, log, entry, opened, log.seq);
    if (stale !== undefined) return stale;
    const at = bodyOf(deps, log, entry, opened, log.seq);
    if (typeof at === "string") return at;
    const body = facts.build.bodies[kind]?.(at.body) as Body<"genesis"> | Body<"member.join"> | undefined;
    if (body === undefined) return "malformed";
    return "text" in body ? onGenesis(log, body, facts, signedBy) : onJoin(log, body, facts, signedBy);
  }
  const who = author(log, deps, opened, log.seq, options);
  if (typeof who === "string") return who;
  const stale = checkFreshness(deps, options, log, log, entry, opened, log.seq);
  if (stale !== undefined || kind === null) return stale;
  const at = bodyOf(deps, log, entry, opened, log.seq);
  if (typeof at === "string") return at;
  return refusedToPhone(deps, log, opened) ?? applyToLog(log, kind, at.body, { ...facts, member: who.member });
};

/** Takes the next entry of a queue or a lane. The log must have reached the position that the entry names. */
export const ingestApproval = (
  deps: Deps,
  log: ReadLog,
  doc: ApprovalDoc,
  source: string,
  options: IngestOptions = {},
): Ingested => {
  const isLane = doc.doc.startsWith("lane:");
  const fits = (payload: CommandPayload): boolean =>
    (isLane ? payload.d.startsWith("queue:") : payload.d === doc.doc) &&
    (!isKind(buildOf(deps), payload) || isApprovalKind(payload.k as Kind));
  return ingestOther(deps, log, doc, source, options, fits, (opened, kind, body, context) => {
    const { payload } = opened.signed;
    const id = hashOf(deps.crypto, context.jws);
    if (isLane && payload.k === "approval.request" && context.member !== docArgument(doc.doc)) return "wrong-doc";
    const opens = payload.k === "approval.request" && ((body as { replaces?: unknown }).replaces ?? null) === null;
    const closed =
      refusedByEpoch(log, payload.d, opens, context.position) ?? refusedByEpoch(log, doc.doc, opens, context.position);
    if (closed !== undefined) return closed;
    return applyToApprovals(log, doc, kind, body, { ...context, id, target: payload.d });
  });
};

/** Takes the next entry of the admin document. */
export const ingestAdmin = (
  deps: Deps,
  log: ReadLog,
  doc: AdminDoc,
  source: string,
  options: IngestOptions = {},
): Ingested =>
  ingestOther(
    deps,
    log,
    doc,
    source,
    options,
    (payload) => payload.d === ADMIN && (!isKind(buildOf(deps), payload) || payload.k === "invite.create"),
    (_opened, _kind, raw, context) => {
      const body = context.build.bodies["invite.create"]?.(raw) as Body<"invite.create"> | undefined;
      if (body === undefined) return "malformed";
      const refused = refusedTo(log, context, "members.invite");
      if (refused !== undefined) return refused;
      const checked = checkInvite(log, deps.crypto, body.invite, context.position);
      if (!checked.ok) return checked.code;
      const { invite } = checked;
      if (checked.device !== context.device) return "invite-bad";
      if (doc.invites.has(invite.id)) return "already-exists";
      if (!affords(doc, INVITES, context.member, unitsOf(context.size), context.time)) return "too-often";
      spend(doc, INVITES, context.member, unitsOf(context.size), context.time);
      doc.invites.set(invite.id, {
        id: invite.id,
        jws: body.invite,
        label: body.label,
        role: invite.role,
        expiresAt: invite.exp,
        uses: invite.uses,
        by: checked.by,
        at: context.time,
        member: invite.member,
      });
      return undefined;
    },
  );

const ingestOther = (
  deps: Deps,
  log: ReadLog,
  doc: AdminDoc | ApprovalDoc,
  source: string,
  options: IngestOptions,
  fits: (payload: CommandPayload) => boolean,
  apply: (
    opened: Opened,
    kind: Kind,
    body: unknown,
    context: Context & { readonly jws: string },
  ) => RejectCode | undefined,
): Ingested => {
  const entry = parseEntry(source, false);
  if (entry === undefined || entry.m === null) return reject("malformed");
  const broken = checkLink(doc, entry) ?? checkPosition(log, doc, entry, entry.m);
  if (broken !== undefined) return reject(broken);
  const opened = openCommand(deps, log, entry, fits);
  if (typeof opened === "string") return reject(opened);
  const position = entry.m[0];
  const who = author(log, deps, opened, position, options);
  if (typeof who === "string") return reject(who);
  const judged = (): RejectCode | undefined => {
    const stale = checkFreshness(deps, options, log, doc, entry, opened, position);
    if (stale !== undefined || opened.kind === null) return stale;
    const at = bodyOf(deps, log, entry, opened, position);
    if (typeof at === "string") return at;
    const context = {
      crypto: deps.crypto,
      build: buildOf(deps),
      device: opened.signed.kid,
      member: who.member,
      position,
      seq: entry.s,
      time: timeOf(entry),
      size: entry.c.length,
      jws: entry.c,
    };
    return refusedToPhone(deps, log, opened) ?? apply(opened, opened.kind, at.body, context);
  };
  const refused = judged();
  if (refused !== undefined) return reject(refused);
  doc.position = position;
  return commit(doc, aheadAt(log, position), entry, hashOf(deps.crypto, source), opened, hashOf(deps.crypto, entry.c));
};
