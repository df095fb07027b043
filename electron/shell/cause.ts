/** Why something that should work did not, in words: what the system says of the disk, and otherwise where the log stands. */
import { faultOf } from "#core/facts/fault.ts";
import { LOG_WORDS } from "#bridge/log-place.ts";

const OF_SYSTEM: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full. Make room, then try again.",
  EDQUOT: "Your account may keep no more on this disk. Make room, then try again.",
  EACCES: "Bulkhead may not read or write its data folder. Check that your account owns it.",
  EPERM: "Bulkhead may not read or write its data folder. Check that your account owns it.",
  EROFS: "The disk of Bulkhead's data folder can only be read. Choose a folder that can be written.",
  EMFILE: "Too many files are open on this computer. Close some programs, then try again.",
  ENFILE: "Too many files are open on this computer. Close some programs, then try again.",
};

/** `what` is a step of ours, e.g. `server.start`. */
export const causeOf = (error: unknown, what: string): string => {
  const { name, code } = faultOf(error);
  return (
    (code === undefined ? undefined : OF_SYSTEM[code]) ??
    `An error inside Bulkhead stopped this step (${[name, code].filter((part) => part !== undefined).join(" ")} in ${what}). Its place is in ${LOG_WORDS}.`
  );
};
