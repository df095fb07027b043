import { told } from "#bridge/told.ts";
import type { WindowArgs } from "#bridge/facts/window.ts";
import type { SamplesOf } from "./samples-of.ts";

export const windowSamples: SamplesOf<WindowArgs> = {
  "not-sent": [told("not-active")],
};
