/** What a call makes of its standing: the facts that it shows, the state that it moves to, and whether it begins at once. */
import type { Standing } from "../seams.ts";
import { isSameFact } from "../store/facts.ts";
import type { CallFacts, CallState } from "../store/runs.ts";
import type { Begun, Execution } from "./call-execution.ts";
import type { CallMoves } from "./call-moves.ts";
import type { Drive, EngineParts } from "./engine.ts";
import { isAsking } from "./run.ts";

const ofStanding: Readonly<Record<Standing["state"], CallState>> = {
  confirming: "confirming",
  queued: "queued",
  waiting: "waiting",
  approved: "approved",
  rejected: "rejected",
  canceled: "canceled",
  expired: "expired",
  refused: "refused",
};

/** Answers whether the run moved; or the call to be made, where the decision let it begin at once. */
export type Settling = (call: string) => Begun | boolean;

export const createSettling = (
  { authority, journal, runs }: EngineParts,
  { move }: CallMoves,
  { edge }: Pick<Drive, "edge">,
  execution: Pick<Execution, "begin">,
): Settling => {
  return (id) => {
    const call = runs.call(id);
    const standing = call === null ? null : authority.standing(id);
    if (call === null || standing === null || !isAsking(call.state)) return false;
    const { request, votes, needed, expiresAt, decidedBy, reason, enclosed } = standing;
    const plain = { request, votes, needed, expiresAt, enclosed };
    const facts = { ...plain, decidedBy, reason };
    const to = ofStanding[standing.state];
    if (to === call.state) {
      const isNew = Object.entries(plain).some(([name, value]) => call[name as keyof CallFacts] !== value);
      const isToldNew = !isSameFact(call.reason, reason) || !isSameFact(call.decidedBy, decidedBy);
      if (isNew || isToldNew) journal.note(id, facts);
      return false;
    }
    const decide = (): boolean => move(call, to, facts, () => authority.keep(id));
    const begun = to === "approved" ? execution.begin(call, decide) : null;
    if (begun !== null) return begun;
    const moved = decide();
    if (moved) edge("call.decided");
    return moved;
  };
};
