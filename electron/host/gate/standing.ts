/** What a hold means for whoever waits for it and for whoever asks why it may not run, and where its request stands. */
import { queueDoc } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import type { ReadRequest } from "#core/rules/read.ts";
import { factWords } from "#text/facts.ts";
import type { Standing } from "../seams.ts";
import type { Hold } from "../store/holds.ts";
import type { WorkspaceStore } from "#client/ports/store.ts";
import type { Live } from "#client/live.ts";
import type { Notes } from "./notes.ts";
import { refusalFact } from "#client/link/outbox.ts";
import type { HoldFacts } from "./hold.ts";

export const CODES: Record<Hold["state"], string> = {
  queued: "not-decided",
  waiting: "not-decided",
  approved: "approved",
  rejected: "rejected",
  canceled: "canceled",
  expired: "expired",
  refused: "refused",
  used: "already-run",
};
export const standingWords = (hold: Hold): string => {
  if (hold.state === "rejected")
    return `${hold.decidedBy ?? "An approver"} rejected this.${hold.reason === null ? "" : ` ${hold.reason}`}`;
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
  enclosed: hold.enclosed,
});

/** Why a request was rejected, where words were given: undefined while they still have to be opened. */
export const reasonOf = (notes: Notes, wid: string, { id, votes }: ReadRequest): string | null | undefined => {
  const note = votes.findLast((vote) => vote.v === "reject" && vote.note !== null)?.note ?? null;
  if (note === null) return null;
  const words = notes.of(wid, id, note);
  return words === null ? "A reason was given, but this device could not open it." : words;
};

export const requestOf = (live: Live, hold: Hold): ReadRequest | undefined =>
  hold.request === null ? undefined : live.docs.asked(hold.request);
/** Where the request stands: it may be in an older epoch, and one that is on its way is in the one it was signed for. */
export const docOf = (live: Live, hold: Hold): DocName =>
  requestOf(live, hold)?.doc ?? live.outbox.docOf(hold.request ?? "") ?? live.docs.newest(queueDoc(hold.queue));
/** What the outbox knows of the command that asked. */
export const sentOf = (rows: WorkspaceStore, wid: string, hold: Hold): HoldFacts["sent"] => {
  const row =
    hold.request === null ? undefined : rows.outboxOf(wid, hold.request).find((item) => item.command === hold.request);
  if (row === undefined || row.state === "done") return { state: "done" };
  return row.state === "waiting"
    ? { state: "waiting" }
    : { state: "refused", code: row.code ?? "", words: factWords(refusalFact(row.code ?? "")) };
};
