/**
 * Saved audits that a person wants verified: the file comes in pieces, and is then verified by the verifier that also
 * runs on the file alone, a slice at a time. Nothing of it is kept, and nothing here needs a right: who has a file may
 * ask what it proves.
 */
import { randomBytes } from "node:crypto";
import { verifying } from "#core/audit-export.ts";
import type { ExportFormat, Verified } from "#core/audit-export.ts";
import type { AuditRow } from "#core/audit.ts";
import { LOG } from "#core/ids.ts";
import type { WorkspaceId } from "#core/ids.ts";
import type { AuditCheckView } from "#bridge/audit-views.ts";
import { Refusal } from "../seams.ts";
import { hostCrypto } from "./crypto.ts";
import { createFingerprints } from "./fingerprint.ts";
import type { Live } from "./live.ts";

/** Characters of a file: some twenty thousand acts. */
export const CHECK_MAX = 32_000_000;
const CHECKS_KEPT = 2;
/** Rows verified before others get a turn, and before the window hears how far it is: some milliseconds, and some tenths of a second. */
const SLICE = 25;
const SLICES = 8;
/** Looks of the clock after which a check that nobody asks for is given up: a window was closed. */
const IDLE_TICKS_MAX = 12;

export interface AuditChecks {
  start(format: ExportFormat): { readonly check: string };
  /** Throws `Refusal` where the file is too large. */
  add(check: string, text: string): void;
  /** Verifies on. The check is over with the answer that says what the file is. */
  next(check: string): Promise<AuditCheckView>;
  stop(check: string): void;
  tick(): void;
}

interface Check {
  readonly format: ExportFormat;
  pieces: string[];
  length: number;
  /** Set once the file is whole. */
  steps: Generator<AuditRow, Verified> | null;
  rows: number;
  first: AuditRow | null;
  last: AuditRow | null;
  idleTicks: number;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const momentOf = (row: AuditRow | null) => ({ at: Date.parse(row?.time ?? ""), words: `${row?.who ?? ""} ${row?.act ?? ""}` });

export const createAuditChecks = (find: (wid: string) => Pick<Live, "log"> | null): AuditChecks => {
  const checks = new Map<string, Check>();
  const known = (id: string): Check => {
    const check = checks.get(id);
    if (check === undefined) throw new Refusal("no-such-check", "This check was stopped. Choose the file again.");
    check.idleTicks = 0;
    return check;
  };

  /** Answers the verdict where it is reached within a slice. */
  const slice = (check: Check, steps: Generator<AuditRow, Verified>): Verified | null => {
    for (let n = 0; n < SLICE; n += 1) {
      const step = steps.next();
      if (step.done === true) return step.value;
      check.rows += 1;
      check.first ??= step.value;
      check.last = step.value;
    }
    return null;
  };
  /** Whether the history here goes through where the file ends; null where this computer has not come so far. */
  const isHere = (wid: WorkspaceId, seq: number, hash: string) => {
    const log = find(wid)?.log;
    if (log === undefined) return null;
    const mine = log.hashes.at(seq);
    return { name: log.name, same: mine === undefined || mine === "" ? null : mine === hash };
  };
  const viewOf = async (check: Check, verdict: Verified): Promise<AuditCheckView> => {
    if (!verdict.ok) return { state: "broken", line: verdict.line, why: verdict.why };
    const { wid, rows, heads } = verdict;
    const [seq = 0, hash = ""] = heads[LOG] ?? [];
    return {
      state: "verified",
      wid,
      rows,
      first: momentOf(check.first),
      last: momentOf(check.last),
      heads: Object.entries(heads).map(([doc, [at, of]]) => ({ doc, seq: at, hash: of })),
      words: hash === "" ? [] : [...(await createFingerprints(wid).of(seq, hash))],
      here: isHere(wid, seq, hash),
    };
  };

  return {
    start: (format) => {
      const id = randomBytes(12).toString("base64url");
      checks.set(id, { format, pieces: [], length: 0, steps: null, rows: 0, first: null, last: null, idleTicks: 0 });
      if (checks.size > CHECKS_KEPT) checks.delete(checks.keys().next().value ?? "");
      return { check: id };
    },
    add: (id, text) => {
      const check = known(id);
      if (check.steps !== null) throw new Refusal("check-running", "This file is being verified already. Choose it again.");
      check.length += text.length;
      if (check.length > CHECK_MAX) {
        checks.delete(id);
        throw new Refusal("too-large", "This file is too large to be verified in the app. Verify it with npm run verify-audit.");
      }
      check.pieces.push(text);
    },
    next: async (id) => {
      const check = known(id);
      check.steps ??= verifying(hostCrypto, check.pieces.join(""), check.format);
      check.pieces = [];
      for (let n = 0; n < SLICES; n += 1) {
        const verdict = slice(check, check.steps);
        if (verdict !== null) {
          checks.delete(id);
          return viewOf(check, verdict);
        }
        await turn();
      }
      return { state: "checking", rows: check.rows };
    },
    stop: (id) => void checks.delete(id),
    tick: () => {
      for (const [id, check] of checks) {
        check.idleTicks += 1;
        if (check.idleTicks > IDLE_TICKS_MAX) checks.delete(id);
      }
    },
  };
};
