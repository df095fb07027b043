/** Errors of this window that nobody expected: their kind and place go to this computer's log, never their message. */
import { faultOf } from "#core/facts/fault.ts";
import { request } from "./host.ts";

/** A page that fails again and again says so often enough. */
const REPORTED_MAX = 20;

export const reportFaults = (): void => {
  let reported = 0;
  const report = (event: "error" | "rejection", error: unknown) => {
    if (reported >= REPORTED_MAX) return;
    reported += 1;
    const { name, stack } = faultOf(error);
    // Without a host there is nobody to tell; the browser's own console has it.
    request("fault.report", { event, name, stack: [...stack] }).catch(() => undefined);
  };
  window.addEventListener("error", (event) => report("error", event.error));
  window.addEventListener("unhandledrejection", (event) => report("rejection", event.reason));
};
