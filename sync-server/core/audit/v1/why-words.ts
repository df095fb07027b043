/** Why somebody may or may not do something, as audits of format 1 write it. Frozen: see `words.ts`. */
import type { Why } from "../../facts/why.ts";

export const CAPABILITY_WORDS: Readonly<Record<string, string>> = {
  "threads.create": "write private threads",
  "threads.share": "share threads",
  "tools.use": "use tools",
  "tools.configure": "add or change tool servers",
  "agents.edit": "change agents",
  "knowledge.read": "read knowledge",
  "knowledge.use": "use knowledge in answers",
  "knowledge.add": "add knowledge",
  "knowledge.edit": "edit knowledge",
  "knowledge.delete": "delete knowledge",
  "knowledge.manage": "manage who reads knowledge",
  "approvals.decide": "decide approvals",
  "policy.edit": "change rules and queues",
  "members.invite": "invite people",
  "members.assign": "manage roles",
  "members.remove": "remove members",
  "audit.read": "read the audit",
  "audit.export": "export the audit",
  "workspace.configure": "configure the workspace",
};

/** Those that can stand in such an audit; of others the code. */
export const whyWords = (why: Why): string => {
  switch (why.code) {
    case "not-active":
      return "Not an active member of this workspace.";
    case "role-may":
      return `The role ${why.args[0][1]} may ${CAPABILITY_WORDS[why.args[1]] ?? why.args[1]}.`;
    case "role-may-not":
      return `The role ${why.args[0][1]} may not ${CAPABILITY_WORDS[why.args[1]] ?? why.args[1]}.`;
    case "queue-names":
      return `The queue ${why.args[0][1]} names this person or the role ${why.args[1][1]}.`;
    case "queue-names-later":
      return `The queue ${why.args[0][1]} asks this person only in a later step, if nobody decides before.`;
    case "queue-names-not":
      return `The queue ${why.args[0][1]} names neither this person nor the role.`;
    case "stands-in-for":
      return `This person stands in for ${why.args[0][1] === "" ? "a member" : why.args[0][1]}.`;
    case "own-request":
      return "Nobody decides their own request.";
    case "not-independent":
      return "Whoever asks this brought you in lately, and this queue wants somebody else to decide.";
    default:
      return why.code;
  }
};
