/** Two texts line by line: every line of both is in the answer, so nothing of what would run is left out. Pure. */
import { diffArrays } from "diff";

export interface DifferenceLine {
  readonly change: "same" | "removed" | "added";
  readonly text: string;
}

/** Above this many changed lines all is told as removed, then added: longer, as true, and within a frame or two. */
const EDITS_MAX = 500;

export const lineDifference = (before: string, after: string): DifferenceLine[] => {
  const [old, next] = [linesOf(before), linesOf(after)];
  const parts = diffArrays(old, next, { maxEditLength: EDITS_MAX });
  if (parts === undefined) return [...told("removed", old), ...told("added", next)];
  return parts.flatMap(({ added, removed, value }) => told(added ? "added" : removed ? "removed" : "same", value));
};

const told = (change: DifferenceLine["change"], lines: readonly string[]): DifferenceLine[] =>
  lines.map((text) => ({ change, text }));

/** No text has no lines; a text that ends in a line break has an empty last one, so that the break itself is seen. */
const linesOf = (text: string): string[] => (text === "" ? [] : text.split("\n"));
