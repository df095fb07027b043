/**
 * What an operator's signals do, from the first moment: this is imported before everything else, since a signal that
 * finds no listener ends the process, or, with SIGUSR1, opens a debugger to every account of the machine.
 */
import type { Log } from "./log.ts";

/** SIGHUP is what a rotation of logs and a reload send; SIGUSR1 is one digit away from the signal for a backup. */
const IGNORED = ["SIGHUP", "SIGUSR1"] as const;

let told: (signal: string) => void = () => undefined;
let backUp: () => void = () => undefined;

if (process.platform !== "win32") {
  for (const signal of IGNORED) process.on(signal, () => told(signal));
  process.on("SIGUSR2", () => backUp());
}
// Whoever read the log may have gone, and a line that nobody takes must not end the server.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

export const logSignals = (log: Log): void => {
  told = (signal) => log({ event: "signal-ignored", code: signal });
};

/** SIGUSR2; where there is nothing to copy it must be heard all the same. */
export const onBackupSignal = (ask: () => void): void => {
  backUp = ask;
};
