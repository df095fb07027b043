import type { roleMethods } from "#bridge/role.ts";
import { randomBytes } from "node:crypto";
import { asRoleId, LOG } from "#core/protocol/ids.ts";
import type { RoleId } from "#core/protocol/ids.ts";
import { may, roleNamed } from "#core/rules/may.ts";
import { CAPABILITIES } from "#core/protocol/capabilities.ts";
import type { Capability } from "#core/protocol/capabilities.ts";
import { refused } from "#bridge/refused.ts";
import { rejected } from "../seams.ts";
import type { HandlersOf } from "../seams.ts";
import type { Live } from "#client/live.ts";
import { needs } from "./needs.ts";
import { mayChangeRole, rolesNow } from "./team-view.ts";

const isCapability = (name: string): name is Capability => (CAPABILITIES as readonly string[]).includes(name);

const customRole = ({ log }: Live, id: string): RoleId => {
  const known = asRoleId(id);
  const role = known === undefined ? undefined : roleNamed(log, known);
  if (role === undefined) throw rejected("no-such-role");
  return role.id;
};

/** Two roles of one name could not be told apart where one of them is given. */
const freeName = ({ log }: Live, name: string, own: string | null): void => {
  const same = rolesNow(log).some((role) => role.id !== own && role.name.toLowerCase() === name.toLowerCase());
  if (same) throw refused("name-taken");
};

/** The method `role.define`. The server judges it again by the same rules, at its own position. */
export const createRoleHandlers = ({
  workspace,
}: {
  /** Throws `Refusal("no-such-workspace")`. */
  readonly workspace: (wid: string) => Live;
}): HandlersOf<typeof roleMethods> => ({
  "role.define": async ({ wid, role, name, caps }) => {
    const live = workspace(wid);
    const { log, me } = live;
    const unknown = caps.find((capability) => !isCapability(capability));
    if (unknown !== undefined) throw refused("no-such-right");
    const rights = new Set(caps.filter(isCapability));
    const id = role === null ? (`role-${randomBytes(8).toString("hex")}` as RoleId) : customRole(live, role);
    const before = roleNamed(log, id);
    if (before !== undefined) needs(mayChangeRole(log, me, before));
    needs(may(log, me, "members.assign", { rights }));
    freeName(live, name, role);
    await live.outbox.now("role.define", LOG, {
      id,
      name,
      caps: CAPABILITIES.filter((capability) => rights.has(capability)),
    });
    return { role: id };
  },
});
