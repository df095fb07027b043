/** Exports of the audit of recorded logs: one that was written once verifies for ever, in its format. */
import { createActs } from "#core/audit/acts.ts";
import { auditOrder, createAudit } from "#core/audit/audit.ts";
import type { ExportFormat } from "#core/audit/lines.ts";
import { writeFirst } from "#core/audit/v1/export.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { crypto } from "../helpers/node-crypto.ts";
import { writeExport } from "../helpers/saved-audit.ts";
import type { Recording } from "./recording.ts";

export const FORMATS: readonly ExportFormat[] = ["jsonl", "csv"];
/** The recorded logs that have the most kinds of acts. */
export const EXPORTED: readonly string[] = ["members", "approvals", "invites"];
/** Format 1, whose rows are sentences that never change; and format 2. */
export const fileOf = (name: string, version: 1 | 2, format: ExportFormat): string =>
  `${version === 1 ? "audit" : "audit-2"}-${name}.${format}`;

const inOrder = ({ entries }: Recording): { readonly doc: DocName; readonly entry: string }[] => {
  const documents = new Map<DocName, string[]>();
  for (const { doc, verdict, text } of entries)
    if (verdict === "ok") documents.set(doc, [...(documents.get(doc) ?? []), text]);
  return auditOrder(documents);
};

/** One by one: what a row says is what is known when its entry was folded, and not later. */
export const exportOf = (recording: Recording, version: 1 | 2, format: ExportFormat): string => {
  const entries = inOrder(recording);
  const acts = createActs({ crypto }, recording.workspace);
  const audit = createAudit({ crypto }, recording.workspace);
  const first = function* () {
    for (const { doc, entry } of entries) {
      const taken = acts.next(doc, entry);
      if (!taken.ok) throw new Error(`a recorded entry is not taken: ${taken.code}`);
      yield taken.act;
    }
  };
  const second = function* () {
    for (const { doc, entry } of entries) {
      const taken = audit.next(doc, entry);
      if (!taken.ok) throw new Error(`a recorded entry is not taken: ${taken.code}`);
      yield taken.row;
    }
  };
  return version === 1 ? writeFirst(crypto, first(), format) : writeExport(crypto, second(), format);
};
