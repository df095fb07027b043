/** Pages of one document's entries, as frames. The last ones are kept: who follows asks for the same. */
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import { putNewest } from "#core/protocol/newest.ts";
import { updateFrame } from "./array-update.ts";
import type { ChainStore } from "../store/store.ts";

const PAGE = { entries: 2_000, characters: 262_144 };
const PAGES_KEPT = 4;

export interface Page {
  readonly to: number;
  readonly frame: Uint8Array;
}

export interface Pages {
  keep(from: number, entries: readonly string[]): Page;
  /** Of a document of that length. A page kept from before may end early. */
  from(from: number, length: number): Promise<Page>;
  /** Bytes that such a page takes at most, about. */
  most(from: number, length: number): number;
}

export const createPages = (store: Pick<ChainStore, "read">, wid: WorkspaceId, doc: DocName): Pages => {
  const pages = new Map<number, Page>();
  const keep = (from: number, entries: readonly string[]): Page => {
    const page = { to: from + entries.length, frame: updateFrame(from, entries) };
    putNewest(pages, from, page, PAGES_KEPT);
    return page;
  };
  return {
    keep,
    from: async (from, length) => {
      const kept = pages.get(from);
      if (kept !== undefined) return kept;
      if (from >= length) return { to: from, frame: updateFrame(from, []) };
      return keep(
        from,
        await store.read(wid, doc, from + 1, { ...PAGE, entries: Math.min(PAGE.entries, length - from) }),
      );
    },
    most: (from, length) => (from >= length ? 0 : (pages.get(from)?.frame.byteLength ?? PAGE.characters)),
  };
};

export const fitsPage = (entries: readonly string[]): boolean =>
  entries.length > 0 &&
  entries.length <= PAGE.entries &&
  entries.reduce((sum, entry) => sum + entry.length, 0) <= PAGE.characters;
