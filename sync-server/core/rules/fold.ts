/**
 * The only place where rules meet state. `ingest*` takes one entry's exact text and either changes the state and says
 * what happened, or refuses with a code and changes nothing. Server (admission) and every client (replay) run this same
 * module; on a client a refusal means that the server's copy cannot be trusted.
 *
 * Order of the checks, first failure wins: gap, chain-broken, time-went-back, log-behind, log-fork, malformed, bad-typ,
 * wrong-workspace, wrong-doc, unknown-device, bad-signature, not-a-member, command-expired, replay, fork-detected,
 * unknown-command, then the command's own rules.
 */
import { applyToApprovals, isApprovalKind } from "./approval.ts";
import { affords, INVITES, spend, unitsOf } from "./budget.ts";
import { bodies, COMMAND_LIFE_MAX, COMMAND_TYP, parseCommand } from "../protocol/command.ts";
import type { CommandPayload, Kind, Signed } from "../protocol/command.ts";
import { hashOf } from "../protocol/crypto.ts";
import { parseEntry } from "../protocol/entry.ts";
import type { Entry } from "../protocol/entry.ts";
import { ADMIN, docArgument, LOG } from "../protocol/ids.ts";
import type { DeviceId, Hash, MemberId } from "../protocol/ids.ts";
import { deviceActive, roleOf } from "./may.ts";
import { checkInvite, onJoin } from "./invite.ts";
import { applyToLog, isLogKind, onGenesis } from "./membership.ts";
import { refusedTo } from "./context.ts";
import type { Context } from "./context.ts";
import { refusedByEpoch } from "./epochs.ts";
import { reject } from "../facts/reject.ts";
import type { Reject, RejectCode } from "../facts/reject.ts";
import type { ReadAdminDoc, ReadApprovalDoc, ReadChain, ReadLog } from "./read.ts";
import type { AdminDoc, ApprovalDoc, Chain, Deps, Log } from "./state.ts";
import { aheadAt, noteSetBack, refusedTime, timeOf, wasOver } from "./time.ts";

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
  readonly kind: Kind;
  readonly device: DeviceId;
  /** Hash of the command: the id of an approval request. */
  readonly command: Hash;
}
export type Ingested = Taken | Reject;

export interface IngestOptions {
  /** The entry was verified before and kept in the app's own store: signatures are not checked again. */
  readonly trusted?: boolean;
}

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

interface Opened {
  readonly signed: Signed<CommandPayload>;
  readonly kind: Kind;
  readonly counter: string;
}

const isKind = (kind: string): kind is Kind => Object.hasOwn(bodies, kind);

/** The checks that need no author. */
const openCommand = (
  { crypto }: Deps,
  log: ReadLog,
  entry: Entry,
  fits: (payload: CommandPayload) => boolean,
): Opened | RejectCode => {
  const signed = parseCommand(crypto, entry.c);
  if (signed === undefined) return "malformed";
  if (signed.typ !== COMMAND_TYP) return "bad-typ";
  if (signed.payload.w !== log.wid) return "wrong-workspace";
  if (!fits(signed.payload)) return "wrong-doc";
  return { signed, kind: signed.payload.k as Kind, counter: `${signed.kid} ${signed.payload.d}` };
};

/** The checks after the author is known. */
const checkFreshness = (
  log: ReadLog,
  chain: ReadChain,
  entry: Entry,
  { signed, counter }: Opened,
  position: number,
): RejectCode | undefined => {
  const { exp, n, seen, k } = signed.payload;
  if (entry.t > exp || exp > entry.t + COMMAND_LIFE_MAX) return "command-expired";
  // Who joins has seen no more than the link; their invite ends by the time of the workspace.
  if (chain === log && k !== "member.join" && wasOver(log, exp, seen[0])) return "command-expired";
  if (n <= (chain.counters.get(counter) ?? 0)) return "replay";
  if (seen[0] > position || log.hashes.at(seen[0]) !== seen[1]) return "fork-detected";
  return isKind(k) ? undefined : "unknown-command";
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

const author = (
  log: ReadLog,
  deps: Deps,
  { signed }: Opened,
  position: number,
  options: IngestOptions,
): { member: MemberId } | RejectCode => {
  const device = deviceActive(log, signed.kid, position);
  if (device === undefined) return "unknown-device";
  if (options.trusted !== true && !deps.crypto.verify(device.x, signed.input, signed.signature)) return "bad-signature";
  return roleOf(log, device.member, position) === null ? "not-a-member" : { member: device.member };
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
      (!isKind(payload.k) || isLogKind(payload.k)),
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
    device: signed.kid,
    position: log.seq,
    seq: entry.s,
    time: timeOf(entry),
    size: entry.c.length,
  };
  const signedBy = (x: string): boolean =>
    options.trusted === true || deps.crypto.verify(x, signed.input, signed.signature);
  if (kind === "genesis" || kind === "member.join") {
    const stale = checkFreshness(log, log, entry, opened, log.seq);
    if (stale !== undefined) return stale;
    const body = bodies[kind](signed.payload.b);
    if (body === undefined) return "malformed";
    return "text" in body ? onGenesis(log, body, facts, signedBy) : onJoin(log, body, facts, signedBy);
  }
  const who = author(log, deps, opened, log.seq, options);
  if (typeof who === "string") return who;
  return (
    checkFreshness(log, log, entry, opened, log.seq) ??
    applyToLog(log, kind, signed.payload.b, { ...facts, member: who.member })
  );
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
    (!isKind(payload.k) || isApprovalKind(payload.k));
  return ingestOther(deps, log, doc, source, options, fits, (opened, context) => {
    const { payload } = opened.signed;
    const id = hashOf(deps.crypto, context.jws);
    if (isLane && payload.k === "approval.request" && context.member !== docArgument(doc.doc)) return "wrong-doc";
    const opens = payload.k === "approval.request" && ((payload.b as { replaces?: unknown }).replaces ?? null) === null;
    const closed =
      refusedByEpoch(log, payload.d, opens, context.position) ?? refusedByEpoch(log, doc.doc, opens, context.position);
    if (closed !== undefined) return closed;
    return applyToApprovals(log, doc, opened.kind, payload.b, { ...context, id, target: payload.d });
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
    (payload) => payload.d === ADMIN && (!isKind(payload.k) || payload.k === "invite.create"),
    (opened, context) => {
      const body = bodies["invite.create"](opened.signed.payload.b);
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
  apply: (opened: Opened, context: Context & { readonly jws: string }) => RejectCode | undefined,
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
  const refused =
    checkFreshness(log, doc, entry, opened, position) ??
    apply(opened, {
      crypto: deps.crypto,
      device: opened.signed.kid,
      member: who.member,
      position,
      seq: entry.s,
      time: timeOf(entry),
      size: entry.c.length,
      jws: entry.c,
    });
  if (refused !== undefined) return reject(refused);
  doc.position = position;
  return commit(doc, aheadAt(log, position), entry, hashOf(deps.crypto, source), opened, hashOf(deps.crypto, entry.c));
};
