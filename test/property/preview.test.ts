/** What a change of the policy is said to do, against what the same calls then get. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { QueuePolicy, Rule } from "#core/protocol/command.ts";
import type { RoleId } from "#core/protocol/ids.ts";
import type { Policy } from "#core/rules/state.ts";
import { evaluate, needed, STRENGTH } from "../../electron/host/gate/match.ts";
import { effectKey, previewOf } from "../../electron/host/gate/preview.ts";

const SERVERS = ["one", "two"] as const;
const TOOLS = ["read", "write"] as const;
const ROLES = ["member", "guest"] as RoleId[];
const PLACES = SERVERS.flatMap((server) => TOOLS.map((tool) => ({ server, tool })));
const queue = (id: string, n: number): QueuePolicy => ({
  id: id as QueuePolicy["id"],
  name: id,
  all: [{ n, roles: ROLES, members: [] }],
  deny: 1,
  decideMs: 60_000,
  useMs: 60_000,
  steps: [],
  practice: true,
  oneForTwo: false,
  independent: false,
  phone: "reject",
  grants: "none",
});
const QUEUES = [queue("approvers", 1), queue("two", 2)];

const effect = fc.constantFrom<Rule["effect"]>(
  { kind: "allow" },
  { kind: "confirm" },
  { kind: "deny" },
  { kind: "ask", queue: "approvers" as QueuePolicy["id"] },
  { kind: "ask", queue: "two" as QueuePolicy["id"] },
);
const condition = fc.constantFrom<Rule["args"][number]>(
  { path: "path", op: "under", value: "/a" },
  { path: "n", op: "at-most", value: "5" },
  { path: "mode", op: "equals", value: "x" },
);
const rule = fc.record({
  server: fc.constantFrom<Rule["server"]>(null, ...(SERVERS as unknown as Rule["server"][])),
  tools: fc.subarray([...TOOLS]),
  except: fc.boolean(),
  args: fc.oneof(
    { weight: 2, arbitrary: fc.constant<Rule["args"]>([]) },
    fc.array(condition, { minLength: 1, maxLength: 2 }),
  ),
  roles: fc.subarray(ROLES),
  effect,
});
const policyOf = (rules: readonly Omit<Rule, "id">[], unnamed: Policy["unnamed"], from = 0): Policy => ({
  unnamed,
  rules: rules.map((each, i) => ({ ...each, id: `r${from + i}` })),
  queues: QUEUES,
});
const unnamed = fc.constantFrom<Policy["unnamed"]>("ask", "confirm", "deny");
/** Two policies with most rules in common, as an edit makes them, or with none. */
const pair = fc
  .tuple(
    fc.array(rule, { maxLength: 4 }),
    fc.array(rule, { maxLength: 2 }),
    fc.array(rule, { maxLength: 2 }),
    unnamed,
    fc.option(unnamed),
  )
  .map(([common, gone, come, was, is]) => {
    const before = policyOf([...common, ...gone], was);
    const kept = policyOf(common, was);
    return [
      before,
      { ...kept, unnamed: is ?? was, rules: [...kept.rules, ...policyOf(come, was, 100).rules] },
    ] as const;
  });
const args = fc.record(
  {
    path: fc.constantFrom<unknown>("/a/x", "/b/x", 7, ["/a/x", "/b"]),
    n: fc.constantFrom<unknown>(1, 9, "3"),
    mode: fc.constantFrom<unknown>("x", "y", "X"),
  },
  { requiredKeys: [] },
);

const strength = (policy: Policy, asked: Parameters<typeof evaluate>[1]): number => {
  const { effect: found } = evaluate(policy, asked);
  return STRENGTH[found.kind] + (found.kind === "ask" ? needed(policy, found) / 1_000 : 0);
};

test("[T20] what is said to change is what every tool and role then gets, no more and no less", () => {
  fc.assert(
    fc.property(pair, ([before, after]) => {
      const said = previewOf(before, after, PLACES, ROLES).changes.flatMap(({ from, to, tools, roles }) =>
        tools.flatMap((place) =>
          roles.map((role) => `${place.server} ${place.tool} ${role}: ${effectKey(from)} > ${effectKey(to)}`),
        ),
      );
      const happens = PLACES.flatMap((place) =>
        ROLES.flatMap((role) => {
          const [from, to] = [before, after].map((policy) =>
            effectKey(evaluate(policy, { ...place, role, args: null }).effect),
          );
          return from === to ? [] : [`${place.server} ${place.tool} ${role}: ${from} > ${to}`];
        }),
      );
      expect(said.toSorted()).toEqual(happens.toSorted());
    }),
    { numRuns: 2_000 },
  );
});

test("[T20] no call gets easier, whatever its arguments, by a change that is not said to loosen", () => {
  let easier = 0;
  fc.assert(
    fc.property(
      pair,
      args,
      fc.constantFrom(...PLACES),
      fc.constantFrom(...ROLES),
      ([before, after], given, place, role) => {
        const asked = { ...place, role, args: JSON.stringify(given) };
        if (strength(after, asked) >= strength(before, asked)) return;
        easier += 1;
        expect(previewOf(before, after, PLACES, ROLES).loosens).toBe(true);
      },
    ),
    { numRuns: 8_000 },
  );
  expect(easier).toBeGreaterThan(200);
});

test("[T20] no call gets harder by a change that is not said to tighten, and the same policy in another order is the same", () => {
  fc.assert(
    fc.property(
      pair,
      args,
      fc.constantFrom(...PLACES),
      fc.constantFrom(...ROLES),
      ([before, after], given, place, role) => {
        const asked = { ...place, role, args: JSON.stringify(given) };
        if (strength(after, asked) > strength(before, asked))
          expect(previewOf(before, after, PLACES, ROLES).tightens).toBe(true);
        const turned = { ...before, rules: before.rules.toReversed().map((each, i) => ({ ...each, id: `other${i}` })) };
        expect(previewOf(before, turned, PLACES, ROLES)).toMatchObject({
          same: true,
          changes: [],
          conditional: [],
          queues: [],
        });
      },
    ),
    { numRuns: 8_000 },
  );
});

test("[T20] a queue is said to be easier whenever it needs fewer people, or may be decided by others", () => {
  const policy = policyOf([], "ask");
  const eases = (part: Partial<QueuePolicy>, was: QueuePolicy = queue("approvers", 2)): readonly string[] =>
    previewOf({ ...policy, queues: [was] }, { ...policy, queues: [{ ...was, ...part }] }, PLACES, ROLES).queues.flatMap(
      (each) => each.eases,
    );
  const two = queue("approvers", 2).all[0] as QueuePolicy["all"][number];
  expect(eases({ all: [{ ...two, n: 1 }] })).toEqual(["fewer", "others"]);
  expect(eases({ all: [{ ...two, roles: [...ROLES, "owner" as RoleId] }] })).toEqual(["others"]);
  expect(eases({ all: [{ ...two, n: 3, roles: ["guest" as RoleId] }] })).toEqual([]);
  expect(eases({ steps: [{ afterMs: 60_000, all: [two] }] })).toEqual(["steps"]);
  expect(eases({ oneForTwo: true, deny: 2, useMs: 90_000 })).toEqual(["one-for-two", "rejections", "longer"]);
  expect(eases({ independent: false }, { ...queue("approvers", 2), independent: true })).toEqual(["independent"]);
  expect(
    previewOf(
      { ...policy, queues: [queue("approvers", 2)] },
      { ...policy, queues: [queue("approvers", 3)] },
      PLACES,
      ROLES,
    ),
  ).toMatchObject({ loosens: false, tightens: true, same: false, queues: [{ how: "changed", tools: 4 }] });
  // A name alone makes nothing easier or harder, and is a change all the same.
  expect(
    previewOf(
      policy,
      { ...policy, queues: [{ ...(QUEUES[0] as QueuePolicy), name: "People" }, ...QUEUES.slice(1)] },
      PLACES,
      ROLES,
    ),
  ).toMatchObject({ loosens: false, tightens: false, same: false });
});
