/**
 * Where entries are kept. One implementation per engine, all under the same contract (test/contract/store-contract.ts).
 * The shape allows several nodes over one database: an append names the lengths it was judged at and is refused as a
 * conflict when somebody else appended in between, and `onRemoteAppend` tells a node that its copy is behind.
 */
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";

export interface StoredEntry {
  readonly doc: DocName;
  readonly seq: number;
  /** The entry's exact text. */
  readonly entry: string;
}

/** Length of each document that the batch was judged from, `log` among them: rights are asked there. */
export type Lengths = ReadonlyMap<DocName, number>;

export interface ReadLimit {
  readonly entries: number;
  /** Stops after the entry that passes this many characters; at least one entry is returned where there is one. */
  readonly characters: number;
}

/** What is done with the entries of one workspace. */
export interface Entries {
  /**
   * All or nothing, durable when it resolves. Rejects with `StoreProblem` when the engine fails. An empty batch only
   * compares the lengths.
   */
  append(wid: WorkspaceId, batch: readonly StoredEntry[], judgedAt: Lengths): Promise<"appended" | "conflict">;
  /** Entries from `fromSeq` on, in order. */
  read(wid: WorkspaceId, doc: DocName, fromSeq: number, limit: ReadLimit): Promise<string[]>;
  length(wid: WorkspaceId, doc: DocName): Promise<number>;
  /** Lengths of several documents at once, 0 for one that has no entry. */
  lengths(wid: WorkspaceId, docs: readonly DocName[]): Promise<Lengths>;
  /** The entry at one position of each document; a position without one is left out. */
  entriesAt(wid: WorkspaceId, positions: Lengths): Promise<ReadonlyMap<DocName, string>>;
}

/** What is read of the entries; `alone`: nobody but this process appends, so what it knows of a document is what is stored. */
export interface ReadEntries extends Omit<Entries, "append"> {
  readonly alone?: boolean | undefined;
}

export interface ChainStore extends Entries, Pick<ReadEntries, "alone"> {
  /**
   * Runs `work` while nobody else can append to that workspace; nodes that ask for it get it in the order they asked.
   * `work` reads and appends through what it is given, and appends once, as its last step. That is durable, and may be
   * told of, when this resolves.
   */
  hold<T>(wid: WorkspaceId, work: (held: Entries) => Promise<T>): Promise<T>;
  workspaces(): Promise<WorkspaceId[]>;
  /** The kept secret of that name, made by `make` the first time. */
  secret(name: string, make: () => string): Promise<string>;
  /** The kept secret of that name, or undefined. */
  kept(name: string): Promise<string | undefined>;
  /** When this store was found to be an older copy that was put back, ms; null where nothing tells of it. */
  setBackAt(now: number): Promise<number | null>;
  /**
   * Called when another node may have appended to one of the workspaces that `serving` names; a listener that rejects is
   * called again later. Returns the unsubscriber.
   */
  onRemoteAppend(listener: (wid: WorkspaceId) => Promise<void>, serving: () => Iterable<WorkspaceId>): () => void;
  /**
   * Says something to the other nodes over the same store, in the order it was said; false where there can be no other.
   * Nothing is kept, and a word may be lost. 6,000 bytes at most.
   */
  tellNodes(word: string): Promise<boolean>;
  /** Called with what another node said. Returns the unsubscriber. */
  onNodeWord(listener: (word: string) => void): () => void;
  close(): Promise<void>;
}

/** Stable codes with a sentence for the person who runs the server. `behind`: another node appended meanwhile. */
export type StoreProblemCode =
  | "behind"
  | "unwritable"
  | "in-use"
  | "corrupt"
  | "newer"
  | "full"
  | "failed"
  | "no-store"
  | "exists"
  | "no-key";

export class StoreProblem extends Error {
  readonly code: StoreProblemCode;
  constructor(code: StoreProblemCode, sentence: string) {
    super(sentence);
    this.name = "StoreProblem";
    this.code = code;
  }
}

/** A server makes no store by the way; see new-store.ts. */
export const noStore = (where: string): StoreProblem =>
  new StoreProblem(
    "no-store",
    `There is no store in ${where}. To make a new one, run this once with --new-store added: it makes the store and ends. If you expected one, check the path, and that its disk is there; nothing was changed.`,
  );
