/** What the palette finds for what was typed. */
import { expect, test } from "vitest";
import { findThreads } from "../../../electron/host/agent/find-threads.ts";
import { paletteRank } from "../../../renderer/state/palette-rank.ts";

const LINES = [
  ["thread a-u-d-i-t", "Thread about the harbour folder title"],
  ["place waiting", "Waiting"],
  ["place audit", "Audit"],
  ["place team", "Team"],
  ["action Export the audit", "Export the audit"],
  ["action Invite somebody", "Invite somebody"],
] as const;
const found = (typed: string): string[] =>
  LINES.map(([name, shown]) => ({ shown, rank: paletteRank(name, typed, [shown]) }))
    .filter(({ rank }) => rank > 0)
    .toSorted((a, b) => b.rank - a.rank)
    .map(({ shown }) => shown);

test("the palette finds a line by the words that are read, not by its hidden name or by letters apart", () => {
  expect(found("Audit")).toEqual(["Audit", "Export the audit"]);
  expect(found(" the AUDIT ")).toEqual(["Export the audit"]);
  expect(found("audit export")).toEqual(["Export the audit"]);
  for (const hidden of ["plan", "place", "action", "zz"]) expect(found(hidden)).toEqual([]);
});

test("a thread is found by words of its title in any order, the whole phrase first, and not by letters apart", () => {
  const threads = ["Harbour folder of thread 2", "Thread 2 of the harbour", "Thread number 27"].map((title) => ({
    title,
  }));
  const titles = (query: string) => findThreads(threads, query).map(({ title }) => title);
  expect(titles("2 harbour")).toEqual(["Harbour folder of thread 2", "Thread 2 of the harbour"]);
  expect(titles(" THE  harbour")).toEqual(["Thread 2 of the harbour"]);
  expect(titles("thread 2 of")).toEqual(["Thread 2 of the harbour", "Harbour folder of thread 2"]);
  expect(titles("team")).toEqual([]);
  // What the host finds, the palette shows.
  for (const query of ["2 harbour", " THE  harbour", "thread 2 of"])
    for (const title of titles(query)) expect(paletteRank("thread x", query, [title])).toBeGreaterThan(0);
});
