import { expect, test } from "vitest";
import { createLine } from "../../../sync-server/server/order/line.ts";

/** A line that writes down what it does, and waits with each thing until the next turn of the event loop. */
const world = (batchMax = 3) => {
  const done: string[] = [];
  let time = 0;
  let at = 0;
  const doing = async (what: string): Promise<void> => {
    at += 1;
    expect(at).toBe(1);
    await new Promise(setImmediate);
    done.push(what);
    at -= 1;
  };
  const line = createLine<number, number>({
    now: () => time,
    batchMax,
    commit: (jobs) => doing(`jobs ${jobs.join()}`),
    answer: (questions) => doing(`questions ${questions.join()}`),
  });
  return { line, done, doing, pass: (ms: number) => (time += ms) };
};

test("what waits together is done together, in the order in which it came", async () => {
  const { line, done, doing } = world();
  for (const n of [1, 2, 3, 4]) line.job(n);
  for (const n of [5, 6]) line.question(n);
  line.run(() => doing("a work"));
  line.question(7);
  line.job(8);
  expect(line.busy).toBe(true);
  await expect.poll(() => line.busy).toBe(false);
  expect(done).toEqual(["jobs 1,2,3", "jobs 4", "questions 5,6", "a work", "questions 7", "jobs 8"]);
});

test("what comes first is done before all that waits, and once", async () => {
  const { line, done, doing } = world();
  const again = (): Promise<void> => doing("again");
  line.run(async () => {
    line.first(again);
    line.first(again);
    await doing("a work");
  });
  line.job(1);
  await expect.poll(() => line.busy).toBe(false);
  expect(done).toEqual(["a work", "again", "jobs 1"]);
});

test("says when it was last used", async () => {
  const { line, pass } = world();
  pass(5);
  expect([line.busy, line.usedAt]).toEqual([false, 0]);
  line.job(1);
  pass(2);
  expect([line.busy, line.usedAt]).toEqual([true, 5]);
  await expect.poll(() => line.busy).toBe(false);
  expect(line.usedAt).toBe(7);
});
