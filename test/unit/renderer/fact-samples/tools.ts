import type { ToolsArgs } from "#bridge/facts/tools.ts";
import type { SamplesOf } from "./samples-of.ts";

export const toolsSamples: SamplesOf<ToolsArgs> = {
  "config-shell-syntax": ["N|"],
  "config-unclosed-quote": ["N'"],
};
