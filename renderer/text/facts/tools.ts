import type { ToolsArgs } from "#bridge/facts/tools.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";
import { callWords } from "./tool-calls.ts";
import { configWords } from "./tool-config.ts";
import { serverWords } from "./tool-servers.ts";

export const toolsWords: SentencesOf<ToolsArgs> = words("facts/tools.toolsWords", {
  ...configWords,
  ...serverWords,
  ...callWords,
});
