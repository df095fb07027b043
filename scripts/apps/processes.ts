import { readFileSync } from "node:fs";

/** Whether a process runs. One that ended and that nobody has collected yet does not: not every system collects orphans. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch {
    // There is none of that id.
    return false;
  }
  return !/^\d+ \(.*\) [ZX]/s.test(statOf(pid));
};

const statOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    // No such table here, or the process has just gone.
    return "";
  }
};
