import type { ShellArgs } from "#bridge/facts/shell.ts";
import type { SamplesOf } from "./samples-of.ts";

export const shellSamples: SamplesOf<ShellArgs> = {};
