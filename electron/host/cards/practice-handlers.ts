import { practise, withdrawPractice } from "../gate/practice.ts";
import type { Handlers } from "../seams.ts";
import type { Lives } from "../workspaces/lives.ts";

/** The methods `practice.*`. */
export const createPracticeHandlers = ({
  lives,
}: {
  readonly lives: Lives;
}): Pick<Handlers, "practice.ask" | "practice.withdraw"> => ({
  "practice.ask": async ({ wid, ...wish }) => ({ request: await practise(lives.get(wid), wish) }),
  "practice.withdraw": async ({ wid, request }) => {
    await withdrawPractice(lives.get(wid), request);
    return {};
  },
});
