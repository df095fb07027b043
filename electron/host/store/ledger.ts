/**
 * The executed ledger: what was called, committed before the call. A row without an end after a restart means that
 * the call may have happened: it is then `unknown`, and never made again.
 */
import type { Told } from "#bridge/told.ts";
import { keptFact } from "./facts.ts";
import type { Store } from "./open.ts";

export interface LedgerEntry {
  readonly call: string;
  readonly wid: string;
  readonly request: string | null;
  /** Hash of the call as its person confirmed it, where they did. */
  readonly confirmed: string | null;
  readonly launch: string;
  readonly schema: string;
  /** What let it happen. */
  readonly rule: Told;
  /** SHA-256 of the exact argument text. */
  readonly argsHash: string;
  readonly at: number;
}
export type Outcome = "ok" | "error" | "unknown";

export interface Ledger {
  /** False where the call already has a row: it must not be made. */
  open(entry: LedgerEntry): boolean;
  end(call: string, result: Outcome, at: number): void;
  get(call: string): { result: Outcome | null } | null;
  /** Rows that a killed process left open. */
  dangling(): string[];
  /** Approved calls that ended and whose end the team was not yet told. */
  unreported(): { call: string; result: Outcome }[];
  reported(call: string): void;
}

export const createLedger = (store: Store): Ledger => {
  const { db } = store;
  const open = db.prepare(
    "INSERT INTO executed (call, wid, request, confirmed, launch, schema, rule, args_hash, at, reported) VALUES (@call, @wid, @request, @confirmed, @launch, @schema, @rule, @argsHash, @at, @reported) ON CONFLICT (call) DO NOTHING",
  );
  const end = db.prepare<[number, string, string]>(
    "UPDATE executed SET ended_at = ?, result = ? WHERE call = ? AND result IS NULL",
  );
  const get = db.prepare<[string], { result: Outcome | null }>("SELECT result FROM executed WHERE call = ?");
  const dangling = db.prepare<[], { call: string }>("SELECT call FROM executed WHERE result IS NULL ORDER BY at");
  const unreported = db.prepare<[], { call: string; result: Outcome }>(
    "SELECT call, result FROM executed WHERE reported = 0 AND result IS NOT NULL ORDER BY at",
  );
  const reported = db.prepare<[string]>("UPDATE executed SET reported = 1 WHERE call = ?");
  return {
    // A call that policy allows has no request, so there is nothing to report about it.
    open: (entry) =>
      store.write(() => {
        // The tool is called as soon as this is committed.
        store.insist();
        return (
          open.run({ ...entry, rule: keptFact(entry.rule), reported: entry.request === null ? 1 : 0 }).changes === 1
        );
      }),
    end: (call, result, at) => void store.write(() => end.run(at, result, call)),
    get: (call) => get.get(call) ?? null,
    dangling: () => dangling.all().map((row) => row.call),
    unreported: () => unreported.all(),
    reported: (call) => void store.write(() => reported.run(call)),
  };
};
