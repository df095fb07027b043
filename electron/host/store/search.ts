import type { SearchHit } from "#bridge/thread.ts";
import type { Store } from "./open.ts";

export interface Search {
  /** Own messages of one workspace that hold every word, the last one as a beginning; best first, at most `limit`. */
  find(wid: string, query: string, limit?: number): SearchHit[];
}

interface Raw {
  threadId: string;
  title: string;
  messageId: string;
  seq: number;
  at: number;
  snippet: string;
}
// Control characters that a snippet is cut at; they are taken out of hits, so a message that holds them only loses its highlight.
const OPEN = "\u0002";
const CLOSE = "\u0003";
const WORDS_MAX = 16;

export const createSearch = (store: Store): Search => {
  const find = store.db.prepare<[string, string, number], Raw>(`
    SELECT t.id AS threadId, t.title, m.id AS messageId, m.seq, m.at, snippet(search, 0, '${OPEN}', '${CLOSE}', '…', 24) AS snippet
    FROM search JOIN parts p ON p.id = search.rowid JOIN messages m ON m.id = p.message JOIN threads t ON t.id = m.thread
    WHERE search MATCH ? AND t.wid = ? ORDER BY search.rank LIMIT ?`);
  return {
    find: (wid, query, limit = 50) => {
      const match = matchOf(query);
      return match === null ? [] : find.all(match, wid, limit).map(hitOf);
    },
  };
};

/**
 * The words of a query as FTS5 strings. Everything that is not a letter, digit or mark only separates, so no query
 * can be an expression, and none can be a syntax error.
 */
export const matchOf = (query: string): string | null => {
  const words =
    query
      .normalize("NFC")
      .match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu)
      ?.slice(0, WORDS_MAX) ?? [];
  return words.length === 0
    ? null
    : words.map((word) => `"${word}"`).join(" ") + (/[\p{L}\p{N}\p{M}\p{Co}]$/u.test(query.trimEnd()) ? "*" : "");
};

const hitOf = ({ snippet, ...place }: Raw): SearchHit => {
  const start = snippet.indexOf(OPEN);
  const end = snippet.indexOf(CLOSE, start + 1);
  const clean = (text: string): string => text.replaceAll(OPEN, "").replaceAll(CLOSE, "");
  if (start < 0 || end < 0) return { ...place, before: clean(snippet), match: "", after: "" };
  return {
    ...place,
    before: clean(snippet.slice(0, start)),
    match: clean(snippet.slice(start + 1, end)),
    after: clean(snippet.slice(end + 1)),
  };
};
