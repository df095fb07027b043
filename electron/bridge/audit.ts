/** What a window sees of the audit. */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { Verdict } from "./answer.ts";
import { wid, id, done } from "./fields.ts";
import { method, topic } from "./method.ts";
import { Told } from "./told.ts";

export const AuditMatch = z.strictObject({
  member: z.string().max(64).nullable(),
  kind: z.string().max(64).nullable(),
  /** Every word must stand in who, role, act, rule, votes or result. */
  text: z.string().max(200),
});
export type AuditMatch = DeepReadonly<z.infer<typeof AuditMatch>>;

export const AuditRowView = z.strictObject({
  doc: z.string(),
  seq: z.number(),
  at: z.number(),
  who: z.string(),
  /** Role of the person at that moment. */
  role: z.string(),
  kind: z.string(),
  act: Told,
  /** What let it happen. */
  rule: z.array(Told).max(4),
  votes: Told.nullable(),
  result: z.string(),
  /** By how much the server's clock was set back before it, ms. */
  setBack: z.number(),
});
export type AuditRowView = DeepReadonly<z.infer<typeof AuditRowView>>;

/** An act by when it was, and whose. */
const Moment = z.strictObject({ at: z.number(), who: z.string(), act: Told });
/** A saved audit that is verified: how far it is, then what it proves, or the first line that does not hold. */
export const AuditCheckView = z.discriminatedUnion("state", [
  z.strictObject({ state: z.literal("checking"), rows: z.number() }),
  z.strictObject({
    state: z.literal("verified"),
    wid: z.string(),
    rows: z.number(),
    first: Moment,
    last: Moment,
    heads: z.array(z.strictObject({ doc: z.string(), seq: z.number(), hash: z.string() })),
    /** The newest entry of the member log, as words that two people can compare aloud. */
    words: z.array(z.string()),
    /** Lines of a CSV whose words are not those of this version. */
    otherWords: z.strictObject({ lines: z.number(), first: z.number() }).nullable(),
    /** The workspace of that id in this app, and what its history says of the file. */
    here: z.strictObject({ name: z.string(), standing: z.enum(["same", "left-out", "differs", "unknown"]) }).nullable(),
  }),
  z.strictObject({ state: z.literal("broken"), line: z.number(), why: Told }),
  /** This app is too old to say. */
  z.strictObject({ state: z.literal("unjudged"), line: z.number(), why: Told }),
]);
export type AuditCheckView = DeepReadonly<z.infer<typeof AuditCheckView>>;

export const AuditEntryView = z.strictObject({
  member: z.string(),
  device: z.string(),
  /** Place in the member log at which rights were asked. */
  position: z.number(),
  previous: z.string(),
  hash: z.string(),
  /** The exact text that was signed and chained. */
  entry: z.string(),
});
export type AuditEntryView = DeepReadonly<z.infer<typeof AuditEntryView>>;

export const AuditView = z.strictObject({
  wid: z.string(),
  canRead: Verdict,
  canExport: Verdict,
  rows: z.number(),
  /** Changes with every row, and when the rows were written again. */
  version: z.string(),
  /** What is being written; null once every entry that is here is a row. */
  progress: z.strictObject({ done: z.number(), of: z.number() }).nullable(),
  /** Entries are missing from which the rest would follow. */
  incomplete: z.boolean(),
  people: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  kinds: z.array(z.string()),
  /** Newest entry of each document, to be compared with those of an export. */
  heads: z.array(z.strictObject({ doc: z.string(), seq: z.number(), hash: z.string() })),
});
export type AuditView = DeepReadonly<z.infer<typeof AuditView>>;

export const auditMethods = {
  /** Rows `from` … of those that match, oldest first; the newest ones where `from` is null. */
  "audit.page": method({
    params: z.strictObject({
      wid,
      match: AuditMatch,
      from: z.number().int().min(0).nullable(),
      limit: z.number().int().min(1).max(200),
    }),
    result: z.strictObject({
      rows: z.array(AuditRowView),
      from: z.number(),
      total: z.number(),
      version: z.string(),
    }),
    windows: ["main"],
    needs: "audit.read",
  }),
  /** What lies behind a row: hashes and the exact entry. */
  "audit.entry": method({
    params: z.strictObject({ wid, doc: z.string().max(64), seq: z.number().int().min(1) }),
    result: AuditEntryView,
    windows: ["main"],
    needs: "audit.read",
  }),
  /** Begins an export of everything that is in the audit now; `audit.exportNext` answers it piece by piece. */
  "audit.exportStart": method({
    params: z.strictObject({ wid, format: z.enum(["jsonl", "csv"]) }),
    result: z.strictObject({ export: z.string(), rows: z.number(), file: z.string() }),
    windows: ["main"],
    needs: ["audit.read", "audit.export"],
  }),
  "audit.exportNext": method({
    params: z.strictObject({ wid, export: id }),
    result: z.strictObject({ text: z.string(), rows: z.number(), done: z.boolean() }),
    windows: ["main"],
    needs: ["audit.read", "audit.export"],
  }),
  /** Verifying a saved audit: its text in pieces, then `audit.checkNext` until it says what the file is. Nothing is kept. */
  "audit.checkStart": method({
    params: z.strictObject({ format: z.enum(["jsonl", "csv"]) }),
    result: z.strictObject({ check: z.string() }),
    windows: ["main"],
    needs: { none: "here" },
  }),
  "audit.checkAdd": method({
    params: z.strictObject({ check: id, text: z.string().max(131_072) }),
    result: done,
    windows: ["main"],
    needs: { none: "here" },
  }),
  "audit.checkNext": method({
    params: z.strictObject({ check: id }),
    result: AuditCheckView,
    windows: ["main"],
    needs: { none: "here" },
  }),
  "audit.checkStop": method({
    params: z.strictObject({ check: id }),
    result: done,
    windows: ["main"],
    needs: { none: "here" },
  }),
};

export const auditTopics = {
  audit: topic({
    of: "workspace",
    value: AuditView,
    windows: ["main"],
    needs: { in: "handler", because: "whoever may not read it is told which rule refuses" },
  }),
};
