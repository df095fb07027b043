import { expect, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { createRests } from "#client/link/rests.ts";

const QUEUE = "queue:default" as DocName;
const world = () => {
  const waits: { readonly ms: number; readonly work: () => void }[] = [];
  let over = 0;
  const rests = createRests(
    {
      after: (ms, work) => {
        waits.push({ ms, work });
        return () => undefined;
      },
    },
    () => (over += 1),
  );
  return { rests, waits, over: () => over };
};

test("a document that the server ended for the moment is asked for again after a pause that grows, of its own", () => {
  const { rests, waits, over } = world();
  for (let i = 0; i < 6; i += 1) rests.add(QUEUE);
  rests.add(LOG);
  expect(waits.map(({ ms }) => ms)).toEqual([200, 400, 800, 1_600, 3_200, 5_000, 200]);
  expect([rests.has(QUEUE), rests.has(LOG), over()]).toEqual([true, true, 0]);
  waits[0]?.work();
  expect([rests.has(QUEUE), rests.has(LOG), over()]).toEqual([false, true, 1]);
});

test("on another connection it begins with the first pause", () => {
  const { rests, waits } = world();
  rests.add(QUEUE);
  rests.calm();
  rests.add(QUEUE);
  expect(waits.map(({ ms }) => ms)).toEqual([200, 200]);
});
