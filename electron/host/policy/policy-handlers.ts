import type { Handlers, Tools } from "../seams.ts";
import type { WorkspaceStore } from "#client/ports/store.ts";
import { previewChanges, publish } from "./changes.ts";
import type { Lives } from "../workspaces/lives.ts";
import { queueRemoval } from "./queue-removal.ts";
import { ruleArguments } from "./rule-judge.ts";
import { schemasOf } from "./schemas.ts";
import { tryRules } from "./rules.ts";
import { policySince, undoPolicy } from "./undo.ts";

type PolicyMethod = Extract<keyof Handlers, `policy.${string}`>;

export interface PolicyHandlerDeps {
  readonly lives: Lives;
  readonly rows: WorkspaceStore;
  readonly tools: () => Pick<Tools, "find">;
}

/** The methods `policy.*`. */
export const createPolicyHandlers = ({ lives, rows, tools }: PolicyHandlerDeps): Pick<Handlers, PolicyMethod> => ({
  "policy.preview": ({ wid, changes }) => previewChanges(lives.get(wid), changes, schemasOf(tools, wid)),
  "policy.change": ({ wid, changes, base }) => publish(lives.get(wid), changes, base, schemasOf(tools, wid)),
  "policy.undo": ({ wid, ...of }) => undoPolicy(lives.get(wid), of, rows),
  "policy.since": ({ wid, base }) => policySince(lives.get(wid), base, rows),
  "policy.arguments": ({ wid, ...rule }) => ruleArguments(lives.get(wid).log, rule, schemasOf(tools, wid)),
  "policy.queueRemoval": ({ wid, queue }) => queueRemoval(lives.get(wid), queue),
  "policy.try": ({ wid, ...asked }) => tryRules(lives.get(wid), asked),
});
