/** SQL of what is being written in a thread. The values are JSON of this host's own making. */
import type { Draft } from "#bridge/thread.ts";
import type { Store } from "./open.ts";

export interface AsideDraft {
  readonly id: number;
  readonly draft: Draft;
}
export interface KeptDraft {
  /** Counts every change; 0 where nothing was ever written. */
  readonly version: number;
  /** The window that wrote last. */
  readonly writer: string;
  /** When that was typed, ms. */
  readonly typedAt: number;
  readonly draft: Draft;
  /** What gave way to another window's text, oldest first. */
  readonly aside: readonly AsideDraft[];
}
export interface DraftStore {
  get(thread: string): KeptDraft;
  /** `gone`: the person was told that what was there before is. */
  set(thread: string, kept: KeptDraft, gone?: boolean): void;
}

export const EMPTY_DRAFT: Draft = { text: "", calls: [], open: null };
/** Nothing is being written, and nothing that was gave way. */
export const isBlank = ({ draft, aside }: KeptDraft): boolean =>
  draft.text === "" && draft.calls.length === 0 && aside.length === 0;

interface Raw {
  version: number;
  writer: string;
  typed_at: number;
  draft: string;
  aside: string;
}

export const createDraftStore = (store: Store): DraftStore => {
  const { db, unreadable } = store;
  const get = db.prepare<[string], Raw>("SELECT version, writer, typed_at, draft, aside FROM drafts WHERE thread = ?");
  const set = db.prepare<[string, number, string, number, string, string]>(
    "INSERT OR REPLACE INTO drafts (thread, version, writer, typed_at, draft, aside) VALUES (?, ?, ?, ?, ?, ?)",
  );
  return {
    get: (thread) => {
      const raw = get.get(thread);
      if (raw === undefined) return { version: 0, writer: "", typedAt: 0, draft: EMPTY_DRAFT, aside: [] };
      return {
        version: raw.version,
        writer: raw.writer,
        typedAt: raw.typed_at,
        draft: unreadable.one("drafts", thread, () => JSON.parse(raw.draft) as Draft, EMPTY_DRAFT),
        aside: unreadable.one("drafts", `${thread} aside`, () => JSON.parse(raw.aside) as AsideDraft[], []),
      };
    },
    set: (thread, { version, writer, typedAt, draft, aside }, gone = false) => {
      const work = (): unknown =>
        set.run(thread, version, writer, typedAt, JSON.stringify(draft), JSON.stringify(aside));
      void (gone ? store.erase("rows", work) : store.write(work));
    },
  };
};
