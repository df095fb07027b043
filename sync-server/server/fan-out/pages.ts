/** Pages of one document's entries, as frames. The last ones are kept: who follows asks for the same. */
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import { putNewest } from "#core/protocol/newest.ts";
import { updateFrame } from "./array-update.ts";
import type { ChainStore } from "../store/store.ts";

/** What is read from the store at once, and what a batch holds at most that is made into frames without reading it. */
const READ = { entries: 2_000, characters: 131_072 };
const BATCH = { entries: 2_000, characters: 262_144 };
/** Of a frame, but for an entry that is longer: nobody waits long behind it. */
const PAGE_CHARACTERS = 65_536;
/** What is written around an entry. */
const AROUND = 4;
const PAGES_KEPT = 6;

export interface Page {
  readonly to: number;
  readonly frame: Uint8Array;
}

export interface Pages {
  /** Answers the first of the pages that they fill. */
  keep(from: number, entries: readonly string[]): Page;
  /** Of a document of that length. A page kept from before may end early. */
  from(from: number, length: number): Promise<Page>;
  /** Bytes that such a page takes at most, about. */
  most(from: number, length: number): number;
}

/** How many of them, from the first on, fill a page: at least one. */
const fill = (entries: readonly string[], first: number): number => {
  let characters = 0;
  let next = first;
  for (; next < entries.length; next += 1) {
    characters += (entries[next] ?? "").length + AROUND;
    if (next > first && characters > PAGE_CHARACTERS) break;
  }
  return next;
};

export const createPages = (store: Pick<ChainStore, "read">, wid: WorkspaceId, doc: DocName): Pages => {
  const pages = new Map<number, Page>();
  const keep = (from: number, entries: readonly string[]): Page => {
    let first: Page | undefined;
    for (let start = 0; start < entries.length || first === undefined;) {
      const end = fill(entries, start);
      const part = start === 0 && end === entries.length ? entries : entries.slice(start, end);
      const page = { to: from + end, frame: updateFrame(from + start, part) };
      putNewest(pages, from + start, page, PAGES_KEPT);
      first ??= page;
      start = end;
    }
    return first;
  };
  return {
    keep,
    from: async (from, length) => {
      const kept = pages.get(from);
      if (kept !== undefined) return kept;
      if (from >= length) return { to: from, frame: updateFrame(from, []) };
      return keep(
        from,
        await store.read(wid, doc, from + 1, { ...READ, entries: Math.min(READ.entries, length - from) }),
      );
    },
    most: (from, length) => (from >= length ? 0 : (pages.get(from)?.frame.byteLength ?? PAGE_CHARACTERS)),
  };
};

export const fitsBatch = (entries: readonly string[]): boolean =>
  entries.length > 0 &&
  entries.length <= BATCH.entries &&
  entries.reduce((sum, entry) => sum + entry.length, 0) <= BATCH.characters;
