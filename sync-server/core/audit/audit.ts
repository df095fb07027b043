/**
 * The audit: every accepted entry as a row that a person can read. A row is a pure function of the entries before it and
 * of its own, so whoever has the entries can write it again, and compare.
 *
 * Rows stand in the order of log positions: an approval comes after the log entry that it names, and before the next one
 * in the order of time. Lanes are left out: they repeat what is in the queues.
 */
import { parseCommand } from "../protocol/command.ts";
import type { Kind } from "../protocol/command.ts";
import { parseEntry } from "../protocol/entry.ts";
import { ingestAdmin, ingestApproval, ingestLog } from "../rules/fold.ts";
import type { Taken } from "../rules/fold.ts";
import { isoTime } from "./iso-time.ts";
import { actWords, authorityWords, setBackWords, votesWords } from "./v1/words.ts";
import type { Act } from "./v1/words.ts";
import { ADMIN, LOG } from "../protocol/ids.ts";
import type { DocName, Hash, MemberId, RoleId, WorkspaceId } from "../protocol/ids.ts";
import { roleNamed, roleOf } from "../rules/may.ts";
import { reject } from "../facts/reject.ts";
import type { Reject } from "../facts/reject.ts";
import { newAdminDoc, newApprovalDoc, newLog } from "../rules/state.ts";
import type { ReadApprovalDoc, ReadChain, ReadLog, ReadRequest } from "../rules/read.ts";
import type { ApprovalDoc, Deps } from "../rules/state.ts";
import { timeOf } from "../rules/time.ts";

export interface AuditRow {
  readonly doc: DocName;
  readonly seq: number;
  /** UTC, ISO 8601, as the server dated it. */
  readonly time: string;
  readonly who: string;
  readonly member: MemberId;
  readonly device: string;
  /** Role of the person where the act was judged. */
  readonly role: string;
  readonly kind: Kind;
  readonly act: string;
  /** The rule that let it happen. */
  readonly rule: string;
  readonly votes: string;
  readonly result: string;
  /** Log position at which rights were asked. */
  readonly position: number;
  /** Hash of the entry before it in its document, and its own. */
  readonly previous: Hash | "";
  readonly hash: Hash;
  /** Exact text of the entry, from which all of the above follows. */
  readonly entry: string;
}

export interface Audit {
  readonly log: ReadLog;
  /** Takes the next entry. Refuses what the rules refuse. */
  next(doc: DocName, entry: string): { readonly ok: true; readonly row: AuditRow } | Reject;
}

/** `trusted` skips the signatures of entries that were verified before; a verifier of somebody else's export must not. */
export const createAudit = (
  deps: Deps,
  wid: WorkspaceId,
  { trusted = false }: { readonly trusted?: boolean } = {},
): Audit => {
  const log = newLog(wid);
  const admin = newAdminDoc(ADMIN);
  const queues = new Map<DocName, ApprovalDoc>();
  const queueNamed = (doc: DocName): ApprovalDoc => {
    const known = queues.get(doc) ?? newApprovalDoc(doc);
    queues.set(doc, known);
    return known;
  };
  const chainOf = (doc: DocName): ReadChain => (doc === LOG ? log : doc === ADMIN ? admin : queueNamed(doc));

  const next: Audit["next"] = (doc, entry) => {
    if (doc.startsWith("lane:")) return reject("wrong-doc");
    const previous = chainOf(doc).head;
    const options = { trusted };
    const taken =
      doc === LOG
        ? ingestLog(deps, log, entry, options)
        : doc === ADMIN
          ? ingestAdmin(deps, log, admin, entry, options)
          : ingestApproval(deps, log, queueNamed(doc), entry, options);
    if (!taken.ok) return taken;
    const row = rowOf(deps, log, doc, queues.get(doc), entry, taken, previous);
    return row === undefined ? reject("malformed") : { ok: true, row };
  };
  return { log, next };
};

const requestOf = (
  queue: ReadApprovalDoc | undefined,
  body: unknown,
  { kind, command }: Taken,
): ReadRequest | undefined =>
  queue?.requests.get(
    kind === "approval.request" ? command : ((body as { readonly request?: Hash }).request ?? command),
  );

const rowOf = (
  deps: Deps,
  log: ReadLog,
  doc: DocName,
  queue: ReadApprovalDoc | undefined,
  text: string,
  taken: Taken,
  previous: Hash | "",
): AuditRow | undefined => {
  const entry = parseEntry(text, doc === LOG);
  const body = entry === undefined ? undefined : parseCommand(deps.crypto, entry.c)?.payload.b;
  const member = log.devices.get(taken.device)?.member;
  if (entry === undefined || body === undefined || member === undefined) return undefined;
  // Who founds or joins has the role from their own entry on.
  const arrives = taken.kind === "genesis" || taken.kind === "member.join";
  const position = entry.m?.[0] ?? (arrives ? taken.seq : taken.seq - 1);
  const request = requestOf(queue, body, taken);
  const act: Act = {
    log,
    kind: taken.kind,
    body,
    member,
    device: taken.device,
    position,
    time: taken.time,
    request,
    command: taken.command,
  };
  const role = roleOf(log, member, position) ?? ("" as RoleId);
  return {
    doc,
    seq: taken.seq,
    time: isoTime(taken.date),
    who: log.members.get(member)?.name ?? "",
    member,
    device: taken.device,
    role: roleNamed(log, role, position)?.name ?? role,
    kind: taken.kind,
    act: `${actWords(act)}${setBackWords(taken.setBack)}`,
    rule: authorityWords(act),
    votes: votesWords(act),
    result: taken.kind === "approval.used" ? (request?.result ?? "") : (request?.state ?? "done"),
    position,
    previous,
    hash: taken.head,
    entry: text,
  };
};

/** Where an entry stands in the audit. */
export interface Place {
  readonly doc: DocName;
  readonly seq: number;
  readonly position: number;
  readonly time: number;
}

/** Undefined for what is no entry of that document. */
export const placeOf = (doc: DocName, entry: string): Place | undefined => {
  const parsed = parseEntry(entry, doc === LOG);
  return parsed === undefined
    ? undefined
    : { doc, seq: parsed.s, position: parsed.m?.[0] ?? parsed.s, time: timeOf(parsed) };
};

/**
 * By log position, the log's own entry first; then by time, and where that is the same by document. Within a document
 * this is its own order, since neither positions nor times go back there.
 */
export const byPlace = (a: Place, b: Place): number =>
  a.position - b.position ||
  Number(b.doc === LOG) - Number(a.doc === LOG) ||
  (a.doc === b.doc ? a.seq - b.seq : a.time - b.time || (a.doc < b.doc ? -1 : 1));

const NOWHERE = { seq: Number.MAX_SAFE_INTEGER, position: Number.MAX_SAFE_INTEGER, time: Number.MAX_SAFE_INTEGER };

/** Entries of several documents in the order of the audit. */
export const auditOrder = (
  documents: ReadonlyMap<DocName, readonly string[]>,
): { readonly doc: DocName; readonly entry: string }[] =>
  [...documents]
    .filter(([doc]) => !doc.startsWith("lane:"))
    .flatMap(([doc, entries]) =>
      entries.map((entry) => ({ doc, entry, place: placeOf(doc, entry) ?? { doc, ...NOWHERE } })),
    )
    .sort((a, b) => byPlace(a.place, b.place));
