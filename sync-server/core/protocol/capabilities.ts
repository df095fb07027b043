/** What a role may be made of. A role is a named set of these; what is not in the set is refused. */
export const CAPABILITIES = [
  "threads.create",
  "tools.use",
  "tools.configure",
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
