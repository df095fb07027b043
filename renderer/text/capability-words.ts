/** Rights as a person reads them. */
import type { Capability } from "#core/protocol/capabilities.ts";
import { words } from "./words.ts";

/** After "may": in the rule that decided, in the audit and on every screen. */
export const CAPABILITY_WORDS: Readonly<Record<Capability, string>> = words("capability-words.CAPABILITY_WORDS", {
  "threads.create": "write private threads",
  "tools.use": "use tools",
  "tools.configure": "add or change tool servers",
  "approvals.decide": "decide approvals",
  "policy.edit": "change rules and queues",
  "members.invite": "invite people",
  "members.assign": "manage roles",
  "members.remove": "remove members",
  "audit.read": "read the audit",
  "audit.export": "export the audit",
  "workspace.configure": "configure the workspace",
});
