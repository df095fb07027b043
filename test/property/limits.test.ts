/** Places under whatever comes, in whatever order, from whomever. The test keeps its own count of what it holds open. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createLimits, LIMITS } from "../../sync-server/server/admission/limits.ts";
import { createRate } from "../../sync-server/server/admission/rates.ts";
import type { Belt, LimitNumbers } from "../../sync-server/server/admission/limits.ts";

const addresses = ["a", "b", "c", "d"] as const;
const owners = ["ada", "ben", "cleo"] as const;
const NUMBERS: LimitNumbers = {
  ...LIMITS,
  strangers: 6,
  strangersPerAddress: 3,
  strangersKept: 1,
  keptForMs: 50_000,
  sockets: 9,
  socketsPerAddress: 8,
  socketsPerPerson: 5,
  socketsNeverTaken: 1,
  authWithinMs: 15_000,
  authWithinFullMs: 3_000,
};

const step = fc.oneof(
  fc.record({ do: fc.constant("dial" as const), from: fc.constantFrom(...addresses, "") }),
  fc.record({ do: fc.constantFrom("answer" as const, "close" as const, "hang up" as const), which: fc.nat() }),
  fc.record({ do: fc.constant("told" as const), which: fc.nat(), from: fc.constantFrom(...addresses) }),
  fc.record({
    do: fc.constant("sign in" as const),
    which: fc.nat(),
    as: fc.constantFrom("device" as const, "guest" as const),
    owner: fc.constantFrom(...owners),
  }),
  fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: -20_000, max: 20_000 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** What is open, told apart by the test itself. */
interface Open {
  readonly belt: Belt;
  owner: string | undefined;
}

const play = (numbers: LimitNumbers) => {
  let time = 1_000_000;
  const open = new Set<Open>();
  const limits = createLimits(numbers, () => time);
  const dial = (from: string): Open => {
    const belt = limits.admit(from, () => void open.delete(made));
    if (belt === undefined) throw new Error("not admitted");
    const made: Open = { belt, owner: undefined };
    open.add(made);
    return made;
  };
  const leave = (one: Open): void => {
    limits.gone(one.belt);
    open.delete(one);
  };
  const signIn = (one: Open, as: "device" | "guest", owner: string): boolean => {
    if (one.owner !== undefined) return true;
    const taken = limits.known(one.belt, { as, name: owner });
    if (taken) one.owner = owner;
    else leave(one);
    return taken;
  };
  const pick = (which: number): Open | undefined => [...open][which % Math.max(1, open.size)];
  const act = (each: Step): void => {
    if (each.do === "dial") return void dial(each.from);
    if (each.do === "pass") return void (time += each.ms);
    const one = pick(each.which);
    if (one === undefined) return;
    if (each.do === "hang up") return leave(one);
    if (each.do === "sign in") return void signIn(one, each.as, each.owner);
    if (one.owner !== undefined) return;
    if (each.do === "told") limits.told(one.belt, each.from);
    else if (each.do === "answer") limits.answers(one.belt);
    else limits.closing(one.belt);
  };
  const most = (of: readonly Open[], by: (one: Open) => string): number =>
    Math.max(0, ...Object.values(Object.groupBy(of, by)).map((group) => group?.length ?? 0));
  return {
    open,
    dial,
    signIn,
    act,
    strangers: () => [...open].filter(({ owner }) => owner === undefined),
    known: () => [...open].filter(({ owner }) => owner !== undefined),
    most,
  };
};

test("[LI2] [LI4] [LI14] there are never more sockets than places, and whoever can sign in gets in", () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 120 }),
      fc.constantFrom(...addresses, "e"),
      fc.constantFrom(...owners, "dora"),
      (steps, from, owner) => {
        const world = play(NUMBERS);
        for (const each of steps) {
          world.act(each);
          const [strangers, known] = [world.strangers(), world.known()];
          expect(strangers.length).toBeLessThanOrEqual(NUMBERS.strangers);
          expect(
            world.most(
              strangers.filter(({ belt }) => belt.address !== ""),
              ({ belt }) => belt.address,
            ),
          ).toBeLessThanOrEqual(NUMBERS.strangersPerAddress);
          expect(known.length).toBeLessThanOrEqual(NUMBERS.sockets);
          expect(world.most(known, ({ belt }) => belt.address)).toBeLessThanOrEqual(NUMBERS.socketsPerAddress);
          expect(world.most(known, (one) => one.owner ?? "")).toBeLessThanOrEqual(NUMBERS.socketsPerPerson);
          expect([...world.open].every(({ belt }) => belt.here)).toBe(true);
        }
        const honest = world.dial(from);
        expect(world.signIn(honest, "device", owner)).toBe(true);
        expect(world.open.has(honest)).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});

test("[LI2] [LI4] however many strangers come, and whatever they send, before the next answer is read: who answers first gets in", () => {
  const crowd = fc.array(fc.record({ from: fc.constantFrom(...addresses.slice(1)), answers: fc.boolean() }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(crowd, crowd, (before, meanwhile) => {
      const world = play(NUMBERS);
      const come = ({ from, answers }: { from: string; answers: boolean }): void => {
        const one = world.dial(from);
        if (answers) world.act({ do: "answer", which: [...world.open].indexOf(one) });
      };
      // A device of this address signed in before, and nobody else there is a stranger now.
      world.signIn(world.dial("a"), "device", "ada");
      before.forEach(come);
      const honest = world.dial("a");
      meanwhile.forEach(come);
      expect(world.open.has(honest)).toBe(true);
      expect(world.signIn(honest, "device", "ada")).toBe(true);
    }),
  );
});

test("[LI16] whatever is asked for, and however often, no more is given by any time than the burst and the rate until then", () => {
  const ask = fc.record({
    pass: fc.integer({ min: 0, max: 3_000 }),
    bytes: fc.integer({ min: 0, max: 400 }),
    back: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(ask, { maxLength: 80 }), (asks) => {
      let time = 0;
      const rate = createRate(100, 500, () => time);
      const level = rate.fresh();
      const given: { readonly at: number; readonly bytes: number }[] = [];
      for (const { pass, bytes, back } of asks) {
        time += pass;
        const wait = rate.spend(level, bytes);
        expect(wait).toBeGreaterThanOrEqual(0);
        // Who left while waiting gives it back.
        if (back) rate.spend(level, -bytes);
        else given.push({ at: time + wait, bytes });
      }
      for (const { at } of given) {
        const until = given.filter((other) => other.at <= at).reduce((sum, { bytes }) => sum + bytes, 0);
        expect(until).toBeLessThanOrEqual(500 + at / 10 + 1e-6);
      }
    }),
  );
});
