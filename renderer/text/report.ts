/** Words of the report of a problem. */
import { words } from "./words.ts";

export const reportWords = words("report.reportWords", {
  title: "Report a problem",
  why: "Bulkhead keeps a log of its own errors on this computer: what failed, when, and where in its code. No messages, names, arguments or keys are in it. Nothing is sent anywhere by itself.",
  show: "Show the log",
  again: "Read again",
  place: "Log file",
  version: "Version",
  shell: "Window",
  node: "Node",
  system: "System",
  log: "Last entries",
  empty: "The log is empty.",
  copy: "Copy report",
  save: "Save report",
} as const);
