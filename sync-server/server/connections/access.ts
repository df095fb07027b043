/**
 * Open sockets by workspace. After each batch that changed the log, all of a workspace's sockets are judged again by
 * the same function that let them in, and those that lost the right are closed before they get the new entries.
 */
import type { WorkspaceId } from "#core/protocol/ids.ts";
import type { ReadLog } from "#core/rules/read.ts";
import { close, cut, ping } from "./peer.ts";
import type { Peer } from "./peer.ts";
import { judgeAt } from "./rights.ts";
import { stalls } from "./turns.ts";

export interface Access {
  add(peer: Peer): void;
  remove(peer: Peer): void;
  /** `now` is the time of the workspace. */
  rejudge(wid: WorkspaceId, log: ReadLog, now: number): void;
  /** Cuts off peers that are gone without a word. */
  beat(): void;
  has(wid: WorkspaceId): boolean;
  readonly count: number;
  closeAll(): void;
}

/** RFC 6455: the server is going away. The stock provider tries again. */
const GOING_AWAY = 1001;

export const createAccess = (): Access => {
  const open = new Map<WorkspaceId, Set<Peer>>();
  const each = function* (): Generator<Peer> {
    for (const set of open.values()) yield* set;
  };
  return {
    add: (peer) => {
      const set = open.get(peer.wid) ?? new Set();
      set.add(peer);
      open.set(peer.wid, set);
    },
    remove: (peer) => {
      const set = open.get(peer.wid);
      set?.delete(peer);
      if (set?.size === 0) open.delete(peer.wid);
    },
    rejudge: (wid, log, now) => {
      const judge = judgeAt(log, now);
      for (const peer of open.get(wid) ?? []) judge(peer);
    },
    beat: () => {
      for (const peer of each()) if (!ping(peer) || (peer.kind === "connection" && stalls(peer))) cut(peer);
    },
    has: (wid) => open.has(wid),
    get count() {
      let count = 0;
      for (const set of open.values()) count += set.size;
      return count;
    },
    closeAll: () => {
      for (const peer of each()) close(peer, GOING_AWAY, "server-stops");
    },
  };
};
