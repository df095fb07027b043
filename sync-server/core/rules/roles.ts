/**
 * Capabilities and roles. A role is a named set of capabilities; what is not in the set is refused.
 */
import { CAPABILITY_SINCE } from "../protocol/levels.ts";
import type { Capability } from "../protocol/capabilities.ts";
import type { RoleId } from "../protocol/ids.ts";

export interface Role {
  readonly id: RoleId;
  readonly name: string;
  readonly caps: ReadonlySet<Capability>;
  readonly builtIn: boolean;
}

export const OWNER = "owner" as RoleId;
export const ADMIN_ROLE = "admin" as RoleId;
export const MEMBER_ROLE = "member" as RoleId;
export const GUEST = "guest" as RoleId;

const memberCaps: readonly Capability[] = ["threads.create", "tools.use"];

/** Null stands for every right that there is. */
const BUILT_IN: readonly (readonly [id: RoleId, name: string, caps: readonly Capability[] | null])[] = [
  [OWNER, "Owner", null],
  [ADMIN_ROLE, "Admin", null],
  ["approver" as RoleId, "Approver", [...memberCaps, "approvals.decide"]],
  [MEMBER_ROLE, "Member", memberCaps],
  ["auditor" as RoleId, "Auditor", ["audit.read", "audit.export"]],
  [GUEST, "Guest", []],
];
/** What the built-in roles hold at a level: an app that knows more gives nobody more before the workspace is raised (LV8). */
export const rolesAt = (level: number, table: Readonly<Record<string, number>> = CAPABILITY_SINCE): Role[] => {
  const all = Object.keys(table).filter((cap) => (table[cap] ?? 0) <= level) as Capability[];
  return BUILT_IN.map(([id, name, caps]) => ({
    id,
    name,
    caps: new Set(all.filter((cap) => caps === null || caps.includes(cap))),
    builtIn: true,
  }));
};
export const BUILT_IN_ROLES: readonly Role[] = rolesAt(1);

/** Owner and Admin hold the same capabilities; only an Owner gives or takes these two roles. */
export const isOwnersOnly = (role: RoleId): boolean => role === OWNER || role === ADMIN_ROLE;

export const covers = (mine: ReadonlySet<Capability>, wanted: ReadonlySet<Capability>): boolean => {
  for (const cap of wanted) if (!mine.has(cap)) return false;
  return true;
};
