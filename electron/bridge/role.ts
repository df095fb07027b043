/** Roles: named sets of rights. */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { Verdict } from "./answer.ts";
import { wid, id, name } from "./fields.ts";
import { method } from "./method.ts";

export const RoleView = z.strictObject({
  id: z.string(),
  name: z.string(),
  caps: z.array(z.string()),
  builtIn: z.boolean(),
  /** Whether I may change what it allows. */
  change: Verdict,
});
export type RoleView = DeepReadonly<z.infer<typeof RoleView>>;

export const roleMethods = {
  /** Defines a new role, or changes a custom one. The log keeps every role, so there is no way to delete one. */
  "role.define": method({
    params: z.strictObject({ wid, role: id.nullable(), name, caps: z.array(z.string().max(64)).max(64) }),
    result: z.strictObject({ role: z.string() }),
    windows: ["main"],
    needs: "members.assign",
  }),
};
