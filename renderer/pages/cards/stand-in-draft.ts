/** A delegation as it is chosen, and as it is sent. Pure. */
import { told, type Told } from "#bridge/told.ts";

export interface StandInDraft {
  readonly to: string;
  /** Hours, or `at` for the written time. */
  readonly span: string;
  /** What a date and time field holds: local time without a zone. */
  readonly at: string;
}

const HOUR = 3_600_000;
const LONGEST = 90 * 24 * HOUR;

export const standInOf = (
  draft: StandInDraft,
  now: number,
):
  | { readonly ok: true; readonly to: string; readonly until: number }
  | { readonly ok: false; readonly problem: Told } => {
  if (draft.to === "") return { ok: false, problem: told("needs-person") };
  const until = draft.span === "at" ? new Date(draft.at).getTime() : now + Number(draft.span) * HOUR;
  if (!Number.isFinite(until) || until <= now || until > now + LONGEST)
    return { ok: false, problem: told("needs-end") };
  return { ok: true, to: draft.to, until };
};
