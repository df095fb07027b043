/** SQL of the calls that their person confirms, or once did. Times are those of the gate's steady clock, ms. */
import type { Told } from "#bridge/told.ts";
import { keptFact, keptOrNull, readFact, readOrNull } from "./facts.ts";
import type { Store } from "./open.ts";

export type ConfirmState = "confirming" | "approved" | "rejected" | "canceled" | "expired" | "refused";

export interface Confirm {
  readonly call: string;
  readonly wid: string;
  /** SHA-256 of the exact call as it was shown: the id of its card. */
  readonly hash: string;
  readonly launch: string;
  readonly schema: string;
  /** The rule that wants it. */
  readonly rule: Told;
  readonly askedAt: number;
  /** While it waits the end of the time to answer; once confirmed, of the time to run. */
  readonly until: number;
  readonly state: ConfirmState;
  /** Who signed the yes, and the signature over the hash; null until then. */
  readonly device: string | null;
  readonly signature: string | null;
  readonly reason: Told | null;
}

/** As it lies in its row. */
type RawConfirm = Omit<Confirm, "rule" | "reason"> & { readonly rule: string; readonly reason: string | null };
const confirmOf = (raw: RawConfirm): Confirm => ({
  ...raw,
  rule: readFact(raw.rule),
  reason: readOrNull(raw.reason),
});
const found = (raw: RawConfirm | undefined): Confirm | null => (raw === undefined ? null : confirmOf(raw));

export interface ConfirmStore {
  /** Keeps a new one; one of the same call before it is gone. */
  add(confirm: Confirm): void;
  get(call: string): Confirm | null;
  byHash(wid: string, hash: string): Confirm | null;
  remove(call: string): void;
  /** Those whose standing can still change. */
  open(wid: string): Confirm[];
  /** The newest `count` that are over. */
  over(wid: string, count: number): Confirm[];
  save(confirm: Confirm): void;
}

const COLUMNS = "call, wid, hash, launch, schema, rule, asked_at AS askedAt, until, state, device, signature, reason";

export const createConfirmStore = ({ db, write }: Store): ConfirmStore => {
  const add =
    db.prepare(`INSERT OR REPLACE INTO confirms (call, wid, hash, launch, schema, rule, asked_at, until, state, device, signature, reason)
    VALUES (@call, @wid, @hash, @launch, @schema, @rule, @askedAt, @until, @state, @device, @signature, @reason)`);
  const get = db.prepare<[string], RawConfirm>(`SELECT ${COLUMNS} FROM confirms WHERE call = ?`);
  const byHash = db.prepare<[string, string], RawConfirm>(`SELECT ${COLUMNS} FROM confirms WHERE wid = ? AND hash = ?`);
  const remove = db.prepare("DELETE FROM confirms WHERE call = ?");
  const open = db.prepare<[string], RawConfirm>(
    `SELECT ${COLUMNS} FROM confirms WHERE wid = ? AND state IN ('confirming', 'approved') ORDER BY asked_at, call`,
  );
  const over = db.prepare<[string, number], RawConfirm>(
    `SELECT ${COLUMNS} FROM confirms WHERE wid = ? AND state <> 'confirming' ORDER BY asked_at DESC, call LIMIT ?`,
  );
  const save = db.prepare(
    "UPDATE confirms SET until = @until, state = @state, device = @device, signature = @signature, reason = @reason WHERE call = @call AND hash = @hash",
  );
  const whole = (confirm: Confirm): RawConfirm => ({
    ...confirm,
    askedAt: Math.round(confirm.askedAt),
    until: Math.round(confirm.until),
    rule: keptFact(confirm.rule),
    reason: keptOrNull(confirm.reason),
  });
  return {
    add: (confirm) => void write(() => add.run(whole(confirm))),
    get: (call) => found(get.get(call)),
    byHash: (wid, hash) => found(byHash.get(wid, hash)),
    remove: (call) => void write(() => remove.run(call)),
    open: (wid) => open.all(wid).map(confirmOf),
    over: (wid, count) => over.all(wid, count).map(confirmOf),
    save: (confirm) => void write(() => save.run(whole(confirm))),
  };
};
