import { expect, test } from "vitest";
import type { CardSummary } from "#bridge/card.ts";
import type { Launch, ServerView, ToolView, ToolsView } from "#bridge/tool.ts";
import { launchDifference, launchLine } from "../../../renderer/pages/tools/launch.ts";
import { draftOf, newQueueId, queueOf, type StepDraft } from "../../../renderer/pages/tools/queue-draft.ts";
import { groupsOf } from "../../../renderer/state/card-groups.ts";
import { listOf } from "../../helpers/list-of.ts";
import { spanMs, spanOf } from "../../../renderer/state/span.ts";
import { isRising, matching, readyTools } from "../../../renderer/state/tool-choice.ts";
import { noted, worded } from "../../helpers/worded.ts";

const MARK = { role: "Member", joinedAt: 0, formerly: [], alike: [] };

const card = (request: string, part: Partial<CardSummary>): CardSummary => ({
  kind: "ask",
  wid: "w",
  workspace: "W",
  request,
  requester: "Ben",
  who: MARK,
  serversAlike: 1,
  oneForTwo: false,
  independent: false,
  mine: false,
  server: "s",
  tool: "t",
  queue: "q",
  queueGone: false,
  state: "pending",
  requestedAt: 1,
  expiresAt: 9,
  sealed: 1,
  replacedBy: null,
  canVote: { allowed: true, why: noted("r") },
  standsFor: [],
  practice: false,
  rung: { now: 0, of: 0, next: null },
  votes: [],
  thresholds: [],
  ...part,
});

test("[T18] a card stands where it can be acted on: mine never among those I decide", () => {
  const cards = [
    card("mine", { mine: true, canVote: { allowed: false, why: noted("own") } }),
    card("late", { expiresAt: 20 }),
    card("soon", { expiresAt: 5 }),
    card("other", { canVote: { allowed: false, why: noted("no") } }),
    card("own", { kind: "confirm", mine: true }),
    card("done", { state: "used" }),
  ];
  const groups = groupsOf(listOf("cards", cards));
  expect(groups.map(({ group, cards: of }) => [group, of.map((each) => each?.request)])).toEqual([
    ["toConfirm", ["own"]],
    ["toDecide", ["soon", "late"]],
    ["mine", ["mine"]],
    ["others", ["other"]],
    ["decided", ["done"]],
  ]);
  // Rows that were not loaded keep their place, and nothing after them is shown in it.
  const { n, counts, rows } = listOf("cards", cards);
  const [, toDecide, mine] = groupsOf({ n, counts, rows: rows.map((row, at) => (at === 1 ? undefined : row)) });
  expect(toDecide).toMatchObject({ group: "toDecide", from: 1 });
  expect(toDecide?.cards.map((each) => each?.request)).toEqual([undefined, "late"]);
  expect(mine?.cards.map((each) => each?.request)).toEqual(["mine"]);
});

const launch = (args: string[], env: string[] = []): Launch => ({
  kind: "stdio",
  command: "npx",
  args,
  env: env.map((name) => ({ name, secret: true })),
  vars: [],
});

test("a changed launch shows every difference: arguments, added, removed, and environment", () => {
  const lines = launchDifference(launch(["-y", "a", "b"]), launch(["-y", "c"], ["TOKEN"]));
  expect(lines.map((line) => [line.label, line.before, line.after, line.change])).toEqual([
    ["Command", "npx", "npx", "same"],
    ["Argument 1", "-y", "-y", "same"],
    ["Argument 2", "a", "c", "changed"],
    ["Argument 3", "b", null, "removed"],
    ["Environment", null, "TOKEN", "added"],
  ]);
});

test("[T38] the review of a server at an address shows its headers and the names of values, and no value", () => {
  const before: Launch = { kind: "http", url: "https://a.example/mcp", headers: [], vars: [] };
  const after: Launch = {
    ...before,
    url: "https://a.example/${REGION}/mcp",
    headers: [{ name: "Authorization", value: "Bearer ${TOKEN}" }],
    vars: [
      { name: "REGION", secret: false },
      { name: "TOKEN", secret: true },
    ],
  };
  expect(launchDifference(before, after).map((line) => [line.label, line.after, line.change])).toEqual([
    ["Address", "https://a.example/${REGION}/mcp", "changed"],
    ["Header Authorization", "Bearer ${TOKEN}", "added"],
    ["Each person's own", "REGION, TOKEN", "added"],
  ]);
});

test("a command line shows where an argument ends, and hides no character", () => {
  expect(launchLine(launch(["a b", "x\u202ey"]))).toBe('npx "a b" "x⟨U+202E⟩y"');
});

test("a queue survives the editor unchanged", () => {
  const queue = {
    id: "q",
    name: "Q",
    all: [{ n: 2, roles: ["admin"], members: ["m"] }],
    deny: 1,
    decideMs: 86_400_000,
    useMs: 600_000,
    steps: [
      { afterMs: 900_000, all: [{ n: 1, roles: [], members: ["m"] }] },
      {
        afterMs: 7_200_000,
        all: [
          { n: 2, roles: ["owner"], members: [] },
          { n: 1, roles: ["admin"], members: [] },
        ],
      },
    ],
    practice: true,
    oneForTwo: false,
    independent: false,
  };
  expect(queueOf(draftOf(queue), "q")).toEqual({ ok: true, queue });
});

test("a queue that nobody could meet is not sent", () => {
  const draft = draftOf(null);
  expect(queueOf(draft, "q").ok).toBe(false);
  expect(queueOf({ ...draft, name: "Q", groups: [{ n: "1", roles: [], members: [] }] }, "q").ok).toBe(false);
  expect(queueOf({ ...draft, name: "Q", deny: "0" }, "q").ok).toBe(false);
  expect(queueOf({ ...draft, name: "Q", decide: { amount: "1.5", unit: "hours" } }, "q").ok).toBe(false);
  expect(queueOf({ ...draft, name: "Q", use: { amount: "31", unit: "days" } }, "q").ok).toBe(false);
  expect(queueOf({ ...draft, name: "Q" }, "q").ok).toBe(true);
});

test("[T20] a step that never begins, or begins before the one above it, is not sent and says why", () => {
  const step = (amount: string, roles = ["owner"]): StepDraft => ({
    after: { amount, unit: "minutes" },
    groups: [{ n: "1", roles, members: [] }],
  });
  const read = (...steps: StepDraft[]) => queueOf({ ...draftOf(null), name: "Q", steps }, "q");
  expect(read(step("10"), step("20")).ok).toBe(true);
  expect(read(step("30"))).toEqual({
    ok: false,
    problem: worded("Step 2 must begin before the request is denied. Move it earlier, or allow more time to decide."),
  });
  expect(read(step("10"), step("10"))).toEqual({
    ok: false,
    problem: worded("Step 3 must begin later than the step before it."),
  });
  expect(read(step("0"))).toEqual({
    ok: false,
    problem: worded("Write times as whole numbers above zero, at most 30 days."),
  });
  expect(read(step("10", []))).toEqual({
    ok: false,
    problem: worded("Choose at least one role or person in each group."),
  });
});

test("a length of time stands in the unit that says it exactly", () => {
  expect([60_000, 5_400_000, 7_200_000, 172_800_000].map(spanOf)).toEqual([
    { amount: "1", unit: "minutes" },
    { amount: "90", unit: "minutes" },
    { amount: "2", unit: "hours" },
    { amount: "2", unit: "days" },
  ]);
  expect(spanMs({ amount: "2", unit: "hours" }, 7_200_000)).toBe(7_200_000);
  expect(spanMs({ amount: "3", unit: "hours" }, 7_200_000)).toBeNull();
  for (const amount of ["", "0", "-1", "1e3", "1.5"]) expect(spanMs({ amount, unit: "minutes" }, 1e9)).toBeNull();
});

test("the id of a new queue has the shape the log wants, and is free", () => {
  expect(newQueueId("2nd Línea", [])).toMatch(/^[a-z][a-z0-9-]{0,31}$/);
  expect(newQueueId("Ops", ["ops"])).toBe("ops-2");
  expect(newQueueId("漢字", [])).toBe("queue");
});

test("the list behind / holds only tools that can be called now, best match first", () => {
  const tool = (name: string): ToolView => ({
    name,
    title: null,
    description: "",
    inputSchema: {},
    readOnly: false,
    destructive: false,
    effect: { kind: "allow" },
    rule: noted(""),
    own: null,
    overruledBy: null,
    change: null,
    accepted: [],
  });
  const server = (name: string, state: ServerView["state"], tools: ToolView[]): ServerView => ({
    id: name,
    name,
    launch: launch([]),
    addedBy: "Ada",
    state,
    error: null,
    review: null,
    filled: [],
    tools,
    restarts: 0,
  });
  const tools: ToolsView = {
    wid: "w",
    servers: [
      server("files", "ready", [tool("overwrite"), tool("write_file")]),
      server("broken", "failed", [tool("write_all")]),
    ],
    queues: [],
    mayEdit: { allowed: true, why: noted("") },
    mayAccept: { allowed: true, why: noted("") },
  };
  expect(matching(readyTools(tools), "write").map((each) => each.path)).toEqual([
    "files.write_file",
    "files.overwrite",
  ]);
  expect(matching(readyTools(tools), "files over").map((each) => each.path)).toEqual(["files.overwrite"]);
  const rising = {
    ...tools,
    servers: [...tools.servers, server("early", "starting", []), server("again", "restarting", [])],
  };
  expect(["files", "broken", "early", "again", "gone"].filter((id) => isRising(rising, id))).toEqual([
    "early",
    "again",
  ]);
  expect(isRising(undefined, "files")).toBe(true);
});
