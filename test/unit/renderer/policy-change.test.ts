import { expect, test } from "vitest";
import type { EffectChange, PolicyPreview } from "#bridge/policy.ts";
import { changeSentence, doneSentence, otherLines } from "../../../renderer/text/policy-change.ts";
import { noted } from "../../helpers/worded.ts";

const queues = [{ id: "approvers", name: "Approvers" }];
const tools = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => ({ server: "files", tool: `t${from + n}` }));
const preview = (part: Partial<PolicyPreview>): PolicyPreview => ({
  base: 1,
  changes: [],
  tools: 0,
  people: [],
  conditional: [],
  queues: [],
  unnamed: null,
  loosens: false,
  tightens: false,
  same: false,
  everything: false,
  overruledBy: [],
  warnings: [],
  ...part,
});
const change = (part: Partial<EffectChange>): EffectChange => ({
  from: { kind: "allow" },
  to: { kind: "deny" },
  tools: [],
  roles: ["Member"],
  people: ["Ben"],
  ...part,
});

test("[T20] the sentence counts tools, names a single one, and tells their changes and people", () => {
  const changes = [
    change({ tools: tools(0, 10) }),
    change({ from: { kind: "ask", queue: "approvers" }, tools: tools(10, 14) }),
  ];
  expect(changeSentence(preview({ changes, tools: 14, people: ["Ada", "Ben", "Cleo", "Dora"] }), queues)).toBe(
    "14 tools change: 10 from Allow to Deny, 4 from Ask Approvers to Deny, for 4 people.",
  );
  expect(
    changeSentence(preview({ changes: [change({ tools: tools(0, 1) })], tools: 1, people: ["Ada", "Ben"] }), queues),
  ).toBe("t0 changes from Allow to Deny, for Ada and Ben.");
  expect(
    changeSentence(
      preview({ changes: [change({ tools: tools(0, 1), roles: ["Guest"], people: [] })], tools: 1 }),
      queues,
    ),
  ).toBe("t0 changes from Allow to Deny, for nobody now, as nobody is Guest.");
});

test("[T20] the same change for two roles counts its tools once", () => {
  const changes = [change({ tools: tools(0, 2) }), change({ tools: tools(1, 3), roles: ["Guest"], people: ["Dan"] })];
  expect(changeSentence(preview({ changes, tools: 3, people: ["Ben", "Dan"] }), queues)).toBe(
    "3 tools change from Allow to Deny, for Ben and Dan.",
  );
});

test("[T20] rules with conditions, queues and unnamed calls are told apart, and the notice says what was done", () => {
  const other = preview({
    conditional: [{ how: "new", rule: noted("write_file of files is never run when path is under /srv.") }],
    queues: [{ how: "changed", name: "Approvers", eases: ["fewer", "rejections"], tools: 3 }],
    unnamed: { from: { kind: "ask", queue: "approvers" }, to: { kind: "confirm" } },
  });
  expect(otherLines(other, queues)).toEqual([
    "What no rule names: from Ask Approvers to Confirm.",
    "New, where its conditions hold: write_file of files is never run when path is under /srv.",
    "The queue Approvers, asked for 3 tools, changes: fewer votes are needed; more rejections are needed to end it.",
  ]);
  expect(doneSentence(other, queues)).toBe("This holds for everybody now. 3 things change.");
  expect(doneSentence(preview({ changes: [change({ tools: tools(0, 1) })], tools: 1, people: ["Ben"] }), queues)).toBe(
    "This holds for everybody now. t0 changes from Allow to Deny, for Ben.",
  );
});
