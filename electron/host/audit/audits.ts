/** The audits of this app's workspaces: who may read one, rows by filter, and exports piece by piece. */
import { randomBytes } from "node:crypto";
import { exportLines } from "#core/audit/export.ts";
import type { ExportFormat } from "#core/audit/lines.ts";
import type { WorkspaceId } from "#core/protocol/ids.ts";
import { rowWords } from "#text/facts.ts";
import { putNewest } from "#core/protocol/newest.ts";
import type { AuditEntryView, AuditMatch, AuditRowView, AuditView } from "#bridge/audit.ts";
import type { Verdict } from "#bridge/answer.ts";
import { refused } from "#bridge/refused.ts";
import type { WorkspaceStore } from "#client/ports/store.ts";
import { createBook } from "./book.ts";
import { matcher } from "./matching.ts";
import type { Book, Line } from "./book.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { needs } from "../team/needs.ts";

export interface AuditDeps {
  readonly rows: WorkspaceStore;
  readonly may: (wid: string, capability: "audit.read" | "audit.export") => Verdict;
  /** Name of the workspace, for the name of a file. */
  readonly name: (wid: string) => string;
  readonly publish: (wid: string) => void;
}
export interface AuditPage {
  readonly rows: AuditRowView[];
  readonly from: number;
  readonly total: number;
  readonly version: string;
}
/** Each throws `Refusal` where this person may not read or export at the newest verified position. */
export interface Audits {
  /** Never refuses: it says who may read, and shows nothing to others. */
  view(wid: string): AuditView;
  page(wid: string, match: AuditMatch, from: number | null, limit: number): Promise<AuditPage>;
  entry(wid: string, doc: string, seq: number): AuditEntryView;
  exportStart(wid: string, format: ExportFormat): Promise<{ export: string; rows: number; file: string }>;
  exportNext(wid: string, id: string): { text: string; rows: number; done: boolean };
  /** Entries of a workspace arrived. */
  arrived(wid: string): void;
  /** Forgets books that nobody asked for lately. */
  tick(): void;
  forget(wid: string): void;
  close(): void;
}

interface Shelf {
  readonly book: Book;
  /** Indexes of the lines that match, as far as they were looked through, by filter. */
  readonly found: Map<string, { lines: readonly Line[]; matches: number[]; upTo: number }>;
  /** Changes when the book was written again. */
  edition: string;
  lines: readonly Line[];
  idleTicks: number;
}
interface Export {
  readonly wid: string;
  readonly lines: Iterator<string, void>;
  rows: number;
}

/** Unlike any before: also a book that was forgotten and is written again is another one for whoever has rows of it. */
const newEdition = (): string => randomBytes(6).toString("hex");
const FILTERS_KEPT = 8;
const EXPORTS_KEPT = 4;
/** Lines looked through, or written, before others get a turn. */
const SLICE = 500;
const PIECE_ROWS = 200;
const PIECE_CHARACTERS = 262_144;
const IDLE_TICKS_MAX = 120;

export const createAudits = (deps: AuditDeps): Audits => {
  const shelves = new Map<string, Shelf>();
  const exports = new Map<string, Export>();

  /** Who exports reads it all. */
  const mayExport = (wid: string): Verdict => {
    const canRead = deps.may(wid, "audit.read");
    return canRead.allowed ? deps.may(wid, "audit.export") : canRead;
  };
  const shelfOf = (wid: string): Shelf => {
    const known = shelves.get(wid);
    if (known !== undefined) {
      known.idleTicks = 0;
      return known;
    }
    const book = createBook(wid as WorkspaceId, deps.rows, () => deps.publish(wid));
    const made: Shelf = { book, found: new Map(), edition: newEdition(), lines: book.lines(), idleTicks: 0 };
    shelves.set(wid, made);
    book.look();
    return made;
  };
  const linesOf = (shelf: Shelf): readonly Line[] => {
    const lines = shelf.book.lines();
    if (lines === shelf.lines) return lines;
    shelf.lines = lines;
    shelf.edition = newEdition();
    shelf.found.clear();
    return lines;
  };
  const versionOf = (shelf: Shelf): string => `${linesOf(shelf).length}.${shelf.edition}`;

  /** Looks only through lines that came since the same was asked last. */
  const matching = async (
    shelf: Shelf,
    match: AuditMatch,
  ): Promise<{ readonly lines: readonly Line[]; readonly matches: readonly number[] }> => {
    const key = JSON.stringify(match);
    const known = shelf.found.get(key) ?? { lines: linesOf(shelf), matches: [], upTo: 0 };
    const { lines } = known;
    putNewest(shelf.found, key, known, FILTERS_KEPT);
    const fits = matcher(match);
    while (known.upTo < lines.length) {
      const end = Math.min(lines.length, known.upTo + SLICE);
      for (; known.upTo < end; known.upTo += 1) if (fits(lines[known.upTo] as Line)) known.matches.push(known.upTo);
      if (known.upTo < lines.length) await new Promise((resolve) => setImmediate(resolve));
    }
    return known;
  };

  const dropExports = (wid: string): void => {
    for (const [id, { wid: of }] of exports) if (of === wid) exports.delete(id);
  };
  const forget = (wid: string): void => {
    shelves.get(wid)?.book.close();
    shelves.delete(wid);
    dropExports(wid);
  };

  return {
    view: (wid) => {
      const [canRead, canExport] = [deps.may(wid, "audit.read"), mayExport(wid)];
      if (!canRead.allowed) return { ...NOTHING, wid, canRead, canExport };
      const shelf = shelfOf(wid);
      const lines = linesOf(shelf);
      const people = new Map(lines.map(({ member, who }) => [member as string, who]));
      return {
        wid,
        canRead,
        canExport,
        rows: lines.length,
        version: versionOf(shelf),
        progress: shelf.book.progress(),
        incomplete: shelf.book.incomplete(),
        people: [...people].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name)),
        kinds: [...new Set(lines.map(({ kind }) => kind))].sort(),
        heads: shelf.book.heads(),
      };
    },
    page: async (wid, match, from, limit) => {
      needs(deps.may(wid, "audit.read"));
      const shelf = shelfOf(wid);
      const version = versionOf(shelf);
      const { lines, matches } = await matching(shelf, match);
      const start = from ?? Math.max(0, matches.length - limit);
      const rows = matches.slice(start, start + limit).flatMap((index) => viewOf(lines[index]));
      return { rows, from: start, total: matches.length, version };
    },
    entry: (wid, doc, seq) => {
      needs(deps.may(wid, "audit.read"));
      const { book } = shelfOf(wid);
      const line = book.lines().findLast((each) => each.doc === doc && each.seq === seq);
      if (line === undefined) throw refused("no-such-entry");
      const { member, device, position, previous, hash, entry } = book.whole(line);
      return { member, device, position, previous, hash, entry };
    },
    exportStart: async (wid, format) => {
      needs(mayExport(wid));
      const { book } = shelfOf(wid);
      await book.settled();
      if (book.incomplete()) throw refused("audit-incomplete");
      const lines = [...book.lines()];
      const id = randomBytes(12).toString("base64url");
      const rows = function* () {
        for (const line of lines) yield book.whole(line);
      };
      putNewest(
        exports,
        id,
        { wid, lines: exportLines(nodeCrypto, rows(), format, rowWords), rows: lines.length },
        EXPORTS_KEPT,
      );
      return { export: id, rows: lines.length, file: `audit-${fileName(deps.name(wid))}.${format}` };
    },
    exportNext: (wid, id) => {
      const running = exports.get(id);
      if (running === undefined || running.wid !== wid) throw refused("no-such-export");
      const piece = pieceOf(running.lines);
      if (piece.done) exports.delete(id);
      return piece;
    },
    arrived: (wid) => {
      // What may be read has changed with the log, also for somebody who sees nothing of it.
      deps.publish(wid);
      // The right can be lost while an export runs: one that comes back later begins a new one.
      if (!mayExport(wid).allowed) dropExports(wid);
      shelves.get(wid)?.book.look();
    },
    tick: () => {
      for (const [wid, shelf] of shelves) {
        shelf.idleTicks += 1;
        if (shelf.idleTicks > IDLE_TICKS_MAX) forget(wid);
      }
    },
    forget,
    close: () => {
      for (const wid of shelves.keys()) forget(wid);
    },
  };
};

const NOTHING = { rows: 0, version: "", progress: null, incomplete: false, people: [], kinds: [], heads: [] };

const viewOf = (line: Line | undefined): AuditRowView[] => {
  if (line === undefined) return [];
  const { doc, seq, time, who, role, kind, act, rule, votes, result, setBack } = line;
  return [{ doc, seq, at: Date.parse(time), who, role: role[1] || role[0], kind, act, rule, votes, result, setBack }];
};

const pieceOf = (lines: Iterator<string, void>): { text: string; rows: number; done: boolean } => {
  let text = "";
  for (let rows = 0; rows < PIECE_ROWS && text.length < PIECE_CHARACTERS; rows += 1) {
    const next = lines.next();
    if (next.done === true) return { text, rows, done: true };
    text += next.value;
  }
  return { text, rows: PIECE_ROWS, done: false };
};

/** What every file system takes, and nothing that a shell could read as an option. */
const fileName = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 40) || "workspace";
