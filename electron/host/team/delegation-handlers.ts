import type { Handlers } from "../seams.ts";
import { clearDelegation, setDelegation } from "./delegations.ts";
import type { Lives } from "../workspaces/lives.ts";

/** The methods `delegation.*`. The server judges them again by the same rules, at its own time. */
export const createDelegationHandlers = ({
  lives,
}: {
  readonly lives: Lives;
}): Pick<Handlers, "delegation.set" | "delegation.clear"> => ({
  "delegation.set": async ({ wid, to, until }) => {
    await setDelegation(lives.get(wid), to, until);
    return {};
  },
  "delegation.clear": async ({ wid }) => {
    await clearDelegation(lives.get(wid));
    return {};
  },
});
