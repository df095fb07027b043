/**
 * A server that was set back to an older copy of its store gets from the apps what it lost; see `core/give-back.ts` for
 * the words, and WHY.md for what proves what. While a workspace is known to lack something, and a little longer so that
 * everybody who holds more comes first, its commands wait: an entry that is appended to the older copy stands where a
 * lost one stood, and then nobody can put that back any more.
 */
import { drop } from "#core/facts/drop.ts";
import { hashOf } from "#core/protocol/crypto.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";
import { readHead } from "#core/protocol/give-back.ts";
import type { Answer, Given, Offer, SignedHead } from "#core/protocol/give-back.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import { WANT_TYP } from "#core/protocol/command.ts";
import { CLOSE, WANT, WIRE_VERSION, writeText } from "#core/protocol/wire.ts";
import type { Log } from "../system/log.ts";
import type { ServerKey } from "../system/server-key.ts";
import { readWord, writeWord } from "../system/node-words.ts";
import { close, closeAfter, isClosed, send } from "./peer.ts";
import type { DocumentSocket } from "./peer.ts";
import { fillQueues, leadTo, putBack } from "../order/put-back.ts";
import type { Sequencer } from "../order/sequencer.ts";
import type { ChainStore } from "../store/store.ts";
import { createTails } from "../order/tails.ts";
import type { Tails } from "../order/tails.ts";
import { unread } from "./unread.ts";

export interface RecoveryNumbers {
  /** After the last entry that was given back, commands wait this long for others who hold more, ms. */
  readonly quietMs: number;
  /** After a start on a store that was put back from a copy, commands of every workspace wait this long, ms. */
  readonly graceMs: number;
  /** What is known to be missing and is not given for this long is waited for no more, ms. */
  readonly stallMs: number;
  /** A giver has this long for one run, ms. */
  readonly giveWithinMs: number;
  /** Characters of one run of entries up to a signed head. */
  readonly runMax: number;
  /** A run that goes on for longer than this may have to give its place to a newcomer, ms. */
  readonly patienceMs: number;
  /** Commands of a workspace wait no longer than this in all, ms. */
  readonly longestMs: number;
}
export const RECOVERY: RecoveryNumbers = {
  quietMs: 15_000,
  graceMs: 60_000,
  stallMs: 120_000,
  giveWithinMs: 60_000,
  runMax: 8_388_608,
  patienceMs: 3_000,
  longestMs: 900_000,
};
const TICK_MS = 500;
/** Runs that are held in memory at a node at once, and of one document: several, so that one who gives nothing is in nobody's way. */
const RUNS_MAX = 12;
const RUNS_OF_ONE = 3;

export interface Recovery {
  /** Whether commands of this workspace wait. */
  holds(wid: WorkspaceId): boolean;
  offer(peer: DocumentSocket, offer: Offer): Promise<void>;
  give(peer: DocumentSocket, given: Given): Promise<void>;
  left(peer: DocumentSocket): void;
  close(): void;
}
export interface RecoveryDeps {
  readonly crypto: CryptoDep;
  readonly key: ServerKey;
  readonly store: Pick<ChainStore, "read" | "tellNodes" | "onNodeWord">;
  readonly now: () => number;
  readonly log: Log;
  readonly numbers: RecoveryNumbers;
  readonly sequencer: (wid: WorkspaceId) => Sequencer;
  /** When this store was found to be a copy that was put back, ms, or null. */
  readonly setBackAt: number | null;
}

/** What a workspace lacks, as far as somebody proved it. */
interface Lost {
  /** The furthest position that this server once signed, of documents that are shorter. */
  readonly missing: Map<DocName, number>;
  /** Documents that got something back, with the first position that they got. */
  readonly back: Map<DocName, number>;
  /** What came last, without a signed head, and of which documents there was any. */
  readonly tails: Tails;
  readonly tailed: Set<DocName>;
  movedAt: number;
  count: number;
}
/** Entries that follow the stored ones, up to a signed head. */
interface Run {
  readonly head: SignedHead;
  readonly from: number;
  readonly entries: string[];
  readonly since: number;
  characters: number;
}

export const createRecovery = (deps: RecoveryDeps): Recovery => {
  const { crypto, key, store, now, log, numbers, sequencer } = deps;
  const lost = new Map<WorkspaceId, Lost>();
  const runs = new Map<DocumentSocket, Run>();
  /** The newest head of what is here, as somebody showed it. */
  const ends = new WeakMap<DocumentSocket, SignedHead>();
  const nonces = new WeakMap<DocumentSocket, string>();
  /** Documents of which somebody proved a loss that nobody makes good: they hold nobody up any more. */
  const unheld = new Set<string>();
  /** When something was first known to be lost. It is never forgotten, so that nobody is held up piece by piece. */
  const since = new Map<WorkspaceId, number>();
  let ticking: NodeJS.Timeout | undefined;

  const say = (peer: DocumentSocket, a: Answer, s: number): void =>
    send(
      peer,
      writeText(
        WANT,
        key.signJws(WANT_TYP, { v: WIRE_VERSION, w: peer.wid, d: peer.doc, n: nonces.get(peer) ?? "", s, a }),
      ),
    );
  const opened = (wid: WorkspaceId, doc: DocName): Lost => {
    const state = lost.get(wid) ?? {
      missing: new Map(),
      back: new Map(),
      tails: createTails(crypto),
      tailed: new Set(),
      movedAt: now(),
      count: 0,
    };
    if (!lost.has(wid)) log({ event: "set-back", workspace: wid, document: doc });
    lost.set(wid, state);
    since.set(wid, since.get(wid) ?? now());
    ticking ??= setInterval(() => void tick(), TICK_MS).unref();
    return state;
  };
  const isOver = (wid: WorkspaceId): boolean => now() - (since.get(wid) ?? now()) > numbers.longestMs;
  const note = (wid: WorkspaceId, doc: DocName, seq: number, tell: () => void): void => {
    if (unheld.has(`${wid} ${doc}`) || isOver(wid)) return;
    const state = opened(wid, doc);
    const before = state.missing.get(doc);
    if (seq <= (before ?? 0)) return;
    state.missing.set(doc, seq);
    // Later heads of the same document are given at once, or hold nobody up for longer.
    if (before === undefined) state.movedAt = now();
    tell();
  };
  const inGrace = (): boolean => deps.setBackAt !== null && now() - deps.setBackAt < numbers.graceMs;

  /** How much is here, and whether that agrees with the head. */
  const compare = (wid: WorkspaceId, { d, s, h }: SignedHead): Promise<{ seq: number; answer: Answer }> =>
    sequencer(wid).ask([LOG, d], async (workspace) => {
      const chain = await workspace.chain(d);
      const { seq } = chain;
      if (s > seq) return { seq, answer: "give" };
      const there =
        s === 0
          ? ""
          : s === seq
            ? chain.head
            : d === LOG
              ? workspace.log.hashes.at(s)
              : hashOf(crypto, (await store.read(wid, d, s, { entries: 1, characters: 1 }))[0] ?? "");
      return { seq, answer: there === h ? "done" : "fork" };
    });

  /** Whether there is a place for one more run. Where there is none, the slowest goes that had its time. */
  const makeRoom = (wid: WorkspaceId, doc: DocName): boolean => {
    const here = [...runs].filter(([peer]) => peer.wid === wid && peer.doc === doc);
    const full = here.length >= RUNS_OF_ONE ? here : runs.size >= RUNS_MAX ? [...runs] : [];
    if (full.length === 0) return true;
    const pace = ({ characters, since: began }: Run): number => characters / (now() - began);
    const [slowest] = full
      .filter(([, { since: began }]) => now() - began > numbers.patienceMs)
      .toSorted(([, a], [, b]) => pace(a) - pace(b));
    if (slowest === undefined) return false;
    const [peer, run] = slowest;
    runs.delete(peer);
    say(peer, "wait", run.from);
    return true;
  };

  const offer = async (peer: DocumentSocket, { head: jws, nonce }: Offer): Promise<void> => {
    const { wid, doc, site } = peer;
    if (peer.state !== "hello" && peer.state !== "giving") return close(peer, CLOSE.malformed, "nothing-offered");
    const head = readHead(crypto, key.x, jws);
    if (head === undefined || head.w !== wid || head.d !== doc)
      return close(peer, CLOSE.unauthorized, "head-not-signed-here");
    // After that, so that who has no such head takes nobody's turn at the same address.
    const giver = `giver ${wid} ${peer.belt.address}`;
    if (!site.limits.command(giver, giver)) return close(peer, CLOSE.tooMuch, "too-many-offers");
    if (peer.state === "hello") peer.frames = site.limits.frames.fresh();
    peer.state = "giving";
    nonces.set(peer, nonce);
    runs.delete(peer);
    if (!site.limits.known(peer.belt, { as: "guest", name: giver }))
      return close(peer, CLOSE.tooMuch, "too-many-connections");
    closeAfter(peer, numbers.giveWithinMs, "nothing-given-in-time");
    try {
      const { seq, answer } = await compare(wid, head);
      if (isClosed(peer)) return;
      if (answer === "done" && seq === head.s) ends.set(peer, head);
      if (answer === "give")
        note(wid, doc, head.s, () =>
          drop(store.tellNodes(writeWord({ k: "lost", wid, head: jws })), "each node hears of it from a device too"),
        );
      lost.get(wid)?.tails.saw(head);
      if (answer !== "give") return say(peer, answer, seq);
      if (!makeRoom(wid, doc)) return say(peer, "wait", seq);
      runs.set(peer, { head, from: seq, entries: [], since: now(), characters: 0 });
      say(peer, "give", seq);
    } catch (error) {
      unread(log, wid, error);
      close(peer, CLOSE.storage, "workspace-unreadable");
    }
  };

  const give = async (peer: DocumentSocket, { from, entries }: Given): Promise<void> => {
    const run = runs.get(peer);
    const end = ends.get(peer);
    ends.delete(peer);
    if (run === undefined && end !== undefined && from === end.s + 1) return say(peer, addTail(end, entries), end.s);
    if (run === undefined) return close(peer, CLOSE.malformed, "nothing-asked-for");
    const refused = (): void => {
      runs.delete(peer);
      log({ event: "give-back-refused", workspace: peer.wid, document: peer.doc });
      say(peer, "refused", run.from);
    };
    run.characters += entries.reduce((sum, entry) => sum + entry.length, 0);
    const have = run.from + run.entries.length;
    if (from !== have + 1 || have + entries.length > run.head.s || run.characters > numbers.runMax) return refused();
    run.entries.push(...entries);
    if (have + entries.length < run.head.s) return say(peer, "give", have + entries.length);
    if (!leadTo(crypto, run.entries, peer.doc === LOG, run.head.h)) return refused();
    const answer = await putRun(peer, run);
    if (runs.get(peer) === run) runs.delete(peer);
    if (answer === "done") ends.set(peer, run.head);
    if (!isClosed(peer)) say(peer, answer, answer === "done" ? run.head.s : run.from);
  };

  const addTail = (head: SignedHead, entries: readonly string[]): Answer => {
    // Where nothing is known to be lost it would be a way around the line of commands.
    if (!lost.has(head.w) && (!inGrace() || isOver(head.w))) return "refused";
    const state = opened(head.w, head.d);
    const added = state.tails.add(head, entries, now());
    // Longer or newer ones that come later hold nobody up.
    if (added && !state.tailed.has(head.d)) state.movedAt = now();
    if (added) state.tailed.add(head.d);
    return added ? "wait" : "refused";
  };

  const putRun = async ({ wid, doc }: DocumentSocket, { from, entries }: Run): Promise<Answer> => {
    const code = await sequencer(wid).take((workspace) => putBack(workspace, doc, from, entries));
    const state = lost.get(wid);
    // A queue that names a position which the log has not got back yet, or another giver who was faster.
    if (code === "log-behind" || code === "stale" || code === "storage") return "wait";
    if (state !== undefined) state.movedAt = now();
    if (code !== undefined) {
      log({ event: "give-back-fork", workspace: wid, document: doc, code });
      // Proven, and not to be put back: something else was appended meanwhile. Waiting does not help.
      giveUp(wid, doc);
      return "fork";
    }
    log({ event: "given-back", workspace: wid, document: doc, count: entries.length });
    if (state === undefined) return "done";
    state.count += entries.length;
    state.back.set(doc, Math.min(from + 1, state.back.get(doc) ?? Infinity));
    return "done";
  };
  const giveUp = (wid: WorkspaceId, doc: DocName): void => {
    unheld.add(`${wid} ${doc}`);
    lost.get(wid)?.missing.delete(doc);
  };

  const settle = async (wid: WorkspaceId, state: Lost): Promise<void> => {
    for (const [doc, seq] of state.missing) {
      const length = await sequencer(wid).ask([LOG, doc], async (workspace) => (await workspace.chain(doc)).seq);
      if (length >= seq) state.missing.delete(doc);
      else if (now() - state.movedAt > numbers.stallMs || isOver(wid)) {
        log({ event: "give-back-stalled", workspace: wid, document: doc, count: seq - length });
        giveUp(wid, doc);
      }
    }
    if (state.missing.size > 0 || (now() - state.movedAt < numbers.quietMs && !isOver(wid))) return;
    for (const {
      head: { d: doc, s: from },
      entries,
    } of state.tails.all(now())) {
      const code = await sequencer(wid).take((workspace) => putBack(workspace, doc, from, entries));
      log({
        event: code === undefined ? "given-back" : "give-back-refused",
        workspace: wid,
        document: doc,
        count: entries.length,
        ...(code === undefined ? {} : { code }),
      });
      if (code === undefined) state.back.set(doc, Math.min(from + 1, state.back.get(doc) ?? Infinity));
    }
    const lanes = new Map([...state.back].filter(([doc]) => doc.startsWith("lane:")));
    await sequencer(wid).take((workspace) =>
      fillQueues(workspace, lanes, { crypto, read: (doc, at, limit) => store.read(wid, doc, at, limit) }),
    );
    lost.delete(wid);
    log({ event: "recovered", workspace: wid, count: state.count });
  };
  let settling = false;
  const tick = async (): Promise<void> => {
    if (settling) return;
    settling = true;
    // A store that cannot be read now is asked again.
    for (const [wid, state] of lost) await settle(wid, state).catch(() => undefined);
    settling = false;
    if (lost.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };

  const unhear = store.onNodeWord((text) => {
    const word = readWord(text);
    const head = word?.k === "lost" ? readHead(crypto, key.x, word.head) : undefined;
    if (word?.k !== "lost" || head === undefined || head.w !== word.wid) return;
    const compared = compare(word.wid, head).then(({ answer }) =>
      answer === "give" ? note(word.wid, head.d, head.s, () => undefined) : undefined,
    );
    drop(compared, "a device that has more says so here too");
  });

  return {
    holds: (wid) => lost.has(wid) || inGrace(),
    offer,
    give,
    left: (peer) => void runs.delete(peer),
    close: () => {
      clearInterval(ticking);
      unhear();
    },
  };
};
