/** Random votes, demotions, delays and cancellations of one request against a plain model of how it is decided. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import type { Hash } from "#core/protocol/ids.ts";
import { policyPosition } from "#core/rules/may.ts";
import { createTeam, deviceBody, lane, makeDevice, QUEUE, queueOf, requestBody } from "../helpers/people.ts";
import type { Person } from "../helpers/people.ts";
import type { ApprovalDoc } from "#core/rules/state.ts";

const MINUTE = 60_000;
const VOTERS = 5;

type Step =
  | { readonly kind: "vote"; readonly by: number; readonly v: "approve" | "reject"; readonly second: boolean }
  | { readonly kind: "role"; readonly of: number; readonly to: "approver" | "member" | "admin" }
  | { readonly kind: "wait"; readonly minutes: number }
  | { readonly kind: "cancel" }
  | { readonly kind: "use" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("vote" as const),
      by: fc.nat(VOTERS - 1),
      v: fc.constantFrom("approve" as const, "reject" as const),
      second: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("role" as const),
      of: fc.nat(VOTERS - 1),
      to: fc.constantFrom("approver" as const, "member" as const, "admin" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("wait" as const), minutes: fc.nat(25) }) },
  { weight: 1, arbitrary: fc.constant({ kind: "cancel" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "use" as const }) },
);
const policy = fc.record({
  approvers: fc.integer({ min: 1, max: 3 }),
  admins: fc.integer({ min: 0, max: 2 }),
  deny: fc.integer({ min: 1, max: 2 }),
});

interface Model {
  readonly roles: string[];
  readonly votes: Map<number, "approve" | "reject">;
  state: "pending" | "approved" | "rejected" | "canceled" | "used";
  minutes: number;
}

const decides = (role: string | undefined): boolean => role === "approver" || role === "admin";

const afterVote = (
  model: Model,
  { approvers, admins, deny }: { approvers: number; admins: number; deny: number },
): Model["state"] => {
  const counting = [...model.votes].filter(([by]) => decides(model.roles[by]));
  const yes = counting.filter(([, v]) => v === "approve");
  if (counting.length - yes.length >= deny) return "rejected";
  const enoughAdmins = yes.filter(([by]) => model.roles[by] === "admin").length >= admins;
  return yes.length >= approvers && enoughAdmins ? "approved" : "pending";
};

test("[AP2] [AP3] [AP4] [AP5] [AP6] [AP7] [AP8] [AP9] [AP10] [AP11] [T20] any sequence of votes, demotions, delays and cancellations is decided as the model decides it, in queue and lane alike", () => {
  fc.assert(
    fc.property(policy, fc.array(step, { minLength: 3, maxLength: 25 }), (numbers, steps) => {
      const team = createTeam();
      // Person 0 asks; the others are approvers to begin with.
      const people = Array.from({ length: VOTERS }, (_, i) => team.member(`Person ${i}`, "approver"));
      const second = people.map((person) => {
        const device = makeDevice(person);
        team.given(person, LOG, "device.add", deviceBody(team.wid, device));
        return device;
      });
      const all = [
        { n: numbers.approvers, roles: ["approver", "admin"] },
        ...(numbers.admins > 0 ? [{ n: numbers.admins, roles: ["admin"] }] : []),
      ];
      team.given(team.ada, LOG, "policy.set", {
        base: policyPosition(team.log),
        unnamed: "ask",
        rules: [],
        queues: [queueOf("approvers", all, { deny: numbers.deny, decideMs: 30 * MINUTE })],
      });
      const asker = people[0] as Person;
      const mine = team.chain(lane(asker)) as ApprovalDoc;
      const both = (by: Person, kind: string, body: unknown): boolean => {
        const command = team.sign(by, QUEUE, kind, body);
        const inQueue = team.take(team.queue, command);
        if (inQueue.ok) expect(team.take(mine, command).ok).toBe(true);
        return inQueue.ok;
      };
      expect(both(asker, "approval.request", requestBody())).toBe(true);
      const id = [...team.queue.requests.keys()][0] as Hash;
      const model: Model = { roles: people.map(() => "approver"), votes: new Map(), state: "pending", minutes: 0 };

      const run = (item: Step): [boolean, boolean] => {
        if (item.kind === "wait") {
          team.pass(item.minutes * MINUTE);
          model.minutes += item.minutes;
          return [true, true];
        }
        if (item.kind === "role") {
          const from = model.roles[item.of] as string;
          model.roles[item.of] = item.to;
          return [
            true,
            team.send(team.ada, LOG, "member.role", { member: (people[item.of] as Person).member, from, to: item.to })
              .ok,
          ];
        }
        if (item.kind === "cancel") {
          const should = model.state === "pending" || model.state === "approved";
          if (should) model.state = "canceled";
          return [should, both(asker, "approval.cancel", { request: id })];
        }
        if (item.kind === "use") {
          const should = model.state === "approved";
          if (should) model.state = "used";
          return [should, both(asker, "approval.used", { request: id, result: "ok" })];
        }
        const should =
          model.state === "pending" &&
          model.minutes <= 30 &&
          item.by !== 0 &&
          decides(model.roles[item.by]) &&
          !model.votes.has(item.by);
        if (should) {
          model.votes.set(item.by, item.v);
          model.state = afterVote(model, numbers);
        }
        return [
          should,
          both((item.second ? second : people)[item.by] as Person, "approval.vote", {
            request: id,
            v: item.v,
            note: null,
          }),
        ];
      };
      for (const item of steps) {
        const [should, did] = run(item);
        expect([item, did]).toEqual([item, should]);
        expect(team.queue.requests.get(id)?.state).toBe(model.state);
        expect(mine.requests.get(id)?.state).toBe(model.state);
      }
    }),
    { numRuns: 80 },
  );
});
