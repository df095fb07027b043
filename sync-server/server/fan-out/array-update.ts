/**
 * A document as Yjs sees it: one `Y.Array("e")` of strings that only client id 1 ever appended to, so entry i is item
 * (1, i - 1) and a client's state vector is the length of its copy. Such an update has one shape, and is written here
 * from the stored rows: no Y.Doc is kept in memory, any range can be sent as a page, and nothing a client sends is ever
 * decoded as Yjs. The format is that of Yjs 13 updates, version 1; tests compare it with Yjs itself.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { SYNC } from "#core/protocol/wire.ts";

const CLIENT = 1;
const ARRAY = "e";
const CONTENT_ANY = 8;
const HAS_ORIGIN = 0x80;
/** Second number of a sync frame, one byte each. */
const STEP_2 = 1;
const UPDATE = 2;

/** Update that appends `entries` after the first `from` ones. */
export const arrayUpdate = (from: number, entries: readonly string[]): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, entries.length === 0 ? 0 : 1);
  if (entries.length > 0) {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, CLIENT);
    encoding.writeVarUint(encoder, from);
    encoding.writeUint8(encoder, CONTENT_ANY | (from > 0 ? HAS_ORIGIN : 0));
    if (from > 0) {
      encoding.writeVarUint(encoder, CLIENT);
      encoding.writeVarUint(encoder, from - 1);
    } else {
      encoding.writeVarUint(encoder, 1);
      encoding.writeVarString(encoder, ARRAY);
    }
    encoding.writeVarUint(encoder, entries.length);
    for (const entry of entries) encoding.writeAny(encoder, entry);
  }
  // No deletions: an empty delete set.
  encoding.writeVarUint(encoder, 0);
  return encoding.toUint8Array(encoder);
};

/** Frame of the Update that appends `entries` after the first `from` ones. */
export const updateFrame = (from: number, entries: readonly string[]): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, SYNC);
  encoding.writeVarUint(encoder, UPDATE);
  encoding.writeVarUint8Array(encoder, arrayUpdate(from, entries));
  return encoding.toUint8Array(encoder);
};

/** The same content as SyncStep2. */
export const asStep2 = (update: Uint8Array): Uint8Array => {
  const frame = update.slice();
  frame[1] = STEP_2;
  return frame;
};

/** How many entries the client has, or null where the state vector is not one. Other clients' counts are ignored. */
export const lengthInStateVector = (bytes: Uint8Array): number | null => {
  try {
    const decoder = decoding.createDecoder(bytes);
    let length = 0;
    for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
      const client = decoding.readVarUint(decoder);
      const clock = decoding.readVarUint(decoder);
      if (client === CLIENT) length = clock;
    }
    return decoding.hasContent(decoder) ? null : length;
  } catch {
    // Fewer bytes than it says: no update.
    return null;
  }
};
