/** Where an asked call stands, step by step, and the time that never goes back. */
import type { Told } from "#bridge/told.ts";
import { noted, worded } from "../../../helpers/worded.ts";
import type { Hash, QueueId, WorkspaceId } from "#core/protocol/ids.ts";
import { describe, expect, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { policyPosition } from "#core/rules/may.ts";
import type { Request } from "#core/rules/state.ts";
import { callHash, readCall, callText } from "../../../../electron/host/gate/call-hash.ts";
import { metByOpenDevices, nextHold, stillMet } from "../../../../electron/host/gate/hold.ts";
import type { HoldFacts } from "../../../../electron/host/gate/hold.ts";
import { createSteadyClock } from "#client/keys/steady-clock.ts";
import type { Hold } from "../../../../electron/host/store/holds.ts";
import {
  createTeam,
  deviceBody,
  rotateBody,
  joinBody,
  makeDevice,
  makeInvite,
  QUEUE,
  queueOf,
  requestBody,
} from "../../../helpers/people.ts";

const hold = (over: Partial<Hold> = {}): Hold => ({
  call: "c",
  wid: "w" as WorkspaceId,
  request: "r" as Hash,
  replaces: null,
  queue: "approvers" as QueueId,
  callHash: "h" as Hash,
  salt: "s",
  launch: "l",
  schema: "d",
  decideBy: 7_000,
  useBy: 8_000,
  state: "queued",
  votes: 0,
  needed: 1,
  expiresAt: null,
  decidedBy: null,
  reason: null,
  enclosed: null,
  ...over,
});

const situation = (vote: "approve" | "reject" | null = null) => {
  const team = createTeam();
  const ben = team.member("Ben");
  const id = team.given(ben, QUEUE, "approval.request", requestBody());
  if (vote !== null) team.given(team.ada, QUEUE, "approval.vote", { request: id, v: vote, note: null });
  const request = team.queue.requests.get(id) as Request;
  const facts = (over: Partial<HoldFacts> = {}): HoldFacts => ({
    log: team.log,
    request,
    replaced: undefined,
    sent: { state: "done" },
    now: 1_000,
    serverNow: team.now,
    reason: null,
    ...over,
  });
  return { team, request, facts };
};

describe("a hold", () => {
  test("goes from queued over waiting to approved, with votes and names", () => {
    const { facts } = situation("approve");
    const queued = nextHold(hold(), facts({ request: undefined, sent: { state: "waiting" } }));
    expect(queued.state).toBe("queued");
    const waiting = nextHold(queued, facts({ request: undefined }));
    expect(waiting.state).toBe("waiting");
    expect(nextHold(waiting, facts())).toMatchObject({
      state: "approved",
      votes: 1,
      needed: 1,
      decidedBy: worded("Ada"),
    });
  });

  test("turns rejected only together with the words of the rejection", () => {
    const { facts } = situation("reject");
    expect(nextHold(hold({ state: "waiting" }), facts({ reason: undefined })).state).toBe("waiting");
    expect(nextHold(hold({ state: "waiting" }), facts({ reason: noted("no") }))).toMatchObject({
      state: "rejected",
      reason: noted("no"),
      decidedBy: worded("Ada"),
    });
  });

  test("counts the time to decide from when the request was first seen, and the time to use from the decision", () => {
    const { request, facts } = situation();
    const started = nextHold(hold({ decideBy: 1e12, useBy: 1e12 }), facts({ now: 5_000 }));
    expect([started.decideBy, started.useBy, started.expiresAt]).toEqual([
      5_000 + request.policy.decideMs,
      5_000 + request.policy.decideMs + request.policy.useMs,
      request.decideBy,
    ]);
    const approved = nextHold(started, situation("approve").facts({ now: 6_000 }));
    expect(approved).toMatchObject({ state: "approved", useBy: 6_000 + request.policy.useMs });
    expect(nextHold(approved, situation("approve").facts({ now: approved.useBy + 1 }))).toMatchObject({
      state: "expired",
      reason: worded("The approval was not used in time."),
    });
  });

  test.each([
    ["a queued request that never left", { request: undefined, sent: { state: "waiting" as const }, now: 7_001 }],
    ["a pending request by the own clock", { now: 7_001 }],
    ["a pending request by the server's clock", { serverNow: Number.MAX_SAFE_INTEGER }],
  ])("expires: %s", (_name, over) => {
    expect(nextHold(hold({ expiresAt: 1 }), situation().facts(over)).state).toBe("expired");
  });

  test("a decision that comes after the own limit has no effect, however the server dates it", () => {
    expect(nextHold(hold({ expiresAt: 1, state: "waiting" }), situation("approve").facts({ now: 7_001 })).state).toBe(
      "expired",
    );
  });

  test.each(["rejected", "canceled", "expired", "refused", "used"] as const)("%s is the end", (state) => {
    expect(nextHold(hold({ state }), situation("approve").facts()).state).toBe(state);
  });

  test("a request of somebody who was removed meanwhile waits no longer", () => {
    const { team, facts, request } = situation();
    expect(nextHold(hold({ state: "waiting" }), facts())).toMatchObject({ state: "waiting" });
    team.given(team.ada, LOG, "member.remove", { member: request.requester });
    expect(nextHold(hold({ state: "waiting" }), facts())).toMatchObject({
      state: "refused",
      reason: worded(/not part of this workspace any more/),
    });
  });

  test("a request that the server refuses says why", () => {
    expect(
      nextHold(
        hold(),
        situation().facts({
          request: undefined,
          sent: { state: "refused", code: "not-allowed", why: noted("Your role does not allow this.") },
        }),
      ),
    ).toMatchObject({ state: "refused", reason: noted("Your role does not allow this.") });
  });
});

test("[PO6] a request that waits in a queue that was removed says so, and goes on where the queue comes back or somebody decides", () => {
  const { team, request, facts } = situation();
  const queues = (...ids: string[]) =>
    team.given(team.ada, LOG, "policy.set", {
      base: policyPosition(team.log),
      unnamed: "ask",
      rules: [],
      queues: ids.map((id) => queueOf(id, [{ n: 1, roles: ["owner"] }])),
    });
  expect(nextHold(hold({ state: "waiting" }), facts())).toMatchObject({ state: "waiting", reason: null });
  queues("second");
  const told = nextHold(hold({ state: "waiting" }), facts());
  expect(told).toMatchObject({
    state: "waiting",
    reason: worded("The queue Approvers was removed after this was asked. Cancel this and ask again."),
  });
  queues("second", "approvers");
  expect(nextHold(told, facts())).toMatchObject({ state: "waiting", reason: null });
  queues("second");
  team.given(team.ada, QUEUE, "approval.vote", { request: request.id, v: "approve", note: null });
  expect(nextHold(told, facts())).toMatchObject({ state: "approved", reason: null });
});

describe("time that the server gives", () => {
  const MINUTE = 60_000;
  const DAY = 86_400_000;

  test("a queue that gives a month to decide has a month, also here", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    team.given(team.ada, LOG, "policy.set", {
      base: 0,
      unnamed: "ask",
      rules: [],
      queues: [queueOf("approvers", [{ n: 1, roles: ["owner"] }], { decideMs: 30 * DAY })],
    });
    const request = team.queue.requests.get(
      team.given(ben, QUEUE, "approval.request", requestBody({ ttlMs: 30 * DAY })),
    ) as Request;
    const facts = (now: number): HoldFacts => ({
      log: team.log,
      request,
      replaced: undefined,
      sent: { state: "done" },
      now,
      serverNow: team.now,
      reason: null,
    });
    // What was asked may wait a week for the server; from then on the queue's own time counts.
    const started = nextHold(hold({ decideBy: 7 * DAY, useBy: 8 * DAY }), facts(1_000));
    expect(nextHold(started, facts(20 * DAY))).toMatchObject({ state: "waiting", reason: null });
    expect(nextHold(started, facts(30 * DAY + 1_001)).state).toBe("expired");
  });

  test("[T20] [AP18] a step that decided must have begun by the own clock: a server that dates a vote ahead chooses nobody", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const cleo = team.member("Cleo", "approver");
    const steps = [{ afterMs: 10 * MINUTE, all: [{ n: 1, roles: [], members: [cleo.member] }] }];
    team.given(team.ada, LOG, "policy.set", {
      base: 0,
      unnamed: "ask",
      rules: [],
      queues: [queueOf("approvers", [{ n: 1, roles: ["owner"] }], { steps })],
    });
    const id = team.given(ben, QUEUE, "approval.request", requestBody());
    const request = team.queue.requests.get(id) as Request;
    const facts = (now: number): HoldFacts => ({
      log: team.log,
      request,
      replaced: undefined,
      sent: { state: "done" },
      now,
      serverNow: team.now,
      reason: null,
    });
    const started = nextHold(hold({ decideBy: 7 * DAY, useBy: 8 * DAY }), facts(1_000));
    // To the server ten minutes have passed, and here one.
    team.pass(10 * MINUTE);
    team.given(cleo, QUEUE, "approval.vote", { request: id, v: "approve", note: null });
    expect(request.state).toBe("approved");
    const early = nextHold(started, facts(1_000 + MINUTE));
    expect(early.state).toBe("waiting");
    expect(nextHold(early, facts(1_000 + 10 * MINUTE))).toMatchObject({ state: "approved", decidedBy: worded("Cleo") });
  });

  test("a decision of the first step waits for nothing", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const steps = [{ afterMs: 10 * MINUTE, all: [{ n: 1, roles: ["admin"], members: [] }] }];
    team.given(team.ada, LOG, "policy.set", {
      base: 0,
      unnamed: "ask",
      rules: [],
      queues: [queueOf("approvers", [{ n: 1, roles: ["owner"] }], { steps })],
    });
    const id = team.given(ben, QUEUE, "approval.request", requestBody());
    const request = team.queue.requests.get(id) as Request;
    team.given(team.ada, QUEUE, "approval.vote", { request: id, v: "approve", note: null });
    expect(
      nextHold(hold({ decideBy: 7 * DAY, useBy: 8 * DAY }), {
        log: team.log,
        request,
        replaced: undefined,
        sent: { state: "done" },
        now: 1_000,
        serverNow: team.now,
        reason: null,
      }).state,
    ).toBe("approved");
  });
});

describe("[T20] [AP9] a decision counted again before the run", () => {
  const decided = () => {
    const team = createTeam();
    const [ben, cleo] = [team.member("Ben"), team.member("Cleo", "approver")];
    const laptop = makeDevice(cleo);
    team.given(cleo, LOG, "device.add", deviceBody(team.wid, laptop));
    const id = team.given(ben, QUEUE, "approval.request", requestBody());
    team.given(laptop, QUEUE, "approval.vote", { request: id, v: "approve", note: null });
    return { team, cleo, laptop, request: team.queue.requests.get(id) as Request };
  };

  test("stands while the device that said it is in force, also after its key was replaced", () => {
    const { team, laptop, request } = decided();
    expect(metByOpenDevices(team.log, request)).toBe(true);
    const next = makeDevice(laptop);
    team.given(laptop, LOG, "device.rotate", rotateBody(team.wid, next));
    expect(metByOpenDevices(team.log, request)).toBe(true);
    team.given(team.ada, LOG, "device.revoke", { device: next.device });
    expect(metByOpenDevices(team.log, request)).toBe(false);
  });

  test("falls with a device that was revoked, though its person may still decide", () => {
    const { team, cleo, laptop, request } = decided();
    team.given(cleo, LOG, "device.revoke", { device: laptop.device });
    expect(stillMet(team.log, request)).toBe(true);
    expect(metByOpenDevices(team.log, request)).toBe(false);
  });

  test("falls with the lost devices of somebody who was let back in", () => {
    const { team, cleo, request } = decided();
    const invite = makeInvite(team.ada, team.wid, team.now, { role: "approver", mode: "confirm", member: cleo.member });
    const found = makeDevice(cleo);
    team.given(found, LOG, "member.join", joinBody(team.wid, invite, found));
    team.given(team.ada, LOG, "member.role", { member: cleo.member, from: "guest", to: "approver" });
    expect(stillMet(team.log, request)).toBe(true);
    expect(metByOpenDevices(team.log, request)).toBe(false);
  });
});

describe("[T20] a hold whose request takes the place of another", () => {
  const changed = hold({ request: "r2" as Hash, replaces: "r" as Hash });
  const late = { state: "refused" as const, code: "resolved", why: noted("This was decided already.") };

  test("takes over a rejection that reached the server first, once its words are open, and says so", () => {
    const { request, facts } = situation("reject");
    const at = (reason: Told | null | undefined) =>
      nextHold(changed, facts({ request: undefined, replaced: request, sent: late, reason }));
    expect(at(undefined)).toBe(changed);
    expect(at(noted("not on a Friday"))).toMatchObject({
      state: "rejected",
      decidedBy: worded("Ada"),
      reason: worded("This was decided before the change of the arguments arrived. not on a Friday"),
    });
    expect(at(null)).toMatchObject({
      state: "rejected",
      reason: worded("This was decided before the change of the arguments arrived."),
    });
  });

  test("waits where the server's answer came before its entries, and never runs on the approval of the other", () => {
    for (const vote of [null, "approve"] as const) {
      const { request, facts } = situation(vote);
      expect(nextHold(changed, facts({ request: undefined, replaced: request, sent: late }))).toBe(changed);
      expect(
        nextHold(changed, facts({ request: undefined, replaced: request, sent: { state: "waiting" } })).state,
      ).toBe("queued");
      expect(nextHold(changed, facts({ request: undefined, replaced: request })).state).toBe("waiting");
    }
  });

  test("is refused where it is refused for a reason of its own", () => {
    const { request, facts } = situation("reject");
    expect(
      nextHold(
        changed,
        facts({ request: undefined, replaced: request, sent: { ...late, code: "not-allowed", why: noted("no") } }),
      ),
    ).toMatchObject({ state: "refused", reason: noted("no") });
  });
});

describe("steady time", () => {
  const clock = (wall: number, mono: number) => ({
    wall,
    mono,
    now() {
      return this.wall;
    },
    monotonic() {
      return this.mono;
    },
  });
  const memory = (at = 0) => ({
    at,
    steady() {
      return this.at;
    },
    saveSteady(value: number) {
      this.at = Math.max(this.at, value);
    },
  });

  test("goes on when the wall clock is set back, and jumps when it is set forward", () => {
    const source = clock(1_000, 0);
    const steady = createSteadyClock(source, memory());
    source.mono = 100;
    source.wall = 5;
    expect(steady.now()).toBe(1_100);
    source.wall = 9_000;
    expect(steady.now()).toBe(9_000);
    source.wall = 0;
    source.mono = 200;
    expect(steady.now()).toBe(9_100);
  });

  test("starts again where it was saved, not where the wall clock was set back to", () => {
    const kept = memory();
    const source = clock(1_000, 0);
    const steady = createSteadyClock(source, kept);
    source.mono = 500;
    steady.save();
    expect(createSteadyClock(clock(10, 0), kept).now()).toBe(1_500);
  });
});

describe("the bytes an approval binds", () => {
  const facts = {
    workspace: "w",
    requester: "m",
    device: "d",
    server: { id: "s", launch: "l" },
    tool: "t",
    schema: "x",
    args: '{"a":1}',
    salt: "salt",
  };

  test("are these, for ever: a changed text would void every approval under way", () => {
    expect(callText(facts)).toBe(
      '{"v":1,"workspace":"w","requester":"m","device":"d","server":{"id":"s","launch":"l"},"tool":"t","schema":"x","args":"{\\"a\\":1}","threadLabel":"Private thread","salt":"salt"}',
    );
    expect(callHash(callText(facts))).toBe("Ty7ClqZk9dVoV9iU5J68QF27D4QZbMOHm90tQat1pVI");
  });

  test("[T19] every part of the call is in the hash", () => {
    const changed = [
      { workspace: "2" },
      { requester: "2" },
      { device: "2" },
      { server: { id: "2", launch: "l" } },
      { server: { id: "s", launch: "2" } },
      { tool: "2" },
      { schema: "2" },
      { args: '{"a":1} ' },
      { salt: "2" },
    ];
    const hashes = changed.map((over) => callHash(callText({ ...facts, ...over })));
    expect(new Set([...hashes, callHash(callText(facts))]).size).toBe(changed.length + 1);
  });

  test("are read only when they have the signed hash and exactly this shape", () => {
    const text = callText(facts);
    expect(readCall(text, callHash(text))?.args).toBe('{"a":1}');
    expect(readCall(text.replace('"a', '"b'), callHash(text))).toBeNull();
    for (const odd of [
      "",
      "{}",
      text.replace('"v":1', '"v":2'),
      text.replace("Private thread", "Salaries"),
      `${text.slice(0, -1)},"more":1}`,
    ])
      expect(readCall(odd, callHash(odd))).toBeNull();
  });
});
