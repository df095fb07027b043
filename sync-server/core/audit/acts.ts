/**
 * Entries folded into acts: what whoever writes a row of the audit knows of one entry. Lanes are left out: they repeat what
 * is in the queues.
 */
import { parseCommand } from "../protocol/command.ts";
import type { CommandPayload, Kind } from "../protocol/command.ts";
import { parseEntry } from "../protocol/entry.ts";
import { ADMIN, LOG } from "../protocol/ids.ts";
import { BUILD } from "../protocol/levels.ts";
import type { DeviceId, DocName, Hash, MemberId, ServerId, WorkspaceId } from "../protocol/ids.ts";
import { reject } from "../facts/reject.ts";
import type { Reject } from "../facts/reject.ts";
import { ingestAdmin, ingestApproval, ingestLog } from "../rules/fold.ts";
import type { Taken } from "../rules/fold.ts";
import type { ReadApprovalDoc, ReadChain, ReadLog, ReadRequest } from "../rules/read.ts";
import { newAdminDoc, newApprovalDoc, newLog } from "../rules/state.ts";
import type { ApprovalDoc, Deps } from "../rules/state.ts";

/** One entry after it was folded. */
export interface Act {
  readonly log: ReadLog;
  /** Names of tool servers as they were defined last, also of those that are gone. */
  readonly servers: ReadonlyMap<ServerId, string>;
  readonly doc: DocName;
  readonly seq: number;
  /** `later` where the entry was passed over. */
  readonly kind: Kind | "later";
  readonly body: unknown;
  readonly member: MemberId;
  readonly device: DeviceId;
  /** Log position at which its rights were asked. */
  readonly position: number;
  /** Time of the workspace, and what the server dated it, ms. */
  readonly time: number;
  readonly date: number;
  /** By how much the server's clock was set back before it, ms; 0 for nearly all. */
  readonly setBack: number;
  /** For acts on an approval request. */
  readonly request: ReadRequest | undefined;
  readonly command: Hash;
  /** Hash of the entry before it in its document, and its own. */
  readonly previous: Hash | "";
  readonly hash: Hash;
  /** Its exact text. */
  readonly entry: string;
}

export interface Acts {
  readonly log: ReadLog;
  /** Takes the next entry. Refuses what the rules refuse. */
  next(doc: DocName, entry: string): { readonly ok: true; readonly act: Act } | Reject;
}

export interface ActOptions {
  readonly trusted?: boolean;
  /** The level that whoever wrote the rows knew: what is passed over from there on is passed over here too (FC3). */
  readonly knows?: number;
}

/** `trusted` skips the signatures of entries that were verified before; a verifier of somebody else's export must not. */
export const createActs = (
  deps: Deps,
  wid: WorkspaceId,
  { trusted = false, knows = Number.MAX_SAFE_INTEGER }: ActOptions = {},
): Acts => {
  const log = newLog(wid);
  const admin = newAdminDoc(ADMIN);
  const queues = new Map<DocName, ApprovalDoc>();
  const servers = new Map<ServerId, string>();
  const queueNamed = (doc: DocName): ApprovalDoc => {
    const known = queues.get(doc) ?? newApprovalDoc(doc);
    queues.set(doc, known);
    return known;
  };
  const chainOf = (doc: DocName): ReadChain => (doc === LOG ? log : doc === ADMIN ? admin : queueNamed(doc));

  const next: Acts["next"] = (doc, entry) => {
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
    for (const { id, name } of taken.kind === "tool.define" ? log.servers.values() : []) servers.set(id, name);
    const act = actOf(deps, { log, servers, doc, previous, entry }, queues.get(doc), taken, knows);
    return act === undefined ? reject("malformed") : { ok: true, act };
  };
  return { log, next };
};

/**
 * The kind that a row tells. What is not critical is passed over by the fold of every version; a row tells it from the level
 * on that its writer knew, so that a verifier that knows more writes the same row.
 */
const kindTold = (
  { build = BUILD }: Deps,
  taken: Kind | null,
  { k, b }: CommandPayload,
  knows: number,
): Act["kind"] => {
  if (taken !== null) return taken;
  const row = Object.hasOwn(build.kinds, k) ? build.kinds[k] : undefined;
  const told = row !== undefined && !row.critical && row.since <= knows && build.bodies[k]?.(b) !== undefined;
  return told ? (k as Kind) : "later";
};

const actOf = (
  deps: Deps,
  at: Pick<Act, "log" | "servers" | "doc" | "previous" | "entry">,
  queue: ReadApprovalDoc | undefined,
  taken: Taken,
  knows: number,
): Act | undefined => {
  const { log, doc } = at;
  const entry = parseEntry(at.entry, doc === LOG);
  const payload = entry === undefined ? undefined : parseCommand(deps.crypto, entry.c)?.payload;
  const member = log.devices.get(taken.device)?.member;
  if (entry === undefined || payload === undefined || member === undefined) return undefined;
  const { b: body } = payload;
  // Who founds or joins has the role from their own entry on.
  const arrives = taken.kind === "genesis" || taken.kind === "member.join";
  const { seq, device, time, date, setBack, command, head } = taken;
  const position = entry.m?.[0] ?? (arrives ? seq : seq - 1);
  const request = requestOf(queue, body, taken);
  const kind = kindTold(deps, taken.kind, payload, knows);
  return { ...at, seq, kind, body, member, device, position, time, date, setBack, request, command, hash: head };
};

const requestOf = (
  queue: ReadApprovalDoc | undefined,
  body: unknown,
  { kind, command }: Taken,
): ReadRequest | undefined =>
  queue?.requests.get(
    kind === "approval.request" ? command : ((body as { readonly request?: Hash }).request ?? command),
  );
