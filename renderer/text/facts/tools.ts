import type { ToolsArgs } from "#bridge/facts/tools.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

export const toolsWords: SentencesOf<ToolsArgs> = words("facts/tools.toolsWords", {
  "config-shell-syntax": (_, char) =>
    `The command line holds “${char}”, which only a shell understands, and no shell is run. Write the full text instead, or put it in single quotes.`,
  "config-many-lines": () => "There is more than one command. Paste one command line, or the mcpServers JSON.",
  "config-unclosed-quote": (_, quote) => `A quote (${quote}) is opened and never closed. Add the missing one.`,
  "tool.suggested": () => "Suggested: what a call gets that no rule names. Choose more or less for each tool.",
});
