import { expect, test } from "vitest";
import { createGather } from "../../../../electron/host/rpc/gather.ts";
import { createTopics } from "../../../../electron/host/rpc/topics.ts";

/** Turns and time that pass when the test says so. */
const held = () => {
  const told: string[][] = [];
  const turns: (() => void)[] = [];
  const rests = new Set<{ at: number; work: () => void }>();
  let now = 0;
  const gather = createGather(50, (names) => told.push([...names]), {
    soon: (work) => void turns.push(work),
    later: (ms, work) => {
      const rest = { at: now + ms, work };
      rests.add(rest);
      return () => rests.delete(rest);
    },
  });
  const turn = (): void => turns.splice(0).forEach((work) => work());
  const pass = (ms: number): void => {
    now += ms;
    for (const rest of rests) if (rest.at <= now && rests.delete(rest)) rest.work();
    turn();
  };
  return { gather, told, turn, pass, waits: () => rests.size };
};

test("the first change is told with the turn that it happens in, together with the others of that turn", () => {
  const { gather, told, turn } = held();
  for (const name of ["a", "b", "a"]) gather.note(name);
  expect(told).toEqual([]);
  turn();
  expect(told).toEqual([["a", "b"]]);
});

test("a burst is told at once and then once for each time that it lasts, its last change included", () => {
  const { gather, told, turn, pass, waits } = held();
  for (let ms = 0; ms < 120; ms += 10) {
    gather.note("a");
    turn();
    pass(10);
  }
  expect(told).toHaveLength(3);
  pass(30);
  expect(told).toHaveLength(4);
  pass(50);
  expect([told.length, waits()]).toEqual([4, 0]);
  gather.note("a");
  turn();
  expect(told).toHaveLength(5);
});

test("a burst of one name holds up no other", () => {
  const { gather, told, turn } = held();
  gather.note("busy");
  turn();
  gather.note("busy");
  gather.note("quiet");
  turn();
  expect(told).toEqual([["busy"], ["quiet"]]);
});

test("nothing is told after the end", () => {
  const { gather, told, turn, pass, waits } = held();
  gather.note("a");
  turn();
  gather.note("a");
  gather.close();
  pass(100);
  gather.note("b");
  turn();
  expect([told, waits()]).toEqual([[["a"]], 0]);
});

test("so it is with values: the first change waits for no timer, and of a burst one more telling says how it ended", () => {
  const [due, rests]: (() => void)[][] = [[], []];
  const topics = createTopics(undefined, {
    soon: (work) => void due?.push(work),
    later: (_ms, work) => (rests?.push(work), () => undefined),
  });
  const told: string[] = [];
  const kinds = ["team", "tools"] as const;
  topics.onChange((changed) => {
    for (const kind of kinds) if (changed({ name: `${kind}/w`, kind, argument: "w" })) told.push(kind);
  });
  const turn = (): void => due?.splice(0).forEach((work) => work());
  for (const kind of kinds) for (let n = 0; n < 9; n += 1) topics.publish(kind, "w");
  turn();
  expect(told).toEqual(["team", "tools"]);
  for (let n = 0; n < 9; n += 1) topics.publish("team", "w");
  turn();
  expect(told).toHaveLength(2);
  rests?.splice(0).forEach((work) => work());
  turn();
  expect(told).toEqual(["team", "tools", "team"]);
});
