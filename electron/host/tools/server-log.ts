/**
 * The log of one MCP server: its last lines, in memory, cut and cleaned. It is shown to this person and nobody else,
 * and never joins the host's log. Values that the person gave the server as secrets are blacked out.
 */
import { factWords } from "#text/facts.ts";
import type { Told } from "#bridge/told.ts";
import { StringDecoder } from "node:string_decoder";
import type { Clock } from "#client/ports/clock.ts";
import { limits } from "./limits.ts";

export interface ServerLog {
  add(line: string): void;
  /** Adds a line of ours. */
  say(fact: Told): void;
  lines(): string[];
  /** Blacks these out in lines added from now on; those under 6 characters would hide ordinary words and are left. */
  hide(secrets: readonly string[]): void;
  /** The text without what is hidden: for words of a server that are shown outside its log. */
  masked(text: string): string;
  /** A sink for raw stderr: splits lines, drops what exceeds the rate, and never holds more than one line. */
  sink(): (chunk: Buffer) => void;
}

const UNPRINTABLE = /\u001b\[[0-9;?]*[ -/]*[@-~]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

const clean = (line: string): string => {
  const printable = line.replace(UNPRINTABLE, "");
  const bytes = Buffer.from(printable, "utf8");
  return bytes.length <= limits.logLine
    ? printable
    : `${new StringDecoder("utf8").write(bytes.subarray(0, limits.logLine - 4))}…`;
};

export const createServerLog = (clock: Pick<Clock, "monotonic">): ServerLog => {
  const kept: string[] = [];
  let hidden: readonly string[] = [];

  const masked = (text: string): string => hidden.reduce((rest, secret) => rest.replaceAll(secret, "•••"), text);
  const add = (line: string): void => {
    // Cut before searching for secrets, with room for one that crosses the cut, so that a huge line costs little.
    kept.push(clean(masked(line.slice(0, limits.logLine * 4))));
    if (kept.length > limits.logLines) kept.splice(0, kept.length - limits.logLines);
  };

  const sink = (): ((chunk: Buffer) => void) => {
    const decoder = new StringDecoder("utf8");
    let open = "";
    let second = clock.monotonic();
    let taken = 0;
    let dropped = 0;
    return (chunk) => {
      const now = clock.monotonic();
      if (now - second >= 1_000) {
        if (dropped > 0) add(`(${dropped} bytes of output not kept)`);
        [second, taken, dropped] = [now, 0, 0];
      }
      taken += chunk.length;
      if (taken > limits.logBytesPerSecond) {
        if (dropped === 0) add("(too much output at once: the rest of this second is not kept)");
        dropped += chunk.length;
        return;
      }
      const lines = (open + decoder.write(chunk)).split("\n");
      open = (lines.pop() ?? "").slice(0, limits.logLine * 4);
      for (const line of lines) add(line);
      if (open.length >= limits.logLine * 4) {
        add(open);
        open = "";
      }
    };
  };

  return {
    add,
    say: (fact) => add(`— ${factWords(fact)}`),
    lines: () => [...kept],
    hide: (secrets) =>
      (hidden = secrets.filter((secret) => secret.length >= 6).toSorted((a, b) => b.length - a.length)),
    masked,
    sink,
  };
};
