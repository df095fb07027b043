/** A log on the disk, of lines and of bounded size: a full file is put aside, and the oldest is dropped. For this account alone. */
import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { LOG_BYTES, LOG_FILES } from "#bridge/log-place.ts";

export interface LogFile {
  /** One line, without its end. Never throws: a full disk must not end the app over a line of its log. */
  write(line: string): void;
}

const LINE_MAX = 8_192;

export const openLogFile = (path: string, bytes: number = LOG_BYTES, files: number = LOG_FILES): LogFile => {
  let size: number | null = null;
  const aside = (age: number) => (age === 0 ? path : `${path}.${age}`);
  const rotate = () => {
    for (let age = files - 2; age >= 0; age--)
      if (statSync(aside(age), { throwIfNoEntry: false }) !== undefined) renameSync(aside(age), aside(age + 1));
    size = 0;
  };
  return {
    write: (line) => {
      try {
        if (size === null) {
          mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
          size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
        }
        const text = `${line.slice(0, LINE_MAX)}\n`;
        if (size > 0 && size + Buffer.byteLength(text) > bytes) rotate();
        appendFileSync(path, text, { mode: 0o600 });
        size += Buffer.byteLength(text);
      } catch {
        // Found out anew with the next line.
        size = null;
      }
    },
  };
};

/** Calls `take` for each line of a stream of a child. What has no end of line within reason is cut there. */
export const eachLine = (stream: NodeJS.ReadableStream | null, take: (line: string) => void): void => {
  let open = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (chunk: string) => {
    const lines = (open + chunk).split("\n");
    open = (lines.pop() ?? "").slice(0, LINE_MAX);
    for (const line of lines) take(line.slice(0, LINE_MAX));
  });
  stream?.on("error", () => undefined);
  stream?.on("end", () => open !== "" && take(open));
};

/** The same, and passes each line on to the terminal that this was started from, if there is one. */
export const passOn = (stream: NodeJS.ReadableStream | null, take: (line: string) => void): void =>
  eachLine(stream, (line) => {
    process.stderr.write(`${line}\n`, () => undefined);
    take(line);
  });
