/** Changes that hold for everybody: looked at before, published as one act, taken back, and refused with numbers where they do not fit. */
import { expect, test } from "vitest";
import type { Effect, PolicyChange, RuleText } from "#bridge/policy.ts";
import { joinWith, main, openApp, SERVER, startTeam } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { until } from "../helpers/wait.ts";
import { factWords } from "#text/facts.ts";
import { worded } from "../helpers/worded.ts";

const rule = (part: Partial<RuleText>): PolicyChange => ({
  kind: "rule",
  rule: {
    id: null,
    server: SERVER,
    tools: ["write_file"],
    except: false,
    args: [],
    roles: [],
    effect: { kind: "deny" },
    ...part,
  },
});
const preview = async (app: App, wid: string, changes: PolicyChange[]) =>
  app.room.handlers["policy.preview"]({ wid, changes }, main);
const change = (app: App, wid: string, changes: PolicyChange[], base = app.room.policy(wid).base) =>
  app.room.handlers["policy.change"]({ wid, changes, base }, main);
const undo = (app: App, wid: string, of: { before: number; after: number }) =>
  app.room.handlers["policy.undo"]({ wid, ...of }, main);
const reached = async (from: App, to: App, wid: string) =>
  void (await until(() => to.room.policy(wid).base === from.room.policy(wid).base, "the policy"));
const launch = { kind: "stdio", command: "node", args: [], env: [], vars: [] } as const;
const toolsNamed = (names: readonly string[]) =>
  names.map((name) => ({
    name,
    title: null,
    description: "",
    inputSchema: {},
    readOnly: false,
    destructive: true,
    schema: "s".repeat(43),
    definition: "{}",
  }));
const named = (count: number, prefix = "tool_") => Array.from({ length: count }, (_, n) => `${prefix}${n}`);
const define = (app: App, wid: string, id: string, names: readonly string[], effects: Record<string, Effect>) =>
  app.room.workspaces.defineServer(
    wid,
    { id, name: `server ${id.slice(0, 2)}`, launch: { ...launch, args: [], env: [], vars: [] } },
    toolsNamed(names),
    effects,
  );
const all = (names: readonly string[], kind: "allow" | "deny"): Record<string, Effect> =>
  Object.fromEntries(names.map((name) => [name, { kind }]));
const idOf = (n: number): string => `${String(n).padStart(2, "0")}${"x".repeat(19)}A`;

test("[T20] what a change would do is said before it is signed: how many tools, for whom, and whether it loosens", async () => {
  const { wid, ada, ben } = await startTeam();
  const before = ada.room.policy(wid);
  const all = await preview(ada, wid, [rule({ server: null, tools: [], except: true })]);
  expect(all).toMatchObject({ tools: 1, loosens: false, tightens: true, same: false, everything: true });
  expect(all.people.toSorted()).toEqual(["Ada", "Ben"]);
  expect(all.changes).toMatchObject([
    {
      from: { kind: "ask", queue: "approvers" },
      to: { kind: "deny" },
      tools: [{ server: "files", tool: "write_file" }],
    },
  ]);
  const eased = await preview(ada, wid, [
    { kind: "effects", server: SERVER, effects: { write_file: { kind: "allow" } } },
  ]);
  expect(eased).toMatchObject({ tools: 1, loosens: true, tightens: false, everything: false });
  // For one role alone, it says whom.
  expect(await preview(ada, wid, [rule({ roles: ["member"] })])).toMatchObject({
    people: ["Ben"],
    changes: [{ roles: ["Member"], people: ["Ben"] }],
  });
  // With conditions the rule is named: calls cannot be counted.
  expect(await preview(ada, wid, [rule({ args: [{ path: "path", op: "under", value: "/srv" }] })])).toMatchObject({
    tools: 0,
    changes: [],
    tightens: true,
    conditional: [{ how: "new", rule: worded("write_file of files is never run when path is under /srv.") }],
  });
  expect(
    await preview(ada, wid, [
      rule({ server: SERVER, tools: [], except: true, effect: { kind: "ask", queue: "approvers" } }),
    ]),
  ).toMatchObject({ same: true, loosens: false, tightens: false });
  expect(ada.room.policy(wid)).toEqual(before);
  await expect(preview(ada, wid, [rule({ tools: ["write_fil"] })])).rejects.toMatchObject({ code: "bad-rule" });
  // Somebody who may not edit the policy may look.
  expect(await preview(ben, wid, [rule({})])).toMatchObject({ tools: 1 });
});

test("[T20] several changes are one act, or none of them", async () => {
  const { wid, ada } = await startTeam();
  const { base } = ada.room.policy(wid);
  const queue = ada.room.queues(wid)[0];
  if (queue === undefined) throw new Error("no queue");
  await expect(change(ada, wid, [rule({ roles: ["guest"] }), rule({ roles: ["captain"] })])).rejects.toEqual(
    worded("There is no such role."),
  );
  expect(ada.room.policy(wid).base).toBe(base);
  const done = await change(ada, wid, [
    rule({ roles: ["guest"] }),
    { kind: "queue", queue: { ...queue, name: "People" } },
    { kind: "effects", server: SERVER, effects: { write_file: { kind: "allow" } } },
    { kind: "unnamed", unnamed: "confirm" },
  ]);
  expect(done).toEqual({ before: base, after: ada.room.policy(wid).base });
  const now = ada.room.policy(wid);
  expect([now.unnamed, now.queues[0]?.name, now.rules.map(({ told }) => factWords(told)).toSorted()]).toEqual([
    "confirm",
    "People",
    [
      "Every tool but write_file of files asks People.",
      "write_file of files for Guest is never run.",
      "write_file of files runs without asking.",
    ],
  ]);
  // One act is taken back as one.
  await undo(ada, wid, done);
  expect(ada.room.policy(wid).rules).toHaveLength(1);
});

test("[T20] a change is taken back as it was, and not over what somebody else changed since", async () => {
  const { wid, ada, ben } = await startTeam();
  await ada.room.handlers["member.setRole"](
    { wid, member: ben.room.team(wid).me, role: "admin", from: "member" },
    main,
  );
  await until(() => ben.room.policy(wid).mayEdit.allowed, "Ben's right");
  const was = ada.room.policy(wid);
  const done = await change(ada, wid, [
    rule({ server: null, tools: [], except: true }),
    { kind: "effects", server: SERVER, effects: { write_file: { kind: "allow" } } },
  ]);
  expect(ada.room.policy(wid).rules).not.toEqual(was.rules);
  await undo(ada, wid, done);
  expect({ ...ada.room.policy(wid), base: was.base }).toEqual(was);
  // Twice is once: what it would take back is not the newest any more.
  await expect(undo(ada, wid, done)).rejects.toMatchObject({ code: "undo-too-late" });

  const mine = await change(ada, wid, [rule({ roles: ["guest"] })]);
  await reached(ada, ben, wid);
  await change(ben, wid, [rule({ roles: ["auditor"] })]);
  await reached(ben, ada, wid);
  const kept = ada.room.policy(wid).rules;
  await expect(undo(ada, wid, mine)).rejects.toEqual(worded(/Ben changed the rules since/));
  expect(ada.room.policy(wid).rules).toEqual(kept);
  expect(await ada.room.handlers["policy.since"]({ wid, base: mine.after }, main)).toMatchObject({
    by: ["Ben"],
    preview: { tightens: true, people: [] },
  });
  // A role that was changed meanwhile is not set back either.
  await expect(
    ada.room.handlers["member.setRole"]({ wid, member: ben.room.team(wid).me, role: "member", from: "guest" }, main),
  ).rejects.toMatchObject({ code: "stale" });
});

test("[T20] a removed queue does not come back by undoing, and who may not edit the policy undoes nothing", async () => {
  const { wid, ada, ben } = await startTeam();
  const [queue] = ada.room.queues(wid);
  if (queue === undefined) throw new Error("no queue");
  const added = await change(ada, wid, [{ kind: "queue", queue: { ...queue, id: "second", name: "Second" } }]);
  await undo(ada, wid, added);
  expect(ada.room.queues(wid)).toHaveLength(1);
  await change(ada, wid, [{ kind: "queue", queue: { ...queue, id: "third", name: "Third" } }]);
  const removed = await change(ada, wid, [{ kind: "remove-queue", queue: "third" }]);
  await expect(undo(ada, wid, removed)).rejects.toEqual(
    worded("The queue Third was removed, and a removed queue does not come back."),
  );
  await reached(ada, ben, wid);
  await expect(undo(ben, wid, removed)).rejects.toMatchObject({ code: "not-permitted" });
});

test("[T20] a tool keeps its own setting beside the rule that overrules it", async () => {
  const { wid, ada } = await startTeam();
  const at = () => ada.room.workspaces.effectOf(wid, SERVER, { name: "write_file", schema: "s".repeat(43) }, false);
  expect(at()).toMatchObject({ effect: { kind: "ask" }, own: { kind: "ask", queue: "approvers" }, overruledBy: null });
  await change(ada, wid, [rule({ server: null, tools: [], except: true })]);
  expect(at()).toMatchObject({
    effect: { kind: "deny" },
    own: { kind: "ask", queue: "approvers" },
    overruledBy: worded("Every tool of every server is never run."),
  });
  const nothing = await preview(ada, wid, [
    { kind: "effects", server: SERVER, effects: { write_file: { kind: "allow" } } },
  ]);
  expect(nothing).toMatchObject({ changes: [], loosens: false, same: false });
  await change(ada, wid, [{ kind: "effects", server: SERVER, effects: { write_file: { kind: "allow" } } }]);
  expect(at()).toMatchObject({
    effect: { kind: "deny" },
    own: { kind: "allow" },
    overruledBy: worded("Every tool of every server is never run."),
  });
});

test("[T20] nine servers of forty tools fit with Deny for each, and one of 1, 201 and 256 tools does", async () => {
  const { wid, ada } = await startTeam();
  const denied = (id: string, names: readonly string[]) =>
    names.every(
      (name) => ada.room.workspaces.effectOf(wid, id, { name, schema: "s".repeat(43) }, false).effect.kind === "deny",
    );
  for (let n = 0; n < 9; n += 1) {
    const names = named(40, `a_tool_of_server_${n}_`);
    await define(ada, wid, idOf(n), names, all(names, "deny"));
    expect(denied(idOf(n), names)).toBe(true);
  }
  for (const [n, count] of [1, 201, 256].entries()) {
    const names = named(count, "a_tool_with_a_name_of_usual_length_");
    await define(ada, wid, idOf(20 + n), names, all(names, "deny"));
    expect(denied(idOf(20 + n), names)).toBe(true);
  }
  // And each can still be changed.
  const one = named(40, "a_tool_of_server_8_");
  await change(ada, wid, [{ kind: "effects", server: idOf(8), effects: { [one[7] ?? ""]: { kind: "allow" } } }]);
  expect(
    ada.room.workspaces.effectOf(wid, idOf(8), { name: one[7] ?? "", schema: "s".repeat(43) }, false).effect.kind,
  ).toBe("allow");
});

test("[T20] what does not fit is refused with numbers before anything is signed, and nothing of it is there", async () => {
  const { wid, ada } = await startTeam();
  const before = ada.room.policy(wid);
  const signed = ada.shell.signed.filter((what) => what.includes("cmd")).length;
  const many = named(257);
  await expect(define(ada, wid, idOf(1), many, all(many, "deny"))).rejects.toEqual(
    worded(/This server has 257 tools; a workspace takes 256 of one server\./),
  );
  const long = named(256, "n".repeat(190));
  const mixed = Object.fromEntries(
    long.map((name, n): [string, Effect] => [name, { kind: n % 2 === 0 ? "deny" : "allow" }]),
  );
  await expect(define(ada, wid, idOf(1), long, mixed)).rejects.toEqual(
    worded(
      /^server 01 has 256 tools\. Together with its rules this is larger than one change may be: 1\d\d,\d{3} characters, and one change takes 65,536\. Nothing was changed\.$/,
    ),
  );
  expect(ada.room.policy(wid)).toEqual(before);
  expect(ada.shell.signed.filter((what) => what.includes("cmd")).length).toBe(signed);
  const rules = Array.from({ length: 60 }, (_, n) =>
    rule({ args: [{ path: "path", op: "equals", value: `${n}${"v".repeat(990)}` }] }),
  );
  await expect(change(ada, wid, rules)).rejects.toEqual(worded(/61 rules and 1 queue: /));
  expect(ada.room.policy(wid)).toEqual(before);
});

test("[T20] somebody who joins later is counted with their role", async () => {
  const { wid, ada } = await startTeam();
  const cleo = await openApp("Cleo");
  await joinWith(ada, cleo, wid, "approver");
  expect((await preview(ada, wid, [rule({})])).people.toSorted()).toEqual(["Ada", "Ben", "Cleo"]);
});
