/**
 * Random members, devices and commands against a plain model that knows nothing of entries, hashes or signatures. The
 * model says which command must be taken; the fold must agree each time, and the invariants must hold after each.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { may, owners, roleOf } from "#core/rules/may.ts";
import { newLog } from "#core/rules/state.ts";
import { createTeam, deviceBody, ingestInto, makeDevice } from "../helpers/people.ts";
import type { Person, Team } from "../helpers/people.ts";

const ROLES = ["owner", "admin", "approver", "member", "auditor", "guest"] as const;
type RoleName = (typeof ROLES)[number];
const isBoss = (role: RoleName | null) => role === "owner" || role === "admin";
const ownersOnly = (role: RoleName) => role === "owner" || role === "admin";

interface Model {
  /** Role of each person, null once gone. */
  readonly roles: (RoleName | null)[];
  /** `owner * 2 + 0|1`: whether that device works. */
  readonly devices: boolean[];
}
const countOwners = (model: Model) => model.roles.filter((role) => role === "owner").length;

type Step =
  | { readonly kind: "role"; readonly by: number; readonly of: number; readonly from: RoleName; readonly to: RoleName }
  | { readonly kind: "remove"; readonly by: number; readonly of: number }
  | { readonly kind: "revoke"; readonly by: number; readonly device: number };

/** Whether `by` may give or take `role`. */
const mayTouch = (model: Model, by: number, role: RoleName): boolean =>
  model.roles[by] === "owner" || (model.roles[by] === "admin" && !ownersOnly(role));

const expected = (model: Model, step: Step): boolean => {
  const device = step.by;
  const actor = device >> 1;
  if (!model.devices[device] || model.roles[actor] === null) return false;
  if (step.kind === "revoke") {
    if (!model.devices[step.device] || step.device === device) return false;
    const target = step.device >> 1;
    if (target === actor) return true;
    return isBoss(model.roles[actor] ?? null) && mayTouch(model, actor, model.roles[target] as RoleName);
  }
  const role = model.roles[step.of];
  if (role === null || role === undefined) return false;
  const lastOwner = role === "owner" && countOwners(model) === 1;
  if (step.kind === "remove")
    return !lastOwner && (step.of === actor || (isBoss(model.roles[actor] ?? null) && mayTouch(model, actor, role)));
  return (
    isBoss(model.roles[actor] ?? null) &&
    role === step.from &&
    mayTouch(model, actor, step.from) &&
    mayTouch(model, actor, step.to) &&
    !(lastOwner && step.to !== "owner")
  );
};

const apply = (model: Model, step: Step): void => {
  if (step.kind === "role") model.roles[step.of] = step.to;
  else if (step.kind === "revoke") model.devices[step.device] = false;
  else {
    model.roles[step.of] = null;
    model.devices[step.of * 2] = false;
    model.devices[step.of * 2 + 1] = false;
  }
};

const PEOPLE = 4;
const who = fc.nat(PEOPLE - 1);
const device = fc.nat(PEOPLE * 2 - 1);
const role = fc.constantFrom(...ROLES);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("role" as const), by: device, of: who, from: role, to: role }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove" as const), by: device, of: who }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("revoke" as const), by: device, device }) },
);

const cast = (roles: readonly RoleName[]): { team: Team; devices: Person[]; model: Model } => {
  const team = createTeam();
  const people = [team.ada, ...roles.map((name, i) => team.member(`Person ${i}`, name))];
  const devices = people.flatMap((person) => {
    const second = makeDevice(person);
    team.given(person, LOG, "device.add", deviceBody(team.wid, second));
    return [person, second];
  });
  return { team, devices, model: { roles: ["owner", ...roles], devices: devices.map(() => true) } };
};

const bodyOf = (devices: readonly Person[], item: Step): unknown =>
  item.kind === "revoke"
    ? { device: devices[item.device]?.device }
    : item.kind === "remove"
      ? { member: devices[item.of * 2]?.member }
      : { member: devices[item.of * 2]?.member, from: item.from, to: item.to };
const kindOf = { role: "member.role", remove: "member.remove", revoke: "device.revoke" } as const;

test("[MB2] [MB4] [MB6] [MB7] [MB9] [T15] whatever people send in whatever order, the fold agrees with the model and an Owner stays", () => {
  fc.assert(
    fc.property(
      fc.array(role, { minLength: PEOPLE - 1, maxLength: PEOPLE - 1 }),
      fc.array(fc.tuple(step, fc.boolean()), { minLength: 5, maxLength: 30 }),
      (roles, steps) => {
        const { team, devices, model } = cast(roles);
        // Some commands are signed now and delivered at the end: only the position may count.
        const held: [Step, string][] = [];
        const sign = (item: Step) =>
          team.sign(devices[item.by] as Person, LOG, kindOf[item.kind], bodyOf(devices, item));
        const counters = devices.map(() => 0);
        const deliver = (item: Step, command: string, n: number): void => {
          const fresh = n > (counters[item.by] ?? 0);
          const should = expected(model, item) && fresh;
          const taken = team.take(team.log, command);
          expect([item, taken.ok]).toEqual([item, should]);
          if (!taken.ok) return;
          counters[item.by] = n;
          apply(model, item);
          expect(owners(team.log).length).toBeGreaterThan(0);
          expect(model.roles.map((_, i) => roleOf(team.log, (devices[i * 2] as Person).member))).toEqual(model.roles);
        };
        const numberOf = (command: string) =>
          (JSON.parse(Buffer.from(command.split(".")[1] ?? "", "base64url").toString()) as { n: number }).n;
        for (const [item, offline] of steps) {
          const command = sign(item);
          if (offline) held.push([item, command]);
          else deliver(item, command, numberOf(command));
        }
        for (const [item, command] of held) deliver(item, command, numberOf(command));
        // Every replica comes to the same state.
        const copy = newLog(team.wid);
        for (const { text } of team.entries) ingestInto(copy, copy, text);
        expect(copy).toEqual(team.log);
      },
    ),
    { numRuns: 60 },
  );
});

test("[CH1] [CH2] [CH15] entries taken out, doubled, swapped or changed never fold further than the honest part", () => {
  const { team } = cast(["admin", "member", "guest"]);
  const honest = team.entries.filter(({ doc }) => doc === LOG).map(({ text }) => text);
  const tamper = fc.oneof(
    fc.record({ how: fc.constant("drop" as const), at: fc.nat(honest.length - 2) }),
    fc.record({ how: fc.constant("double" as const), at: fc.nat(honest.length - 1) }),
    fc.record({ how: fc.constant("swap" as const), at: fc.nat(honest.length - 2) }),
    fc.record({ how: fc.constant("byte" as const), at: fc.nat(honest.length - 1), where: fc.nat(2_000) }),
  );
  fc.assert(
    fc.property(tamper, (change) => {
      const entries = [...honest];
      const { at } = change;
      if (change.how === "drop") entries.splice(at, 1);
      else if (change.how === "double") entries.splice(at + 1, 0, entries[at] as string);
      else if (change.how === "swap") entries.splice(at, 2, entries[at + 1] as string, entries[at] as string);
      else {
        const text = entries[at] as string;
        const where = change.where % text.length;
        entries[at] = text.slice(0, where) + String.fromCharCode(text.charCodeAt(where) ^ 1) + text.slice(where + 1);
      }
      const log = newLog(team.wid);
      const refused = entries.findIndex((text) => !ingestInto(log, log, text).ok);
      // A changed digit of the last entry's time is the one change that no signature or later entry covers.
      const onlyTime = change.how === "byte" && at === honest.length - 1 && refused < 0;
      expect(refused >= 0 || onlyTime).toBe(true);
      expect(log.seq).toBeGreaterThanOrEqual(Math.min(at, honest.length - 1));
      for (const [i, text] of honest.entries()) if (i < Math.min(at, log.seq)) expect(entries[i]).toBe(text);
      if (onlyTime) expect(log.head).not.toBe(team.log.head);
    }),
    { numRuns: 300 },
  );
});

test("[T7] a role gives nobody a right outside its row, at any position of any history", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(role, role), { minLength: 1, maxLength: 12 }), (changes) => {
      const team = createTeam();
      const ben = team.member("Ben", "guest");
      const seen: [number, RoleName][] = [[team.log.seq, "guest"]];
      for (const [, to] of changes) {
        team.given(team.ada, LOG as DocName, "member.role", { member: ben.member, from: seen.at(-1)?.[1], to });
        seen.push([team.log.seq, to]);
      }
      for (const [position, name] of seen) {
        expect(may(team.log, ben.member, "members.assign", null, position).allowed).toBe(isBoss(name));
        expect(may(team.log, ben.member, "approvals.decide", null, position).allowed).toBe(
          ["owner", "admin", "approver"].includes(name),
        );
      }
    }),
    { numRuns: 40 },
  );
});
