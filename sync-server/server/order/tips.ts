/**
 * The newest entries of documents that nobody has folded here. Whoever only reads a document is told its length and hash, and
 * for that its last entry is enough: a device that comes back with hundreds of long documents makes nobody fold them.
 */
import { hashOf } from "#core/protocol/crypto.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";
import { parseEntry } from "#core/protocol/entry.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName, Hash, WorkspaceId } from "#core/protocol/ids.ts";
import { timeOf } from "#core/rules/time.ts";
import type { Entries, Lengths } from "../store/store.ts";
import { unfolded } from "./unfolded.ts";

export interface KnownTip {
  readonly doc: DocName;
  readonly seq: number;
  readonly head: Hash | "";
  /** Time of the workspace at that entry, and how far that was ahead of dates, ms. */
  readonly time: number;
  readonly ahead: number;
}
export interface Tips {
  get(doc: DocName): KnownTip | undefined;
  /** Somebody folded it. */
  drop(doc: DocName): void;
  all(): IterableIterator<KnownTip>;
  /** Takes what the store said of documents that are not folded; a document without entries is not kept. */
  learn(lengths: Lengths): Promise<void>;
}

/** Entries read at once: each may be 64 kB. */
const AT_ONCE = 64;

/** `saw` is told each tip that is learned. */
export const createTips = (
  crypto: CryptoDep,
  store: Pick<Entries, "entriesAt">,
  wid: WorkspaceId,
  saw: (tip: KnownTip) => void,
): Tips => {
  const tips = new Map<DocName, KnownTip>();
  const take = (doc: DocName, seq: number, text: string | undefined): void => {
    const entry = text === undefined ? undefined : parseEntry(text, doc === LOG);
    if (text === undefined || entry === undefined) throw unfolded("malformed");
    const tip = { doc, seq, head: hashOf(crypto, text), time: timeOf(entry), ahead: entry.a };
    tips.set(doc, tip);
    saw(tip);
  };
  return {
    get: (doc) => tips.get(doc),
    drop: (doc) => void tips.delete(doc),
    all: () => tips.values(),
    learn: async (lengths) => {
      const wanted = [...lengths].filter(([doc, seq]) => seq > 0 && tips.get(doc)?.seq !== seq);
      for (let from = 0; from < wanted.length; from += AT_ONCE) {
        const part = wanted.slice(from, from + AT_ONCE);
        const entries = await store.entriesAt(wid, new Map(part));
        for (const [doc, seq] of part) take(doc, seq, entries.get(doc));
      }
    },
  };
};
