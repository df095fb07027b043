/**
 * Entries that this server once had, put back where they were. Each is folded and checked as if it came from anybody:
 * its place, the hash of the one before it, its author's signature and rights.
 */
import { setImmediate as turn } from "node:timers/promises";
import { parseCommand } from "#core/protocol/command.ts";
import { hashOf } from "#core/protocol/crypto.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";
import { parseEntry, writeEntry } from "#core/protocol/entry.ts";
import type { Entry } from "#core/protocol/entry.ts";
import { asDocName } from "#core/protocol/ids.ts";
import type { DocName, Hash } from "#core/protocol/ids.ts";
import type { RejectCode } from "#core/facts/reject.ts";
import type { ReadApprovalDoc, ReadChain } from "#core/rules/read.ts";
import { aheadAt, timeOf } from "#core/rules/time.ts";
import type { ReadLimit, StoredEntry } from "../store/store.ts";
import type { Workspace } from "./workspace.ts";

/** Folded, to be stored; where `code` is there, up to what it refuses. */
export interface Folded {
  readonly rows: readonly StoredEntry[];
  readonly code?: RejectCode;
}

/** Entries folded between two turns of the event loop: about 20 ms. */
const SLICE = 200;

export const putBack = async (
  workspace: Workspace,
  doc: DocName,
  from: number,
  entries: readonly string[],
): Promise<Folded> => {
  const rows: StoredEntry[] = [];
  // Somebody else gave the same meanwhile.
  if ((await workspace.chain(doc)).seq !== from) return { rows, code: "stale" };
  for (const entry of entries) {
    const taken = await workspace.put(doc, entry);
    if (!taken.ok) return { rows, code: taken.code };
    rows.push({ doc, seq: taken.seq, entry });
    if (rows.length % SLICE === 0) await turn();
  }
  return { rows };
};

/** Whether each entry is the one that the next one names, up to the one with this hash. */
export const leadTo = (crypto: CryptoDep, entries: readonly string[], isLog: boolean, head: Hash): boolean => {
  let next: string = head;
  for (const text of entries.toReversed()) {
    if (hashOf(crypto, text) !== next) return false;
    next = parseEntry(text, isLog)?.p ?? "";
  }
  return true;
};

export interface Lanes {
  readonly crypto: CryptoDep;
  readonly read: (doc: DocName, from: number, limit: ReadLimit) => Promise<string[]>;
}
const PAGE: ReadLimit = { entries: 1_000, characters: 4_000_000 };

/**
 * A lane holds the same commands as the queues. Where nobody who reads a queue was there when something was asked, only
 * the lane of whoever asked can give it back: then it is put into the queue behind what is there, in the order of time.
 * Not the other way round: a lane is always held by its own person, and what that app holds must not be guessed.
 */
export const fillQueues = async (
  workspace: Workspace,
  lanes: ReadonlyMap<DocName, number>,
  { crypto, read }: Lanes,
): Promise<Folded> => {
  const missing: { readonly queue: DocName; readonly entry: Entry }[] = [];
  for (const [lane, from] of lanes) {
    const { seq } = await workspace.chain(lane);
    for (let at = from; at <= seq;) {
      const page = await read(lane, at, PAGE);
      if (page.length === 0) break;
      at += page.length;
      for (const text of page) {
        const entry = parseEntry(text, false);
        const queue = asDocName(entry === undefined ? undefined : parseCommand(crypto, entry.c)?.payload.d);
        if (entry === undefined || queue === undefined) continue;
        if (!(await workspace.chain(queue)).commands.has(hashOf(crypto, entry.c))) missing.push({ queue, entry });
      }
    }
  }
  const rows: StoredEntry[] = [];
  for (const { queue, entry } of missing.toSorted((a, b) => timeOf(a.entry) - timeOf(b.entry))) {
    const chain = await workspace.chain(queue);
    const at = Math.max(entry.m?.[0] ?? 0, (chain as ReadChain & Pick<ReadApprovalDoc, "position">).position);
    const ahead = Math.max(entry.a, chain.ahead, aheadAt(workspace.log, at));
    const text = writeEntry({
      s: chain.seq + 1,
      p: chain.head,
      t: Math.max(entry.t, chain.time - ahead),
      a: ahead,
      c: entry.c,
      m: [at, workspace.log.hashes.at(at) as Hash],
    });
    const taken = await workspace.put(queue, text);
    // What is not to be judged any more is left where it is: in the lane.
    if (taken.ok) rows.push({ doc: queue, seq: taken.seq, entry: text });
  }
  return { rows };
};
