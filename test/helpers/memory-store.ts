/** A store in memory that several nodes can share, as they would share a database: appends are told to the others. */
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import type { ChainStore, Entries } from "../../sync-server/server/store/store.ts";
import { StoreProblem } from "../../sync-server/server/store/store.ts";

export interface SharedMemory {
  /** A connection of one node. */
  connect(): ChainStore;
  /** Everything that is there now, and from then on another history. */
  copy(): SharedMemory;
  /** Entries of a document. */
  count(wid: string, doc: string): number;
}

export const createMemory = (
  from: { readonly rows: ReadonlyMap<string, string[]>; readonly secrets: ReadonlyMap<string, string> } = {
    rows: new Map(),
    secrets: new Map(),
  },
): SharedMemory => {
  const rows = new Map(from.rows);
  const secrets = new Map(from.secrets);
  const hearing = new Set<{ readonly from: object; readonly heard: (word: string) => void }>();
  const listeners = new Set<{ readonly from: object; readonly heard: (wid: WorkspaceId) => Promise<void> }>();
  const of = (wid: string, doc: string): string[] => rows.get(`${wid} ${doc}`) ?? [];

  /** Appends to a workspace, and those who hold it, wait for each other in the order they came. */
  const turns = new Map<WorkspaceId, Promise<unknown>>();
  const inTurn = <T>(wid: WorkspaceId, work: () => Promise<T>): Promise<T> => {
    const mine = (turns.get(wid) ?? Promise.resolve()).catch(() => undefined).then(work);
    turns.set(wid, mine);
    return mine;
  };

  const connect = (): ChainStore => {
    const me = {};
    const held: Entries = {
      append: async (wid, batch, judgedAt) => {
        for (const [doc, length] of judgedAt) if (of(wid, doc).length !== length) return "conflict";
        const next = new Map<DocName, string[]>();
        for (const { doc, seq, entry } of batch) {
          const list = next.get(doc) ?? [...of(wid, doc)];
          if (seq !== list.length + 1) throw new StoreProblem("failed", "There is an entry at that place.");
          next.set(doc, [...list, entry]);
        }
        for (const [doc, list] of next) rows.set(`${wid} ${doc}`, list);
        for (const { from, heard } of listeners)
          if (from !== me && batch.length > 0) setImmediate(() => void heard(wid).catch(() => undefined));
        return "appended";
      },
      read: async (wid, doc, fromSeq, limit) => {
        const page: string[] = [];
        let characters = 0;
        for (const entry of of(wid, doc).slice(fromSeq - 1, fromSeq - 1 + limit.entries)) {
          page.push(entry);
          characters += entry.length;
          if (characters >= limit.characters) break;
        }
        return page;
      },
      length: async (wid, doc) => of(wid, doc).length,
      lengths: async (wid, docs) => new Map(docs.map((doc) => [doc, of(wid, doc).length])),
      entriesAt: async (wid, positions) =>
        new Map(
          [...positions].flatMap(([doc, seq]) => {
            const entry = of(wid, doc)[seq - 1];
            return entry === undefined ? [] : [[doc, entry] as const];
          }),
        ),
    };
    return {
      ...held,
      append: (wid, ...what) => inTurn(wid, () => held.append(wid, ...what)),
      hold: (wid, work) => inTurn(wid, () => work(held)),
      workspaces: async () =>
        [...rows.keys()].filter((name) => name.endsWith(" log")).map((name) => name.split(" ")[0] as WorkspaceId),
      kept: async (name) => secrets.get(name),
      secret: async (name, make) => {
        const kept = secrets.get(name) ?? make();
        secrets.set(name, kept);
        return kept;
      },
      setBackAt: async () => null,
      onRemoteAppend: (heard) => {
        const listener = { from: me, heard };
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      tellNodes: async (word) => {
        for (const { from, heard } of hearing) if (from !== me) setImmediate(() => heard(word));
        return true;
      },
      onNodeWord: (heard) => {
        const listener = { from: me, heard };
        hearing.add(listener);
        return () => hearing.delete(listener);
      },
      close: async () => undefined,
    };
  };
  return { connect, copy: () => createMemory({ rows, secrets }), count: (wid, doc) => of(wid, doc).length };
};
