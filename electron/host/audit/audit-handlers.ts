import type { auditMethods } from "#bridge/audit.ts";
import type { HandlersOf } from "../seams.ts";
import type { AuditChecks } from "./checks.ts";
import type { Audits } from "./audits.ts";

/** The methods `audit.*`. */
export const createAuditHandlers = ({
  audits,
  checks,
}: {
  readonly audits: Audits;
  readonly checks: AuditChecks;
}): HandlersOf<typeof auditMethods> => ({
  "audit.page": ({ wid, match, from, limit }) => audits.page(wid, match, from, limit),
  "audit.entry": ({ wid, doc, seq }) => audits.entry(wid, doc, seq),
  "audit.exportStart": ({ wid, format }) => audits.exportStart(wid, format),
  "audit.exportNext": ({ wid, export: id }) => audits.exportNext(wid, id),
  "audit.checkStart": ({ format }) => checks.start(format),
  "audit.checkAdd": ({ check, text }) => {
    checks.add(check, text);
    return {};
  },
  "audit.checkNext": ({ check }) => checks.next(check),
  "audit.checkStop": ({ check }) => {
    checks.stop(check);
    return {};
  },
});
