/**
 * The one RPC between a window and the agent host: the table of every method and of every topic that a window can
 * watch, joined from the files of their nouns. Both ends parse: the host refuses unknown methods and keys, the window
 * refuses an answer of another shape. Nothing here carries authority: the host decides, whatever a window sends.
 */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { actMethods } from "./act.ts";
import { appMethods, appTopics } from "./app.ts";
import { auditMethods, auditTopics } from "./audit.ts";
import { callMethods } from "./call.ts";
import { cardMethods, cardTopics } from "./card.ts";
import { deviceMethods } from "./device.ts";
import { evidenceMethods } from "./evidence.ts";
import { done } from "./fields.ts";
import { listMethods } from "./list.ts";
import { inviteMethods, inviteTopics } from "./invite.ts";
import { memberMethods, memberTopics } from "./member.ts";
import { method } from "./method.ts";
import { modelMethods, modelTopics } from "./model.ts";
import { pairingMethods, pairingTopics } from "./pairing.ts";
import { policyMethods, policyTopics } from "./policy.ts";
import { roleMethods } from "./role.ts";
import type { WindowKind } from "./shell-port.ts";
import { threadMethods, threadTopics } from "./thread.ts";
import { toolMethods, toolTopics } from "./tool.ts";
import { workspaceMethods, workspaceTopics } from "./workspace.ts";

const watching = {
  /** The host answers with the present value and sends `topic` events from then on. */
  watch: method({
    params: z.strictObject({ topic: z.string().max(200) }),
    result: z.unknown(),
    windows: ["main", "popup"],
    needs: { in: "handler", because: "each topic has a row of its own" },
  }),
  unwatch: method({
    params: z.strictObject({ topic: z.string().max(200) }),
    result: done,
    windows: ["main", "popup"],
    needs: { none: "reads" },
  }),
};

export const methods = {
  ...watching,
  ...listMethods,
  ...appMethods,
  ...workspaceMethods,
  ...evidenceMethods,
  ...inviteMethods,
  ...memberMethods,
  ...roleMethods,
  ...deviceMethods,
  ...pairingMethods,
  ...actMethods,
  ...auditMethods,
  ...toolMethods,
  ...policyMethods,
  ...threadMethods,
  ...callMethods,
  ...cardMethods,
  ...modelMethods,
};

export type Method = keyof typeof methods;
export type Params<M extends Method> = DeepReadonly<z.input<(typeof methods)[M]["params"]>>;
export type Result<M extends Method> = DeepReadonly<z.output<(typeof methods)[M]["result"]>>;

/**
 * Topics: a value, of which the host sends what changed (`change.ts`), the first change at once and a burst at most every
 * 50 ms; or a list, of which it sends the rows that changed (`list.ts`). A topic of the app has no argument; the others are `<kind>/<wid>` or `thread/<thread id>`.
 */
export const topics = {
  ...appTopics,
  ...modelTopics,
  ...pairingTopics,
  ...workspaceTopics,
  ...memberTopics,
  ...inviteTopics,
  ...toolTopics,
  ...policyTopics,
  ...threadTopics,
  ...cardTopics,
  ...auditTopics,
};
export type TopicKind = keyof typeof topics;
export type TopicValue<K extends TopicKind> = DeepReadonly<z.output<(typeof topics)[K]["value"]>>;

/** A name of every object, as `constructor`, is none of ours. */
export const isMethod = (name: string): name is Method => Object.hasOwn(methods, name);
export const isTopicKind = (name: string): name is TopicKind => Object.hasOwn(topics, name);
/** Whether a window of that kind may call the method, or watch the topic. */
export const opens = ({ windows }: { readonly windows: readonly WindowKind[] }, window: WindowKind): boolean =>
  windows.includes(window);
