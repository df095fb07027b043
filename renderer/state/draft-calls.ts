/** The calls that are being filled in, inside a draft. Pure. */
import { DRAFT_CALLS_MAX } from "#bridge/limits.ts";
import type { CallDraft, Draft } from "#bridge/thread.ts";

/** Opens the form of a tool: the unfinished one where there is one. */
export const withChosen = (draft: Draft, server: string, tool: string): Draft => {
  const at = draft.calls.findIndex((call) => call.server === server && call.tool === tool);
  return at === -1 ? withCall(draft, { server, tool, values: "", raw: null, why: "" }) : { ...draft, open: at };
};

/** Opens the form with these values, beside whatever else is unfinished. */
export const withCall = (draft: Draft, call: CallDraft): Draft => {
  const calls = [...draft.calls, call].slice(-DRAFT_CALLS_MAX);
  return { ...draft, calls, open: calls.length - 1 };
};

export const withTyped = (
  draft: Draft,
  at: number,
  typed: Partial<Pick<CallDraft, "values" | "raw" | "why">>,
): Draft => ({ ...draft, calls: draft.calls.map((call, index) => (index === at ? { ...call, ...typed } : call)) });

/** Steps back to the text. A form in which nothing was typed leaves nothing behind. */
export const withClosed = (draft: Draft): Draft => {
  const call = draft.open === null ? undefined : draft.calls[draft.open];
  return call !== undefined && call.values === "" && call.raw === null && call.why === ""
    ? withoutCall(draft, draft.open ?? 0)
    : { ...draft, open: null };
};

export const withoutCall = (draft: Draft, at: number): Draft => ({
  ...draft,
  calls: draft.calls.filter((_call, index) => index !== at),
  open: null,
});

/** The call was made: its form is gone, and so is the `/name` that found the tool. */
export const withCalled = (draft: Draft, at: number): Draft => ({
  ...withoutCall(draft, at),
  text: draft.text.startsWith("/") && !draft.text.includes("\n") ? "" : draft.text,
});
