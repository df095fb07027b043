/** Checkpoints and epochs: how a workspace stays quick to open after years. */
import { describe, expect, test } from "vitest";
import { startFromCheckpoint, stateHashOf } from "#core/rules/checkpoint.ts";
import { asDocName, docArgument, docBase, docEpoch, laneDoc, LOG, queueDoc } from "#core/protocol/ids.ts";
import type { DocName, Hash, QueueId } from "#core/protocol/ids.ts";
import { epochAt, mayRead } from "#core/rules/may.ts";
import { newLog } from "#core/rules/state.ts";
import type { ApprovalDoc } from "#core/rules/state.ts";
import { readAdmin, readApprovals, readState, writeAdmin, writeApprovals, writeState } from "#core/rules/state-text.ts";
import { crypto } from "../../helpers/node-crypto.ts";
import {
  createTeam,
  deviceBody,
  rotateBody,
  ingestInto,
  makeDevice,
  makeInvite,
  QUEUE,
  queueOf,
  requestBody,
} from "../../helpers/people.ts";
import type { Person, Team } from "../../helpers/people.ts";

const no = (code: string) => ({ ok: false, code });

/** A team that used everything that a state can hold. */
const busyTeam = () => {
  const team = createTeam();
  const [ben, cleo] = [team.member("Ben"), team.member("Cleo", "approver")];
  const phone = makeDevice(ben);
  team.given(ben, LOG, "device.add", deviceBody(team.wid, phone));
  team.given(phone, LOG, "device.rotate", rotateBody(team.wid, makeDevice(ben)));
  team.given(team.ada, LOG, "role.define", { id: "helper", name: "Helper", caps: ["tools.use"] });
  team.given(team.ada, LOG, "tool.define", {
    id: "A".repeat(22),
    name: "Files",
    launch: { kind: "stdio", command: "npx", args: ["files"], env: [{ name: "TOKEN", secret: true }], vars: [] },
    tools: [{ name: "read", schema: crypto.sha256("s"), readOnly: true, destructive: false }],
    policy: null,
  });
  const rules = [
    {
      id: "r1",
      server: "A".repeat(22),
      tools: ["read"],
      except: false,
      args: [{ path: "a", op: "under", value: "/tmp" }],
      roles: ["helper"],
      effect: { kind: "allow" },
    },
  ];
  const steps = [{ afterMs: 3_600_000, all: [{ n: 1, roles: ["owner"], members: [] }] }];
  team.given(team.ada, LOG, "policy.set", {
    base: 0,
    unnamed: "ask",
    rules,
    queues: [queueOf("approvers", [{ n: 1, roles: ["approver", "owner"] }], { steps })],
  });
  team.given(team.ada, LOG, "server.key", { x: team.ada.key.x });
  team.given(cleo, LOG, "approval.delegate", { to: team.ada.member, until: team.now + 86_400_000 });
  team.given(team.ada, LOG, "invite.revoke", { id: makeInvite(team.ada, team.wid, team.now).id });
  team.given(team.ada, LOG, "epoch.open", { doc: QUEUE, n: 2 });
  return { team, ben, cleo };
};
const checkpoint = (team: Team, by: Person, over = {}) =>
  team.send(by, LOG, "checkpoint", {
    v: 2,
    at: [team.log.seq, team.log.head],
    stateHash: stateHashOf(crypto, team.log),
    ...over,
  });

describe("the state as text", () => {
  test("[CK1] says everything: what was read back is the same state, and writes the same text", () => {
    const { team } = busyTeam();
    const text = writeState(team.log);
    expect(readState(text)).toEqual(team.log);
    expect(writeState(readState(text) ?? newLog(team.wid))).toBe(text);
  });

  test("[CK1] holds for queues, lanes and the admin document as well", () => {
    const team = createTeam();
    const [ben, cleo] = [team.member("Ben"), team.member("Cleo", "approver")];
    const first = team.given(ben, QUEUE, "approval.request", requestBody());
    team.given(ben, QUEUE, "approval.rewrap", { request: first, jwe: "again" });
    const second = team.given(ben, QUEUE, "approval.request", requestBody({ replaces: first }));
    team.given(cleo, QUEUE, "approval.vote", { request: second, v: "approve", note: "sealed" });
    team.given(ben, QUEUE, "approval.used", { request: second, result: "ok" });
    team.given(team.ada, "admin" as DocName, "invite.create", {
      invite: makeInvite(team.ada, team.wid, team.now).jws,
      label: "for Dana",
    });
    expect(readApprovals(writeApprovals(team.queue))).toEqual(team.queue);
    expect(readAdmin(writeAdmin(team.admin))).toEqual(team.admin);
  });

  test("[CK1] anything else is not read", () => {
    const { team } = busyTeam();
    const text = writeState(team.log);
    for (const bad of [
      "",
      "{}",
      text.slice(0, -1),
      text.replace('"v":2', '"v":3'),
      text.replace('"seq":', '"more":1,"seq":'),
      text.replace(/"seq":\d+/, '"seq":1'),
    ])
      expect(readState(bad)).toBeUndefined();
    expect([readApprovals(text), readAdmin(text), readState(writeApprovals(team.queue))]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("a checkpoint", () => {
  test("[CK2] is an Owner's, of the entry right before it, and of the state that the rules find there", () => {
    const { team } = busyTeam();
    const admin = team.member("Dana", "admin");
    expect(checkpoint(team, admin)).toEqual(no("owner-signs"));
    expect(checkpoint(team, team.ada, { at: [team.log.seq - 1, team.log.hashes.at(team.log.seq - 1)] })).toEqual(
      no("stale"),
    );
    expect(checkpoint(team, team.ada, { stateHash: crypto.sha256("another state") })).toEqual(no("wrong-state"));
    expect(checkpoint(team, team.ada, { v: 1 })).toEqual(no("wrong-state"));
    const at = [team.log.seq, team.log.head];
    expect(checkpoint(team, team.ada).ok).toBe(true);
    expect(team.log.checkpoint).toMatchObject({ seq: team.log.seq, at, by: team.ada.member });
  });

  const begun = () => {
    const { team, ben } = busyTeam();
    const state = writeState(team.log);
    checkpoint(team, team.ada);
    const from = team.log.seq;
    team.given(team.ada, LOG, "member.role", { member: ben.member, from: "member", to: "approver" });
    checkpoint(team, team.ada);
    const entries = team.entries
      .filter(({ doc }) => doc === LOG)
      .map(({ text }) => text)
      .slice(from - 1);
    return { team, state, entries, pin: [team.log.seq, team.log.head as Hash] as const, from };
  };

  test("[CK3] the state before it and the entries from it on fold to what all entries fold to", () => {
    const { team, state, entries, pin } = begun();
    const start = startFromCheckpoint(crypto, { state, entries, pin });
    if (!start.ok) throw new Error(start.code);
    for (const text of entries) expect(ingestInto(start.log, start.log, text).ok).toBe(true);
    expect(start.log).toEqual(team.log);
  });

  test("[CK4] is believed only below a head that is trusted already", () => {
    const { team, state, entries, pin, from } = begun();
    const start = (over: Partial<Parameters<typeof startFromCheckpoint>[1]>) =>
      startFromCheckpoint(crypto, { state, entries, pin, ...over });
    expect(start({ pin: [pin[0], crypto.sha256("another") as Hash] })).toEqual(no("fork-detected"));
    expect(start({ pin: [from - 1, team.log.hashes.at(from - 1) as Hash] })).toEqual(no("fork-detected"));
    expect(start({ entries: entries.slice(0, -1) })).toEqual(no("fork-detected"));
    expect(start({ entries: [entries[0] ?? "", entries[0] ?? "", ...entries.slice(2)] })).toEqual(no("fork-detected"));
    expect(start({ state: state.replace("Harbour", "Harbor") })).toEqual(no("wrong-state"));
    expect(start({ entries: entries.slice(1) })).toEqual(no("malformed"));
    expect(start({ pin: [from, team.log.hashes.at(from) as Hash] }).ok).toBe(true);
  });

  test("[CK4] a state that another workspace's Owner signed is not this one's", () => {
    const mine = begun();
    const other = begun();
    expect(startFromCheckpoint(crypto, { state: other.state, entries: mine.entries, pin: mine.pin })).toEqual(
      no("wrong-state"),
    );
  });
});

describe("epochs", () => {
  const second = queueDoc("approvers" as QueueId, 2);
  const open = (team: Team, doc: DocName, n: number, by = team.ada) => team.send(by, LOG, "epoch.open", { doc, n });
  const ask = (team: Team, by: Person, doc: DocName, over = {}) =>
    team.send(by, doc, "approval.request", requestBody(over));

  test("[EP1] names have one spelling", () => {
    expect([second, laneDoc("A".repeat(22) as never, 12), queueDoc("x" as QueueId)]).toEqual([
      "queue:approvers@2",
      `lane:${"A".repeat(22)}@12`,
      "queue:x",
    ]);
    expect([docArgument(second), docBase(second), docEpoch(second), docEpoch(QUEUE), docArgument(LOG)]).toEqual([
      "approvers",
      QUEUE,
      2,
      1,
      undefined,
    ]);
    for (const bad of [
      "queue:x@1",
      "queue:x@0",
      "queue:x@02",
      "queue:x@",
      "queue:x@2@3",
      "log@2",
      "admin@2",
      "queue:x@10000",
    ])
      expect(asDocName(bad)).toBeUndefined();
    for (const good of ["queue:x@2", "queue:x@9999", `lane:${"A".repeat(22)}@10`]) expect(asDocName(good)).toBe(good);
  });

  test("[EP2] are opened one after the other by those who configure the workspace", () => {
    const team = createTeam();
    const [ben, admin] = [team.member("Ben"), team.member("Cleo", "admin")];
    expect(open(team, QUEUE, 2, ben)).toEqual(no("not-allowed"));
    expect(open(team, QUEUE, 3)).toEqual(no("stale"));
    expect(open(team, "queue:nobody" as DocName, 2)).toEqual(no("no-such-queue"));
    expect(open(team, laneDoc("A".repeat(22) as never), 2)).toEqual(no("no-such-member"));
    expect(open(team, second, 3)).toEqual(no("malformed"));
    expect(open(team, QUEUE, 2, admin).ok).toBe(true);
    expect(open(team, QUEUE, 2)).toEqual(no("stale"));
    expect(open(team, laneDoc(ben.member), 2).ok).toBe(true);
    expect([epochAt(team.log, QUEUE), epochAt(team.log, QUEUE, 1)]).toEqual([2, 1]);
  });

  test("[EP3] the closed one takes no new request, and what is open there is decided there", () => {
    const team = createTeam();
    const [ben, cleo] = [team.member("Ben"), team.member("Cleo", "approver")];
    const asked = ask(team, ben, QUEUE);
    const id = asked.ok ? asked.command : ("" as Hash);
    expect(ask(team, ben, second)).toEqual(no("no-such-queue"));
    open(team, QUEUE, 2);
    expect(ask(team, ben, QUEUE)).toEqual(no("epoch-closed"));
    expect(ask(team, ben, second).ok).toBe(true);
    expect(team.send(cleo, second, "approval.vote", { request: id, v: "approve", note: null })).toEqual(
      no("no-such-request"),
    );
    expect(team.send(cleo, QUEUE, "approval.vote", { request: id, v: "approve", note: null }).ok).toBe(true);
    expect(team.send(ben, QUEUE, "approval.used", { request: id, result: "ok" }).ok).toBe(true);
  });

  test("[EP3] an edit stays beside what it replaces", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const asked = ask(team, ben, QUEUE);
    const replaces = asked.ok ? asked.command : null;
    open(team, QUEUE, 2);
    expect(ask(team, ben, second, { replaces })).toEqual(no("no-such-request"));
    expect(ask(team, ben, QUEUE, { replaces }).ok).toBe(true);
  });

  test("[EP3] [AP13] a lane keeps its own count and takes the same bytes", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const [first, next] = [laneDoc(ben.member), laneDoc(ben.member, 2)].map(
      (doc) => team.chain(doc) as ApprovalDoc,
    ) as [ApprovalDoc, ApprovalDoc];
    open(team, laneDoc(ben.member), 2);
    const command = team.sign(ben, QUEUE, "approval.request", requestBody());
    expect(team.take(team.queue, command).ok).toBe(true);
    expect(team.take(first, command)).toEqual(no("epoch-closed"));
    expect(team.take(next, command).ok).toBe(true);
    expect(next.requests).toEqual(team.queue.requests);
  });

  test("[EP4] [PO5] every epoch has the audience of its queue or lane", () => {
    const team = createTeam();
    const [ben, cleo] = [team.member("Ben"), team.member("Cleo", "approver")];
    const readers = (doc: DocName) =>
      [team.ada, ben, cleo].filter(({ member }) => mayRead(team.log, member, doc).allowed);
    // What was not opened has no audience.
    expect([second, laneDoc(ben.member, 2)].map(readers)).toEqual([[], []]);
    open(team, QUEUE, 2);
    open(team, laneDoc(ben.member), 2);
    expect(readers(second)).toEqual([team.ada, cleo]);
    expect(readers(laneDoc(ben.member, 2))).toEqual([ben]);
  });
});
