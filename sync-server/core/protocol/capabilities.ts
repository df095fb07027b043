/** What a role may be made of. A role is a named set of these; what is not in the set is refused. */
export const CAPABILITIES = [
  "threads.create",
  "threads.share",
  "tools.use",
  "tools.configure",
  "agents.edit",
  "knowledge.read",
  "knowledge.use",
  "knowledge.add",
  "knowledge.edit",
  "knowledge.delete",
  "knowledge.manage",
  "approvals.decide",
  "policy.edit",
  "members.invite",
  "members.assign",
  "members.remove",
  "audit.read",
  "audit.export",
  "workspace.configure",
] as const;
export type Capability = (typeof CAPABILITIES)[number];
