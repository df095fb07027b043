/**
 * Saved audits that a person wants verified: the file comes in pieces, and is then verified by the verifier that also
 * runs on the file alone, a slice at a time. Nothing of it is kept, and nothing here needs a right: who has a file may
 * ask what it proves.
 */
import { randomBytes } from "node:crypto";
import { verifying } from "#core/audit/export.ts";
import type { ExportFormat, Verified } from "#core/audit/lines.ts";
import { byPlace, placeOf } from "#core/audit/audit.ts";
import type { VerifiedRow } from "#core/audit/audit.ts";
import { hashOf } from "#core/protocol/crypto.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { WorkspaceId } from "#core/protocol/ids.ts";
import { putNewest } from "#core/protocol/newest.ts";
import type { AuditCheckView } from "#bridge/audit.ts";
import type { Verdict } from "#bridge/answer.ts";
import { why } from "#core/facts/why.ts";
import { rowWords } from "#text/facts.ts";
import { refused } from "#bridge/refused.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { createFingerprints } from "./fingerprint.ts";
import type { Live } from "#client/live.ts";
import type { WorkspaceStore } from "#client/ports/store.ts";

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

type Heads = Extract<Verified, { readonly ok: true }>["heads"];
type Standing = NonNullable<Extract<AuditCheckView, { state: "verified" }>["here"]>["standing"];

interface Check {
  readonly format: ExportFormat;
  pieces: string[];
  length: number;
  /** Set once the file is whole. */
  steps: Generator<VerifiedRow, Verified> | null;
  rows: number;
  first: VerifiedRow | null;
  last: VerifiedRow | null;
  idleTicks: number;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const momentOf = (row: VerifiedRow | null) => ({
  at: Date.parse(row?.time ?? ""),
  who: row?.who ?? "",
  act: row?.act ?? why("act.later"),
});

export interface AuditCheckDeps {
  readonly find: (wid: string) => Pick<Live, "log" | "link"> | null;
  readonly may: (wid: string, capability: "audit.read") => Verdict;
  readonly rows: Pick<WorkspaceStore, "docs" | "entries" | "unreadDocs">;
}

export const createAuditChecks = ({ find, may, rows }: AuditCheckDeps): AuditChecks => {
  const checks = new Map<string, Check>();
  const known = (id: string): Check => {
    const check = checks.get(id);
    if (check === undefined) throw refused("no-such-check");
    check.idleTicks = 0;
    return check;
  };

  /** Answers the verdict where it is reached within a slice. */
  const slice = (check: Check, steps: Generator<VerifiedRow, Verified>): Verified | null => {
    for (let n = 0; n < SLICE; n += 1) {
      const step = steps.next();
      if (step.done === true) return step.value;
      check.rows += 1;
      check.first ??= step.value;
      check.last = step.value;
    }
    return null;
  };
  /**
   * What the history here says of the file. Its lines are no proof of each other: who writes a file anew can leave out the
   * newest acts of one document and keep later ones of others. This computer knows what stands before the file's last act.
   */
  const standing = (wid: WorkspaceId, heads: Heads, last: VerifiedRow | null): Standing => {
    const mine = Object.entries(heads).map(([doc, [seq, hash]]) => [rows.entries(wid, doc, seq, 1)[0], hash] as const);
    if (mine.some(([entry, hash]) => entry !== undefined && hashOf(nodeCrypto, entry) !== hash)) return "differs";
    const end = last === null ? undefined : placeOf(last.doc, last.entry);
    const leftOut = rows.docs(wid).some((doc) => {
      const [next] = doc.startsWith("lane:") ? [] : rows.entries(wid, doc, (heads[doc]?.[0] ?? 0) + 1, 1);
      const place = next === undefined ? undefined : placeOf(doc, next);
      return place !== undefined && end !== undefined && byPlace(place, end) < 0;
    });
    if (leftOut) return "left-out";
    const whole = rows.unreadDocs(wid) === 0 && may(wid, "audit.read").allowed && find(wid)?.link().link === "in-sync";
    return whole && mine.every(([entry]) => entry !== undefined) ? "same" : "unknown";
  };
  const viewOf = async (check: Check, verdict: Verified): Promise<AuditCheckView> => {
    if (!verdict.ok) return { state: verdict.judged ? "broken" : "unjudged", line: verdict.line, why: verdict.why };
    const { wid, heads } = verdict;
    const [seq = 0, hash = ""] = heads[LOG] ?? [];
    const log = find(wid)?.log;
    return {
      state: "verified",
      wid,
      rows: verdict.rows,
      first: momentOf(check.first),
      last: momentOf(check.last),
      heads: Object.entries(heads).map(([doc, [at, of]]) => ({ doc, seq: at, hash: of })),
      words: hash === "" ? [] : [...(await createFingerprints(wid).of(seq, hash))],
      otherWords: verdict.otherWords,
      here: log === undefined ? null : { name: log.name, standing: standing(wid, heads, check.last) },
    };
  };

  return {
    start: (format) => {
      const id = randomBytes(12).toString("base64url");
      putNewest(
        checks,
        id,
        { format, pieces: [], length: 0, steps: null, rows: 0, first: null, last: null, idleTicks: 0 },
        CHECKS_KEPT,
      );
      return { check: id };
    },
    add: (id, text) => {
      const check = known(id);
      if (check.steps !== null) throw refused("check-running");
      check.length += text.length;
      if (check.length > CHECK_MAX) {
        checks.delete(id);
        throw refused("check-too-large");
      }
      check.pieces.push(text);
    },
    next: async (id) => {
      const check = known(id);
      check.steps ??= verifying(nodeCrypto, check.pieces.join(""), check.format, rowWords);
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
