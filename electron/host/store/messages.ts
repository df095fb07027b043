/** Messages and their parts. `seq` counts from 1 without gaps, because only the last message can ever be removed. */
import { json } from "#core/protocol/parse.ts";
import type { CallView, Enclosed } from "#bridge/call.ts";
import type { MessageView, Part } from "#bridge/thread.ts";
import type { CallRow, RunStore } from "./runs.ts";
import type { Told } from "#bridge/told.ts";
import { countChanges } from "./changes.ts";
import { keptFact, readFact } from "./facts.ts";
import type { Store } from "./open.ts";

export interface MessageRow {
  readonly id: string;
  readonly thread: string;
  readonly seq: number;
  readonly at: number;
  readonly author: "person" | "agent";
  readonly run: string | null;
  readonly step: number | null;
  readonly streaming: boolean;
}
export type NewPart =
  | { readonly kind: "text"; readonly text: string; readonly final: boolean }
  | { readonly kind: "call"; readonly call: string }
  | { readonly kind: "error"; readonly error: Told; readonly retry: boolean };

export interface MessageStore {
  /** Appends with the next number and touches the thread. */
  add(message: {
    id: string;
    thread: string;
    at: number;
    author: "person" | "agent";
    run: string | null;
    step: number | null;
    streaming: boolean;
  }): MessageRow;
  /** Replaces all parts of a message. */
  setParts(message: string, parts: readonly NewPart[], streaming: boolean): void;
  /** The text of a message that streams. */
  setText(message: string, text: string): void;
  addPart(message: string, part: NewPart): void;
  /** Empties a failed answer and gives it to a new run. */
  adopt(message: string, run: string, step: number): void;
  view(id: string): MessageView | null;
  /** Messages below `before`, or the newest; oldest first. */
  page(thread: string, before: number | null, limit: number): MessageView[];
  ofStep(run: string, step: number): string | null;
  ofCall(call: string): string | null;
  last(thread: string): MessageView | null;
  /** The agent's message left streaming by a killed process, or by a stop. */
  streamingOf(run: string): string | null;
  count(thread: string): number;
  /** How often this process changed the message: what was read of it holds while this is the same. */
  changes(message: string): number;
}

interface RawMessage {
  id: string;
  thread: string;
  seq: number;
  at: number;
  author: "person" | "agent";
  run: string | null;
  step: number | null;
  streaming: number;
}
interface RawPart {
  kind: "text" | "call" | "error";
  text: string;
  call: string | null;
  code: string | null;
  retry: number;
}
const columns = "id, thread, seq, at, author, run, step, streaming";

export const createMessageStore = (store: Store, runs: RunStore): MessageStore => {
  const { db } = store;
  const bump = db.prepare<[number, string], { messages: number }>(
    "UPDATE threads SET messages = messages + 1, updated_at = max(updated_at, ?) WHERE id = ? RETURNING messages",
  );
  const insert = db.prepare<[string, string, number, number, string, string | null, number | null, number]>(
    `INSERT INTO messages (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const get = db.prepare<[string], RawMessage>(`SELECT ${columns} FROM messages WHERE id = ?`);
  const below = db.prepare<[string, number, number], RawMessage>(
    `SELECT ${columns} FROM messages WHERE thread = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
  );
  const partsOf = db.prepare<[string], RawPart>(
    "SELECT kind, text, call, code, retry FROM parts WHERE message = ? ORDER BY position",
  );
  const partsOfMany = db.prepare<[string], RawPart & { message: string }>(
    "SELECT message, kind, text, call, code, retry FROM parts WHERE message IN (SELECT value FROM json_each(?)) ORDER BY message, position",
  );
  const clear = db.prepare<[string]>("DELETE FROM parts WHERE message = ?");
  const addPart = db.prepare<[string, string, string, string, number, string | null, string | null, number]>(
    "INSERT INTO parts (message, position, kind, text, final, call, code, retry) VALUES (?, (SELECT ifnull(max(position), -1) + 1 FROM parts WHERE message = ?), ?, ?, ?, ?, ?, ?)",
  );
  const setText = db.prepare<[string, string]>(
    "UPDATE parts SET text = ? WHERE message = ? AND kind = 'text' AND final = 0",
  );
  const setStreaming = db.prepare<[number, string]>("UPDATE messages SET streaming = ? WHERE id = ?");
  const adopt = db.prepare<[string, number, string]>(
    "UPDATE messages SET run = ?, step = ?, streaming = 1 WHERE id = ?",
  );
  const ofStep = db.prepare<[string, number], { id: string }>(
    "SELECT id FROM messages WHERE run = ? AND step = ? AND author = 'agent'",
  );
  const ofCall = db.prepare<[string], { message: string }>("SELECT message FROM parts WHERE call = ?");
  const streaming = db.prepare<[string], { id: string }>("SELECT id FROM messages WHERE run = ? AND streaming = 1");
  const count = db.prepare<[string], { messages: number }>("SELECT messages FROM threads WHERE id = ?");

  const put = (message: string, part: NewPart): void => {
    const text = part.kind === "text" ? part.text : part.kind === "error" ? keptFact(part.error) : "";
    const final = part.kind !== "text" || part.final ? 1 : 0;
    const call = part.kind === "call" ? part.call : null;
    const [code, retry] = part.kind === "error" ? [part.error.code, part.retry ? 1 : 0] : [null, 0];
    addPart.run(message, message, part.kind, text, final, call, code, retry);
  };
  const viewOf = (raw: RawMessage, parts: readonly RawPart[] = partsOf.all(raw.id)): MessageView => ({
    id: raw.id,
    threadId: raw.thread,
    seq: raw.seq,
    at: raw.at,
    from: raw.author,
    parts: parts.flatMap((part) => partOf(part, runs)),
    streaming: raw.streaming === 1,
  });
  const page = (thread: string, before: number | null, limit: number): MessageView[] => {
    const raws = below.all(thread, before ?? Number.MAX_SAFE_INTEGER, limit).toReversed();
    const parts = Map.groupBy(partsOfMany.all(JSON.stringify(raws.map((raw) => raw.id))), (part) => part.message);
    return raws.map((raw) => viewOf(raw, parts.get(raw.id) ?? []));
  };
  const { changed, changes } = countChanges();
  return {
    changes,
    add: (m) =>
      store.write(() => {
        changed(m.id);
        const row = bump.get(m.at, m.thread);
        if (row === undefined) throw new Error("no such thread");
        insert.run(m.id, m.thread, row.messages, m.at, m.author, m.run, m.step, m.streaming ? 1 : 0);
        return { ...m, seq: row.messages };
      }),
    setParts: (message, parts, live) =>
      store.write(() => {
        changed(message);
        clear.run(message);
        for (const part of parts) put(message, part);
        setStreaming.run(live ? 1 : 0, message);
      }),
    setText: (message, text) =>
      void store.write(() => {
        changed(message);
        setText.run(text, message);
      }),
    addPart: (message, part) =>
      store.write(() => {
        changed(message);
        put(message, part);
      }),
    adopt: (message, run, step) =>
      store.write(() => {
        changed(message);
        clear.run(message);
        adopt.run(run, step, message);
      }),
    view: (id) => {
      const raw = get.get(id);
      return raw === undefined ? null : viewOf(raw);
    },
    page,
    ofStep: (run, step) => ofStep.get(run, step)?.id ?? null,
    ofCall: (call) => ofCall.get(call)?.message ?? null,
    last: (thread) => page(thread, null, 1)[0] ?? null,
    streamingOf: (run) => streaming.get(run)?.id ?? null,
    count: (thread) => count.get(thread)?.messages ?? 0,
  };
};

const partOf = (raw: RawPart, runs: RunStore): Part[] => {
  if (raw.kind === "text") return [{ kind: "text", text: raw.text }];
  if (raw.kind === "error") return [{ kind: "error", error: readFact(raw.text), retry: raw.retry === 1 }];
  const call = raw.call === null ? null : runs.call(raw.call);
  return call === null ? [] : [{ kind: "call", call: callView(call) }];
};

/** What a window sees of a call. */
export const callView = (row: CallRow): CallView => ({
  id: row.id,
  server: row.serverName,
  serverId: row.server,
  tool: row.tool,
  args: row.args,
  asked: row.asked,
  // One that is damaged hides no call: it is shown without what went along.
  enclosed: row.enclosed === null ? null : ((json(row.enclosed) as Enclosed | undefined) ?? null),
  state: row.state,
  rule: row.rule,
  request: row.request,
  votes: row.votes,
  needed: row.needed,
  expiresAt: row.expiresAt,
  decidedBy: row.decidedBy,
  reason: row.reason,
  result: row.result,
  startedAt: row.startedAt,
  endedAt: row.endedAt,
});
