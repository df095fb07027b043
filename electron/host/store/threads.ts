import type { Store } from "./open.ts";

export interface ThreadRow {
  readonly id: string;
  readonly wid: string;
  readonly title: string;
  readonly titleGiven: boolean;
  /** A model's id, also where it was removed since; `default` until the thread sends for the first time; or `none`. */
  readonly modelChoice: string;
  /** What the person was last told of where its text goes, as `placeKey` writes it; empty before anything was sent. */
  readonly told: string;
  readonly messages: number;
  readonly spentIn: number;
  readonly spentOut: number;
  readonly updatedAt: number;
}

export interface ThreadStore {
  add(thread: { id: string; wid: string; title: string; at: number }): void;
  get(id: string): ThreadRow | null;
  /** Newest first. */
  list(wid: string): ThreadRow[];
  /** Those of this title in which nothing was said, that nobody named, and for which nobody chose a model. Newest first. */
  unused(wid: string, title: string): ThreadRow[];
  /** A title given by the person stays; one made from the first message replaces only the placeholder. */
  rename(id: string, title: string, given: boolean): void;
  remove(id: string): void;
  /** Removes every thread of a workspace; answers how many. */
  forget(wid: string): number;
  chooseModel(id: string, choice: string, told: string): void;
  touch(id: string, at: number): void;
  spend(id: string, tokensIn: number, tokensOut: number): void;
}

const columns = "id, wid, title, title_given, model_choice, told, messages, spent_in, spent_out, updated_at";
interface Raw {
  id: string;
  wid: string;
  title: string;
  title_given: number;
  model_choice: string;
  told: string;
  messages: number;
  spent_in: number;
  spent_out: number;
  updated_at: number;
}
const rowOf = (raw: Raw): ThreadRow => ({
  id: raw.id,
  wid: raw.wid,
  title: raw.title,
  titleGiven: raw.title_given === 1,
  modelChoice: raw.model_choice,
  told: raw.told,
  messages: raw.messages,
  spentIn: raw.spent_in,
  spentOut: raw.spent_out,
  updatedAt: raw.updated_at,
});

export const createThreadStore = (store: Store): ThreadStore => {
  const { db } = store;
  const add = db.prepare<[string, string, string, number, number]>(
    "INSERT INTO threads (id, wid, title, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
  );
  const get = db.prepare<[string], Raw>(`SELECT ${columns} FROM threads WHERE id = ?`);
  const list = db.prepare<[string], Raw>(`SELECT ${columns} FROM threads WHERE wid = ? ORDER BY updated_at DESC, id`);
  const unused = db.prepare<[string, string], Raw>(
    `SELECT ${columns} FROM threads WHERE wid = ? AND title = ? AND messages = 0 AND title_given = 0
     AND model_choice = 'default' AND told = '' ORDER BY updated_at DESC, id`,
  );
  const rename = db.prepare<[string, number, string, number]>(
    "UPDATE threads SET title = ?, title_given = ? WHERE id = ? AND (title_given = 0 OR ? = 1)",
  );
  const remove = db.prepare<[string]>("DELETE FROM threads WHERE id = ?");
  const forget = db.prepare<[string]>("DELETE FROM threads WHERE wid = ?");
  const choose = db.prepare<[string, string, string]>("UPDATE threads SET model_choice = ?, told = ? WHERE id = ?");
  const touch = db.prepare<[number, string]>("UPDATE threads SET updated_at = max(updated_at, ?) WHERE id = ?");
  const spend = db.prepare<[number, number, string]>(
    "UPDATE threads SET spent_in = spent_in + ?, spent_out = spent_out + ? WHERE id = ?",
  );
  return {
    add: ({ id, wid, title, at }) => void store.write(() => add.run(id, wid, title, at, at)),
    get: (id) => {
      const raw = get.get(id);
      return raw === undefined ? null : rowOf(raw);
    },
    list: (wid) => list.all(wid).map(rowOf),
    unused: (wid, title) => unused.all(wid, title).map(rowOf),
    rename: (id, title, given) => void store.write(() => rename.run(title, given ? 1 : 0, id, given ? 1 : 0)),
    remove: (id) => void store.erase("words", () => remove.run(id)),
    forget: (wid) => store.write(() => forget.run(wid).changes),
    chooseModel: (id, choice, told) => void store.write(() => choose.run(choice, told, id)),
    touch: (id, at) => void store.write(() => touch.run(at, id)),
    spend: (id, tokensIn, tokensOut) => void store.write(() => spend.run(tokensIn, tokensOut, id)),
  };
};
