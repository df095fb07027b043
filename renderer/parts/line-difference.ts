/** Two texts line by line: every line of both is in the answer, so nothing of what would run is left out. Pure. */
export interface DifferenceLine {
  readonly change: "same" | "removed" | "added";
  readonly text: string;
}

/** Above this many pairs of lines the middle is told as all removed, then all added: longer, and as true. */
const PAIRS_MAX = 250_000;

export const lineDifference = (before: string, after: string): DifferenceLine[] => {
  const old = linesOf(before);
  const next = linesOf(after);
  const most = Math.min(old.length, next.length);
  let head = 0;
  while (head < most && old[head] === next[head]) head += 1;
  let tail = 0;
  while (tail < most - head && old[old.length - 1 - tail] === next[next.length - 1 - tail]) tail += 1;
  const same = (text: string): DifferenceLine => ({ change: "same", text });
  return [
    ...old.slice(0, head).map(same),
    ...middle(old.slice(head, old.length - tail), next.slice(head, next.length - tail)),
    ...old.slice(old.length - tail).map(same),
  ];
};

/** No text has no lines; a text that ends in a line break has an empty last one, so that the break itself is seen. */
const linesOf = (text: string): string[] => (text === "" ? [] : text.split("\n"));

const middle = (old: readonly string[], next: readonly string[]): DifferenceLine[] => {
  const removed = (text: string): DifferenceLine => ({ change: "removed", text });
  const added = (text: string): DifferenceLine => ({ change: "added", text });
  if (old.length * next.length > PAIRS_MAX) return [...old.map(removed), ...next.map(added)];
  const common = commonLengths(old, next);
  const lines: DifferenceLine[] = [];
  let [a, b] = [0, 0];
  while (a < old.length || b < next.length) {
    const [was, is] = [old[a], next[b]];
    if (was !== undefined && was === is) {
      lines.push({ change: "same", text: was });
      a += 1;
      b += 1;
    } else if (was !== undefined && (is === undefined || at(common, a + 1, b) >= at(common, a, b + 1))) {
      lines.push(removed(was));
      a += 1;
    } else if (is !== undefined) {
      lines.push(added(is));
      b += 1;
    }
  }
  return lines;
};

const at = (table: readonly Uint32Array[], a: number, b: number): number => table[a]?.[b] ?? 0;

/** `[a][b]`: how many lines the two ends from `a` and from `b` can share in order. */
const commonLengths = (old: readonly string[], next: readonly string[]): readonly Uint32Array[] => {
  const table = Array.from({ length: old.length + 1 }, () => new Uint32Array(next.length + 1));
  for (let a = old.length - 1; a >= 0; a -= 1) {
    const row = table[a];
    if (row === undefined) continue;
    for (let b = next.length - 1; b >= 0; b -= 1)
      row[b] = old[a] === next[b] ? at(table, a + 1, b + 1) + 1 : Math.max(at(table, a + 1, b), at(table, a, b + 1));
  }
  return table;
};
