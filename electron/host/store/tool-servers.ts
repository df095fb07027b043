import { json } from "#core/protocol/parse.ts";
import { Launch } from "#bridge/tool.ts";
import type { Store } from "./open.ts";

export interface Accepted {
  readonly launch: Launch;
  readonly hash: string;
}

/** What this person accepted and filled in, by workspace and server. */
export interface ToolServerStore {
  accepted(wid: string, server: string): Accepted | null;
  /** Keeps the acceptance and changes values in one step: a sealed text sets a value, null takes it away. */
  accept(
    wid: string,
    server: string,
    accepted: Accepted,
    values: Readonly<Record<string, string | null>>,
    at: number,
  ): void;
  /** Variables with a value, as the shell wrapped it, by name. */
  values(wid: string, server: string): ReadonlyMap<string, string>;
  forget(wid: string, server: string): void;
  forgetWorkspace(wid: string): void;
}

export const createToolServerStore = (store: Pick<Store, "db" | "write" | "erase">): ToolServerStore => {
  const { db } = store;
  const accepted = db.prepare<[string, string], { launch: string; hash: string }>(
    "SELECT launch, hash FROM tool_accepted WHERE wid = ? AND server = ?",
  );
  const accept = db.prepare<[string, string, string, string, number]>(
    "INSERT INTO tool_accepted (wid, server, launch, hash, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (wid, server) DO UPDATE SET launch = excluded.launch, hash = excluded.hash, at = excluded.at",
  );
  const values = db.prepare<[string, string], { name: string; sealed: string }>(
    "SELECT name, sealed FROM tool_values WHERE wid = ? AND server = ? ORDER BY name",
  );
  const setValue = db.prepare<[string, string, string, string]>(
    "INSERT INTO tool_values (wid, server, name, sealed) VALUES (?, ?, ?, ?) ON CONFLICT (wid, server, name) DO UPDATE SET sealed = excluded.sealed",
  );
  const clearValue = db.prepare<[string, string, string]>(
    "DELETE FROM tool_values WHERE wid = ? AND server = ? AND name = ?",
  );
  const forgets = ["tool_accepted", "tool_values", "tool_seen"].map((table) => ({
    server: db.prepare<[string, string]>(`DELETE FROM ${table} WHERE wid = ? AND server = ?`),
    workspace: db.prepare<[string]>(`DELETE FROM ${table} WHERE wid = ?`),
  }));
  return {
    accepted: (wid, server) => {
      const row = accepted.get(wid, server);
      const launch = row === undefined ? undefined : Launch.safeParse(json(row.launch));
      // A launch that this version cannot read was not accepted as far as it can tell: it is reviewed again.
      return row === undefined || launch?.success !== true ? null : { launch: launch.data, hash: row.hash };
    },
    // A value that is taken away, or replaced by another, is gone.
    accept: (wid, server, { launch, hash }, changes, at) =>
      store.erase("rows", () => {
        accept.run(wid, server, JSON.stringify(launch), hash, at);
        for (const [name, sealed] of Object.entries(changes)) {
          if (sealed === null) clearValue.run(wid, server, name);
          else setValue.run(wid, server, name, sealed);
        }
      }),
    values: (wid, server) => new Map(values.all(wid, server).map(({ name, sealed }) => [name, sealed])),
    forget: (wid, server) => store.erase("rows", () => forgets.forEach((forget) => forget.server.run(wid, server))),
    forgetWorkspace: (wid) => store.write(() => forgets.forEach((forget) => forget.workspace.run(wid))),
  };
};
