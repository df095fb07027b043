/** Exports of the audit of recorded logs: the words of a row are part of its format. */
import { auditOrder, createAudit } from "#core/audit/audit.ts";
import { writeExport } from "#core/audit/export.ts";
import type { ExportFormat } from "#core/audit/export.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { crypto } from "../helpers/node-crypto.ts";
import type { Recording } from "./recording.ts";

export const FORMATS: readonly ExportFormat[] = ["jsonl", "csv"];
/** The recorded logs that have the most kinds of acts. */
export const EXPORTED: readonly string[] = ["members", "approvals", "invites"];

export const exportOf = ({ workspace, entries }: Recording, format: ExportFormat): string => {
  const documents = new Map<DocName, string[]>();
  for (const { doc, verdict, text } of entries)
    if (verdict === "ok") documents.set(doc, [...(documents.get(doc) ?? []), text]);
  const audit = createAudit({ crypto }, workspace);
  const rows = auditOrder(documents).map(({ doc, entry }) => {
    const taken = audit.next(doc, entry);
    if (!taken.ok) throw new Error(`a recorded entry is not taken: ${taken.code}`);
    return taken.row;
  });
  return writeExport(crypto, rows, format);
};
