/** SQL of the workspace replica: membership of this computer, verified entries, counters, outbox, join attempts. */
import { createCounters } from "./counters.ts";
import type { Counters } from "./counters.ts";
import { createFoldStore } from "./folds.ts";
import type { Store } from "./open.ts";
import { createSignedHeadStore } from "./signed-heads.ts";
import { asDeviceId, asDocName, asHash, asMemberId, asWorkspaceId } from "#core/protocol/ids.ts";
import type { DeviceId, MemberId } from "#core/protocol/ids.ts";
import { named } from "./named.ts";
import type { EvidenceRow, KeptEvidence, OutboxRow, WorkspaceRow, WorkspaceStore } from "#client/ports/store.ts";

/** So many of each kind are kept of each workspace, the first and the newest; equal ones once. */
const EVIDENCE = { first: 3, newest: 7 };

/** SQLite's word for no limit. */
const ALL = -1;

interface RawWorkspace extends Pick<WorkspaceRow, "server" | "embedded" | "halt"> {
  readonly wid: string;
  readonly member: string;
  readonly device: string;
  readonly nextDevice: string | null;
  readonly paused: number;
  readonly pin_seq: number;
  readonly pin_hash: string;
}

export const createWorkspaceStore = (store: Store): WorkspaceStore => {
  const counters = createCounters(store);
  return {
    ...createFoldStore(store),
    ...createSignedHeadStore(store),
    ...membership(store, counters),
    ...chains(store),
    ...outbox(store),
    ...invites(store),
    ...time(store),
    nextCounter: counters.nextCounter,
    soon: store.soon,
  };
};

const rowOf = (row: RawWorkspace): WorkspaceRow => ({
  wid: named(asWorkspaceId, row.wid),
  member: named(asMemberId, row.member),
  device: named(asDeviceId, row.device),
  nextDevice: row.nextDevice === null ? null : named(asDeviceId, row.nextDevice),
  server: row.server,
  embedded: row.embedded,
  paused: row.paused === 1,
  halt: row.halt,
  pin: [row.pin_seq, row.pin_hash === "" ? "" : named(asHash, row.pin_hash)],
});

const membership = ({ db, write, unreadable }: Store, counters: Counters) => {
  const list = db.prepare<[], RawWorkspace>(
    "SELECT wid, member, device, next_device AS nextDevice, server, embedded, paused, halt, pin_seq, pin_hash FROM workspaces ORDER BY added_at, wid",
  );
  const add =
    db.prepare(`INSERT INTO workspaces (wid, member, device, next_device, server, embedded, paused, halt, pin_seq, pin_hash, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (wid) DO UPDATE SET member = excluded.member, device = excluded.device, next_device = excluded.next_device, server = excluded.server, embedded = excluded.embedded,
      paused = excluded.paused, halt = excluded.halt, pin_seq = excluded.pin_seq, pin_hash = excluded.pin_hash`);
  const setDevice = db.prepare("UPDATE workspaces SET device = ?, next_device = ? WHERE wid = ?");
  // The rest of its tables follows by foreign keys.
  const removes = ["counters", "joins", "executed", "workspaces"].map((table) =>
    db.prepare<[string]>(`DELETE FROM ${table} WHERE wid = ?`),
  );
  const server = db.prepare("UPDATE workspaces SET server = ? WHERE wid = ?");
  const reach = db.prepare("UPDATE workspaces SET embedded = ? WHERE wid = ?");
  const paused = db.prepare("UPDATE workspaces SET paused = ? WHERE wid = ?");
  const halt = db.prepare("UPDATE workspaces SET halt = ? WHERE wid = ?");
  const owed = db.prepare<[string], { key: string | null }>("SELECT owed_key AS key FROM workspaces WHERE wid = ?");
  const oweKey = db.prepare("UPDATE workspaces SET owed_key = ? WHERE wid = ?");
  const level = db.prepare<[string], { level: number }>("SELECT level FROM workspaces WHERE wid = ?");
  const setLevel = db.prepare("UPDATE workspaces SET level = ? WHERE wid = ?");
  const headAt = db.prepare<[string], { at: number | null }>("SELECT head_at AS at FROM workspaces WHERE wid = ?");
  const saveHeadAt = db.prepare("UPDATE workspaces SET head_at = ? WHERE wid = ?");
  return {
    list: () => unreadable.each("workspaces", list.all(), ({ wid }) => wid, rowOf),
    unread: () => unreadable.count("workspaces"),
    add: (row: WorkspaceRow, at: number, key?: string) =>
      void write(() => {
        add.run(
          row.wid,
          row.member,
          row.device,
          row.nextDevice,
          row.server,
          row.embedded,
          row.paused ? 1 : 0,
          row.halt,
          row.pin[0],
          row.pin[1],
          at,
        );
        if (key !== undefined) oweKey.run(key, row.wid);
      }),
    owedKey: (wid: string) => owed.get(wid)?.key ?? null,
    keyTold: (wid: string) => void write(() => oweKey.run(null, wid)),
    setDevice: (wid: string, device: DeviceId, next: DeviceId | null) =>
      void write(() => setDevice.run(device, next, wid)),
    remove: (wid: string) => {
      counters.forget(wid);
      write(() => removes.forEach((remove) => remove.run(wid)));
    },
    setServer: (wid: string, url: string) => void write(() => server.run(url, wid)),
    setEmbedded: (wid: string, embedded: string) => void write(() => reach.run(embedded, wid)),
    setPaused: (wid: string, is: boolean) => void write(() => paused.run(is ? 1 : 0, wid)),
    setHalt: (wid: string, code: string | null) => void write(() => halt.run(code, wid)),
    level: (wid: string) => level.get(wid)?.level ?? 1,
    setLevel: (wid: string, to: number) => void write(() => setLevel.run(to, wid)),
    headAt: (wid: string) => headAt.get(wid)?.at ?? null,
    saveHeadAt: (wid: string, at: number) => void write(() => saveHeadAt.run(Math.round(at), wid)),
  };
};

const chains = ({ db, write, unreadable }: Store) => {
  const entries = db.prepare<[string, string, number, number], { entry: string }>(
    "SELECT entry FROM chain WHERE wid = ? AND doc = ? AND seq >= ? ORDER BY seq LIMIT ?",
  );
  const docs = db.prepare<[string], { doc: string }>("SELECT DISTINCT doc FROM chain WHERE wid = ? ORDER BY doc");
  const append = db.prepare("INSERT INTO chain (wid, doc, seq, entry) VALUES (?, ?, ?, ?)");
  const addEvidence = db.prepare(
    "INSERT INTO evidence (wid, doc, seq, code, head, shown, at) SELECT @wid, @doc, @seq, @code, @head, @shown, @at WHERE NOT EXISTS (SELECT 1 FROM evidence WHERE wid = @wid AND doc = @doc AND seq = @seq AND code = @code AND shown = @shown)",
  );
  // Of each kind, and the first of them for ever: a server gives reason for doubts, and lies again after the truth, as often as it likes.
  const keepNewest = db.prepare(
    "DELETE FROM evidence WHERE wid = @wid AND code = @code AND id NOT IN (SELECT id FROM evidence WHERE wid = @wid AND code = @code ORDER BY id DESC LIMIT @newest) AND id NOT IN (SELECT id FROM evidence WHERE wid = @wid AND code = @code ORDER BY id LIMIT @first)",
  );
  const evidence = db.prepare<[string], KeptEvidence>(
    "SELECT doc, seq, code, head, shown, at FROM evidence WHERE wid = ? ORDER BY id",
  );
  return {
    entries: (wid: string, doc: string, from = 1, count = ALL) =>
      entries.all(wid, doc, from, count).map((row) => row.entry),
    docs: (wid: string) =>
      unreadable.each(
        "chain",
        docs.all(wid),
        ({ doc }) => `${wid} ${doc}`,
        ({ doc }) => named(asDocName, doc),
      ),
    unreadDocs: (wid: string) => unreadable.count("chain", `${wid} `),
    append: (wid: string, doc: string, from: number, added: readonly string[]) =>
      write(() => added.forEach((entry, index) => append.run(wid, doc, from + index, entry))),
    addEvidence: (wid: string, row: EvidenceRow, at: number) =>
      void write(() => {
        addEvidence.run({ ...row, wid, at });
        keepNewest.run({ wid, code: row.code, ...EVIDENCE });
      }),
    evidence: (wid: string) => evidence.all(wid),
  };
};

const outbox = ({ db, write, soon, insist }: Store) => {
  const queue = db.prepare(
    "INSERT INTO outbox (wid, command, kind, request, jws, state, at) VALUES (?, ?, ?, ?, ?, 'waiting', ?)",
  );
  const waiting = db.prepare<[string], OutboxRow>(
    "SELECT id, command, kind, request, jws, state, code FROM outbox WHERE wid = ? AND state = 'waiting' ORDER BY id",
  );
  const first = db.prepare<[string], OutboxRow>(
    "SELECT id, command, kind, request, jws, state, code FROM outbox WHERE wid = ? AND state = 'waiting' ORDER BY id LIMIT 1",
  );
  const count = db.prepare<[string], { n: number }>(
    "SELECT count(*) AS n FROM outbox WHERE wid = ? AND state = 'waiting'",
  );
  const settle = db.prepare(
    "UPDATE outbox SET state = ?, code = ?, jws = '' WHERE wid = ? AND command = ? AND state = 'waiting'",
  );
  const of = db.prepare<[string, string], OutboxRow>(
    "SELECT id, command, kind, request, jws, state, code FROM outbox WHERE wid = ? AND request = ? ORDER BY id",
  );
  const one = db.prepare<[string, string], OutboxRow>(
    "SELECT id, command, kind, request, jws, state, code FROM outbox WHERE wid = ? AND command = ?",
  );
  return {
    outboxRow: (wid: string, command: string) => one.get(wid, command) ?? null,
    queue: (wid: string, row: Pick<OutboxRow, "command" | "kind" | "request" | "jws">, at: number) =>
      void write(() => {
        // It is sent as soon as this is committed.
        insist();
        queue.run(wid, row.command, row.kind, row.request, row.jws, at);
      }),
    waiting: (wid: string) => waiting.all(wid),
    firstWaiting: (wid: string) => first.get(wid) ?? null,
    countWaiting: (wid: string) => count.get(wid)?.n ?? 0,
    /**
     * Where the power goes before the disk has it, the command is sent again. One that was taken gets the answer that it had;
     * one that was refused is judged anew, and whoever was told that it has no effect must not find that it has.
     */
    settle: (wid: string, command: string, code: string | null) =>
      void (code === null ? soon : write)(() => settle.run(code === null ? "done" : "refused", code, wid, command)),
    outboxOf: (wid: string, request: string) => of.all(wid, request),
  };
};

const invites = ({ db, write }: Store) => {
  const join = db.prepare<[string, string], { member: MemberId; jws: string; expiresAt: number }>(
    "SELECT member, jws, expires_at AS expiresAt FROM joins WHERE wid = ? AND invite = ?",
  );
  const saveJoin = db.prepare(
    "INSERT OR REPLACE INTO joins (wid, invite, member, jws, expires_at) VALUES (?, ?, ?, ?, ?)",
  );
  const dropJoin = db.prepare("DELETE FROM joins WHERE wid = ? AND invite = ?");
  const joins = db.prepare<[], { jws: string }>("SELECT jws FROM joins");
  const saveCode = db.prepare("INSERT OR REPLACE INTO invite_codes (wid, invite, sealed) VALUES (?, ?, ?)");
  const codes = db.prepare<[string], { invite: string; sealed: string }>(
    "SELECT invite, sealed FROM invite_codes WHERE wid = ?",
  );
  return {
    join: (wid: string, invite: string) => join.get(wid, invite) ?? null,
    saveJoin: (wid: string, invite: string, member: MemberId, jws: string, expiresAt: number) =>
      void write(() => saveJoin.run(wid, invite, member, jws, expiresAt)),
    dropJoin: (wid: string, invite: string) => void write(() => dropJoin.run(wid, invite)),
    joins: () => joins.all().map(({ jws }) => jws),
    saveCode: (wid: string, invite: string, sealed: string) => void write(() => saveCode.run(wid, invite, sealed)),
    codes: (wid: string) => codes.all(wid),
  };
};

const time = ({ db, write }: Store) => {
  const read = db.prepare<[], { at: number }>("SELECT at FROM steady_time WHERE one = 1");
  const save = db.prepare(
    "INSERT INTO steady_time (one, at) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET at = excluded.at",
  );
  return {
    steady: () => read.get()?.at ?? 0,
    saveSteady: (at: number) => void write(() => save.run(Math.ceil(at))),
  };
};
