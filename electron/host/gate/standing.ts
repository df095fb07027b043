/** What a hold means for whoever waits for it and for whoever asks why it may not run, and where its request stands. */
import { queueDoc } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import type { ReadRequest } from "#core/rules/read.ts";
import { told, type Told } from "#bridge/told.ts";
import type { Standing } from "../seams.ts";
import type { Hold } from "../store/holds.ts";
import type { WorkspaceStore } from "#client/ports/store.ts";
import type { Live } from "#client/live.ts";
import type { Notes } from "./notes.ts";
import { refusalFact } from "#client/link/outbox.ts";
import type { HoldFacts } from "./hold.ts";

/** Where it stands, as whoever waits for it is told. */
export const standingFact = ({ state, decidedBy, reason }: Hold): Told => {
  switch (state) {
    case "rejected":
      return told("rejected", decidedBy, reason);
    case "canceled":
      return told("canceled");
    case "used":
      return told("already-run");
    case "expired":
      return told("call-expired", reason);
    case "refused":
      return told("refused", reason);
    case "queued":
    case "waiting":
    case "approved":
      return told("not-decided", reason);
  }
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

/** What was written to a rejection: undefined while they still have to be opened. */
export const reasonOf = (notes: Notes, wid: string, { id, votes }: ReadRequest): Told | null | undefined => {
  const note = votes.findLast((vote) => vote.v === "reject" && vote.note !== null)?.note ?? null;
  if (note === null) return null;
  const words = notes.of(wid, id, note);
  if (words === undefined) return undefined;
  return words === null ? told("note-unopened") : told("note", words);
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
    : { state: "refused", code: row.code ?? "", why: refusalFact(row.code ?? "") };
};
