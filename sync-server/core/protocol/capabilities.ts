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

/** A right as a log may write it: any word of this shape, since a right may be newer than this app. The fold closes the list (LV8). */
export const asCapability = (value: unknown): string | undefined =>
  typeof value === "string" && /^[a-z][a-z0-9-]{0,31}\.[a-z][a-z0-9-]{0,31}$/.test(value) ? value : undefined;
