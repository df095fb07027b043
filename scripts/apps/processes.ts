import { readFileSync } from "node:fs";

/** Whether a process runs. One that ended and that nobody has collected yet does not: not every system collects orphans. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !/^\d+ \(.*\) [ZX]/s.test(statOf(pid));
};

const statOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return "";
  }
};
