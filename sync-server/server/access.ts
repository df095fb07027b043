/**
 * Open sockets by workspace. After each batch that changed the log, all of a workspace's sockets are judged again by
 * the same function that let them in, and those that lost the right are closed before they get the new entries.
 */
import type { WorkspaceId } from "#core/ids.ts";
import type { Log } from "#core/state.ts";
import type { Connection } from "./connection.ts";

export interface Access {
  add(connection: Connection): void;
  remove(connection: Connection): void;
  rejudge(wid: WorkspaceId, log: Log): void;
  /** Cuts off peers that are gone without a word. */
  beat(): void;
  has(wid: WorkspaceId): boolean;
  readonly count: number;
  closeAll(): void;
}

/** RFC 6455: the server is going away. The stock provider tries again. */
const GOING_AWAY = 1001;

export const createAccess = (): Access => {
  const open = new Map<WorkspaceId, Set<Connection>>();
  const each = function* (): Generator<Connection> {
    for (const set of open.values()) yield* set;
  };
  return {
    add: (connection) => {
      const set = open.get(connection.wid) ?? new Set();
      set.add(connection);
      open.set(connection.wid, set);
    },
    remove: (connection) => {
      const set = open.get(connection.wid);
      set?.delete(connection);
      if (set?.size === 0) open.delete(connection.wid);
    },
    rejudge: (wid, log) => {
      for (const connection of open.get(wid) ?? []) connection.rejudge(log);
    },
    beat: () => {
      for (const connection of each()) if (!connection.ping()) connection.cut();
    },
    has: (wid) => open.has(wid),
    get count() {
      let count = 0;
      for (const set of open.values()) count += set.size;
      return count;
    },
    closeAll: () => {
      for (const connection of each()) connection.close(GOING_AWAY, "the server is stopping");
    },
  };
};

