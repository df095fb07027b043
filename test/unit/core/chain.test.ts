import { describe, expect, test } from "vitest";
import { createAudit } from "#core/audit/audit.ts";
import { DAY } from "#core/protocol/command.ts";
import { writeEntry } from "#core/protocol/entry.ts";
import { ingestLog } from "#core/rules/fold.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName, Hash } from "#core/protocol/ids.ts";
import { HOUR, newLog } from "#core/rules/state.ts";
import { readApprovals, readState, writeApprovals, writeState } from "#core/rules/state-text.ts";
import { dateOf } from "#core/rules/time.ts";
import { crypto } from "../../helpers/node-crypto.ts";
import {
  createTeam,
  genesisOf,
  ingestInto,
  makePerson,
  QUEUE,
  requestBody,
  signCommand,
} from "../../helpers/people.ts";
import type { Over, Team } from "../../helpers/people.ts";

const key = (x: string) => ({ x });
const other = crypto.sha256("some other key");

/** A command that fits, so that each case below can break exactly one thing about it. */
const fitting = (team: Team, over?: Over) => team.sign(team.ada, LOG, "server.key", key(other), over);

const entryCases: [string, string, (team: Team) => { s?: number; p?: string; t?: number; a?: number }][] = [
  ["[CH1] an entry that leaves one out", "gap", (team) => ({ s: team.log.seq + 2 })],
  ["[CH1] an entry at a place that is taken", "gap", (team) => ({ s: team.log.seq })],
  ["[CH2] an entry that follows from something else", "chain-broken", () => ({ p: other })],
  ["[CH3] an entry dated before the one it follows", "time-went-back", (team) => ({ t: team.log.time - 1 })],
  [
    "[CH3] an entry by which the workspace's time goes back, whatever it says that the clock was ahead",
    "time-went-back",
    (team) => ({ t: team.log.time - HOUR, a: HOUR - 1 }),
  ],
  ["[CH4] an entry that says twice that no clock was ahead", "malformed", () => ({ a: 0.5 })],
];
test.each(entryCases)("%s is refused as %s", (_title, code, entry) => {
  const team = createTeam();
  expect(team.take(team.log, fitting(team), entry(team))).toEqual({ ok: false, code });
  expect(team.take(team.log, fitting(team)).ok).toBe(true);
});

describe("[CH3] a server's clock that was ahead and is right again", () => {
  /** Ada has acted while the clock was two days ahead. */
  const ahead = () => {
    const team = createTeam();
    const right = team.now;
    team.pass(2 * DAY);
    team.given(team.ada, LOG, "server.key", key(other));
    const before = team.log.time;
    team.pass(-2 * DAY);
    return { team, right, before };
  };

  test("dates entries rightly again, and the workspace's time goes on", () => {
    const { team, right, before } = ahead();
    expect(team.take(team.log, fitting(team), { t: right })).toEqual({ ok: false, code: "time-went-back" });
    expect(team.take(team.log, fitting(team), { t: right, a: 2 * DAY })).toMatchObject({
      ok: true,
      date: right,
      time: before,
    });
    team.pass(HOUR);
    expect(
      team.take(team.log, fitting(team, { b: key(team.ada.key.x) }), { t: right + HOUR, a: 2 * DAY }),
    ).toMatchObject({ ok: true, date: right + HOUR, time: before + HOUR });
    expect([dateOf(team.log, right - HOUR), dateOf(team.log, before + HOUR)]).toEqual([right - HOUR, right + HOUR]);
  });

  test("never runs faster than before: what it was ahead stays, in every document", () => {
    const { team, right } = ahead();
    expect(team.take(team.log, fitting(team), { t: right, a: 2 * DAY }).ok).toBe(true);
    const later = () => fitting(team, { b: key(team.ada.key.x) });
    expect(team.take(team.log, later(), { t: right + DAY, a: 2 * DAY - 1 })).toEqual({
      ok: false,
      code: "time-went-back",
    });
    const asks = (a: number) =>
      team.take(team.queue, team.sign(team.ada, QUEUE, "approval.request", requestBody()), { t: right + 3 * DAY, a });
    expect(asks(2 * DAY - 1)).toMatchObject({ ok: false });
    team.pass(3 * DAY);
    expect(asks(0)).toEqual({ ok: false, code: "time-went-back" });
    expect(asks(2 * DAY)).toMatchObject({ ok: true });
    expect(asks(3 * DAY)).toMatchObject({ ok: true });
    expect(asks(2 * DAY)).toEqual({ ok: false, code: "time-went-back" });
  });

  test("is dated within what each author's own clock allows", () => {
    const { team, right } = ahead();
    expect(team.take(team.log, fitting(team, { exp: right + 8 * DAY }), { t: right, a: 2 * DAY })).toEqual({
      ok: false,
      code: "command-expired",
    });
    expect(team.take(team.log, fitting(team, { exp: right - 1 }), { t: right, a: 2 * DAY })).toEqual({
      ok: false,
      code: "command-expired",
    });
    expect(team.take(team.log, fitting(team), { t: right, a: 2 * DAY }).ok).toBe(true);
  });

  test("brings no command to life that was over before, whoever kept it back", () => {
    const team = createTeam();
    const [ben, cleo] = [team.member("Ben", "admin"), team.member("Cleo", "member")];
    // Ada's app heard no answer, said so to her, and the command ended ten minutes later.
    const appoints = (over: Over = {}) =>
      team.sign(team.ada, LOG, "member.role", { member: cleo.member, from: "member", to: "admin" }, over);
    const keptBack = appoints();
    const end = team.now + 600_000;
    team.pass(3 * DAY);
    team.given(ben, LOG, "member.rename", { name: "Benjamin" });
    expect(team.take(team.log, keptBack, { t: end, a: 0 })).toEqual({ ok: false, code: "time-went-back" });
    expect(team.take(team.log, keptBack, { t: end, a: team.log.time - end })).toEqual({
      ok: false,
      code: "command-expired",
    });
    // Nor behind somebody else's, for whose sake the dates went back.
    const other = team.sign(ben, LOG, "member.rename", { name: "Ben" }, { exp: end });
    expect(team.take(team.log, other, { t: end, a: team.log.time - end })).toMatchObject({ ok: true });
    expect(team.take(team.log, keptBack, { t: end, a: team.log.ahead })).toEqual({
      ok: false,
      code: "command-expired",
    });
    // The control: signed by an author who has seen those dates.
    expect(team.take(team.log, appoints({ exp: end }), { t: end, a: team.log.ahead })).toMatchObject({ ok: true });
  });

  test("is in the text of the state, and a workspace where it never happened has the text of before", () => {
    const { team, right } = ahead();
    expect(writeState(team.log)).not.toContain("ahead");
    team.take(team.log, fitting(team), { t: right, a: 2 * DAY });
    expect(writeState(readState(writeState(team.log)) ?? team.log)).toBe(writeState(team.log));
    expect(readState(writeState(team.log))).toMatchObject({ ahead: 2 * DAY, setBacks: team.log.setBacks });
    team.take(team.queue, team.sign(team.ada, QUEUE, "approval.request", requestBody()), { t: right, a: 2 * DAY });
    expect(readApprovals(writeApprovals(team.queue))).toMatchObject({ ahead: 2 * DAY, time: team.queue.time });
  });

  test("stands in the audit with the dates that are right", () => {
    const { team, right } = ahead();
    team.take(team.log, fitting(team), { t: right, a: 2 * DAY });
    const audit = createAudit({ crypto }, team.wid);
    const rows = team.entries.map(({ doc, text }) => audit.next(doc, text));
    expect(rows.map((taken) => taken.ok && taken.row.time)).toEqual(
      [right, right + 2 * DAY, right].map((ms) => new Date(ms).toISOString()),
    );
    expect(rows.map((taken) => taken.ok && taken.row.setBack)).toEqual([0, 0, 2 * DAY]);
  });
});

const commandCases: [string, string, (team: Team) => Over][] = [
  ["[CH5] a signature made for another purpose", "bad-typ", () => ({ typ: "bulkhead-auth+jws" })],
  ["[CH6] a command for another workspace", "wrong-workspace", () => ({ w: genesisOf(makePerson("Eve")).wid })],
  ["[CH7] a command for another document", "wrong-doc", () => ({ d: QUEUE })],
  ["[CH10] a command that was held back until it expired", "command-expired", (team) => ({ exp: team.now - 1 })],
  [
    "[CH10] a command that would live longer than any may",
    "command-expired",
    (team) => ({ exp: team.now + 8 * 86_400_000 }),
  ],
  ["[CH11] a counter that was used", "replay", () => ({ n: 1 })],
  ["[CH12] a command whose author saw another history", "fork-detected", (team) => ({ seen: [team.log.seq, other] })],
  [
    "[CH12] a command whose author claims to have seen the future",
    "fork-detected",
    (team) => ({ seen: [team.log.seq + 1, other] }),
  ],
  ["[CH13] [T30] a kind of command that is not known yet", "newer", () => ({ k: "member.promote" })],
  ["[CH13] a kind named like a property of every object", "newer", () => ({ k: "constructor" })],
  ["[LV4] a payload of another version", "newer", () => ({ v: 2 })],
  ["[LV4] a known kind that does not say how critical it is as the table does", "malformed", () => ({ x: false })],
  ["[CH4] a body with one key too many", "malformed", () => ({ b: { x: other, note: "hello" } })],
  ["[CH4] a body with a key missing", "malformed", () => ({ b: {} })],
  ["[CH4] a body that is a list", "malformed", () => ({ b: [other] })],
  ["[CH4] a signing key of small order", "malformed", () => ({ b: { x: `AQ${"A".repeat(41)}` } })],
  ["[CH4] a signing key spelled above the modulus", "malformed", () => ({ b: { x: `7f${"_".repeat(39)}38` } })],
  ["[CH4] a counter that is not a whole number", "malformed", () => ({ n: 0.5 })],
];
test.each(commandCases)("%s is refused as %s", (_title, code, over) => {
  const team = createTeam();
  team.given(team.ada, LOG, "server.key", key(team.ada.key.x));
  expect(team.take(team.log, fitting(team, over(team)))).toEqual({ ok: false, code });
  expect(team.take(team.log, fitting(team)).ok).toBe(true);
});

test("[CH8] a device that the log does not know is refused", () => {
  const team = createTeam();
  expect(team.send(makePerson("Eve"), LOG, "server.key", key(other))).toEqual({ ok: false, code: "unknown-device" });
});

test("[CH9] [T15] a command signed with another key under Ada's device id is refused, and so is one changed after signing", () => {
  const team = createTeam();
  const eve = makePerson("Eve");
  const forged = team.sign({ ...eve, device: team.ada.device }, LOG, "server.key", key(other), { n: 50 });
  expect(team.take(team.log, forged)).toEqual({ ok: false, code: "bad-signature" });
  const [header, payload, signature] = fitting(team).split(".") as [string, string, string];
  const changed = crypto.encode((crypto.decode(payload) ?? "").replace(other, eve.key.x));
  expect(team.take(team.log, [header, changed, signature].join("."))).toEqual({ ok: false, code: "bad-signature" });
  expect(team.take(team.log, [header, payload, signature].join(".")).ok).toBe(true);
});

test.each([
  ["padding", (jws: string) => `${jws}=`],
  ["a fourth part", (jws: string) => `${jws}.x`],
  [
    "a second spelling of the signature",
    (jws: string) =>
      jws.slice(0, -1) + (jws.endsWith("A") ? "B" : String.fromCharCode(jws.charCodeAt(jws.length - 1) + 1)),
  ],
  ["white space", (jws: string) => ` ${jws}`],
  ["nothing but dots", () => ".."],
])("[CH4] a command with %s is refused", (_what, change) => {
  const team = createTeam();
  const taken = team.take(team.log, change(fitting(team)));
  expect(taken.ok).toBe(false);
  expect(taken.ok || ["malformed", "bad-signature"].includes(taken.code)).toBe(true);
  expect(team.take(team.log, fitting(team)).ok).toBe(true);
});

test("[CH4] [LV4] a header with a key more is not a command, and one with another algorithm or purpose is none of today", () => {
  const team = createTeam();
  const kid = team.ada.device;
  for (const [header, code] of [
    [{ alg: "none", typ: "bulkhead-cmd+jws", kid }, "newer"],
    [{ alg: "ES256", typ: "bulkhead-cmd+jws", kid }, "newer"],
    [{ alg: "Ed25519", typ: "bulkhead-cmd2+jws", kid }, "newer"],
    [{ alg: "Ed25519", typ: "bulkhead-cmd+jws", kid, jwk: {} }, "malformed"],
    [{ alg: 1, typ: "bulkhead-cmd+jws", kid }, "malformed"],
  ] as const) {
    const [, payload] = fitting(team).split(".") as [string, string];
    const input = `${crypto.encode(JSON.stringify(header))}.${payload}`;
    expect(team.take(team.log, `${input}.${team.ada.key.sign(input)}`)).toEqual({ ok: false, code });
  }
});

test("[CH4] an entry over the size limit is refused before it is parsed", () => {
  const team = createTeam();
  expect(team.take(team.log, `${"A".repeat(66_000)}.A.A`)).toEqual({ ok: false, code: "malformed" });
});

test("[CH14] an approval that names a log position which this copy has not reached waits; one that names another log is a fork", () => {
  const team = createTeam();
  const ask = (m: [number, string]) =>
    team.take(team.queue, team.sign(team.ada, QUEUE, "approval.request", requestBody()), { m });
  expect(ask([team.log.seq + 1, other])).toEqual({ ok: false, code: "log-behind" });
  expect(ask([team.log.seq, other])).toEqual({ ok: false, code: "log-fork" });
  expect(ask([team.log.seq, team.log.head]).ok).toBe(true);
});

test("[CH14] positions in the log never go back: a right that was lost cannot be had again by naming an older position", () => {
  const team = createTeam();
  const before: [number, string] = [team.log.seq, team.log.head];
  team.given(team.ada, LOG, "server.key", key(other));
  team.given(team.ada, QUEUE, "approval.request", requestBody());
  expect(team.take(team.queue, team.sign(team.ada, QUEUE, "approval.request", requestBody()), { m: before })).toEqual({
    ok: false,
    code: "log-fork",
  });
});

/** Everything that decides, in a form that can be compared. */
const picture = (team: Team): string =>
  JSON.stringify([team.log, team.queue, team.admin], (_key, value: unknown) =>
    value instanceof Map ? [...value] : value instanceof Set ? [...value] : value,
  );

test("[CH15] a refused command leaves no trace", () => {
  const team = createTeam();
  const ben = team.member("Ben");
  const request = team.given(ben, QUEUE, "approval.request", requestBody());
  const before = picture(team);
  const refused: [DocName, string, unknown][] = [
    [LOG, "member.role", { member: team.ada.member, from: "owner", to: "guest" }],
    [LOG, "member.remove", { member: team.ada.member }],
    [LOG, "policy.set", { base: 0, unnamed: "ask", rules: [], queues: [] }],
    [QUEUE, "approval.vote", { request, v: "approve", note: null }],
    [QUEUE, "approval.used", { request, result: "ok" }],
  ];
  for (const [doc, kind, body] of refused) expect(team.send(ben, doc, kind, body).ok).toBe(false);
  expect(picture(team)).toBe(before);
  expect(team.send(team.ada, QUEUE, "approval.vote", { request, v: "approve", note: null }).ok).toBe(true);
  expect(picture(team)).not.toBe(before);
});

test("[CH16] entries kept from before are folded without checking signatures again, and to the same state", () => {
  const team = createTeam();
  team.member("Ben", "approver");
  const mine = team.entries.filter(({ doc }) => doc === LOG).map(({ text }) => text);
  const checked = newLog(team.wid);
  const trusted = newLog(team.wid);
  let verified = 0;
  const counting = {
    ...crypto,
    verify: (...args: Parameters<typeof crypto.verify>) => (verified += 1) > 0 && crypto.verify(...args),
  };
  for (const text of mine) expect(ingestLog({ crypto }, checked, text).ok).toBe(true);
  for (const text of mine) expect(ingestLog({ crypto: counting }, trusted, text, { trusted: true }).ok).toBe(true);
  expect(trusted).toEqual(checked);
  // The invite and its proof are checked also then; the two commands of the founder and the join itself are not.
  expect(verified).toBe(2);
});

test("[CH17] the hash of an entry is of its exact text: another spelling of the same JSON breaks the chain", () => {
  const team = createTeam();
  const first = team.entries[0]?.text ?? "";
  const copy = newLog(team.wid);
  expect(ingestInto(copy, copy, `${first} `).ok).toBe(true);
  const next = writeEntry({ s: 2, p: team.log.head as Hash, t: team.now, c: fitting(team), m: null });
  expect(ingestInto(copy, copy, next)).toEqual({ ok: false, code: "chain-broken" });
  expect(ingestInto(team.log, team.log, next).ok).toBe(true);
});

test("[MB1] a workspace id is the hash of its founding text: nobody else can be served as its founder", () => {
  const eve = makePerson("Eve");
  const ada = makePerson("Ada");
  const { wid, body } = genesisOf(ada);
  const found = (by: typeof ada, text: { text: string }, w = wid) => {
    const log = newLog(wid);
    const command = signCommand(by, { w, d: LOG, k: "genesis", b: text, seen: [0, ""], exp: 1_000_000, n: 1 });
    return ingestLog({ crypto }, log, writeEntry({ s: 1, p: "", t: 1_000, c: command, m: null }));
  };
  expect(found(eve, genesisOf(eve).body)).toEqual({ ok: false, code: "wrong-workspace" });
  expect(found(eve, body)).toEqual({ ok: false, code: "unknown-device" });
  expect(found({ ...eve, device: ada.device }, body)).toEqual({ ok: false, code: "bad-signature" });
  expect(found(ada, { text: `${body.text} ` })).toEqual({ ok: false, code: "wrong-workspace" });
  expect(found(ada, body)).toMatchObject({ ok: true, seq: 1 });
});

test("[MB1] a workspace is founded once", () => {
  const team = createTeam();
  expect(team.send(team.ada, LOG, "genesis", genesisOf(team.ada).body)).toEqual({ ok: false, code: "wrong-doc" });
});
