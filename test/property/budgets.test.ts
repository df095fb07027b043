/** Random people who write as much as they like at random moments, against a plain model of what a store of units is. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { affords, OWN, spend } from "#core/rules/budget.ts";
import type { Budget } from "#core/rules/budget.ts";
import { DEVICES_MAX, devicesInForce } from "#core/rules/devices.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { MemberId } from "#core/protocol/ids.ts";
import { newLog } from "#core/rules/state.ts";
import { readState, writeState } from "#core/rules/state-text.ts";
import { waitingOf, WAITING_MAX } from "#core/rules/waiting.ts";
import { createTeam, deviceBody, rotateBody, ingestInto, makeDevice, QUEUE, requestBody } from "../helpers/people.ts";

const MINUTE = 60_000;
const BEN = "B".repeat(22) as MemberId;
const budgets = fc.record({
  name: fc.constant("any"),
  holds: fc.integer({ min: 1, max: 50 }),
  unitMs: fc.integer({ min: 1, max: 10 * MINUTE }),
});
const tries = fc.array(
  fc.record({ units: fc.integer({ min: 1, max: 6 }), after: fc.oneof(fc.constant(0), fc.nat(20 * MINUTE)) }),
  { minLength: 1, maxLength: 200 },
);

interface Took {
  readonly at: number;
  readonly units: number;
}
const play = (budget: Budget, wishes: readonly { readonly units: number; readonly after: number }[]) => {
  const chain = newLog("W".repeat(43) as never);
  let time = 1_800_000_000_000;
  const took: Took[] = [];
  const answers = wishes.map(({ units, after }) => {
    time += after;
    const may = affords(chain, budget, BEN, units, time);
    if (may) {
      spend(chain, budget, BEN, units, time);
      took.push({ at: time, units });
    }
    return may;
  });
  return { chain, took, answers, time };
};

test("[BU2] no span of time holds more than a full store and what came back in it", () => {
  fc.assert(
    fc.property(budgets, tries, (budget, wishes) => {
      const { took } = play(budget, wishes);
      for (const [i, first] of took.entries()) {
        let units = 0;
        for (const { at, units: more } of took.slice(i)) {
          units += more;
          expect(units * budget.unitMs).toBeLessThanOrEqual(budget.holds * budget.unitMs + (at - first.at));
        }
      }
    }),
    { numRuns: 200 },
  );
});

test("[BU2] after the time of a full store everything can be taken again, whatever was done before", () => {
  fc.assert(
    fc.property(budgets, tries, fc.integer({ min: -400 * 86_400_000, max: 0 }), (budget, wishes, back) => {
      const { chain, time } = play(budget, wishes);
      // Also where a wrong clock was set right meanwhile: how far it had gone wrong does not matter.
      const right = time + back;
      if (affords(chain, budget, BEN, 1, right)) spend(chain, budget, BEN, 1, right);
      const [, from = right] = chain.spent.get(`any ${BEN}`) ?? [];
      expect(affords(chain, budget, BEN, budget.holds, Math.max(from, right) + budget.holds * budget.unitMs)).toBe(
        true,
      );
    }),
    { numRuns: 200 },
  );
});

const PEOPLE = 3;
const steps = fc.array(
  fc.record({
    by: fc.nat(PEOPLE - 1),
    times: fc.integer({ min: 1, max: 12 }),
    kind: fc.constantFrom("add", "rotate", "revoke", "rename", "ask", "cancel"),
    after: fc.oneof({ weight: 4, arbitrary: fc.nat(1_000) }, { weight: 1, arbitrary: fc.nat(3 * 3_600_000) }),
  }),
  { minLength: 10, maxLength: 30 },
);

test("[BU1] [BU2] [BU4] [BU6] whatever people send, nobody has more than they may, and every replica comes to the same", () => {
  fc.assert(
    fc.property(steps, (list) => {
      const team = createTeam();
      const people = ["Ben", "Cleo", "Dana"].map((name) => ({
        member: team.member(name),
        devices: [] as ReturnType<typeof makeDevice>[],
        asked: [] as string[],
      }));
      for (const person of people) person.devices.push(person.member);
      for (const [i, { by, kind, after }] of list
        .flatMap((step) => Array.from({ length: step.times }, () => step))
        .entries()) {
        const person = people[by] as (typeof people)[number];
        const [device = person.member] = person.devices;
        team.pass(after);
        const next = makeDevice(person.member);
        if (kind === "add" && team.send(device, LOG, "device.add", deviceBody(team.wid, next)).ok)
          person.devices.push(next);
        if (kind === "rotate" && team.send(device, LOG, "device.rotate", rotateBody(team.wid, next)).ok)
          person.devices[0] = next;
        const last = person.devices.length > 1 ? person.devices.at(-1) : undefined;
        if (
          kind === "revoke" &&
          last !== undefined &&
          team.send(device, LOG, "device.revoke", { device: last.device }).ok
        )
          person.devices.pop();
        if (kind === "rename") team.send(device, LOG, "member.rename", { name: `${person.member.name} ${i}` });
        if (kind === "ask") {
          const taken = team.send(device, QUEUE, "approval.request", requestBody());
          if (taken.ok) person.asked.push(taken.command);
        }
        if (kind === "cancel")
          team.send(device, QUEUE, "approval.cancel", { request: person.asked.shift() ?? "A".repeat(43) });
        for (const { member } of people) {
          expect(devicesInForce(team.log, member.member).length).toBeLessThanOrEqual(DEVICES_MAX);
          const open = [...team.queue.requests.values()].filter(
            ({ requester, state, decideBy }) =>
              requester === member.member && state === "pending" && team.now <= decideBy,
          );
          expect(open.length).toBeLessThanOrEqual(WAITING_MAX);
          expect(waitingOf(team.queue, member.member, team.now).toSorted()).toEqual(
            open.map(({ id }) => id).toSorted(),
          );
          expect(team.log.spent.get(`own ${member.member}`)?.[0] ?? 0).toBeLessThanOrEqual(OWN.holds * OWN.unitMs);
        }
      }
      const copy = newLog(team.wid);
      const half = team.entries.filter(({ doc }) => doc === LOG).map(({ text }) => text);
      for (const text of half.slice(0, half.length >> 1)) ingestInto(copy, copy, text);
      const resumed = readState(writeState(copy)) ?? copy;
      for (const text of half.slice(half.length >> 1)) ingestInto(resumed, resumed, text);
      expect(resumed).toEqual(team.log);
    }),
    { numRuns: 40 },
  );
});
