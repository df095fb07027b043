/** How many devices and open requests one person may have, and how much they may write into what everybody keeps. */
import { describe, expect, test } from "vitest";
import { ACTS, ASKS, INVITES, JOINS, OWN } from "#core/rules/budget.ts";
import { DEVICES_MAX, devicesInForce } from "#core/rules/devices.ts";
import { ADMIN, LOG, queueDoc } from "#core/protocol/ids.ts";
import type { Hash, QueueId } from "#core/protocol/ids.ts";
import { policyPosition } from "#core/rules/may.ts";
import { why } from "#core/facts/why.ts";
import { newLog } from "#core/rules/state.ts";
import { readState, writeState } from "#core/rules/state-text.ts";
import { waitingOf, WAITING_IN_ALL_MAX, WAITING_MAX } from "#core/rules/waiting.ts";
import {
  createTeam,
  deviceBody,
  rotateBody,
  ingestInto,
  joinBody,
  lane,
  makeDevice,
  makeInvite,
  makePerson,
  QUEUE,
  queueOf,
  requestBody,
} from "../../helpers/people.ts";
import type { Person, Team } from "../../helpers/people.ts";
import { factWords } from "#text/facts.ts";

const DAY = 86_400_000;
const no = (code: string) => ({ ok: false, code });
const times = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const add = (team: Team, by: Person, device = makeDevice(by)) => ({
  device,
  taken: team.send(by, LOG, "device.add", deviceBody(team.wid, device)),
});
const rename = (team: Team, by: Person, name: string) => team.send(by, LOG, "member.rename", { name });

describe("[BU1] a member has at most ten devices in use", () => {
  const full = (role = "member"): { team: Team; ben: Person; devices: Person[] } => {
    const team = createTeam();
    const ben = team.member("Ben", role);
    const devices = times(DEVICES_MAX - 1).map(() => {
      const { device, taken } = add(team, ben);
      expect(taken.ok).toBe(true);
      return device;
    });
    return { team, ben, devices };
  };

  test.each(["guest", "member", "admin"])(
    "the eleventh of a %s is refused, and one that was revoked makes room",
    (role) => {
      const { team, ben, devices } = full(role);
      const before = writeState(team.log);
      expect(add(team, ben).taken).toEqual(no("too-many-devices"));
      expect(writeState(team.log)).toBe(before);
      team.given(ben, LOG, "device.revoke", { device: devices[0]?.device });
      expect(add(team, ben).taken.ok).toBe(true);
      expect(add(team, ben).taken).toEqual(no("too-many-devices"));
      expect(devicesInForce(team.log, ben.member)).toHaveLength(DEVICES_MAX);
    },
  );

  test("replacing a key keeps the number, also at the limit", () => {
    const { team, ben } = full();
    const next = makeDevice(ben);
    expect(team.send(ben, LOG, "device.rotate", rotateBody(team.wid, next)).ok).toBe(true);
    expect(devicesInForce(team.log, ben.member)).toHaveLength(DEVICES_MAX);
    expect(add(team, next).taken).toEqual(no("too-many-devices"));
  });

  test("whoever comes back has one", () => {
    const { team, ben } = full();
    const found = makeDevice(ben);
    team.given(
      found,
      LOG,
      "member.join",
      joinBody(team.wid, makeInvite(team.ada, team.wid, team.now, { member: ben.member }), found),
    );
    expect(devicesInForce(team.log, ben.member).map(({ id }) => id)).toEqual([found.device]);
    expect(add(team, found).taken.ok).toBe(true);
  });

  test("and the words of the refusal say how many", () => {
    expect(factWords(why("too-many-devices"))).toContain(`You have ${DEVICES_MAX} devices`);
  });

  test("another person's devices do not count", () => {
    const { team } = full();
    expect(add(team, team.ada).taken.ok).toBe(true);
  });
});

describe("[BU2] what anybody may write for themselves is bounded by the day", () => {
  test("renaming forty times, then no more until time has passed", () => {
    const team = createTeam();
    const gus = team.member("Gus", "guest");
    for (const i of times(OWN.holds)) expect(rename(team, gus, `Gus ${i}`).ok).toBe(true);
    expect(rename(team, gus, "Gus again")).toEqual(no("too-often"));
    team.pass(OWN.unitMs - 1);
    expect(rename(team, gus, "Gus again")).toEqual(no("too-often"));
    team.pass(1);
    expect(rename(team, gus, "Gus again").ok).toBe(true);
    expect(rename(team, gus, "Gus once more")).toEqual(no("too-often"));
    team.pass(DAY);
    for (const i of times(OWN.holds)) expect(rename(team, gus, `Gus ${i}`).ok).toBe(true);
    expect(rename(team, gus, "Gus")).toEqual(no("too-often"));
  });

  test("adding and revoking devices in turn ends, and revoking never does", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const cycle = (): string => {
      const { device, taken } = add(team, ben);
      if (!taken.ok) return taken.code;
      expect(team.send(ben, LOG, "device.revoke", { device: device.device }).ok).toBe(true);
      return "ok";
    };
    const went = times(20).map(cycle);
    expect(went.filter((each) => each === "ok")).toHaveLength(13);
    expect(went.at(-1)).toBe("too-often");
    expect(rename(team, ben, "Benjamin").ok).toBe(true);
  });

  test("whoever used up their budget still revokes, ends a delegation, is removed, and leaves", () => {
    const team = createTeam();
    const [cleo, dana] = [team.member("Cleo", "approver"), team.member("Dana", "approver")];
    const { device } = add(team, cleo);
    for (const i of times(50))
      team.send(cleo, LOG, "approval.delegate", { to: dana.member, until: team.now + DAY - i });
    expect(rename(team, cleo, "Cleopatra")).toEqual(no("too-often"));
    expect(team.send(cleo, LOG, "approval.undelegate", {}).ok).toBe(true);
    expect(team.send(cleo, LOG, "device.revoke", { device: device.device }).ok).toBe(true);
    expect(team.send(cleo, LOG, "member.remove", { member: cleo.member }).ok).toBe(true);
  });

  test("all devices of a person share one budget, and nobody else's is touched", () => {
    const team = createTeam();
    const [ben, cleo] = [team.member("Ben"), team.member("Cleo")];
    const { device } = add(team, ben);
    const took = times(50).filter((i) => rename(team, i % 2 === 0 ? ben : device, `Ben ${i}`).ok);
    expect(took).toHaveLength(OWN.holds - 3);
    expect(rename(team, device, "Ben")).toEqual(no("too-often"));
    expect(rename(team, cleo, "Cleopatra").ok).toBe(true);
    const next = makeDevice(ben);
    expect(team.send(ben, LOG, "device.rotate", rotateBody(team.wid, next))).toEqual(no("too-often"));
  });

  test("a refused command costs nothing", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    for (const _ of times(100)) expect(rename(team, ben, "Ben")).toEqual(no("already-exists"));
    expect(rename(team, ben, "Benjamin").ok).toBe(true);
    expect(team.log.spent.get(`own ${ben.member}`)).toEqual([OWN.unitMs, team.now]);
  });
});

describe("[BU3] whoever may change the workspace may write many more", () => {
  test("fifty people, their roles, twenty servers of ten tools and a rule for each tool are taken at once", () => {
    const team = createTeam();
    const invite = makeInvite(team.ada, team.wid, team.now, { uses: 50 });
    for (const i of times(49)) {
      const who = makePerson(`Person ${i}`);
      team.given(who, LOG, "member.join", joinBody(team.wid, invite, who));
      team.given(team.ada, LOG, "member.role", { member: who.member, from: "member", to: "approver" });
    }
    for (const s of times(20)) {
      const id = String(s).padStart(22, "T");
      const tools = times(10).map((t) => ({
        name: `tool_${t}`,
        schema: "s".repeat(43),
        readOnly: false,
        destructive: true,
      }));
      const rules = tools.map(({ name }, t) => ({
        id: `s${s}t${t}`,
        server: id,
        tools: [name],
        except: false,
        args: [],
        roles: [],
        effect: { kind: "confirm" },
      }));
      team.given(team.ada, LOG, "tool.define", {
        id,
        name: `Server ${s}`,
        launch: { kind: "http", url: "https://tools.example", headers: [], vars: [] },
        tools,
        policy: { base: policyPosition(team.log), rules },
      });
      for (const { name } of tools)
        team.given(team.ada, LOG, "tool.accept", {
          server: id,
          base: team.log.servers.get(id as never)?.position,
          tool: name,
          schema: "t".repeat(43),
          readOnly: false,
          destructive: false,
        });
    }
    const [spent = 0] = team.log.spent.get(`acts ${team.ada.member}`) ?? [];
    expect(spent / ACTS.unitMs).toBeLessThan(ACTS.holds / 2);
  });

  test("and not without end", () => {
    const team = createTeam();
    const toggle = (i: number) =>
      team.send(team.ada, LOG, "server.key", { x: i % 2 === 0 ? team.ada.key.x : team.ada.enc });
    for (const i of times(ACTS.holds)) expect(toggle(i).ok).toBe(true);
    expect(toggle(0)).toEqual(no("too-often"));
    expect(rename(team, team.ada, "Ada L.").ok).toBe(true);
    team.pass(ACTS.unitMs);
    expect(toggle(0).ok).toBe(true);
  });

  test("a long command costs more", () => {
    const team = createTeam();
    const queues = times(32).map((i) =>
      queueOf(
        `q${i}`,
        times(4).map(() => ({ n: 1, members: times(10).map(() => team.ada.member) })),
      ),
    );
    team.given(team.ada, LOG, "policy.set", { base: 0, unnamed: "ask", rules: [], queues });
    expect(team.log.spent.get(`acts ${team.ada.member}`)?.[0]).toBe(4 * ACTS.unitMs);
  });

  test("invites and the people they let in have budgets of their own", () => {
    const team = createTeam();
    const announce = () =>
      team.send(team.ada, ADMIN, "invite.create", { invite: makeInvite(team.ada, team.wid, team.now).jws, label: "" });
    for (const _ of times(INVITES.holds)) expect(announce().ok).toBe(true);
    expect(announce()).toEqual(no("too-often"));
    const invites = times(5).map(() => makeInvite(team.ada, team.wid, team.now, { uses: 50 }));
    const join = (i: number) => {
      const who = makePerson(`Person ${i}`);
      return team.send(who, LOG, "member.join", joinBody(team.wid, invites[Math.floor(i / 50)] as never, who));
    };
    for (const i of times(JOINS.holds)) expect(join(i).ok).toBe(true);
    expect(join(JOINS.holds)).toEqual(no("too-many-joins"));
    team.pass(JOINS.unitMs);
    expect(join(JOINS.holds).ok).toBe(true);
  });
});

describe("[BU4] open requests of one person", () => {
  const ask = (team: Team, by: Person, over: Record<string, unknown> = {}, doc = QUEUE) =>
    team.send(by, doc, "approval.request", requestBody(over));

  test("ten wait in one queue; deciding, withdrawing or time makes room, and an edit needs none", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const ids = times(WAITING_MAX).map((i) =>
      team.given(ben, QUEUE, "approval.request", requestBody({ ttlMs: i === 0 ? 60_000 : 3_600_000 })),
    );
    expect(ask(team, ben)).toEqual(no("too-many-waiting"));
    expect(ask(team, ben, { replaces: ids[5] }).ok).toBe(true);
    expect(ask(team, ben)).toEqual(no("too-many-waiting"));
    expect(ask(team, team.ada).ok).toBe(true);
    team.given(team.ada, QUEUE, "approval.vote", { request: ids[1], v: "reject", note: null });
    expect(ask(team, ben).ok).toBe(true);
    team.given(ben, QUEUE, "approval.cancel", { request: ids[2] });
    expect(ask(team, ben).ok).toBe(true);
    expect(ask(team, ben)).toEqual(no("too-many-waiting"));
    team.pass(60_001);
    expect(ask(team, ben).ok).toBe(true);
    expect(ask(team, ben)).toEqual(no("too-many-waiting"));
    expect(waitingOf(team.queue, ben.member, team.now)).toHaveLength(WAITING_MAX);
  });

  test("twenty wait in all queues together: the lane has no room for more", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const names = ["one", "two", "three"];
    team.given(team.ada, LOG, "policy.set", {
      base: 0,
      unnamed: "ask",
      rules: [],
      queues: names.map((id) => queueOf(id, [{ n: 1, roles: ["owner"] }])),
    });
    const own = team.chain(lane(ben));
    const both = (queue: string): string => {
      const doc = queueDoc(queue as QueueId);
      const command = team.sign(ben, doc, "approval.request", requestBody());
      const taken = team.take(own, command);
      return taken.ok ? String(team.take(team.chain(doc), command).ok) : taken.code;
    };
    for (const i of times(WAITING_IN_ALL_MAX)) expect(both(names[i % 2] as string)).toBe("true");
    expect(both("three")).toBe("too-many-waiting");
  });

  test("asking and withdrawing in turn ends too", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const turn = (): string => {
      const taken = ask(team, ben);
      if (!taken.ok) return taken.code;
      team.given(ben, QUEUE, "approval.cancel", { request: taken.command });
      return "ok";
    };
    for (const _ of times(ASKS.holds)) expect(turn()).toBe("ok");
    expect(turn()).toBe("asked-too-often");
    team.pass(ASKS.unitMs);
    expect([turn(), turn()]).toEqual(["ok", "asked-too-often"]);
  });

  test("a request that fills a command costs as much as four small ones, and so does each further copy", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const taken = ask(team, ben, { jwe: "x".repeat(40_000) });
    expect(team.queue.spent.get(`asks ${ben.member}`)?.[0]).toBe(4 * ASKS.unitMs);
    team.given(ben, QUEUE, "approval.rewrap", {
      request: taken.ok ? taken.command : ("" as Hash),
      jwe: "x".repeat(40_000),
    });
    expect(team.queue.spent.get(`asks ${ben.member}`)?.[0]).toBe(8 * ASKS.unitMs);
    for (const _ of times(57))
      team.send(ben, QUEUE, "approval.cancel", {
        request: (ask(team, ben, { jwe: "x".repeat(40_000) }) as { command: Hash }).command,
      });
    const last = ask(team, ben);
    expect(
      team.send(ben, QUEUE, "approval.rewrap", {
        request: last.ok ? last.command : ("" as Hash),
        jwe: "x".repeat(40_000),
      }),
    ).toEqual(no("asked-too-often"));
  });
});

describe("[BU5] the clock of the server", () => {
  test("a jump forwards freezes nobody, and neither does one that is taken back", () => {
    const team = createTeam();
    const gus = team.member("Gus", "guest");
    for (const i of times(OWN.holds)) team.send(gus, LOG, "member.rename", { name: `Gus ${i}` });
    expect(rename(team, gus, "Gus")).toEqual(no("too-often"));
    team.pass(400 * DAY);
    expect(rename(team, gus, "Gus").ok).toBe(true);
    expect(team.log.spent.get(`own ${gus.member}`)).toEqual([OWN.unitMs, team.now]);
  });

  test("a clock that was two days ahead and is right again fills the store once, and then it fills as before", () => {
    const team = createTeam();
    const gus = team.member("Gus", "guest");
    for (const i of times(OWN.holds)) rename(team, gus, `Gus ${i}`);
    team.pass(2 * DAY);
    for (const i of times(OWN.holds)) expect(rename(team, gus, `Gus ahead ${i}`).ok).toBe(true);
    expect(rename(team, gus, "Gus")).toEqual(no("too-often"));
    team.pass(-2 * DAY);
    const right = (name: string) =>
      team.take(team.log, team.sign(gus, LOG, "member.rename", { name }), { t: team.now, a: 2 * DAY });
    expect(right("Gus right")).toEqual(no("too-often"));
    team.pass(OWN.unitMs);
    expect(right("Gus right").ok).toBe(true);
    expect(right("Gus again")).toEqual(no("too-often"));
  });

  test("entries of one moment do not fill it again", () => {
    const team = createTeam();
    const gus = team.member("Gus", "guest");
    const took = times(200).filter((i) => rename(team, gus, `Gus ${i}`).ok);
    expect(took).toHaveLength(OWN.holds);
  });
});

test("[BU6] [CK3] what was spent is part of the state, so a replica that starts from it refuses the same", () => {
  const team = createTeam();
  const gus = team.member("Gus", "guest");
  for (const i of times(OWN.holds)) team.send(gus, LOG, "member.rename", { name: `Gus ${i}` });
  const copy = readState(writeState(team.log)) ?? newLog(team.wid);
  expect(copy).toEqual(team.log);
  const next = team.sign(gus, LOG, "member.rename", { name: "Gus" });
  const refused = team.take(team.log, next);
  const [last] = team.attempts.slice(-1);
  expect([refused, ingestInto(copy, copy, last?.text ?? "")]).toEqual([no("too-often"), no("too-often")]);
});
