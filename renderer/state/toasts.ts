/** Short notices at the edge of the window: failures of actions, and what was just done. */
import { codeOf, TakenBack } from "../failure.ts";
import { createStore } from "./store.ts";
import { factWords } from "../text/facts.ts";

export interface Toast {
  readonly id: number;
  readonly tone: "failed" | "done" | "told";
  readonly text: string;
  /** Takes back what was done, for as long as the notice stands. Answers what to say then. */
  readonly undo?: () => Promise<string>;
}

const KEEP_DONE_MS = 4_000;
/** As long as the notice can be pressed to take back what it tells. */
export const UNDO_MS = 10_000;
const KEEP_FAILED_MS = 12_000;
/** News about the team: long enough to be read by somebody who looks elsewhere, and dismissed by hand before. */
const KEEP_TOLD_MS = 60_000;
let next = 1;
export const toasts = createStore<readonly Toast[]>([]);

export const dismiss = (id: number): void => toasts.update((all) => all.filter((toast) => toast.id !== id));

/** The same news may come by two ways, from one of them with more: one notice, with all of it. */
const isSaid = ({ text }: Pick<Toast, "text">, by: Pick<Toast, "text">): boolean =>
  text === by.text || by.text.startsWith(`${text}. `);

const show = (toast: Omit<Toast, "id">, keepMs: number) => {
  if (toasts.get().some((each) => each.text !== toast.text && isSaid(toast, each))) return;
  const id = next++;
  // One thing can be taken back at a time: the newest.
  toasts.update((all) => [
    ...all.filter((each) => !isSaid(each, toast) && (each.undo === undefined || toast.undo === undefined)).slice(-2),
    { id, ...toast },
  ]);
  setTimeout(() => dismiss(id), keepMs);
};

export const saidDone = (text: string, undo?: () => Promise<string>): void =>
  show(
    undo === undefined ? { tone: "done", text } : { tone: "done", text, undo },
    undo === undefined ? KEEP_DONE_MS : UNDO_MS,
  );
export const told = (text: string): void => show({ tone: "told", text }, KEEP_TOLD_MS);
/** Why something was not done, where nothing was tried. */
export const saidWhy = (text: string): void => show({ tone: "failed", text }, KEEP_FAILED_MS);
export const saidFailed = (error: unknown): void =>
  show({ tone: error instanceof TakenBack ? "told" : "failed", text: factWords(codeOf(error)) }, KEEP_FAILED_MS);

/** Takes back what a notice tells. Once: the notice goes at the first press. */
export const undo = (toast: Toast): void => {
  dismiss(toast.id);
  toast.undo?.().then(saidDone, saidFailed);
};

/** Takes back the newest thing whose notice still stands. Answers whether there was one. */
export const undoNewest = (): boolean => {
  const newest = toasts.get().findLast((toast) => toast.undo !== undefined);
  if (newest !== undefined) undo(newest);
  return newest !== undefined;
};
