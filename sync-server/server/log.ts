/**
 * Structured lines for the person who runs the server. A field that is not on this list cannot be logged: no name, no
 * address of a person, no command, no key. A workspace appears as the first 8 characters of its id.
 */
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
}

const FIELDS = ["event", "url", "port", "code", "workspace", "document", "count", "bytes", "ms"] as const;

export type Log = (fields: LogFields) => void;

/** One line; what is not on the list is left out even where a cast brought it here. */
export const logLine = (time: number, fields: LogFields): string => {
  const line: Record<string, unknown> = { time: new Date(time).toISOString() };
  for (const field of FIELDS) {
    const value = fields[field];
    if (value === undefined) continue;
    line[field] = field === "workspace" ? String(value).slice(0, 8) : field === "document" ? String(value).split(":")[0] : value;
  }
  return JSON.stringify(line);
};

export const createLog = (write: (line: string) => void, now: () => number): Log => (fields) => write(`${logLine(now(), fields)}\n`);
