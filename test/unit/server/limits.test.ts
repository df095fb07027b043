/** Who gets a place where many want one: strangers, and people who hold many sockets. The clock is the test's. */
import { describe, expect, test } from "vitest";
import { createLimits, LIMITS } from "../../../sync-server/server/admission/limits.ts";
import type { Belt, LimitNumbers } from "../../../sync-server/server/admission/limits.ts";
import type { LogFields } from "../../../sync-server/server/system/log.ts";
import { UNTOLD } from "../../../sync-server/server/admission/strangers.ts";

const room = (over: Partial<LimitNumbers>) => {
  let time = 1_000_000;
  const lines: LogFields[] = [];
  const ended: string[] = [];
  const limits = createLimits(
    { ...LIMITS, ...over },
    () => time,
    (fields) => void lines.push(fields),
  );
  const dial = (name: string, address = "a"): Belt => {
    const belt = limits.admit(address, (why) => void ended.push(`${name} ${why}`));
    if (belt === undefined) throw new Error("not admitted");
    return belt;
  };
  return {
    limits,
    dial,
    lines,
    ended,
    pass: (ms: number) => void (time += ms),
    signIn: (belt: Belt, name: string) => limits.known(belt, { as: "device", name }),
  };
};

describe("[LI2] [LI4] strangers", () => {
  test("a newcomer always gets a place; who has shown nothing and came first gives way", () => {
    const { limits, dial, ended } = room({ strangersPerAddress: 3 });
    const [answered] = [dial("answered"), dial("silent"), dial("later")];
    limits.answers(answered);
    dial("new");
    expect(ended).toEqual(["silent crowded"]);
    dial("newer");
    expect(ended).toEqual(["silent crowded", "later crowded"]);
  });

  test("who is on the way out goes before anybody who may still come in", () => {
    const { limits, dial, ended } = room({ strangersPerAddress: 2 });
    dial("silent");
    limits.closing(dial("leaving"));
    dial("new");
    expect(ended).toEqual(["leaving crowded"]);
  });

  test("of many addresses the one that holds the most gives way, so that one socket of somebody else stays", () => {
    const { dial, ended } = room({ strangers: 5, strangersPerAddress: 5 });
    dial("honest", "b");
    for (const name of ["1", "2", "3", "4"]) dial(name);
    for (const name of ["5", "6", "7"]) dial(name);
    expect(ended).toEqual(["1 crowded", "2 crowded", "3 crowded"]);
  });

  test("an address from which a device signed in keeps its share for a day, and strangers from many addresses do not get it", () => {
    const { limits, dial, ended, pass, signIn } = room({ strangers: 4, strangersKept: 2 });
    const ada = dial("ada", "home");
    signIn(ada, "ada");
    limits.gone(ada);
    const fill = (from: number) => [0, 1, 2, 3].forEach((i) => dial(`e${from + i}`, `e${from + i}`));
    const late = [dial("ben", "home"), dial("cleo", "home")];
    fill(0);
    expect(ended).toEqual(["e0 crowded", "e1 crowded"]);
    for (const belt of late) limits.gone(belt);
    pass(LIMITS.keptForMs + 1);
    ended.length = 0;
    dial("ben", "home");
    fill(10);
    expect(ended).toContain("ben crowded");
  });

  test("time gets short as the room fills, also for who keeps sending bytes: only an answer counts", () => {
    const { limits, dial, ended, pass } = room({ strangers: 4, authWithinMs: 15_000, authWithinFullMs: 3_000 });
    const [one, two, three] = ["1", "2", "3"].map((name) => dial(name, name)) as [Belt, Belt, Belt];
    pass(10_000);
    dial("4", "4");
    // Three of four: 9 s are left of 15. The two after it had room enough again.
    expect(ended).toEqual(["1 late"]);
    limits.answers(two);
    pass(20_000);
    dial("5", "5");
    expect(ended).toEqual(["1 late", "3 late", "4 late"]);
    expect([one.here, two.here, three.here]).toEqual([false, true, false]);
  });

  test("behind a proxy who has not sent a request yet counts for no address, and then for their own", () => {
    const { limits, dial, ended } = room({ strangers: 10, strangersPerAddress: 2 });
    const belts = [1, 2, 3, 4].map((i) => dial(String(i), UNTOLD));
    expect(ended).toEqual([]);
    for (const belt of belts.slice(0, 3)) limits.told(belt, "a");
    expect(ended).toEqual(["1 crowded"]);
    limits.told(belts[3] as Belt, "b");
    expect(ended).toEqual(["1 crowded"]);
  });

  test("leaving frees the place once", () => {
    const { limits, dial, ended } = room({ strangersPerAddress: 2 });
    const [first] = [dial("1"), dial("2")];
    limits.gone(first);
    limits.gone(first);
    dial("3");
    expect(ended).toEqual([]);
    dial("4");
    expect(ended).toEqual(["2 crowded"]);
  });

  test("the log says that it happens, once a minute, and no address", () => {
    const { limits, dial, lines, pass } = room({ strangersPerAddress: 1 });
    for (let i = 0; i < 5; i += 1) dial(String(i), "203.0.113.7");
    expect(lines).toEqual([{ event: "crowded", count: 1 }]);
    pass(60_000);
    limits.sweep();
    limits.sweep();
    expect(lines).toEqual([
      { event: "crowded", count: 1 },
      { event: "crowded", count: 3 },
    ]);
    pass(60_000);
    limits.sweep();
    expect(lines).toHaveLength(2);
  });

  test("strangers who are turned away write a line each only as often as a person could read", () => {
    const { limits, dial, signIn, pass } = room({ strangerLinesPerMinute: 3 });
    const lines = () => [1, 2, 3, 4, 5].filter((i) => limits.closing(dial(String(i), String(i)))).length;
    expect(lines()).toBe(3);
    const known = dial("ben");
    signIn(known, "ben");
    expect(limits.closing(known)).toBe(true);
    pass(60_000);
    expect(lines()).toBe(3);
  });
});

describe("[LI14] people who signed in", () => {
  test("of one person the oldest socket goes, and nobody else's", () => {
    const { dial, ended, signIn } = room({ socketsPerPerson: 2 });
    expect([
      signIn(dial("cleo"), "cleo"),
      signIn(dial("1"), "ben"),
      signIn(dial("2"), "ben"),
      signIn(dial("3"), "ben"),
    ]).toEqual([true, true, true, true]);
    expect(ended).toEqual(["1 crowded"]);
  });

  test.each([
    ["an address", { socketsPerAddress: 4 }, "a"],
    ["the node", { sockets: 4 }, "b"],
  ])("where %s is full, who holds the most gives one up", (_what, over, elsewhere) => {
    const { dial, ended, signIn } = room({ ...over, socketsNeverTaken: 2 });
    for (const name of ["1", "2", "3"]) signIn(dial(name), "eve");
    signIn(dial("4", elsewhere), "ben");
    expect(signIn(dial("5"), "ada")).toBe(true);
    expect(ended).toEqual(["1 crowded"]);
    // Nobody holds more than they need: who comes now has to wait.
    expect(signIn(dial("6"), "cleo")).toBe(false);
    expect(ended).toEqual(["1 crowded"]);
  });

  test("leaving frees the place, also of who got none", () => {
    const { limits, dial, signIn } = room({ sockets: 1 });
    const [one, two] = [dial("1"), dial("2")];
    expect([signIn(one, "ada"), signIn(two, "ben")]).toEqual([true, false]);
    limits.gone(two);
    limits.gone(one);
    expect(signIn(dial("3"), "ben")).toBe(true);
    expect(signIn(dial("4"), "ada")).toBe(false);
  });
});
