/** Rules by tool, arguments and role, over a real sync server process: written at one app, judged at another. */
import { mkdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RuleText } from "#bridge/policy.ts";
import { changePolicy, joinWith, main, openApp, SERVER, startTeam } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { tempDir } from "../helpers/temp.ts";
import { until } from "../helpers/wait.ts";
import { worded } from "../helpers/worded.ts";
import { factWords } from "#text/facts.ts";

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const NOTES = '{"path":"/notes/a.txt","content":"hello"}';
const ELSEWHERE = '{"path":"/etc/passwd","content":"hello"}';
const rule = (part: Partial<RuleText>): RuleText => ({
  id: null,
  server: SERVER,
  tools: ["write_file"],
  except: false,
  args: [],
  roles: [],
  effect: { kind: "allow" },
  ...part,
});
const write = (app: App, wid: string, part: Partial<RuleText>, base = app.room.policy(wid).base) =>
  app.room.handlers["policy.change"]({ wid, base, changes: [{ kind: "rule", rule: rule(part) }] }, main);
const reached = async (from: App, to: App, wid: string) =>
  void (await until(() => to.room.policy(wid).base === from.room.policy(wid).base, "the policy"));

test("[T20] rules route by tool, arguments and role, and the try-out answers what the gate then does", async () => {
  const { wid, ada, ben } = await startTeam();
  const cleo = await openApp("Cleo");
  await joinWith(ada, cleo, wid, "approver");
  const [plain] = ada.room.policy(wid).rules;
  await changePolicy(ada, wid, { kind: "remove-rule", rule: plain?.id ?? "" });
  await write(ada, wid, { args: [{ path: "path", op: "under", value: "/notes" }], roles: ["member"] });
  await write(ada, wid, {
    server: null,
    tools: [],
    except: true,
    args: [{ path: "path", op: "under", value: "/etc" }],
    effect: { kind: "deny" },
  });
  await reached(ada, ben, wid);
  await reached(ada, cleo, wid);
  const table = [
    [ben, "member", NOTES, "allow"],
    [ben, "member", ELSEWHERE, "deny"],
    [ben, "member", '{"path":"/srv/x"}', "ask"],
    [cleo, "approver", NOTES, "ask"],
    [cleo, "approver", ELSEWHERE, "deny"],
    [ben, "member", '{"path":"/notes/../etc/passwd"}', "deny"],
    [ben, "member", '{"path":7}', "deny"],
  ] as const;
  for (const [app, role, args, kind] of table) {
    const judged = app.room.authority.judge(app.call(wid, SERVER, args));
    expect([args, judged.kind]).toEqual([args, kind]);
    // Also somebody else may ask for a role that is not theirs: it is a question, not a call.
    const found = await ada.room.handlers["policy.try"]({ wid, server: SERVER, tool: "write_file", role, args }, main);
    expect([found.effect.kind, factWords(found.why)]).toEqual([kind, factWords(judged.rule)]);
  }
});

test("[CF1] a link out of an allowed folder asks, also one that is made after the judgement and before the call", async () => {
  const { wid, ada, ben } = await startTeam();
  const root = realpathSync(tempDir());
  for (const name of ["notes/sub", "etc"]) mkdirSync(join(root, name), { recursive: true });
  symlinkSync(join(root, "etc"), join(root, "notes/out"));
  const [plain] = ada.room.policy(wid).rules;
  await changePolicy(ada, wid, { kind: "remove-rule", rule: plain?.id ?? "" });
  await write(ada, wid, { args: [{ path: "path", op: "under", value: join(root, "notes") }] });
  await reached(ada, ben, wid);
  const call = (name: string) => ben.call(wid, SERVER, JSON.stringify({ path: join(root, name) }));
  const good = call("notes/sub/a.txt");
  // Positive control: what stays in the folder is allowed, by the judgement and by the permit.
  expect([ben.room.authority.judge(good).kind, ben.room.authority.permit(good).ok]).toEqual(["allow", true]);
  expect(ben.room.authority.judge(call("notes/out/passwd")).kind).toBe("ask");
  rmSync(join(root, "notes/sub"), { recursive: true });
  symlinkSync(join(root, "etc"), join(root, "notes/sub"));
  expect(ben.room.authority.permit(good)).toMatchObject({ ok: false, error: { code: "must-ask" } });
});

test("[T20] what one person changed meanwhile is not overwritten by another: the rule, its removal and the queue say so", async () => {
  const { wid, ada, ben } = await startTeam();
  await ada.room.handlers["member.setRole"]({ wid, member: ben.room.team(wid).me, role: "admin" }, main);
  await until(() => ben.room.policy(wid).mayEdit.allowed, "Ben's right");
  const base = ben.room.policy(wid).base;
  await write(ada, wid, { effect: { kind: "deny" }, roles: ["guest"] });
  await reached(ada, ben, wid);
  const stale = { code: "stale" };
  const [first] = ben.room.policy(wid).rules;
  const [queue] = ben.room.queues(wid);
  if (first === undefined || queue === undefined) throw new Error("no rule");
  await expect(write(ben, wid, { roles: ["auditor"] }, base)).rejects.toMatchObject(stale);
  await expect(
    ben.room.handlers["policy.change"]({ wid, base, changes: [{ kind: "remove-rule", rule: first.id }] }, main),
  ).rejects.toMatchObject(stale);
  await expect(
    ben.room.handlers["policy.change"]({ wid, base, changes: [{ kind: "queue", queue }] }, main),
  ).rejects.toMatchObject(stale);
  expect(ada.room.policy(wid).rules).toHaveLength(2);
  // Positive control: with the policy that holds now each of them is taken.
  await write(ben, wid, { id: first.id, roles: ["auditor"], effect: { kind: "deny" } });
  expect(ben.room.policy(wid).rules.find(({ id }) => id === first.id)?.told).toEqual(
    worded("write_file of files for Auditor is never run."),
  );
  await changePolicy(ben, wid, { kind: "queue", queue: { ...queue, name: "People" } });
  await changePolicy(ben, wid, { kind: "remove-rule", rule: first.id });
  await until(() => ada.room.policy(wid).rules.length === 1, "one rule less");
});

test("[T20] a name that is unknown, or a value that could never be judged, is refused with what to do", async () => {
  const { wid, ada } = await startTeam();
  const before = ada.room.policy(wid);
  const cases: readonly (readonly [Partial<RuleText>, string])[] = [
    [{ server: "otherotherotherotherot" }, "There is no such tool server."],
    [{ tools: ["write_fil"] }, "files has no tool named write_fil."],
    [{ server: null }, "Choose the server of this tool."],
    [{ roles: ["captain"] }, "There is no such role."],
    [{ effect: { kind: "ask", queue: "nobody" } }, "There is no such approval queue."],
    [{ args: [{ path: "path", op: "under", value: "notes" }] }, "“notes” could mean different folders."],
    [{ args: [{ path: "amount", op: "at-most", value: "ten" }] }, "“ten” is no number that can be compared exactly."],
  ];
  for (const [part, words] of cases)
    await expect(write(ada, wid, part)).rejects.toMatchObject({
      code: "bad-rule",
      view: worded(new RegExp(escaped(words))),
    });
  await expect(write(ada, wid, { id: "gone" })).rejects.toMatchObject({ code: "no-such-rule" });
  expect(ada.room.policy(wid)).toEqual(before);
});

test("[T20] who may not edit the policy is refused with the rule, and may still look and try", async () => {
  const { wid, ben } = await startTeam();
  expect(ben.room.policy(wid).mayEdit).toEqual({
    allowed: false,
    why: worded("The role Member may not change rules and queues."),
  });
  await expect(write(ben, wid, {})).rejects.toEqual(worded("The role Member may not change rules and queues."));
  await expect(
    changePolicy(ben, wid, { kind: "remove-rule", rule: ben.room.policy(wid).rules[0]?.id ?? "" }),
  ).rejects.toMatchObject({ code: "not-permitted" });
  expect(
    await ben.room.handlers["policy.try"](
      { wid, server: SERVER, tool: "write_file", role: "member", args: NOTES },
      main,
    ),
  ).toMatchObject({ effect: { kind: "ask", queue: "approvers" }, why: worded("Every tool of files asks Approvers.") });
});
