/** What a hold means for whoever waits for it, and for whoever asks why it may not run. */
import type { Request } from "#core/state.ts";
import type { Shell, Standing } from "../seams.ts";
import type { Hold } from "../store/holds.ts";
import { unseal } from "../sync/sealed.ts";

export const CODES: Record<Hold["state"], string> = { queued: "not-decided", waiting: "not-decided", approved: "approved", rejected: "rejected", canceled: "canceled", expired: "expired", refused: "refused", used: "already-run" };
export const standingWords = (hold: Hold): string => {
  if (hold.state === "rejected") return `${hold.decidedBy ?? "An approver"} rejected this.${hold.reason === null ? "" : ` ${hold.reason}`}`;
  if (hold.state === "canceled") return "The request was withdrawn.";
  if (hold.state === "used") return "This call was made before and is never made twice.";
  return hold.reason ?? "This waits for a decision.";
};

export const standingOf = (hold: Hold): Standing => ({
  state: hold.state === "used" ? "approved" : hold.state,
  request: hold.request,
  votes: hold.votes,
  needed: hold.needed,
  expiresAt: hold.expiresAt,
  decidedBy: hold.decidedBy,
  reason: hold.reason,
});

/** Words of rejections, opened once each. */
export const createReasons = (shell: Shell, opened: (wid: string) => void) => {
  const known = new Map<string, string | null>();
  const busy = new Set<string>();
  return {
    /** Undefined while the words still have to be opened. */
    of: (wid: string, request: Request): string | null | undefined => {
      const note = request.votes.findLast((vote) => vote.v === "reject" && vote.note !== null)?.note ?? null;
      if (note === null) return null;
      const found = known.get(note);
      if (found !== undefined || busy.has(note)) return found;
      busy.add(note);
      const keep = (words: string | null): void => {
        known.set(note, words);
        busy.delete(note);
        opened(wid);
      };
      unseal(shell, note).then((words) => keep(words.slice(0, 2_000)), () => keep("A reason was given, but this device could not open it."));
      return undefined;
    },
  };
};
