/**
 * Padding folded into a mark: many empty lines or spaces push what matters out of view. Nothing else is left out, and
 * each mark opens. Works on text as `visible` writes it, so characters that cannot be seen pad nothing either. Pure.
 */
export interface Folded {
  readonly kind: "text" | "lines" | "spaces";
  /** What stands there, also behind a mark. */
  readonly text: string;
  /** Empty lines, or columns of blank. */
  readonly count: number;
  /** Whether it holds characters that are written out, and not blanks alone. */
  readonly marked: boolean;
}

export const LINES_MAX = 3;
export const SPACES_MAX = 40;
const TAB = 4;

/** Written out, and no space of any kind. */
const MARKED = /⟨U\+(?!00A0|1680|200[0-9A]|202[89F]|205F|3000|2800|000D)[0-9A-F]+⟩/;
const BLANK_LINE = /^(?:[ \t]|⟨U\+[0-9A-F]{4,6}⟩)*$/;
const BLANKS = /(?:[ \t]|⟨U\+[0-9A-F]{4,6}⟩){6,}/g;

export const folded = (text: string): Folded[] => {
  const lines = text.split("\n");
  const pieces: Folded[] = [];
  let plain: string[] = [];
  const flush = (more: boolean) => {
    if (plain.length > 0) pieces.push(...spacesFolded(plain.join("\n") + (more ? "\n" : "")));
    plain = [];
  };
  for (let at = 0; at < lines.length;) {
    let end = at;
    while (end < lines.length && BLANK_LINE.test(lines[end] ?? "")) end += 1;
    if (end - at > LINES_MAX) {
      flush(true);
      const text = lines.slice(at, end).join("\n") + (end < lines.length ? "\n" : "");
      pieces.push({ kind: "lines", text, count: end - at, marked: MARKED.test(text) });
      at = end;
    } else {
      const next = Math.max(end, at + 1);
      plain.push(...lines.slice(at, next));
      at = next;
    }
  }
  flush(false);
  return pieces;
};

const widthOf = (blanks: string): number =>
  Array.from(blanks.replace(/⟨[^⟩]*⟩/g, "_")).reduce((sum, char) => sum + (char === "\t" ? TAB : 1), 0);

const spacesFolded = (text: string): Folded[] => {
  const pieces: Folded[] = [];
  let from = 0;
  for (const { 0: run, index } of text.matchAll(BLANKS)) {
    const count = widthOf(run);
    if (count <= SPACES_MAX) continue;
    if (index > from) pieces.push({ kind: "text", text: text.slice(from, index), count: 0, marked: false });
    pieces.push({ kind: "spaces", text: run, count, marked: MARKED.test(run) });
    from = index + run.length;
  }
  if (from < text.length) pieces.push({ kind: "text", text: text.slice(from), count: 0, marked: false });
  return pieces;
};

/** Lines one below the other with what is alike and empty among them gathered: each entry is a line, or a run of empty ones. */
export const gathered = <L extends { readonly change: string; readonly text?: string }>(
  lines: readonly L[],
): (L | readonly L[])[] => {
  const shown: (L | readonly L[])[] = [];
  for (let at = 0; at < lines.length;) {
    const first = lines[at] as L;
    let end = at;
    while (lines[end]?.change === first.change && BLANK_LINE.test(lines[end]?.text ?? "x")) end += 1;
    if (end - at > LINES_MAX) shown.push(lines.slice(at, end));
    else shown.push(...lines.slice(at, Math.max(end, at + 1)));
    at = Math.max(end, at + 1);
  }
  return shown;
};

/** Lines of a text as a person counts them: none in an empty one, and a line end at the end begins no new one. */
export const lineCount = (text: string): number =>
  text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
