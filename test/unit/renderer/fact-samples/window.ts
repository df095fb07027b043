import { told } from "#bridge/told.ts";
import type { WindowArgs } from "#bridge/facts/window.ts";
import type { SamplesOf } from "./samples-of.ts";

export const windowSamples: SamplesOf<WindowArgs> = {
  "step-before": [2],
  "step-late": [3],
  "not-sent": [told("not-active")],
  "draft-too-long": [4321],
  "unnamed-unset": [told("not-active")],
};
