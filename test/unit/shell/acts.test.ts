/** What is asked to be confirmed: how it is read and shown, and that one click answers one window once. */
import { worded } from "../../helpers/worded.ts";
import type { LineName } from "#core/facts/client-args.ts";
import type { MemberId } from "#core/protocol/ids.ts";
import { expect, test } from "vitest";
import { ACT_MS, createActs } from "../../../electron/shell/acts.ts";
import { createConfirmations } from "../../../electron/shell/confirm.ts";

const wid = "w".repeat(22);
const ben = "b".repeat(22);
const level = {
  wid,
  workspace: "Harbour",
  kind: "workspace.level",
  body: { from: 1, to: 2 },
  people: {},
  roles: {},
} as const;
const lineOf = (name: string): LineName => [ben as MemberId, name, null];
const people = { [ben]: lineOf("Ben") };
const role = (to: string, roles: Record<string, string> = {}) =>
  ({
    wid,
    workspace: "Harbour",
    kind: "member.role",
    body: { member: ben, from: "guest", to },
    people,
    roles,
  }) as const;

const opened = () => {
  const timers: { readonly ms: number; readonly work: () => void }[] = [];
  const acts = createActs((ms, work) => {
    const timer = { ms, work };
    timers.push(timer);
    return () => void timers.splice(timers.indexOf(timer), 1);
  });
  return { acts, timers };
};

test("SG1 what is shown is what would be signed: a built-in role by its own name, whatever it is called", () => {
  const { acts } = opened();
  const shown = (asked: Parameters<typeof acts.ask>[0]) => acts.shown(acts.ask(asked).name);
  expect(shown(level)).toEqual({ kind: "workspace.level", workspace: "Harbour", from: 1, to: 2 });
  expect(shown(role("owner", { owner: "Member" }))).toEqual({
    kind: "member.role",
    workspace: "Harbour",
    member: lineOf("Ben"),
    role: "Owner",
    own: false,
  });
  expect(shown(role("night", { night: "Night shift" }))).toMatchObject({
    role: "Night shift",
    own: true,
  });
  const delegate = {
    ...level,
    kind: "approval.delegate",
    body: { to: ben, until: 9 },
    people,
  } as const;
  expect(shown(delegate)).toEqual({ kind: "approval.delegate", workspace: "Harbour", member: lineOf("Ben"), until: 9 });
});

test("SG1 what cannot be shown whole is not asked: another shape, a person or a role without a name", () => {
  const { acts, timers } = opened();
  for (const asked of [
    { ...level, body: { from: 1, to: 2, more: 1 } },
    { ...level, body: { from: 1 } },
    { ...level, body: null },
    { ...role("owner"), people: {} },
    role("night"),
    role("night", { constructor: "Night" }),
    role("constructor"),
    role("__proto__"),
    { ...level, kind: "approval.delegate", body: { to: ben, until: 9 } } as const,
  ])
    expect(() => acts.ask(asked)).toThrow(worded(/not of a known shape/));
  expect(timers).toEqual([]);
});

test("SG1 an act is answered once, in its own window, and only a yes lets it be signed", async () => {
  const { acts, timers } = opened();
  const first = acts.ask(level);
  expect(first.name.act).toHaveLength(22);
  expect(acts.answer({ ...first.name, act: "o".repeat(22) }, true)).toBeUndefined();
  expect(acts.answer({ ...first.name, wid: "v".repeat(22) }, true)).toBeUndefined();
  expect(acts.answer(first.name, true)).toEqual({ wid, kind: "workspace.level", says: "[1,2]" });
  expect([await first.said, acts.answer(first.name, true), acts.shown(first.name), timers.length]).toEqual([
    true,
    undefined,
    undefined,
    0,
  ]);
  const second = acts.ask(level);
  expect([acts.answer(second.name, false), await second.said]).toEqual([undefined, false]);
});

test("SG1 a window that closes, a time that is over and a later act are a no", async () => {
  const { acts, timers } = opened();
  const [closed, late, replaced] = [acts.ask(level), acts.ask(role("admin")), acts.ask(level)];
  expect([await closed.said, await late.said]).toEqual([false, false]);
  acts.closed(closed.name);
  expect(acts.shown(replaced.name)).toBeDefined();
  acts.closed(replaced.name);
  expect(await replaced.said).toBe(false);
  const left = acts.ask(level);
  expect(timers.map(({ ms }) => ms)).toEqual([ACT_MS]);
  timers[0]?.work();
  expect([await left.said, acts.answer(left.name, true)]).toEqual([false, undefined]);
});

test("SG1 a click that nobody used is over after half a minute", () => {
  let now = 0;
  const confirmations = createConfirmations(() => now);
  const clicked = { wid, kind: "workspace.level", says: "[1,2]" } as const;
  confirmations.recordAct(clicked);
  expect(confirmations.confirmed(clicked)).toBe(true);
  expect(confirmations.confirmed({ ...clicked, says: "[1,3]" })).toBe(false);
  now = 30_000;
  expect(confirmations.confirmed(clicked)).toBe(false);
});
