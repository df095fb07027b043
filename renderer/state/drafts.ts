/**
 * What is being written in a thread, kept by the host so that it outlives window and app. A change is on the screen at
 * once and with the host a moment later; before the page goes away it is sent without waiting. What the host could not
 * take is tried again, and stays on the screen meanwhile.
 */
import { DRAFT_MAX } from "#bridge/limits.ts";
import { draftLength, type AsideView, type Draft } from "#bridge/thread.ts";
import { told, type Told } from "#bridge/told.ts";
import { codeOf } from "../failure.ts";
import type { Bridge } from "../bridge.ts";
import { createStore, type Store } from "./store.ts";
import { isSame } from "#core/protocol/same.ts";

export interface DraftState {
  readonly draft: Draft;
  /** What gave way to another window's text. */
  readonly aside: readonly AsideView[];
  /** Why what is on the screen is not kept by the host. */
  readonly unkept: Told | null;
  /** Counts how often the draft was replaced by something that was not typed here. */
  readonly replaced: number;
}
export interface Drafts {
  /** This window. */
  readonly writer: string;
  state(thread: string): Store<DraftState>;
  /** Somebody typed. */
  change(thread: string, make: (draft: Draft) => Draft): void;
  /** Asks the host what is there, unless something was typed here that it does not have yet. */
  refresh(thread: string): void;
  flush(thread: string): void;
  flushAll(): void;
  refreshAll(): void;
  aside(thread: string, id: number, use: boolean): Promise<void>;
}

const SAVE_AFTER_MS = 400;
/** A long text is not sent whole after every pause between two words. */
const SAVE_LONG_AFTER_MS = 2_000;
const LONG = 100_000;
const AGAIN_AFTER_MS = 5_000;

interface Open {
  readonly state: Store<DraftState>;
  version: number;
  typedAt: number;
  changes: number;
  /** The change up to which everything was sent. */
  sent: number;
  under: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}
const isClean = (entry: Open): boolean => entry.changes === entry.sent && entry.under === 0;

export const createDrafts = (request: Bridge["request"], writer: string, now: () => number): Drafts => {
  const open = new Map<string, Open>();

  const entryOf = (thread: string): Open => {
    const found = open.get(thread);
    if (found !== undefined) return found;
    const entry: Open = {
      state: createStore<DraftState>({
        draft: { text: "", calls: [], open: null },
        aside: [],
        unkept: null,
        replaced: 0,
      }),
      version: 0,
      typedAt: 0,
      changes: 0,
      sent: 0,
      under: 0,
      timer: undefined,
    };
    open.set(thread, entry);
    return entry;
  };
  const set = (entry: Open, part: Partial<DraftState>) => entry.state.update((state) => ({ ...state, ...part }));
  const replace = (entry: Open, draft: Draft) => {
    if (!isSame(entry.state.get().draft, draft))
      entry.state.update((state) => ({ ...state, draft, replaced: state.replaced + 1 }));
  };
  const later = (thread: string, entry: Open, ms: number) => {
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => flush(thread), ms);
  };

  const change: Drafts["change"] = (thread, make) => {
    const entry = entryOf(thread);
    set(entry, { draft: make(entry.state.get().draft) });
    entry.typedAt = now();
    entry.changes += 1;
    later(thread, entry, draftLength(entry.state.get().draft) > LONG ? SAVE_LONG_AFTER_MS : SAVE_AFTER_MS);
  };

  const save = async (thread: string, entry: Open): Promise<void> => {
    const mine = entry.changes;
    entry.sent = mine;
    entry.under += 1;
    try {
      const answer = await request("thread.saveDraft", {
        thread,
        draft: entry.state.get().draft,
        base: entry.version,
        writer,
        typedAt: entry.typedAt,
      });
      entry.version = Math.max(entry.version, answer.version);
      set(entry, { aside: answer.aside, unkept: null });
      if (answer.instead !== null && entry.changes === mine) replace(entry, answer.instead);
    } catch (error) {
      entry.sent = Math.min(entry.sent, mine - 1);
      const problem = codeOf(error);
      if (problem.code === "no-such-thread") return void open.delete(thread);
      set(entry, { unkept: told("draft-unkept") });
      later(thread, entry, AGAIN_AFTER_MS);
    } finally {
      entry.under -= 1;
    }
  };

  const flush = (thread: string): void => {
    const entry = entryOf(thread);
    clearTimeout(entry.timer);
    if (entry.changes === entry.sent) return;
    if (draftLength(entry.state.get().draft) > DRAFT_MAX) set(entry, { unkept: told("draft-too-long", DRAFT_MAX) });
    else void save(thread, entry);
  };

  const refresh = (thread: string): void => {
    const entry = entryOf(thread);
    if (!isClean(entry)) return;
    const before = entry.changes;
    request("thread.draft", { thread }).then(
      ({ version, draft, aside }) => {
        // Somebody who is already writing keeps what they write: the host sees that it was written beside the other text.
        if (entry.changes !== before) return;
        entry.version = version;
        set(entry, { aside });
        replace(entry, draft);
      },
      () => undefined,
    );
  };

  const aside: Drafts["aside"] = async (thread, id, use) => {
    const entry = entryOf(thread);
    clearTimeout(entry.timer);
    if (entry.changes !== entry.sent) await save(thread, entry);
    const { version, draft, aside: left } = await request("thread.aside", { thread, aside: id, use });
    entry.version = version;
    set(entry, { aside: left });
    if (use) replace(entry, draft);
  };

  return {
    writer,
    state: (thread) => entryOf(thread).state,
    change,
    refresh,
    flush,
    aside,
    flushAll: () => {
      for (const thread of open.keys()) flush(thread);
    },
    refreshAll: () => {
      for (const thread of open.keys()) refresh(thread);
    },
  };
};
