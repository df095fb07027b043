/** The sync server put together: store, sequencers, rooms, sockets. `main.ts` gives it flags, tests call it directly. */
import { isIPv6 } from "node:net";
import { drop } from "#core/facts/drop.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { Build } from "#core/protocol/levels.ts";
import type { WorkspaceId } from "#core/protocol/ids.ts";
import { HEAD_EVERY_MS } from "#core/protocol/wire.ts";
import type { ReadLog } from "#core/rules/read.ts";
import { timeOf } from "#core/rules/time.ts";
import { createAccess } from "./connections/access.ts";
import { openConnection } from "./connections/connection.ts";
import { createDevices } from "./connections/devices.ts";
import { openDocumentSocket } from "./connections/document-socket.ts";
import { createKnownOpens } from "./connections/known-opens.ts";
import { createHealthz } from "./connections/healthz.ts";
import { createFoundings } from "./admission/foundings.ts";
import type { Founding } from "./admission/foundings.ts";
import { createDoor, listen } from "./connections/listen.ts";
import { createLimits, LIMITS } from "./admission/limits.ts";
import type { LimitNumbers } from "./admission/limits.ts";
import type { Log } from "./system/log.ts";
import { nodeCrypto, sha256Of } from "#node/crypto.ts";
import { generateServerKey, readServerKey } from "./system/server-key.ts";
import { createOrigins, tellUnknown } from "./admission/origins.ts";
import type { Peer, Site, Voice } from "./connections/peer.ts";
import { createRecovery, RECOVERY } from "./connections/recovery.ts";
import type { RecoveryNumbers } from "./connections/recovery.ts";
import { createRendezvous } from "./connections/rendezvous.ts";
import { readers } from "./connections/turns.ts";
import { createRooms } from "./fan-out/rooms.ts";
import { createSequencer } from "./order/sequencer.ts";
import type { Committed, Sequencer } from "./order/sequencer.ts";
import { createStates } from "./order/states.ts";
import type { ChainStore } from "./store/store.ts";
import { createTimeline, watchClock } from "./order/timeline.ts";

export interface ServerOptions {
  readonly store: ChainStore;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Origins that people dial, where they are not addresses of this machine. */
  readonly origins: readonly string[];
  readonly create: Founding;
  /** Whether a proxy of ours stands before the server and says in X-Forwarded-For who dialled it. */
  readonly trustProxy?: boolean;
  /** Wall clock, ms. */
  readonly now: () => number;
  /** Time that only passes, ms; `now` where nobody sets that. */
  readonly monotonic?: () => number;
  readonly log: Log;
  readonly limits?: Partial<LimitNumbers>;
  readonly recovery?: Partial<RecoveryNumbers>;
  /** What is known of the protocol; fixed but for tests. */
  readonly build?: Build;
  /** ms between heads; fixed but for tests. */
  readonly headEveryMs?: number;
  /** A workspace without sockets is dropped from memory after this many ms. */
  readonly idleMs?: number;
}

export interface RunningServer {
  readonly port: number;
  readonly url: string;
  /** Workspaces and sockets in memory. */
  readonly load: () => { workspaces: number; sockets: number };
  /** Ends sockets, finishes what was accepted, closes the store. */
  close(): Promise<void>;
}

const IDLE_MS = 60_000;

const urlOf = (host: string, port: number): string => {
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return new URL(`http://${isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}`).origin;
};

/** One sequencer for each workspace in use. */
const createSequencers = (make: (wid: WorkspaceId) => Sequencer) => {
  const all = new Map<WorkspaceId, Sequencer>();
  return {
    all,
    of: (wid: WorkspaceId): Sequencer => {
      const known = all.get(wid);
      if (known !== undefined) return known;
      const made = make(wid);
      all.set(wid, made);
      return made;
    },
    /** At once, or each name that somebody makes up would stay in memory for a minute. */
    dropBlank: (wid: WorkspaceId): void => {
      if (all.get(wid)?.blank === true) all.delete(wid);
    },
    dropIdle: (before: number, inUse: (wid: WorkspaceId) => boolean): void => {
      for (const [wid, sequencer] of all)
        if (!sequencer.busy && sequencer.usedAt < before && !inUse(wid)) all.delete(wid);
    },
    settled: async (): Promise<void> => {
      for (const sequencer of all.values())
        // One that cannot be read is settled too: the sequencer has told the log.
        if (sequencer.busy) await sequencer.ask([], () => undefined).catch(() => undefined);
    },
  };
};

/** When the store was first seen to be a copy, in time that only passes: a date may have been written by a clock that was wrong. */
const noticedAt = async (store: ChainStore, date: number, now: number): Promise<number | null> => {
  const at = await store.setBackAt(date);
  return at === null ? null : now - Math.max(0, date - at);
};

export const startServer = async (options: ServerOptions): Promise<RunningServer> => {
  const { store, log } = options;
  // What limits and idles is no matter of dates.
  const now = options.monotonic ?? options.now;
  const clocks = watchClock({ now: options.now, monotonic: now }, log);
  const crypto = nodeCrypto;
  const key = readServerKey(crypto, await store.secret("server-key", generateServerKey));
  const limits = createLimits({ ...LIMITS, ...options.limits }, now, log);
  const rooms = createRooms<Voice>({
    store,
    key,
    now,
    dated: (wid) => sequencers.of(wid).dated(),
    stallMs: limits.numbers.stallMs,
    readers,
  });
  const access = createAccess();
  const pairings = createRendezvous({ store, numbers: limits.numbers, log });

  const rejudge = (wid: WorkspaceId, log: ReadLog): void =>
    access.rejudge(wid, log, timeOf(sequencers.of(wid).dated()));
  const onCommitted = ({ workspace, docs }: Committed): void => {
    if (docs.has(LOG)) rejudge(workspace.wid, workspace.log);
    for (const [doc, { length, head, entries }] of docs)
      rooms.publish(workspace.wid, { doc, seq: length, head }, entries);
  };
  const sequencers = createSequencers((wid) =>
    createSequencer(
      {
        crypto,
        build: options.build,
        store,
        now,
        log,
        timeline: createTimeline(clocks, (event, ms) => log({ event, workspace: wid, ms })),
        onCommitted,
        openDocs: rooms.docs,
      },
      wid,
    ),
  );
  const catchUp = async (wid: WorkspaceId): Promise<void> => {
    try {
      await sequencers.all.get(wid)?.catchUp();
    } catch (error) {
      log({ event: "catch-up-failed", workspace: wid });
      throw error;
    }
  };
  const unfollow = store.onRemoteAppend(catchUp, () => sequencers.all.keys());

  const onGone = (peer: Peer): void => {
    access.remove(peer);
    if (!access.has(peer.wid)) sequencers.dropBlank(peer.wid);
  };

  let origins = createOrigins(options.origins, options.port, now);
  const originUnknown = tellUnknown(log, now);
  // Before anybody said what theirs reads: who found the clock wrong at the start has set it since.
  const date = (): number => Math.floor(options.now());
  const recovery = createRecovery({
    crypto,
    key,
    store,
    now,
    log,
    numbers: { ...RECOVERY, ...options.recovery },
    sequencer: sequencers.of,
    setBackAt: await noticedAt(store, date(), now()),
  });
  const site: Site = {
    crypto,
    now,
    date,
    limits,
    rooms,
    devices: createDevices(limits.numbers.connectionsPerDevice),
    pairings,
    recovery,
    log,
    opens: createKnownOpens(sha256Of),
    states: createStates(crypto, store, options.build),
    entries: (...which) => store.read(...which),
    originUnknown,
    onGone,
    foundings: createFoundings({ create: options.create, store, crypto, limits, now }),
    key: key.x,
    sequencer: sequencers.of,
    origins: { accepts: (origin) => origins.accepts(origin), dialled: (host) => origins.dialled(host) },
  };
  const door = createDoor({
    limits,
    trustProxy: options.trustProxy ?? false,
    origins: () => origins,
    originUnknown,
    healthy: createHealthz(() => store.length("" as WorkspaceId, LOG), now),
    onSocket: (ws, { doc, ...dial }) =>
      access.add(doc === undefined ? openConnection(site, ws, dial) : openDocumentSocket(site, ws, { ...dial, doc })),
  });
  const port = await listen(door, options.host, options.port);
  origins = createOrigins(options.origins, port, now);

  /**
   * A right that ends at a date, such as a delegate's, ends without any entry. And heads are due; where the store cannot be
   * asked there is none, and apps stop counting on the last one after a minute.
   */
  const look = (wid: WorkspaceId, sequencer: Sequencer): void => {
    const done = sequencer.ask([LOG, ...rooms.docs(wid)], ({ log }) => {
      rejudge(wid, log);
      rooms.compared(wid);
    });
    drop(done, "a workspace that cannot be read shuts its readers by itself");
  };
  const beat = setInterval(() => {
    access.beat();
    for (const [wid, sequencer] of sequencers.all) if (access.has(wid)) look(wid, sequencer);
    rooms.beat();
    limits.sweep();
    sequencers.dropIdle(now() - (options.idleMs ?? IDLE_MS), access.has);
  }, options.headEveryMs ?? HEAD_EVERY_MS);

  const close = async (): Promise<void> => {
    clearInterval(beat);
    unfollow();
    const ended = new Promise<void>((resolve) => door.close(() => resolve()));
    access.closeAll();
    pairings.close();
    recovery.close();
    door.closeIdleConnections();
    await sequencers.settled();
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 3_000).unref())]);
    await store.close();
  };
  return {
    port,
    url: options.origins[0] ?? urlOf(options.host, port),
    load: () => ({ workspaces: sequencers.all.size, sockets: access.count }),
    close,
  };
};
