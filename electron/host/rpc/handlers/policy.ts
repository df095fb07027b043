import type { Handlers } from "../../seams.ts";
import { setEffects, setQueue } from "../../sync/catalogue.ts";
import type { Lives } from "../../sync/lives.ts";
import { queueRemoval, removeQueue } from "../../sync/queue-removal.ts";
import { removeRule, setRule, tryRules } from "../../sync/rules.ts";

type PolicyMethod = "policy.setEffects" | "policy.setQueue" | "policy.queueRemoval" | "policy.removeQueue" | "policy.setRule" | "policy.removeRule" | "policy.try";

/** The methods `policy.*`. */
export const createPolicyHandlers = ({ lives }: { readonly lives: Lives }): Pick<Handlers, PolicyMethod> => ({
  "policy.setEffects": async ({ wid, server, effects }) => {
    await setEffects(lives.get(wid), server, effects);
    return {};
  },
  "policy.setQueue": async ({ wid, queue, base }) => {
    await setQueue(lives.get(wid), queue, base);
    return {};
  },
  "policy.queueRemoval": ({ wid, queue }) => queueRemoval(lives.get(wid), queue),
  "policy.removeQueue": async ({ wid, queue, base }) => {
    await removeQueue(lives.get(wid), queue, base);
    return {};
  },
  "policy.setRule": async ({ wid, rule, base }) => {
    await setRule(lives.get(wid), rule, base);
    return {};
  },
  "policy.removeRule": async ({ wid, rule, base }) => {
    await removeRule(lives.get(wid), rule, base);
    return {};
  },
  "policy.try": ({ wid, ...asked }) => tryRules(lives.get(wid), asked),
});
