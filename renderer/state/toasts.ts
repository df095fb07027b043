/** Short notices at the edge of the window: failures of actions, and what was just done. */
import { codeOf } from "../bridge.ts";
import { createStore } from "./store.ts";

export interface Toast {
  readonly id: number;
  readonly tone: "failed" | "done" | "told";
  readonly text: string;
}

const KEEP_DONE_MS = 4_000;
const KEEP_FAILED_MS = 12_000;
/** News about the team: long enough to be read by somebody who looks elsewhere, and dismissed by hand before. */
const KEEP_TOLD_MS = 60_000;
let next = 1;
export const toasts = createStore<readonly Toast[]>([]);

export const dismiss = (id: number): void => toasts.update((all) => all.filter((toast) => toast.id !== id));

const show = (tone: Toast["tone"], text: string, keepMs: number) => {
  const id = next++;
  toasts.update((all) => [...all.filter((toast) => toast.text !== text).slice(-2), { id, tone, text }]);
  setTimeout(() => dismiss(id), keepMs);
};

export const saidDone = (text: string): void => show("done", text, KEEP_DONE_MS);
export const told = (text: string): void => show("told", text, KEEP_TOLD_MS);
/** Why something was not done, where nothing was tried. */
export const saidWhy = (text: string): void => show("failed", text, KEEP_FAILED_MS);
export const saidFailed = (error: unknown): void => show("failed", codeOf(error).message, KEEP_FAILED_MS);
