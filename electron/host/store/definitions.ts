/** What tools said of themselves on this computer, so that a change can be shown and one who changes often is known. */
import type { Store } from "./open.ts";

/** Newest definitions that are kept of each tool. */
const KEPT = 16;

export interface SeenDefinition {
  readonly tool: string;
  readonly schema: string;
  readonly text: string;
}
export interface DefinitionStore {
  /** Keeps what was not kept yet, with the time at which it was first seen, ms. */
  saw(wid: string, server: string, definitions: readonly SeenDefinition[], at: number): void;
  textOf(wid: string, server: string, tool: string, schema: string): string | null;
  /** How many definitions of a tool were first seen since `from`, by its name. */
  newSince(wid: string, server: string, from: number): ReadonlyMap<string, number>;
}

export const createDefinitionStore = (store: Pick<Store, "db" | "write">): DefinitionStore => {
  const { db } = store;
  const add = db.prepare<[string, string, string, string, string, number]>(
    "INSERT INTO tool_seen (wid, server, tool, schema, text, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const prune = db.prepare<[string, string, string, string, string, string, number]>(
    "DELETE FROM tool_seen WHERE wid = ? AND server = ? AND tool = ? AND schema NOT IN (SELECT schema FROM tool_seen WHERE wid = ? AND server = ? AND tool = ? ORDER BY at DESC LIMIT ?)",
  );
  const text = db.prepare<[string, string, string, string], { text: string }>(
    "SELECT text FROM tool_seen WHERE wid = ? AND server = ? AND tool = ? AND schema = ?",
  );
  const since = db.prepare<[string, string, number], { tool: string; n: number }>(
    "SELECT tool, count(*) AS n FROM tool_seen WHERE wid = ? AND server = ? AND at >= ? GROUP BY tool",
  );
  return {
    saw: (wid, server, definitions, at) =>
      store.write(() => {
        for (const { tool, schema, text: said } of definitions) {
          if (add.run(wid, server, tool, schema, said, at).changes > 0)
            prune.run(wid, server, tool, wid, server, tool, KEPT);
        }
      }),
    textOf: (wid, server, tool, schema) => text.get(wid, server, tool, schema)?.text ?? null,
    newSince: (wid, server, from) => new Map(since.all(wid, server, from).map(({ tool, n }) => [tool, n])),
  };
};
