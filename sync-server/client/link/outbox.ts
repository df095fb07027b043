/**
 * Commands of this device on their way to the server.
 *
 * `now` needs a connection and answers when the server took the command: roles, invites, rules. It is never kept for
 * later, because nobody should find tomorrow that a removal of last week happened.
 * `later` is kept on disk before it is sent and sent again after each reconnect; the server answers a repeated command
 * with its first result, so it takes effect once. Requests and votes go this way, one at a time and in the order they
 * were signed: a later counter that the server takes first makes the earlier command void for ever.
 */
import type { Nothing, Step, Write } from "#core/protocol/at-once.ts";
import { why } from "#core/facts/why.ts";
import type { Why } from "#core/facts/why.ts";
import { DAY, MINUTE } from "#core/protocol/command.ts";
import type { Body, CommandPayload, Kind } from "#core/protocol/command.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";
import type { DocName, Hash } from "#core/protocol/ids.ts";
import { isPassing, isReject } from "#core/facts/reject.ts";
import type { RejectCode } from "#core/facts/reject.ts";
import { oneByOne } from "#core/protocol/one-by-one.ts";
import type { Ack } from "#core/protocol/wire.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { Timers } from "../ports/clock.ts";
import type { OutboxRow, WorkspaceStore } from "../ports/store.ts";
import { clockFact, endOf } from "./clocks.ts";
import { isOver, isUnheard, payloadOf, saysAgain } from "./sign-again.ts";
import type { SignedCommand, Signer } from "../keys/signer.ts";

const ONLINE_LIFE_MS = 10 * MINUTE;
export const QUEUED_LIFE_MS = 7 * DAY;
const ANSWER_WITHIN_MS = 15_000;
const DRAINED_WITHIN_MS = 5_000;
const BURST = 50;
const BURST_PAUSE_MS = 2_600;
/** After trouble of the server's or of the own disk. */
const RETRY_MS = 2_000;
/** Before a line that took nothing is tried again. */
const BREATH_MS = 100;
/** Commands of every queue go one way, so that one order holds. */
const QUEUES = "queue:any" as DocName;

export interface Settled {
  readonly command: string;
  readonly kind: string;
  readonly request: string | null;
  /** Null where the server took it. */
  readonly code: string | null;
}
export interface OutboxDeps {
  readonly crypto: CryptoDep;
  readonly timers: Timers;
  readonly wid: string;
  readonly rows: WorkspaceStore;
  /** The device that speaks now. */
  readonly signer: () => Signer;
  readonly now: () => number;
  /** Server's date, or null where it was not heard. */
  readonly server: () => number | null;
  /** Head of the log that this device has verified. */
  readonly seen: () => readonly [number, string];
  /** Sends over the socket that takes commands of `doc`; null where the connection is or gets lost. */
  readonly send: (doc: DocName, jws: string) => Promise<Ack | null>;
  readonly connected: (doc: DocName) => boolean;
  /** Waits a short while for a connection that is being made; answers `connected`. */
  readonly ready: (doc: DocName) => Promise<boolean>;
  /** Resolves once its person said yes, where the holder of the keys asks for that before it signs; nothing else waits. Rejects with `Refusal`. */
  readonly confirmed: <K extends Kind>(kind: K, body: Body<K>) => Promise<void>;
  /** Resolves true once the own fold holds the command, false after a short while. */
  readonly folded: (doc: DocName, command: Hash) => Promise<boolean>;
  readonly settled: (result: Settled) => void;
  /** The newest epoch of a queue. */
  readonly newest: (doc: DocName) => DocName;
  /** A request was signed again for the newest epoch and has another id. Called in the transaction that keeps it. */
  readonly moved: Step<[from: Hash, to: Hash]>;
}
export interface LaterOptions {
  /** The approval request that the command is about; a request is about itself. */
  readonly request: Hash | null;
  /** Written in the same transaction as the command. */
  readonly with?: Step<[id: Hash]>;
  /** Withdraws this request in the same transaction, before the command. */
  readonly cancels?: { readonly doc: DocName; readonly request: Hash };
  /** Makes the transaction, which does more than this. Where it throws, nothing was kept and nothing is sent. */
  readonly within?: (work: Step) => Nothing;
}
export interface Outbox {
  now<K extends Kind>(kind: K, doc: DocName, body: Body<K>): Promise<void>;
  /** Like `now`, for the last word of a key: nothing that it signed is on its way, and nothing else is signed before the answer. */
  last<K extends Kind>(kind: K, doc: DocName, body: Body<K>): Promise<void>;
  later<K extends Kind>(kind: K, doc: DocName, body: Body<K>, options: LaterOptions): Promise<Hash>;
  /** Sends what waits. Called when commands of queues can be sent again. */
  flush(): void;
  /** This device may no longer send: everything that waits is over, with this code. */
  refuseAll(code: string): void;
  /** What waits is over, with this code; what is signed from now on is not. */
  giveUp(code: string): void;
  waiting(): number;
  /** Why the server does not take the first of them yet, where it said so; or null. */
  held(): string | null;
  /** The document that a command which waits is for. */
  docOf(command: string): DocName | undefined;
}

/** The code of what waited, signed with a key that was replaced before it was sent. */
export const KEY_REPLACED = "key-replaced";

const isFinal = (code: string): code is RejectCode => isReject(code) && !isPassing(code);
/** A refusal of the server. */
export const refusalFact = (code: string): Why => {
  // By the server's word or by the log: which of them stands there, and only the log's is a fact.
  if (code === "unknown-device" || code === "not-a-member") return why("takes-nothing");
  if (code === KEY_REPLACED) return why("key-replaced");
  if (isFinal(code) || code === "recovering") return why(code);
  return code === "storage" ? why("not-saved") : why("not-taken");
};
export const offline = (): Refusal => new Refusal(why("not-connected"));

export const createOutbox = (deps: OutboxDeps, write: Write): Outbox => {
  let over: string | null = null;
  let pumping = false;
  let held: string | null = null;

  /** Counters must reach the server in the order they were taken. */
  const inTurn = oneByOne();
  const signed = <K extends Kind>(kind: K, doc: DocName, body: Body<K>, life: number): Promise<SignedCommand> =>
    deps.signer().command({
      wid: deps.wid,
      doc,
      n: deps.rows.nextCounter(deps.wid, doc),
      seen: deps.seen(),
      exp: endOf(deps.now(), deps.server(), life),
      kind,
      body,
    });

  const settle = (command: string, kind: string, request: string | null, code: string | null): void => {
    const unheard = code !== null && isUnheard(deps, command, code);
    deps.rows.settle(deps.wid, command, code);
    if (!unheard) deps.settled({ command, kind, request, code });
  };
  /** Sends one and keeps its answer; answers how long to wait before the next, ms. */
  const deliver = async (row: OutboxRow): Promise<number> => {
    const ack = await within(deps.timers, ANSWER_WITHIN_MS, deps.send(QUEUES, row.jws));
    // Lost, or no answer for long: the same bytes again are safe.
    if (ack === null) return BREATH_MS;
    held = ack.ok || isFinal(ack.code) ? null : ack.code;
    if (!ack.ok && !isFinal(ack.code)) return RETRY_MS;
    try {
      const payload = ack.ok ? undefined : saysAgain(deps, row, ack.code);
      if (payload !== undefined) return await signAgain(row, payload);
      settle(row.command, row.kind, row.request, ack.ok ? null : ack.code);
      return 0;
    } catch (error) {
      // The answer could not be kept: it is asked for again.
      if (error instanceof Refusal) return RETRY_MS;
      throw error;
    }
  };
  /**
   * A request that was signed for an epoch which closed meanwhile. The server will never take it, so the same request
   * signed for the newest one takes its place: in one transaction, so that there is one of them after a kill too.
   */
  const signAgain = async (row: OutboxRow, { d, b, exp }: CommandPayload): Promise<number> => {
    const doc = deps.newest(d);
    // The server knows of the next epoch before this copy does.
    if (doc === d) return RETRY_MS;
    return inTurn(async () => {
      const life = exp - endOf(deps.now(), deps.server(), 0);
      // Asked in turn: what withdraws or changes it may just have been signed.
      if (isOver(deps, row.command) || life <= 0) {
        settle(row.command, row.kind, row.request, "epoch-closed");
        return 0;
      }
      const made = await signed("approval.request", doc, b as Body<"approval.request">, life);
      write(() => {
        deps.rows.settle(deps.wid, row.command, "epoch-closed");
        deps.rows.queue(deps.wid, { command: made.id, kind: row.kind, request: made.id, jws: made.jws }, deps.now());
        deps.moved(row.command, made.id);
      });
      return 0;
    });
  };
  const pump = async (): Promise<void> => {
    if (pumping) return;
    pumping = true;
    try {
      for (let sent = 1; deps.connected(QUEUES); sent += 1) {
        const next = deps.rows.firstWaiting(deps.wid);
        if (next === null) break;
        // The server takes bursts of 100 and then 20 a second.
        const wait = Math.max(await deliver(next), sent % BURST === 0 ? BURST_PAUSE_MS : 0);
        if (wait > 0 && deps.connected(QUEUES)) await pause(deps.timers, wait);
      }
    } finally {
      pumping = false;
    }
  };

  const giveUp = (code: string): void => {
    for (const row of deps.rows.waiting(deps.wid)) settle(row.command, row.kind, row.request, code);
  };
  /** Whether nothing waits any more, after giving what is on its way a moment. */
  const drained = async (): Promise<boolean> => {
    for (let rest = DRAINED_WITHIN_MS; deps.rows.firstWaiting(deps.wid) !== null && rest > 0; rest -= BREATH_MS)
      await pause(deps.timers, BREATH_MS);
    return deps.rows.firstWaiting(deps.wid) === null;
  };
  interface Announced {
    readonly command: SignedCommand;
    readonly answer: Promise<Ack | null>;
  }
  const announce = async <K extends Kind>(kind: K, doc: DocName, body: Body<K>): Promise<Announced> => {
    const command = await signed(kind, doc, body, ONLINE_LIFE_MS);
    return { command, answer: deps.send(doc, command.jws) };
  };
  const answered = async (doc: DocName, { command, answer }: Announced): Promise<void> => {
    const ack = await within(deps.timers, ANSWER_WITHIN_MS, answer);
    if (ack !== null && !ack.ok)
      throw new Refusal(clockFact(ack.code, deps.now(), deps.server()) ?? refusalFact(ack.code));
    const took = await deps.folded(doc, command.id);
    if (ack === null && !took) throw new Refusal(why("no-answer"));
  };

  return {
    now: async (kind, doc, body) => {
      if (!(await deps.ready(doc))) throw offline();
      await deps.confirmed(kind, body);
      const sent = await inTurn(() => announce(kind, doc, body));
      await answered(doc, sent);
    },
    last: async (kind, doc, body) => {
      if (!(await deps.ready(doc))) throw offline();
      await inTurn(async () => {
        if (!(await drained())) throw new Refusal(why("still-sending"));
        await answered(doc, await announce(kind, doc, body));
      });
    },
    later: (kind, doc, body, options) =>
      inTurn(async () => {
        if (over !== null) throw new Refusal(refusalFact(over));
        const { cancels, within: transact = (work: Step) => write(work) } = options;
        const first =
          cancels === undefined
            ? null
            : await signed("approval.cancel", cancels.doc, { request: cancels.request }, QUEUED_LIFE_MS);
        const made = await signed(kind, doc, body, QUEUED_LIFE_MS);
        transact(() => {
          if (first !== null)
            deps.rows.queue(
              deps.wid,
              { command: first.id, kind: "approval.cancel", request: cancels?.request ?? null, jws: first.jws },
              deps.now(),
            );
          deps.rows.queue(
            deps.wid,
            { command: made.id, kind, request: kind === "approval.request" ? made.id : options.request, jws: made.jws },
            deps.now(),
          );
          options.with?.(made.id);
        });
        void pump();
        return made.id;
      }),
    flush: () => {
      over = null;
      void pump();
    },
    refuseAll: (code) => {
      over = code;
      giveUp(code);
    },
    giveUp,
    waiting: () => deps.rows.countWaiting(deps.wid),
    held: () => (held === null || deps.rows.firstWaiting(deps.wid) === null ? null : held),
    docOf: (command) => payloadOf(deps.crypto, deps.rows.outboxRow(deps.wid, command))?.d,
  };
};

const pause = (timers: Timers, ms: number): Promise<void> => new Promise((resolve) => void timers.after(ms, resolve));

const within = async <T>(timers: Timers, ms: number, answer: Promise<T | null>): Promise<T | null> => {
  let inTime = (): void => undefined;
  const late = new Promise<null>((resolve) => {
    inTime = timers.after(ms, () => resolve(null));
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    inTime();
  }
};
