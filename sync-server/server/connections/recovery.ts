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
import type { WorkspaceId } from "#core/protocol/ids.ts";
import { WANT_TYP } from "#core/protocol/command.ts";
import { CLOSE, WANT, WIRE_VERSION, writeText } from "#core/protocol/wire.ts";
import type { Log } from "../system/log.ts";
import type { ServerKey } from "../system/server-key.ts";
import { readWord, writeWord } from "../system/node-words.ts";
import { close, closeAfter, isClosed, send } from "./peer.ts";
import type { DocumentSocket } from "./peer.ts";
import { leadTo, putBack } from "../order/put-back.ts";
import type { Sequencer } from "../order/sequencer.ts";
import type { ChainStore } from "../store/store.ts";
import { createLosses } from "./losses.ts";
import { createSettling } from "./settling.ts";
import { createRuns } from "./runs.ts";
import type { Run } from "./runs.ts";
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

export const createRecovery = (deps: RecoveryDeps): Recovery => {
  const { crypto, key, store, now, log, numbers, sequencer } = deps;
  const losses = createLosses({
    crypto,
    now,
    numbers,
    began: (wid, doc) => {
      log({ event: "set-back", workspace: wid, document: doc });
      settling.begin();
    },
  });
  const settling = createSettling({ crypto, store, log, sequencer, losses });
  const runs = createRuns<DocumentSocket>({ now, patienceMs: numbers.patienceMs, runMax: numbers.runMax });
  /** The newest head of what is here, as somebody showed it. */
  const ends = new WeakMap<DocumentSocket, SignedHead>();
  const nonces = new WeakMap<DocumentSocket, string>();

  const say = (peer: DocumentSocket, a: Answer, s: number): void =>
    send(
      peer,
      writeText(
        WANT,
        key.signJws(WANT_TYP, { v: WIRE_VERSION, w: peer.wid, d: peer.doc, n: nonces.get(peer) ?? "", s, a }),
      ),
    );
  const inGrace = (): boolean => deps.setBackAt !== null && now() - deps.setBackAt < numbers.graceMs;
  const held = (wid: WorkspaceId, head: SignedHead): ReturnType<typeof compare> =>
    compare(sequencer(wid), { crypto, store }, wid, head);

  const offer = async (peer: DocumentSocket, { head: jws, nonce }: Offer): Promise<void> => {
    const { wid, doc, site } = peer;
    const giver = `giver ${wid} ${peer.belt.address}`;
    const head = offered(deps, peer, jws, giver);
    if (head === null) return;
    if (peer.state === "hello") peer.frames = site.limits.frames.fresh();
    peer.state = "giving";
    nonces.set(peer, nonce);
    runs.end(peer);
    if (!site.limits.known(peer.belt, { as: "guest", name: giver }))
      return close(peer, CLOSE.tooMuch, "too-many-connections");
    closeAfter(peer, numbers.giveWithinMs, "nothing-given-in-time");
    try {
      const { seq, answer } = await held(wid, head);
      if (isClosed(peer)) return;
      if (answer === "done" && seq === head.s) ends.set(peer, head);
      if (answer === "give" && losses.note(wid, doc, head.s))
        drop(store.tellNodes(writeWord({ k: "lost", wid, head: jws })), "each node hears of it from a device too");
      losses.saw(head);
      if (answer !== "give") return say(peer, answer, seq);
      const place = runs.place(wid, doc);
      if (place === null) return say(peer, "wait", seq);
      if (place.dropped !== null) say(place.dropped[0], "wait", place.dropped[1].from);
      runs.begin(peer, head, seq);
      say(peer, "give", seq);
    } catch (error) {
      unread(log, wid, error);
      close(peer, CLOSE.storage, "workspace-unreadable");
    }
  };

  const give = async (peer: DocumentSocket, { from, entries }: Given): Promise<void> => {
    const run = runs.of(peer);
    const end = ends.get(peer);
    ends.delete(peer);
    if (run === undefined && end !== undefined && from === end.s + 1) return say(peer, addTail(end, entries), end.s);
    if (run === undefined) return close(peer, CLOSE.malformed, "nothing-asked-for");
    const refused = (): void => {
      runs.end(peer);
      log({ event: "give-back-refused", workspace: peer.wid, document: peer.doc });
      say(peer, "refused", run.from);
    };
    const taken = runs.take(run, from, entries);
    if (taken === "unfit") return refused();
    if (taken === "more") return say(peer, "give", run.from + run.entries.length);
    if (!leadTo(crypto, run.entries, peer.doc === LOG, run.head.h)) return refused();
    const answer = await putRun(peer, run);
    runs.end(peer, run);
    if (answer === "done") ends.set(peer, run.head);
    if (!isClosed(peer)) say(peer, answer, answer === "done" ? run.head.s : run.from);
  };

  /** Where nothing is known to be lost it would be a way around the line of commands. */
  const mayAddTail = (wid: WorkspaceId): boolean => losses.has(wid) || (inGrace() && !losses.isOver(wid));
  const addTail = (head: SignedHead, entries: readonly string[]): Answer =>
    mayAddTail(head.w) && losses.addTail(head, entries) ? "wait" : "refused";

  const putRun = async ({ wid, doc }: DocumentSocket, { from, entries }: Run): Promise<Answer> => {
    const code = await sequencer(wid).take((workspace) => putBack(workspace, doc, from, entries));
    // A queue that names a position which the log has not got back yet, or another giver who was faster.
    if (code === "log-behind" || code === "stale" || code === "storage") return "wait";
    losses.moved(wid);
    if (code !== undefined) {
      log({ event: "give-back-fork", workspace: wid, document: doc, code });
      // Proven, and not to be put back: something else was appended meanwhile. Waiting does not help.
      losses.giveUp(wid, doc);
      return "fork";
    }
    log({ event: "given-back", workspace: wid, document: doc, count: entries.length });
    losses.gotBack(wid, doc, from + 1, entries.length);
    return "done";
  };

  const unhear = hearOfLosses(deps, (head) =>
    drop(
      held(head.w, head).then(({ answer }) => answer === "give" && losses.note(head.w, head.d, head.s)),
      "a device that has more says so here too",
    ),
  );

  return {
    holds: (wid) => losses.has(wid) || inGrace(),
    offer,
    give,
    left: (peer) => runs.end(peer),
    close: () => {
      settling.close();
      unhear();
    },
  };
};

/** How much is here of the document that a head names, and whether that agrees with it. */
const compare = (
  sequencer: Sequencer,
  { crypto, store }: Pick<RecoveryDeps, "crypto" | "store">,
  wid: WorkspaceId,
  { d, s, h }: SignedHead,
): Promise<{ seq: number; answer: Answer }> =>
  sequencer.ask([LOG, d], async (workspace) => {
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

/** Another node was shown a head of what it has not. */
const hearOfLosses = (
  { crypto, key, store }: Pick<RecoveryDeps, "crypto" | "key" | "store">,
  heard: (head: SignedHead) => void,
): (() => void) =>
  store.onNodeWord((text) => {
    const word = readWord(text);
    const head = word?.k === "lost" ? readHead(crypto, key.x, word.head) : undefined;
    if (word?.k === "lost" && head !== undefined && head.w === word.wid) heard(head);
  });

/** The head that somebody offers to give up to, or null where they may not; then the socket was closed. */
const offered = (
  { crypto, key }: Pick<RecoveryDeps, "crypto" | "key">,
  peer: DocumentSocket,
  jws: string,
  giver: string,
): SignedHead | null => {
  const refused = (code: number, reason: Parameters<typeof close>[2]): null => {
    close(peer, code, reason);
    return null;
  };
  if (peer.state !== "hello" && peer.state !== "giving") return refused(CLOSE.malformed, "nothing-offered");
  const head = readHead(crypto, key.x, jws);
  if (head === undefined || head.w !== peer.wid || head.d !== peer.doc)
    return refused(CLOSE.unauthorized, "head-not-signed-here");
  // After that, so that who has no such head takes nobody's turn at the same address.
  return peer.site.limits.command(giver, giver) ? head : refused(CLOSE.tooMuch, "too-many-offers");
};
