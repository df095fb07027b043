/** Saved audits with the words of this version, as the app writes and verifies them. */
import type { AuditRow } from "#core/audit/audit.ts";
import * as core from "#core/audit/export.ts";
import type { ExportFormat, Verified } from "#core/audit/lines.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";
import { rowWords } from "#text/facts.ts";

export const exportLines = (crypto: CryptoDep, rows: Iterable<AuditRow>, format: ExportFormat): Iterable<string> =>
  core.exportLines(crypto, rows, format, rowWords);
export const writeExport = (crypto: CryptoDep, rows: Iterable<AuditRow>, format: ExportFormat): string =>
  core.writeExport(crypto, rows, format, rowWords);
export const verifyExport = (crypto: CryptoDep, text: string, format: ExportFormat): Verified =>
  core.verifyExport(crypto, text, format, rowWords);
