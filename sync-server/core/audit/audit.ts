/**
 * The audit: every accepted entry as a row. A row is a pure function of the entries before it and of its own, so whoever
 * has the entries can write it again, and compare. It holds codes and their arguments and no sentence: what a person reads
 * is made at the edge, so that no word that is mended, and no language, changes what an export proves.
 *
 * Rows stand in the order of log positions: an approval comes after the log entry that it names, and before the next one
 * in the order of time.
 */
import { parseEntry } from "../protocol/entry.ts";
import { LOG } from "../protocol/ids.ts";
import type { DeviceId, DocName, Hash, MemberId, WorkspaceId } from "../protocol/ids.ts";
import type { Kind } from "../protocol/command.ts";
import type { Reject } from "../facts/reject.ts";
import type { ActCode, ResultCode, RoleName, Why } from "../facts/why.ts";
import type { ReadLog } from "../rules/read.ts";
import { roleTold } from "../rules/rule-fact.ts";
import { roleOf } from "../rules/may.ts";
import type { Deps } from "../rules/state.ts";
import { timeOf } from "../rules/time.ts";
import { actFact, authorityFacts, resultOf, votesFact } from "./act-facts.ts";
import { createActs } from "./acts.ts";
import type { Act, ActOptions } from "./acts.ts";
import { isoTime } from "./iso-time.ts";

/** One row of format 2. */
export interface AuditRow {
  readonly doc: DocName;
  readonly seq: number;
  /** UTC, ISO 8601, as the server dated it. */
  readonly time: string;
  readonly who: string;
  readonly member: MemberId;
  readonly device: DeviceId;
  /** Role of the person where the act was judged, with its name there. */
  readonly role: RoleName;
  /** `later` where the entry was passed over: its kind is not critical, and newer than the app that wrote the row. */
  readonly kind: Kind | "later";
  readonly act: Why<ActCode>;
  /** What let it happen: a right, and for a request also the rule that asked. */
  readonly rule: readonly Why[];
  /** Votes that count after the act, against what is needed; null where nothing was asked. */
  readonly votes: Why<"votes"> | null;
  readonly result: ResultCode;
  /** By how much the server's clock was set back before it, ms; 0 for nearly all. */
  readonly setBack: number;
  /** Log position at which rights were asked. */
  readonly position: number;
  /** Hash of the entry before it in its document, and its own. */
  readonly previous: Hash | "";
  readonly hash: Hash;
  /** Exact text of the entry, from which all of the above follows. */
  readonly entry: string;
}

/** A row that holds, by what every format has of it. */
export type VerifiedRow = Pick<AuditRow, "doc" | "entry" | "time" | "who" | "act">;

export interface Audit {
  readonly log: ReadLog;
  /** Takes the next entry. Refuses what the rules refuse. */
  next(doc: DocName, entry: string): { readonly ok: true; readonly row: AuditRow } | Reject;
}

/** `trusted` skips the signatures of entries that were verified before; a verifier of somebody else's export must not. */
export const createAudit = (deps: Deps, wid: WorkspaceId, options: ActOptions = {}): Audit => {
  const acts = createActs(deps, wid, options);
  return {
    log: acts.log,
    next: (doc, entry) => {
      const taken = acts.next(doc, entry);
      return taken.ok ? { ok: true, row: rowOf(taken.act) } : taken;
    },
  };
};

const rowOf = (act: Act): AuditRow => {
  const { log, doc, seq, date, member, device, kind, setBack, position, previous, hash, entry } = act;
  const role = roleOf(log, member, position);
  return {
    doc,
    seq,
    time: isoTime(date),
    who: log.members.get(member)?.name ?? "",
    member,
    device,
    role: role === null ? ["" as RoleName[0], ""] : roleTold(log, role, position),
    kind,
    act: actFact(act),
    rule: authorityFacts(act),
    votes: votesFact(act),
    result: resultOf(act),
    setBack,
    position,
    previous,
    hash,
    entry,
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
