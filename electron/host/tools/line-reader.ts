/**
 * Cuts the stdout of a server into lines without ever holding more than one message. A line beyond the limit is
 * skipped while it streams in; only its first and last bytes are kept, to tell which request it would have answered.
 */
import type { Clock } from "#client/ports/clock.ts";
import type { Limits } from "./limits.ts";

export interface LineEvents {
  line(text: string): void;
  /** A line over `limits.message` came to its end; `head` and `tail` are its first and last 512 bytes. */
  skipped(head: string, tail: string): void;
  /** The server writes without end or without measure. Nothing more is read. */
  flooded(): void;
}

const EDGE = 512;
const NEWLINE = 0x0a;

export const createLineReader = (
  limits: Pick<Limits, "message" | "line" | "floodBytes" | "floodLines" | "floodWindow">,
  clock: Pick<Clock, "monotonic">,
  events: LineEvents,
) => {
  let parts: Buffer[] = [];
  let size = 0;
  let skipping: { head: Buffer; tail: Buffer } | null = null;
  let over = false;
  let since = clock.monotonic();
  let bytes = 0;
  let lines = 0;

  const flood = (): void => {
    over = true;
    parts = [];
    skipping = null;
    events.flooded();
  };

  const extend = (piece: Buffer): void => {
    size += piece.length;
    if (size > limits.line) return flood();
    if (skipping !== null) {
      skipping.tail = Buffer.concat([skipping.tail, piece.subarray(-EDGE)]).subarray(-EDGE);
      return;
    }
    if (piece.length > 0) parts.push(piece);
    // A server may write byte by byte: thousands of tiny buffers would weigh more than their text.
    if (parts.length > 1_024) parts = [Buffer.concat(parts)];
    if (size <= limits.message) return;
    const whole = Buffer.concat(parts);
    skipping = { head: Buffer.from(whole.subarray(0, EDGE)), tail: Buffer.from(whole.subarray(-EDGE)) };
    parts = [];
  };

  const finish = (): void => {
    if (++lines > limits.floodLines) return flood();
    const [cut, whole] = [skipping, parts];
    [skipping, parts, size] = [null, [], 0];
    if (cut !== null) return events.skipped(cut.head.toString("utf8"), cut.tail.toString("utf8"));
    const text = Buffer.concat(whole).toString("utf8").trim();
    if (text !== "") events.line(text);
  };

  return {
    push(chunk: Buffer): void {
      const now = clock.monotonic();
      if (now - since >= limits.floodWindow) [since, bytes, lines] = [now, 0, 0];
      bytes += chunk.length;
      if (!over && bytes > limits.floodBytes) flood();
      let from = 0;
      while (!over) {
        const end = chunk.indexOf(NEWLINE, from);
        extend(chunk.subarray(from, end < 0 ? chunk.length : end));
        if (end < 0 || over) return;
        finish();
        from = end + 1;
      }
    },
  };
};
