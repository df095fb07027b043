/** Counters of what this computer signs. */
import { expect, onTestFinished, test } from "vitest";
import { createCounters } from "../../../../electron/host/store/counters.ts";
import { openStore } from "../../../../electron/host/store/open.ts";
import type { Store } from "../../../../electron/host/store/open.ts";
import { tempDir } from "../../../helpers/temp.ts";

const QUEUE = "queue:approvers";
const open = (dir: string): Store => {
  const store = openStore({ dir });
  onTestFinished(() => store.close());
  return store;
};
const next = ({ nextCounter }: ReturnType<typeof createCounters>, times: number, doc = QUEUE): number[] =>
  Array.from({ length: times }, () => nextCounter("w", doc));
const isGrowing = (all: readonly number[]): boolean =>
  all.every((n, index) => index === 0 || n > (all[index - 1] ?? 0));

test("no counter is used twice, and each is larger than all before, over kills too", () => {
  const dir = tempDir();
  const used: number[] = [];
  for (let life = 0; life < 3; life += 1) {
    const store = openStore({ dir });
    used.push(...next(createCounters(store), 50));
    store.close();
  }
  expect(used).toHaveLength(150);
  expect(isGrowing(used)).toBe(true);
});

test("a counter is on the disk before it is used, and most of them cost no write", () => {
  const store = open(tempDir());
  const counters = createCounters(store);
  const kept = store.db.prepare<[], { n: number }>("SELECT n FROM counters WHERE wid = 'w'");
  let writes = 0;
  const before = (): number => (store.db.prepare("SELECT total_changes() AS n").get() as { n: number }).n;
  for (let round = 0; round < 100; round += 1) {
    const changes = before();
    const n = counters.nextCounter("w", QUEUE);
    if (before() > changes) writes += 1;
    expect(kept.get()?.n ?? 0).toBeGreaterThanOrEqual(n);
  }
  expect(writes).toBe(4);
});

test("what somebody's transaction takes back is not used without it", () => {
  const store = open(tempDir());
  const counters = createCounters(store);
  const inside: number[] = [];
  const thrown = (): void =>
    store.write(() => {
      inside.push(...next(counters, 3));
      throw new Error("not kept");
    });
  expect(thrown).toThrow("not kept");
  const after = next(counters, 40);
  expect([inside, isGrowing(after)]).toEqual([[1, 2, 3], true]);
  expect(store.db.prepare("SELECT n FROM counters").get()).toEqual({ n: 64 });
});

test("a workspace that was forgotten begins on the disk again", () => {
  const store = open(tempDir());
  const counters = createCounters(store);
  next(counters, 3);
  store.db.exec("DELETE FROM counters");
  counters.forget("w");
  next(counters, 1);
  expect(store.db.prepare("SELECT count(*) AS n FROM counters").get()).toEqual({ n: 1 });
});
