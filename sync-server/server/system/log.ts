/**
 * Structured lines for the person who runs the server. A field that is not on this list cannot be logged: no name, no
 * address of a person, no command, no key. A workspace appears as the first 8 characters of its id.
 */
import { faultOf } from "#core/facts/fault.ts";

export interface LogFields {
  readonly event: string;
  readonly url?: string;
  readonly port?: number;
  /** A code of ours, never a message of somebody else's. */
  readonly code?: string | number;
  readonly workspace?: string;
  /** `log`, `admin`, `queue` or `lane`: what follows the colon may name a person. */
  readonly document?: string;
  readonly count?: number;
  readonly bytes?: number;
  readonly ms?: number;
  /** Of an error that nobody expected: its kind and where in our code it came from, never its message. */
  readonly error?: string;
  readonly frames?: readonly string[];
}

const FIELDS = [
  "event",
  "url",
  "port",
  "code",
  "workspace",
  "document",
  "count",
  "bytes",
  "ms",
  "error",
  "frames",
] as const;

export type Log = (fields: LogFields) => void;

/** One line; what is not on the list is left out even where a cast brought it here. */
export const logLine = (time: number, fields: LogFields): string => {
  const line: Record<string, unknown> = { time: new Date(time).toISOString() };
  for (const field of FIELDS) {
    const value = fields[field];
    if (value === undefined) continue;
    line[field] =
      field === "workspace" ? String(value).slice(0, 8) : field === "document" ? String(value).split(":")[0] : value;
  }
  return JSON.stringify(line);
};

export const createLog =
  (write: (line: string) => void, now: () => number): Log =>
  (fields) =>
    write(`${logLine(now(), fields)}\n`);

/** What Node prints by itself holds the error's message, which can quote what a client sent. */
export const logFaults = (log: Log): void => {
  const fault = (event: string) => (error: unknown) => {
    const { name, stack } = faultOf(error);
    log({ event, error: name, frames: stack });
  };
  process.on("unhandledRejection", fault("unhandled-rejection"));
  process.on("uncaughtException", (error) => {
    fault("uncaught-exception")(error);
    process.exit(1);
  });
};
