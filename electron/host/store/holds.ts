/** SQL of the calls that wait for a decision, or once did. Times are those of the gate's steady clock, ms. */
import type { Hash, QueueId, WorkspaceId } from "#core/protocol/ids.ts";
import type { Told } from "#bridge/told.ts";
import { keptOrNull, readOrNull } from "./facts.ts";
import type { Store } from "./open.ts";

export type HoldState = "queued" | "waiting" | "approved" | "rejected" | "canceled" | "expired" | "refused" | "used";

export interface Hold {
  readonly call: string;
  readonly wid: WorkspaceId;
  /** Null only where the request could not be made. */
  readonly request: Hash | null;
  /** The request whose place it takes after an edit of the arguments, or null. */
  readonly replaces: Hash | null;
  readonly queue: QueueId;
  readonly callHash: Hash;
  readonly salt: string;
  readonly launch: string;
  readonly schema: string;
  readonly decideBy: number;
  readonly useBy: number;
  readonly state: HoldState;
  readonly votes: number;
  readonly needed: number;
  /** Server time at which the decision is due, ms, or null before the server took the request. */
  readonly expiresAt: number | null;
  readonly decidedBy: Told | null;
  readonly reason: Told | null;
  /** What approvers were given to read beside the arguments, JSON, or null where there is no request. */
  readonly enclosed: string | null;
}

/** As it lies in its row. */
type RawHold = Omit<Hold, "reason" | "decidedBy"> & {
  readonly reason: string | null;
  readonly decidedBy: string | null;
};
const holdOf = (raw: RawHold): Hold => ({
  ...raw,
  decidedBy: readOrNull(raw.decidedBy),
  reason: readOrNull(raw.reason),
});

export interface HoldStore {
  /** Keeps a new hold; one of the same call before it is gone. */
  add(hold: Hold): void;
  get(call: string): Hold | null;
  byRequest(wid: string, request: string): Hold | null;
  remove(call: string): void;
  /** Holds of a workspace whose standing can still change. */
  open(wid: string): Hold[];
  save(hold: Hold): void;
  /** The request got another id. */
  move(wid: string, from: Hash, to: Hash): void;
}

const COLUMNS = `call, wid, request, replaces, queue, call_hash AS callHash, salt, launch, schema, decide_by AS decideBy, use_by AS useBy, state, votes, needed,
  expires_at AS expiresAt, decided_by AS decidedBy, reason, enclosed`;

const found = (raw: RawHold | undefined): Hold | null => (raw === undefined ? null : holdOf(raw));

export const createHoldStore = ({ db, write }: Store): HoldStore => {
  const add =
    db.prepare(`INSERT OR REPLACE INTO holds (call, wid, request, replaces, queue, call_hash, salt, launch, schema, decide_by, use_by, state, votes, needed, expires_at, decided_by, reason, enclosed)
    VALUES (@call, @wid, @request, @replaces, @queue, @callHash, @salt, @launch, @schema, @decideBy, @useBy, @state, @votes, @needed, @expiresAt, @decidedBy, @reason, @enclosed)`);
  const get = db.prepare<[string], RawHold>(`SELECT ${COLUMNS} FROM holds WHERE call = ?`);
  const byRequest = db.prepare<[string, string], RawHold>(`SELECT ${COLUMNS} FROM holds WHERE wid = ? AND request = ?`);
  const remove = db.prepare("DELETE FROM holds WHERE call = ?");
  const open = db.prepare<[string], RawHold>(
    `SELECT ${COLUMNS} FROM holds WHERE wid = ? AND state IN ('queued', 'waiting', 'approved') ORDER BY decide_by, call`,
  );
  const save = db.prepare(
    `UPDATE holds SET decide_by = @decideBy, use_by = @useBy, state = @state, votes = @votes, needed = @needed, expires_at = @expiresAt, decided_by = @decidedBy, reason = @reason WHERE call = @call`,
  );
  const move = db.prepare("UPDATE holds SET request = ? WHERE wid = ? AND request = ?");
  return {
    add: (hold) =>
      void write(() =>
        add.run({
          ...hold,
          decideBy: Math.round(hold.decideBy),
          useBy: Math.round(hold.useBy),
          decidedBy: keptOrNull(hold.decidedBy),
          reason: keptOrNull(hold.reason),
        }),
      ),
    get: (call) => found(get.get(call)),
    byRequest: (wid, request) => found(byRequest.get(wid, request)),
    remove: (call) => void write(() => remove.run(call)),
    open: (wid) => open.all(wid).map(holdOf),
    move: (wid, from, to) => void write(() => move.run(to, wid, from)),
    save: ({ call, decideBy, useBy, state, votes, needed, expiresAt, decidedBy, reason }) =>
      void write(() =>
        save.run({
          call,
          decideBy: Math.round(decideBy),
          useBy: Math.round(useBy),
          state,
          votes,
          needed,
          expiresAt,
          decidedBy: keptOrNull(decidedBy),
          reason: keptOrNull(reason),
        }),
      ),
  };
};
