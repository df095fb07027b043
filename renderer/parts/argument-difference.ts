/**
 * What a change of a call's arguments changed, field by field. Pure. Where fields would not show all of either text,
 * the exact texts are compared instead, so that nothing of what would run is left out.
 */
import { visible, visibleName } from "#bridge/plain-text.ts";
import { argumentView } from "./argument-view.ts";
import { lineDifference, type DifferenceLine } from "./line-difference.ts";

/** Lines that did not change, left out between two that did: the whole text stands on the card anyway. */
export interface Gap {
  readonly change: "gap";
  readonly count: number;
}
export interface ChangedArgument {
  /** Null where the exact texts are compared. */
  readonly name: string | null;
  readonly change: "changed" | "added" | "removed";
  readonly lines: readonly (DifferenceLine | Gap)[];
}

export const argumentDifference = (before: string, after: string): ChangedArgument[] => {
  if (before === after) return [];
  const fields = [before, after].every((exact) => argumentView(exact).doubt === null)
    ? changedFields(JSON.parse(before) as object, JSON.parse(after) as object)
    : [];
  // A change that no field shows, such as of spaces, is a change of what runs.
  return fields.length > 0 ? fields : [{ name: null, change: "changed", lines: changedLines(before, after) }];
};

/** Whether both texts say the same to a tool: another order of keys, or other spaces, is no change worth asking again. */
export const sameArguments = (before: string, after: string): boolean => {
  if (before === after) return true;
  return (
    [before, after].every((exact) => argumentView(exact).doubt === null) &&
    changedFields(JSON.parse(before) as object, JSON.parse(after) as object).length === 0
  );
};

const changedFields = (before: object, after: object): ChangedArgument[] => {
  const old = new Map(Object.entries(before) as [string, unknown][]);
  const now = new Map(Object.entries(after) as [string, unknown][]);
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name): ChangedArgument[] => {
    if (old.has(name) && now.has(name) && jsonOf(old.get(name)) === jsonOf(now.get(name))) return [];
    const change = !old.has(name) ? "added" : !now.has(name) ? "removed" : "changed";
    return [{ name: visibleName(name), change, lines: changedLines(...textsOf(old.get(name), now.get(name))) }];
  });
};

/** Texts as they are, and anything else as JSON: a number and a text that looks like it are told apart. */
const textsOf = (was: unknown, is: unknown): [string, string] => {
  const asWritten = [was, is].every((value) => value === undefined || typeof value === "string");
  const shown = (value: unknown): string => (value === undefined ? "" : asWritten ? (value as string) : jsonOf(value));
  return [shown(was), shown(is)];
};

const jsonOf = (value: unknown): string => JSON.stringify(ordered(value), null, 2);
const ordered = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(ordered);
  return Object.fromEntries(
    Object.entries(value as Record<string, unknown>)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, ordered(each)]),
  );
};

/** What changed from one text to the other, line by line. */
export const changedLines = (before: string, after: string): (DifferenceLine | Gap)[] =>
  folded(lineDifference(before, after).map((line) => ({ ...line, text: visible(line.text) })));

const AROUND = 3;
/** A long text shows its changes without scrolling. One line is never replaced by a word about one line. */
const folded = (lines: readonly DifferenceLine[]): (DifferenceLine | Gap)[] => {
  const near = (at: number): boolean =>
    lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some((line) => line.change !== "same");
  const shown: (DifferenceLine | Gap)[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    let end = at;
    while (end < lines.length && !near(end)) end += 1;
    if (end - at > 1) {
      shown.push({ change: "gap", count: end - at });
      at = end - 1;
    } else shown.push(lines[at] as DifferenceLine);
  }
  return shown;
};
