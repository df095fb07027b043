/** What a socket holds of its document: how long it is, and whether what arrives is appended to it. */
import * as encoding from "lib0/encoding";
import * as Y from "yjs";

const Y_ARRAY = "e";
const SERVER_CLIENT = 1;

export type Copy = Y.Doc;
export interface CopyEvents {
  /** Entries that follow the known ones, in order, not yet verified. */
  entries(added: readonly string[]): void;
  /** The server changed or removed what it had sent before. */
  rewritten(code: "deletion" | "insert-before-head" | "not-text"): void;
}

/**
 * A Y.Doc of the length that is verified already, without its contents: one deleted item of the server's client stands
 * for all of them, so that the state vector is right, what follows attaches to it, and a start does not grow with the log.
 */
export const copyOf = (length: number): Y.Doc => {
  const copy = new Y.Doc();
  if (length > 0) Y.applyUpdate(copy, deletedRun(length));
  while (copy.clientID === SERVER_CLIENT) copy.clientID += 1;
  return copy;
};
const CONTENT_DELETED = 1;
const deletedRun = (length: number): Uint8Array => {
  const encoder = encoding.createEncoder();
  // One client with one struct, from its clock 0.
  for (const number of [1, 1, SERVER_CLIENT, 0]) encoding.writeVarUint(encoder, number);
  encoding.writeUint8(encoder, CONTENT_DELETED);
  // Its parent is a top-level type, by name.
  encoding.writeVarUint(encoder, 1);
  encoding.writeVarString(encoder, Y_ARRAY);
  encoding.writeVarUint(encoder, length);
  encoding.writeVarUint(encoder, 0);
  return encoding.toUint8Array(encoder);
};

/** Whether the first `known` entries still stand together, before anything else. */
const headStands = (array: Y.Array<unknown>, known: number): boolean => {
  let clock = 0;
  // oxlint-disable-next-line no-underscore-dangle -- what is deleted has no public place in an array
  for (let item = array._start; clock < known; item = item.right) {
    if (item === null || item.id.client !== SERVER_CLIENT || item.id.clock !== clock) return false;
    clock += item.length;
  }
  return true;
};

/**
 * Whether the copy holds its entries and nothing beside them. Yjs keeps, without a word, what is put beside the entries and
 * what follows on something that never came: a server could fill the memory with it, and no credit would count it.
 */
const holdsOnly = ({ store }: Y.Doc, entries: number): boolean =>
  store.pendingStructs === null &&
  store.pendingDs === null &&
  [...store.clients.keys()].every((client) => client === SERVER_CLIENT) &&
  Y.getState(store, SERVER_CLIENT) === entries;

/** Reports what is appended, and a change of what was there as a rewrite. Throws where an update holds anything else. */
export const watchCopy = (
  copy: Y.Doc,
  known: number,
  events: CopyEvents,
): { apply(update: Uint8Array, origin: unknown): void } => {
  const array = copy.getArray<unknown>(Y_ARRAY);
  /** Entries that came after the known ones, which count for nothing in a delta: they are deleted here. */
  let length = 0;
  let broken = false;
  const rewritten: CopyEvents["rewritten"] = (code) => {
    broken = true;
    events.rewritten(code);
  };
  array.observe(({ changes }) => {
    if (broken) return;
    if (!headStands(array, known)) return rewritten("insert-before-head");
    let at = 0;
    for (const step of changes.delta) {
      if (step.delete !== undefined) return rewritten("deletion");
      at += step.retain ?? 0;
      if (step.insert === undefined) continue;
      if (at !== length || !Array.isArray(step.insert)) return rewritten("insert-before-head");
      const added: unknown[] = step.insert;
      if (!added.every((item) => typeof item === "string")) return rewritten("not-text");
      length += added.length;
      at += added.length;
      events.entries(added);
    }
  });
  return {
    apply: (update, origin) => {
      Y.applyUpdate(copy, update, origin);
      if (deletes(update) && !broken) rewritten("deletion");
      if (!broken && !holdsOnly(copy, known + length)) throw new Error("not entries that follow");
    },
  };
};

/**
 * An update ends with the list of what it deletes, which is one zero from a server that only appends. Yjs itself is
 * silent about deletions among the entries that are known here by their number alone.
 */
const deletes = (update: Uint8Array): boolean => update.at(-1) !== 0;
