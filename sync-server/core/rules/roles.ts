/**
 * Capabilities and roles. A role is a named set of capabilities; what is not in the set is refused.
 */
import { CAPABILITIES } from "../protocol/capabilities.ts";
import type { Capability } from "../protocol/capabilities.ts";
import type { RoleId } from "../protocol/ids.ts";

export interface Role {
  readonly id: RoleId;
  readonly name: string;
  readonly caps: ReadonlySet<Capability>;
  readonly builtIn: boolean;
}

const builtIn = (id: string, name: string, caps: readonly Capability[]): Role => ({
  id: id as RoleId,
  name,
  caps: new Set(caps),
  builtIn: true,
});

export const OWNER = "owner" as RoleId;
export const ADMIN_ROLE = "admin" as RoleId;
export const MEMBER_ROLE = "member" as RoleId;
export const GUEST = "guest" as RoleId;

const memberCaps: readonly Capability[] = ["threads.create", "tools.use"];

export const BUILT_IN_ROLES: readonly Role[] = [
  builtIn("owner", "Owner", CAPABILITIES),
  builtIn("admin", "Admin", CAPABILITIES),
  builtIn("approver", "Approver", [...memberCaps, "approvals.decide"]),
  builtIn("member", "Member", memberCaps),
  builtIn("auditor", "Auditor", ["audit.read", "audit.export"]),
  builtIn("guest", "Guest", []),
];

/** Owner and Admin hold the same capabilities; only an Owner gives or takes these two roles. */
export const isOwnersOnly = (role: RoleId): boolean => role === OWNER || role === ADMIN_ROLE;

export const covers = (mine: ReadonlySet<Capability>, wanted: ReadonlySet<Capability>): boolean => {
  for (const cap of wanted) if (!mine.has(cap)) return false;
  return true;
};
