import type { ShellArgs } from "#bridge/facts/shell.ts";
import type { SamplesOf } from "./samples-of.ts";

export const shellSamples: SamplesOf<ShellArgs> = {
  "not-signable": ["shape"],
  "not-confirmed": ["vote"],
  "bad-params": ["decision"],
  "shell-broke": ["NError", "NECODE", "Nserver.start"],
  "no-pairing": ["over"],
  "server-stopped": ["N4321"],
  "address-gone": ["N192.0.2.7"],
  "popup-only": ["card"],
  "other-card": ["signed"],
};
