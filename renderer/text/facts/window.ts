import type { WindowArgs } from "#bridge/facts/window.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

export const windowWords: SentencesOf<WindowArgs> = words("facts/window.windowWords", {
  "host-away": () =>
    "The agent host is not connected to this window right now. Nothing was sent. Try again in a moment.",
  "bad-answer": () =>
    "The agent host answered in a way this window does not know. Nothing was lost. Restart Bulkhead so that both are of the same version.",
  "window-keyless": () =>
    "Bulkhead opens its window with a key in the address, and this tab was opened without one. Nothing was changed. Go back to the window that Bulkhead opened, or start Bulkhead again and open the address it prints.",
  "window-refused": () =>
    "Bulkhead answers, but not to this tab: its address was used in another one, or Bulkhead was started anew since. Nothing was changed. Go on in the newest window, or start Bulkhead again and open the address it prints.",
  "host-gone": () =>
    "It may have been ended. Your threads are kept on this computer. Start Bulkhead again and open the address it prints.",
  unexpected: () => "Something in this window failed. Nothing was sent. Try again.",

  "needs-unnamed": () => "Choose who says yes to tool calls. It can be changed later.",
  "needs-person": () => "Choose a person.",
  "needs-end": () => "Choose a time that lies ahead, at most 90 days away.",
  "needs-queue-name": () => "Give the queue a name.",
  "needs-queue-group": () => "Choose at least one role or person in each group.",
  "needs-whole-numbers": () => "Write whole numbers above zero.",
  "needs-times": () => "Write times as whole numbers above zero, at most 30 days.",
  "step-before": ({ number }, step) => `Step ${number(step)} must begin later than the step before it.`,
  "step-late": ({ number }, step) =>
    `Step ${number(step)} must begin before the request is denied. Move it earlier, or allow more time to decide.`,
  "needs-path": () => "Write the name of the argument in each condition.",
  "needs-value": () => "Write a value in each condition.",
  "needs-tool": () => "Choose a server and its tools, or add a condition.",
  "needs-tools": () => "Choose the tools.",
  "needs-effect": () => "Choose what happens.",

  "not-sent": ({ say }, problem) => `Not sent, your text is kept. ${say(problem)}`,
  "no-model-answers": () => "No model answers in this thread, so nothing was sent. Your text is kept.",
  "draft-unkept": () => "What you write is on this screen and could not be kept yet. It is tried again by itself.",
  "draft-too-long": ({ number }, most) =>
    `What you write is longer than ${number(most)} characters, so it is only on this screen. It is gone when this window closes.`,
  "act-window-closed": () =>
    "Your browser kept the window closed in which you confirm this. Allow windows for this page, then do it again.",
  "number-window-closed": () =>
    "Your browser kept the window with the number closed. Allow windows for this page, then choose “Show the number” again.",
  "unnamed-unset": ({ say }, problem) =>
    `The workspace is there, but that you confirm calls yourself could not be set: ${say(problem)} Choose it in Tools, under Calls that no rule names.`,
  "audit-file-name": () => "The file's name must end in .jsonl or .csv, as Bulkhead saves it.",
  "audit-file-large": () =>
    "This file is larger than 32 MB. Verify it with npm run verify-audit, which takes any size.",
});
