/**
 * What becomes of a draft that two windows write. The window that was typed in last wins, whichever save arrives first;
 * what gives way is put aside and offered, unless the winner says it too. Pure.
 */
import type { Draft } from "#bridge/thread.ts";
import { EMPTY_DRAFT, type KeptDraft } from "../store/drafts.ts";

export interface Save {
  readonly draft: Draft;
  /** The version that the window wrote on top of. */
  readonly base: number;
  readonly writer: string;
  readonly typedAt: number;
}

const ASIDE_MAX = 8;

/** `won` is false where another window was typed in later: then its text stays and the saved one is put aside. */
export const afterSave = (kept: KeptDraft, save: Save): { readonly kept: KeptDraft; readonly won: boolean } => {
  const { draft, writer, typedAt } = save;
  // A window's own saves follow each other, whatever it has heard of the version by then.
  const stale = save.base !== kept.version && writer !== kept.writer;
  if (!stale) return { kept: { ...kept, version: kept.version + 1, writer, typedAt, draft }, won: true };
  if (typedAt < kept.typedAt) return { kept: putAside(kept, draft, kept.draft), won: false };
  return { kept: putAside({ ...kept, writer, typedAt, draft }, kept.draft, draft), won: true };
};

/**
 * The draft after its text was sent. What the sending window kept last may be the beginning of it only; the same
 * beginning from another window is another text, and stays.
 */
export const afterSent = (kept: KeptDraft, sent: string, writer: string): KeptDraft => {
  const text = kept.draft.text.trim();
  const isSent = text === sent.trim() || (kept.writer === writer && sent.startsWith(text));
  return text === "" || !isSent ? kept : { ...kept, version: kept.version + 1, draft: { ...kept.draft, text: "" } };
};

/** Takes up what was put aside, or puts it away for good. Null where it is not there any more. */
export const afterAside = (kept: KeptDraft, id: number, use: boolean): KeptDraft | null => {
  const chosen = kept.aside.find((each) => each.id === id);
  if (chosen === undefined) return null;
  const rest: KeptDraft = { ...kept, version: kept.version + 1, aside: kept.aside.filter((each) => each !== chosen) };
  return use ? { ...putAside({ ...rest, draft: chosen.draft }, kept.draft, EMPTY_DRAFT), writer: "" } : rest;
};

const putAside = (kept: KeptDraft, lost: Draft, beside: Draft): KeptDraft => {
  const version = kept.version + 1;
  const known = [beside, ...kept.aside.map((each) => each.draft)].some((each) => says(each, lost));
  return {
    ...kept,
    version,
    aside: known ? kept.aside : [...kept.aside, { id: version, draft: lost }].slice(-ASIDE_MAX),
  };
};

/** Whether everything written in `part` stands in `whole`. */
const says = (whole: Draft, part: Draft): boolean =>
  whole.text.includes(part.text.trim()) &&
  part.calls.every((call) =>
    whole.calls.some(
      (each) =>
        each.server === call.server &&
        each.tool === call.tool &&
        each.values === call.values &&
        each.raw === call.raw &&
        each.why === call.why,
    ),
  );
