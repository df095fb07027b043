import type { Handlers } from "../../seams.ts";
import { setEffects, setQueue } from "../../sync/catalogue.ts";
import type { Lives } from "../../sync/lives.ts";

/** The methods `policy.*`. */
export const createPolicyHandlers = ({ lives }: { readonly lives: Lives }): Pick<Handlers, "policy.setEffects" | "policy.setQueue"> => ({
  "policy.setEffects": async ({ wid, server, effects }) => {
    await setEffects(lives.get(wid), server, effects);
    return {};
  },
  "policy.setQueue": async ({ wid, queue }) => {
    await setQueue(lives.get(wid), queue);
    return {};
  },
});
