import type { Handlers } from "../../seams.ts";
import type { Audits } from "../../sync/audits.ts";

/** The methods `audit.*`. */
export const createAuditHandlers = ({ audits }: { readonly audits: Audits }): Pick<Handlers, "audit.page" | "audit.entry" | "audit.exportStart" | "audit.exportNext"> => ({
  "audit.page": ({ wid, match, from, limit }) => audits.page(wid, match, from, limit),
  "audit.entry": ({ wid, doc, seq }) => audits.entry(wid, doc, seq),
  "audit.exportStart": ({ wid, format }) => audits.exportStart(wid, format),
  "audit.exportNext": ({ wid, export: id }) => audits.exportNext(wid, id),
});
