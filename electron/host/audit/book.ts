/**
 * The audit of one workspace as rows, written from the kept entries a slice at a time and carried on as more arrive, so
 * that no window waits for it. Entries are folded again from the founding, since a row says what was true at its place.
 *
 * Documents come over sockets of their own: an entry can arrive after one that stands behind it. The book is then written
 * again from the start, because the same entries must always give the same rows.
 */
import { byPlace, createAudit, placeOf } from "#core/audit/audit.ts";
import type { Audit, AuditRow, Place } from "#core/audit/audit.ts";
import type { DocName, Hash, WorkspaceId } from "#core/protocol/ids.ts";
import type { WorkspaceStore } from "#client/ports/store.ts";
import { nodeCrypto } from "#node/crypto.ts";

/** Entries read, and entries folded, before the event loop gets a turn: a few milliseconds each. */
const READ_SLICE = 100;
const FOLD_SLICE = 25;

/** A row without the exact text of its entry, which stays in the store. */
export type Line = Omit<AuditRow, "entry">;
export interface Progress {
  readonly done: number;
  readonly of: number;
}
export interface Book {
  /** Rows so far, oldest first. The same array only grows; a book that is written again has a new one. */
  lines(): readonly Line[];
  /** What is being written; null while it is whole. */
  progress(): Progress | null;
  /** Whether entries are missing from which the rest would follow. */
  incomplete(): boolean;
  heads(): { readonly doc: DocName; readonly seq: number; readonly hash: Hash }[];
  /** The whole row of a line. */
  whole(line: Line): AuditRow;
  /** Looks for entries that are not in it yet. */
  look(): void;
  /** Resolves once every entry that is kept now is in it. */
  settled(): Promise<void>;
  close(): void;
}

interface Pages {
  readonly audit: Audit;
  readonly lines: Line[];
  /** Entries taken, by document. */
  readonly taken: Map<DocName, number>;
  readonly heads: Map<DocName, { readonly doc: DocName; readonly seq: number; readonly hash: Hash }>;
  last: Place | null;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const createBook = (
  wid: WorkspaceId,
  rows: Pick<WorkspaceStore, "docs" | "entries" | "unreadDocs">,
  changed: () => void,
): Book => {
  const empty = (): Pages => ({
    audit: createAudit({ crypto: nodeCrypto }, wid, { trusted: true }),
    lines: [],
    taken: new Map(),
    heads: new Map(),
    last: null,
  });
  let pages = empty();
  let progress: Progress | null = null;
  let incomplete = false;
  let closed = false;
  let more = false;
  let writing: Promise<void> | null = null;

  /** Where the entries stand that are not in the pages yet. */
  const places = async ({ taken }: Pages): Promise<Place[]> => {
    const found: Place[] = [];
    for (const doc of rows.docs(wid)) {
      if (doc.startsWith("lane:")) continue;
      for (let from = (taken.get(doc) ?? 0) + 1; !closed; from += READ_SLICE) {
        const entries = rows.entries(wid, doc, from, READ_SLICE);
        found.push(...entries.flatMap((entry) => placeOf(doc, entry) ?? []));
        if (entries.length < READ_SLICE) break;
        await turn();
      }
    }
    return found.sort(byPlace);
  };

  /** Answers whether the entry followed from those before it. */
  const add = (into: Pages, place: Place): boolean => {
    const [entry = ""] = rows.entries(wid, place.doc, place.seq, 1);
    const next = into.audit.next(place.doc, entry);
    if (!next.ok) return false;
    const { entry: _text, ...line } = next.row;
    into.lines.push(line);
    into.taken.set(place.doc, place.seq);
    into.heads.set(place.doc, { doc: place.doc, seq: place.seq, hash: next.row.hash });
    into.last = place;
    return true;
  };

  const write = async (): Promise<void> => {
    let found = await places(pages);
    const [first] = found;
    if (first !== undefined && pages.last !== null && byPlace(first, pages.last) < 0) {
      pages = empty();
      found = await places(pages);
    }
    // Of a document whose name is damaged nobody can say what is missing.
    incomplete = rows.unreadDocs(wid) > 0;
    const before = pages.lines.length;
    for (const [index, place] of found.entries()) {
      if (closed) return;
      if (!add(pages, place)) {
        incomplete = true;
        return;
      }
      if (index % FOLD_SLICE !== FOLD_SLICE - 1) continue;
      progress = { done: before + index + 1, of: before + found.length };
      changed();
      await turn();
    }
  };

  const work = async (): Promise<void> => {
    while (more && !closed) {
      more = false;
      await write();
    }
    progress = null;
    writing = null;
    if (!closed) changed();
  };

  const look = (): void => {
    more = true;
    writing ??= turn().then(work);
  };

  return {
    lines: () => pages.lines,
    progress: () => progress ?? (writing === null ? null : { done: pages.lines.length, of: pages.lines.length }),
    incomplete: () => incomplete,
    heads: () => [...pages.heads.values()].sort((a, b) => (a.doc < b.doc ? -1 : 1)),
    whole: (line) => ({ ...line, entry: rows.entries(wid, line.doc, line.seq, 1)[0] ?? "" }),
    look,
    settled: async () => {
      while (writing !== null) await writing;
    },
    close: () => {
      closed = true;
    },
  };
};
