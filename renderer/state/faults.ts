/** Errors of this window that nobody expected: their kind and place go to this computer's log, never their message. */
import { drop } from "#core/facts/drop.ts";
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
    drop(
      request("fault.report", { event, name, stack: [...stack] }),
      "without a host there is nobody to tell; the browser's own console has it",
    );
  };
  window.addEventListener("error", (event) => report("error", event.error));
  window.addEventListener("unhandledrejection", (event) => report("rejection", event.reason));
};
