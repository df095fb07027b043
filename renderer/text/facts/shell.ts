import type { ShellArgs } from "#bridge/facts/shell.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

export const shellWords: SentencesOf<ShellArgs> = words("facts/shell.shellWords", {
  "host-silent": () => "The part of Bulkhead that runs your threads does not answer and is being started again.",
  "act-over": () => "This waited too long, or something else was asked after it, so nothing was signed.",
});
