/**
 * One workspace as it lives in this app: the verified copy, one connection with a channel for each document that may
 * be read, the outbox, and what the status line says. Channels are opened and closed as the fold changes.
 */
import type { Step, Write } from "#core/protocol/at-once.ts";
import type { Body, Kind } from "#core/protocol/command.ts";
import type { Taken } from "#core/rules/fold.ts";
import { laneDoc, LOG } from "#core/protocol/ids.ts";
import type { LineName } from "#core/facts/client-args.ts";
import type { DeviceId, DocName, Hash, MemberId } from "#core/protocol/ids.ts";
import type { Build } from "#core/protocol/levels.ts";
import { deviceActive, roleOf } from "#core/rules/may.ts";
import type { ReadLog } from "#core/rules/read.ts";
import type { Fact } from "#core/facts/refusal.ts";
import { why } from "#core/facts/why.ts";
import { createTurnedAway } from "./link/turned-away.ts";
import type { Platform } from "./ports/platform.ts";
import type { Lease } from "./keys/lease.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { Clock } from "./ports/clock.ts";
import type { WorkspaceRow, WorkspaceStore } from "./ports/store.ts";
import { createAckCheck } from "./link/acks.ts";
import { createDenied } from "./copy/denied.ts";
import { createDocuments } from "./docs/documents.ts";
import type { Documents } from "./docs/documents.ts";
import { createGiveBack } from "./link/give-back.ts";
import { createHearing } from "./link/hearing.ts";
import { createHistory } from "./link/history.ts";
import { createLink } from "./link/link.ts";
import type { LinkState } from "./link/link.ts";
import { createOutWatch } from "./link/out-watch.ts";
import { createOutbox } from "./link/outbox.ts";
import type { Outbox, Settled } from "./link/outbox.ts";
import { createReplica } from "./copy/replica.ts";
import type { Replica } from "./copy/replica.ts";
import { createRetry } from "./link/retry.ts";
import { heldFacts } from "./link/held-facts.ts";
import { createIdentity } from "./keys/identity.ts";
import type { Keyring, Signer } from "./keys/signer.ts";
import { createChannels } from "./link/channels.ts";
import { createWaiters } from "./link/waiters.ts";

/** As long as an answer of the server may take: a busy computer is not offline. */
const FOLDED_WITHIN_MS = 15_000;
const READY_WITHIN_MS = 15_000;

export interface LiveDeps {
  readonly platform: Platform;
  /** What this build knows of the protocol. */
  readonly build: Build;
  /** The name of a member where only a line of text is shown. */
  readonly nameInLine: (log: ReadLog, member: MemberId) => LineName;
  readonly row: WorkspaceRow;
  readonly rows: WorkspaceStore;
  readonly write: Write;
  readonly keys: Keyring;
  readonly clock: Clock;
  readonly lease: Lease;
  /** Asks the person who sits here before the holder of the keys signs that. Rejects with `Refusal`. */
  readonly confirmed: <K extends Kind>(log: ReadLog, kind: K, body: Body<K>) => Promise<void>;
  readonly on: LiveEvents;
}
export interface LiveEvents {
  /** Entries were verified and kept. */
  changed(doc: DocName, taken: readonly Taken[]): void;
  /** The status line may read differently. */
  status(): void;
  settled(result: Settled): void;
  /** An own request was signed again and has another id. */
  readonly moved: Step<[from: Hash, to: Hash]>;
  /** What lies behind the checkpoint that the copy began with is verified. */
  whole(): void;
  /** The copy was stopped over a lie, and the server shows everything again. */
  wentOn(): void;
}
export interface Live {
  readonly wid: string;
  readonly me: MemberId;
  /** The device that speaks here now: a rotation changes it. */
  readonly device: DeviceId;
  readonly replica: Replica;
  readonly log: ReadLog;
  readonly outbox: Outbox;
  server(): string;
  readonly docs: Documents;
  /** Signs as this device. Throws `Refusal("no-such-key")` where its key is not here any more. */
  signer(): Signer;
  /** The key that a rotation leads to, kept before this resolves. */
  successor(): Promise<Signer>;
  /** Member with this device in force, by the verified log. */
  active(): boolean;
  link(): LinkState;
  /** Whether the verified log is what the server showed within the last minute. */
  fresh(): boolean;
  /** Whether the copy of a document is connected and as long as the server says that it is. */
  current(doc: DocName): boolean;
  /** Whether this computer has been without the server for so long that only reading goes on. */
  leaseEnded(): boolean;
  /** Until when, by this computer's clock, tools run here without hearing more of the server, ms. */
  leaseEnds(): number;
  /** Time of the workspace as far as it is known, ms. */
  serverNow(): number;
  /** How far the server's clock is ahead of this computer's, ms. */
  serverAhead(): number;
  /** How much is verified of what lies behind the checkpoint that this copy began with, or null. */
  history(): { readonly have: number; readonly of: number } | null;
  /** Resolves once `position` of the log is folded; false after `ms`. */
  reached(position: number, ms: number): Promise<boolean>;
  /** Resolves once `holds`, asked after every change; false after `ms`. */
  until(ms: number, holds: () => boolean): Promise<boolean>;
  /** Connects. `unserved`: why the server inside this app did not start, where the workspace lives on it. */
  start(unserved?: Fact | null): void;
  pause(paused: boolean): void;
  reconnect(): void;
  move(server: string): void;
  /** The network is another one, or the computer slept: what was refused is tried at once. */
  hurry(): void;
  /** Looks at the clock: heads grow old without any event. */
  tick(): void;
  close(): void;
}

export const createLive = (deps: LiveDeps): Live => {
  const { row, rows, platform, clock, on } = deps;
  const { wid } = row;
  const me = row.member;
  const waiters = createWaiters(platform.timers);
  let { server, paused } = row;
  let closed = false;

  const replica = createReplica({
    platform,
    build: deps.build,
    row,
    rows,
    write: deps.write,
    now: clock.now,
    monotonic: clock.monotonic,
    changed: (doc, taken) => {
      if (doc === LOG) follow();
      channels.folded(doc);
      denied.grew(doc);
      on.changed(doc, taken);
      retell();
    },
    denied: () => denied.doubt(),
    halted: () => {
      if (replica.mendable()) retry.failed();
      channels.reconcile();
      waiters.check();
      on.changed(LOG, []);
      retell();
    },
  });
  const { log } = replica;
  const current = (doc: DocName): boolean => channels.open(doc) && !replica.claims.owes([doc]);
  const denied = createDenied({ clock, readable: () => docs.readable(), isIn: () => link.in(), isShown: current });
  const retry = createRetry(clock.monotonic, Math.random);
  const giveBack = createGiveBack({
    platform,
    wid,
    rows,
    server: () => server,
    key: () => log.serverKey,
    hashAt: replica.hashAt,
    monotonic: clock.monotonic,
    gave: () => {
      replica.claims.took();
      restart();
    },
  });
  /** A lane that is not open may hold that a request was withdrawn from another computer of this person's. */
  const owes = (): boolean => ![LOG, ...ownLanes()].every(current);
  const identity = createIdentity({ row, rows, keys: deps.keys, log });
  let unserved: Fact | null = null;
  const link = createLink({
    clock,
    log,
    lease: deps.lease,
    out: () => outWatch.out(),
    halt: replica.halt,
    doubt: () => replica.doubt() ?? giveBack.giving(),
    given: giveBack.given,
    held: () => heldFacts(outbox.held(), clock.now(), link.serverDate()),
    owes,
    paused: () => paused,
    unserved: () => unserved,
    server: () => server,
  });
  const docs = createDocuments({ me, log, rows, approvals: replica.approvals, serverNow: link.serverNow });
  const { wayFor } = docs;
  const ownLanes = (): DocName[] => docs.lanes().map(({ doc }) => doc);
  const checked = createAckCheck({ crypto: platform.crypto, replica, isOpen: (doc) => channels.open(doc), ownLanes });

  const connected = (doc: DocName): boolean =>
    !paused && replica.halt() === null && !replica.claims.short() && identity.settled() && channels.open(wayFor(doc));

  const outbox = createOutbox(
    {
      crypto: platform.crypto,
      timers: platform.timers,
      wid,
      rows,
      signer: identity.signer,
      now: clock.now,
      server: link.serverDate,
      seen: () => [log.seq, log.head],
      send: async (doc, jws) => checked(jws, await channels.send(wayFor(doc), jws)),
      connected,
      confirmed: (kind, body) => deps.confirmed(log, kind, body),
      ready: async (doc) => {
        await waiters.until(READY_WITHIN_MS, () => connected(doc) || !link.hopeful());
        return connected(doc);
      },
      folded: (doc, command) => waiters.until(FOLDED_WITHIN_MS, () => replica.has(doc, command)),
      settled: (result) => {
        on.settled(result);
        retell();
      },
      newest: docs.newest,
      moved: on.moved,
    },
    deps.write,
  );

  const outWatch = createOutWatch({
    crypto: platform.crypto,
    nameInLine: deps.nameInLine,
    log,
    me,
    identity,
    keys: deps.keys,
    outbox,
    retry,
    entryAt: (position) => rows.entries(wid, LOG, position, 1)[0],
  });

  const turnedAway = createTurnedAway({
    retry,
    link,
    identity,
    reconcile: () => channels.reconcile(),
    offer: giveBack.offer,
    restart: () => restart(),
    isClosed: () => closed,
    again: () => {
      channels.forgive();
      link.again();
      replica.lookAgain();
      channels.reconcile();
      retell();
    },
  });

  const channels = createChannels({
    platform,
    wid,
    server: () => server,
    auth: async (question) => identity.signer().auth2({ w: log.wid, aud: server, ...question }),
    monotonic: clock.monotonic,
    random: Math.random,
    date: clock.now,
    begin: replica.follow,
    folded: replica.length,
    // What was appended in a connection's last moment may have no head here that proves it.
    wantsHead: (doc, length) => replica.looksAgain() || !giveBack.proves(doc, length),
    wanted: () =>
      paused ||
      closed ||
      outWatch.out() !== null ||
      link.refused() ||
      (replica.halt()?.code === "tampered" && !replica.looksAgain())
        ? []
        : docs.readable(),
    position: () => log.seq,
    on: createHearing({
      replica,
      denied,
      docs,
      link,
      giveBack,
      outbox,
      retry,
      turnedAway,
      ownWay: () => wayFor(laneDoc(me)),
      retell: () => retell(),
    }),
  });

  const history = createHistory({
    platform,
    build: deps.build,
    wid: log.wid,
    rows,
    write: deps.write,
    server: () => server,
    auth: async (nonce) => identity.signer().auth({ w: log.wid, d: LOG, nonce, aud: server, as: "device" }),
    suspect: (code, shown) => replica.suspect(LOG, code, shown),
    whole: on.whole,
  });

  const follow = (): void => {
    const speaks = outWatch.follow();
    if (speaks === "settled") outbox.flush();
    if (speaks === "other") restart();
    else channels.reconcile();
  };

  const retell = (): void => {
    waiters.check();
    replica.look();
    giveBack.look(!closed && !paused && (replica.halt() === null || replica.looksAgain()) && replica.claims.short());
    if (replica.looksAgain() && docs.readable().every(channels.open) && replica.mend(docs.readable())) on.wentOn();
    link.look();
    history.look(!closed && link.shown().link === "in-sync");
    on.status();
  };
  const closeAll = (): void => {
    channels.closeAll();
    link.cut();
  };
  const restart = (): void => {
    closeAll();
    channels.forgive();
    link.reset();
    denied.reset();
    retry.reset();
    outWatch.look();
    replica.lookAgain();
    channels.reconcile();
    retell();
  };

  // What was folded before may show a rotation whose end this app did not live to see.
  outWatch.follow();

  return {
    wid,
    me,
    get device() {
      return identity.device();
    },
    replica,
    log,
    outbox,
    server: () => server,
    docs,
    signer: identity.signer,
    successor: identity.successor,
    active: () =>
      outWatch.out() === null && roleOf(log, me) !== null && deviceActive(log, identity.device()) !== undefined,
    link: link.shown,
    fresh: link.fresh,
    current,
    leaseEnded: deps.lease.ended,
    leaseEnds: () => clock.now() + deps.lease.left(),
    serverNow: link.serverNow,
    serverAhead: link.serverAhead,
    reached: (position, ms) => waiters.until(ms, () => log.seq >= position || replica.halt() !== null),
    until: waiters.until,
    start: (because = null) => {
      unserved = because;
      restart();
    },
    pause: (value) => {
      rows.setPaused(wid, value);
      paused = value;
      restart();
    },
    reconnect: () => {
      if (paused) throw new Refusal(why("paused-first"));
      replica.resume();
      restart();
    },
    hurry: retry.soon,
    move: (url) => {
      rows.setServer(wid, url);
      server = url;
    },
    tick: () => {
      giveBack.keep();
      outWatch.tick();
      replica.retry();
      turnedAway.look();
      docs.settle();
      channels.reconcile();
      retell();
    },
    history: history.progress,
    close: () => {
      closed = true;
      waiters.close();
      history.close();
      giveBack.close();
      closeAll();
      replica.close();
      deps.lease.save();
    },
  };
};
