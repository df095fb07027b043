/**
 * What a channel brought and nobody is done with yet. The server sends no more than so many bytes beyond what it was given
 * back, so one long document cannot starve the others, and what waits to be verified is bounded.
 */
import { CREDIT_BYTES, DATA_MAX } from "#core/protocol/channels.ts";

/** Given back in steps, since each is a frame. What is kept back stays below what the server needs to send a page. */
const STEP = 65_536;

export interface Parked {
  /** A frame came, after which the document has `length` entries. Throws where the server takes more than it was given. */
  came(bytes: number, length: number): void;
  /** So many entries are folded. Answers the bytes to give back now, 0 for none. */
  folded(length: number): number;
}

export const createParked = (): Parked => {
  const frames: { readonly bytes: number; readonly length: number }[] = [];
  let held = 0;
  let done = 0;
  return {
    came: (bytes, length) => {
      held += bytes;
      if (held + done > CREDIT_BYTES + DATA_MAX) throw new Error("more than was given");
      frames.push({ bytes, length });
    },
    folded: (length) => {
      while (frames[0] !== undefined && frames[0].length <= length) {
        const { bytes } = frames.shift() ?? { bytes: 0 };
        held -= bytes;
        done += bytes;
      }
      if (done < STEP) return 0;
      const given = Math.min(done, CREDIT_BYTES);
      done -= given;
      return given;
    },
  };
};
