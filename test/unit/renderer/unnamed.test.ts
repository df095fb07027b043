import { expect, test } from "vitest";
import type { PolicyView, QueueView, RuleView } from "#bridge/policy.ts";
import type { CardSummary } from "#bridge/card.ts";
import { followingServers, switchUnnamed } from "../../../renderer/state/unnamed-switch.ts";
import { stateWords, verbsOf } from "../../../renderer/text/confirm.ts";
import { firstForMe, forMe, groupsOf, othersForMe } from "../../../renderer/state/card-groups.ts";
import { listOf } from "../../helpers/list-of.ts";
import { values, WID } from "../../fixtures/renderer-values.ts";
import { told } from "#bridge/told.ts";
import { noted } from "../../helpers/worded.ts";

const rule = (id: string, part: Partial<RuleView> = {}): RuleView => ({
  id,
  server: "s1",
  tools: ["t"],
  except: false,
  args: [],
  roles: [],
  effect: { kind: "confirm" },
  told: noted(id),
  problem: null,
  ...part,
});
const policy = (unnamed: PolicyView["unnamed"], ...rules: RuleView[]): PolicyView => ({
  wid: "w",
  base: 1,
  mayEdit: { allowed: true, why: noted("") },
  unnamed,
  others: [],
  rules,
  queues: [{ id: "other" }, { id: "approvers" }] as QueueView[],
  removedQueues: [],
  servers: [{ id: "s1", name: "files", tools: ["t"] }],
});

test("[T32] tools that were added with the choice follow it, and what was chosen otherwise stays", () => {
  const rules = [
    rule("default", { tools: [], except: true }),
    rule("allowed", { effect: { kind: "allow" } }),
    rule("conditional", { args: [{ path: "p", op: "equals", value: "v" }] }),
    rule("of a role", { roles: ["guest"] }),
    rule("everywhere", { server: null, tools: [], except: true }),
    rule("lost", { problem: told("rule-without-tools") }),
  ];
  const changes = switchUnnamed(policy("confirm", ...rules), "ask");
  expect(changes.map((change) => (change.kind === "rule" ? change.rule.id : change.kind))).toEqual([
    "unnamed",
    "default",
  ]);
  expect(changes[1]).toMatchObject({ rule: { effect: { kind: "ask", queue: "approvers" }, tools: [], except: true } });
  expect(followingServers(policy("confirm", ...rules), "ask")).toEqual(["files"]);
  const asked = [
    rule("asks", { effect: { kind: "ask", queue: "approvers" } }),
    rule("asks others", { effect: { kind: "ask", queue: "other" } }),
  ];
  expect(
    switchUnnamed(policy("ask", ...asked), "confirm").flatMap((change) =>
      change.kind === "rule" ? [change.rule.id] : [],
    ),
  ).toEqual(["asks"]);
  expect(switchUnnamed(policy("ask", ...asked), "deny")).toEqual([{ kind: "unnamed", unnamed: "deny" }]);
});

test("[T32] an own call stands among those to confirm, before what others ask, and says what it does", () => {
  const [first] = values("full", "cards", WID) as CardSummary[];
  const own: CardSummary = { ...(first as CardSummary), kind: "confirm", request: "own", mine: true, state: "pending" };
  const cards = [first as CardSummary, own];
  const list = listOf("cards", cards);
  expect(groupsOf(list).map(({ group, cards: of }) => [group, of.map((each) => each?.request)])).toMatchObject([
    ["toConfirm", ["own"]],
    ["toDecide", [first?.request]],
    ["mine", []],
    ["others", []],
    ["decided", []],
  ]);
  expect([forMe(list), othersForMe(list, own), firstForMe(list)?.request]).toEqual([2, 1, "own"]);
  expect(verbsOf(own)).toMatchObject({ approve: "Confirm and run", reject: "Do not run" });
  expect(verbsOf(first as CardSummary).approve).not.toBe(verbsOf(own).approve);
  expect(stateWords({ kind: "confirm", state: "approved" })).toBe("Confirmed");
});
