import type { policyMethods } from "#bridge/policy.ts";
import type { HandlersOf, Tools } from "../seams.ts";
import type { WorkspaceStore } from "#client/ports/store.ts";
import { previewChanges, publish } from "./changes.ts";
import type { Live } from "#client/live.ts";
import { queueRemoval } from "./queue-removal.ts";
import { ruleArguments } from "./rule-judge.ts";
import { schemasOf } from "./schemas.ts";
import { tryRules } from "./rules.ts";
import { policySince, undoPolicy } from "./undo.ts";

export interface PolicyHandlerDeps {
  /** Throws `Refusal("no-such-workspace")`. */
  readonly workspace: (wid: string) => Live;
  readonly rows: WorkspaceStore;
  readonly tools: Pick<Tools, "find">;
}

/** The methods `policy.*`. */
export const createPolicyHandlers = ({
  workspace,
  rows,
  tools,
}: PolicyHandlerDeps): HandlersOf<typeof policyMethods> => ({
  "policy.preview": ({ wid, changes }) => previewChanges(workspace(wid), changes, schemasOf(tools, wid)),
  "policy.change": ({ wid, changes, base }) => publish(workspace(wid), changes, base, schemasOf(tools, wid)),
  "policy.undo": ({ wid, ...of }) => undoPolicy(workspace(wid), of, rows),
  "policy.since": ({ wid, base }) => policySince(workspace(wid), base, rows),
  "policy.arguments": ({ wid, ...rule }) => ruleArguments(workspace(wid).log, rule, schemasOf(tools, wid)),
  "policy.queueRemoval": ({ wid, queue }) => queueRemoval(workspace(wid), queue),
  "policy.try": ({ wid, ...asked }) => tryRules(workspace(wid), asked),
});
