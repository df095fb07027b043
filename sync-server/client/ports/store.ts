/**
 * What the client keeps, as the interfaces that a store implements: membership of this device, verified entries, folded
 * states, heads that the server signed, counters, the outbox. All of it is synchronous, and every failure is a `Refusal`.
 */
import type { Write } from "#core/protocol/at-once.ts";
import type { DeviceId, DocName, Hash, MemberId, WorkspaceId } from "#core/protocol/ids.ts";

export interface Position {
  readonly seq: number;
  readonly hash: Hash;
  readonly command: Hash;
}
export interface FoldRow {
  readonly seq: number;
  readonly head: string;
  readonly state: string;
  readonly sum: string;
}
export interface Begun {
  /** The last entry that `state` covers. */
  readonly seq: number;
  readonly state: string;
}

export interface FoldStore {
  hashAt(wid: string, doc: string, seq: number): Hash | undefined;
  seqOf(wid: string, doc: string, command: string): number | undefined;
  /** In order, up to `last`. */
  positions(wid: string, doc: string, last: number): Position[];
  addPositions(wid: string, doc: string, added: readonly Position[]): void;
  dropPositions(wid: string, doc: string): void;
  fold(wid: string, doc: string): FoldRow | undefined;
  saveFold(wid: string, doc: string, row: FoldRow): void;
  dropFold(wid: string, doc: string): void;
  /** The checkpoint that this copy began with, while what is behind it is not verified. */
  begun(wid: string): Begun | undefined;
  begin(wid: string, row: Begun): void;
  endBegun(wid: string): void;
  /** Queues and lanes in which nothing can happen any more. */
  closedEpochs(wid: string): DocName[];
  closeEpoch(wid: string, doc: string): void;
}

export interface SignedHeadRow {
  readonly doc: DocName;
  readonly seq: number;
  readonly jws: string;
}
export interface SignedHeadStore {
  /** In order of position, by document. */
  signedHeads(wid: string): SignedHeadRow[];
  addSignedHead(wid: string, row: SignedHeadRow): void;
}

export interface WorkspaceRow {
  readonly wid: WorkspaceId;
  readonly member: MemberId;
  /** The device that speaks here, as far as the log was known when it was kept. */
  readonly device: DeviceId;
  /** The key that an unfinished rotation leads to. */
  readonly nextDevice: DeviceId | null;
  /** Origin of the sync server. */
  readonly server: string;
  /** How far the embedded server reaches, or null where the server is somebody else's process. */
  readonly embedded: "computer" | "network" | null;
  readonly paused: boolean;
  /** Why this copy stopped following the server, or null. */
  readonly halt: string | null;
  readonly pin: readonly [number, Hash | ""];
}

export interface OutboxRow {
  readonly id: number;
  /** Hash of the command. */
  readonly command: Hash;
  readonly kind: string;
  /** The approval request it is about; for a request its own hash. */
  readonly request: Hash | null;
  readonly jws: string;
  readonly state: "waiting" | "done" | "refused";
  readonly code: string | null;
}

export interface EvidenceRow {
  readonly doc: DocName;
  readonly seq: number;
  readonly code: string;
  /** Last verified head. */
  readonly head: string;
  /** What the server showed instead, exactly. */
  readonly shown: string;
}

export interface KeptEvidence extends EvidenceRow {
  readonly at: number;
}

export interface WorkspaceStore extends FoldStore, SignedHeadStore {
  /** Without those whose row is damaged: they stay in the store, and their keys are needed. */
  list(): WorkspaceRow[];
  /** How many `list` left out when it was last asked. */
  unread(): number;
  /** A workspace that is here already gets the new membership; its verified entries stay. */
  add(row: WorkspaceRow, at: number, owedKey?: string): void;
  /** Key of the server that the log is still to record, or null. */
  owedKey(wid: string): string | null;
  /** The log records one. */
  keyTold(wid: string): void;
  setDevice(wid: string, device: DeviceId, next: DeviceId | null): void;
  /** Removes the workspace and everything here that is its. */
  remove(wid: string): void;
  setServer(wid: string, server: string): void;
  setEmbedded(wid: string, embedded: "computer" | "network"): void;
  setPaused(wid: string, paused: boolean): void;
  setHalt(wid: string, code: string | null): void;
  /** Level of the log that is kept. A build that does not know it opens nothing of this store. */
  level(wid: string): number;
  setLevel(wid: string, level: number): void;
  /** When the copy was last known to be as new as the server's, ms of the steady clock. */
  headAt(wid: string): number | null;
  saveHeadAt(wid: string, at: number): void;
  /** Entries in order; `count` of them from `from` on where both are given. */
  entries(wid: string, doc: string, from?: number, count?: number): string[];
  /** Without those of damaged names. */
  docs(wid: string): DocName[];
  /** How many `docs` left out when it was last asked. */
  unreadDocs(wid: string): number;
  append(wid: string, doc: string, from: number, entries: readonly string[]): void;
  addEvidence(wid: string, row: EvidenceRow, at: number): void;
  evidence(wid: string): KeptEvidence[];
  /** Takes the next counter of this device in a document; committed before it is returned. After a rescue they go on far above. */
  nextCounter(wid: string, doc: string): number;
  queue(wid: string, row: Pick<OutboxRow, "command" | "kind" | "request" | "jws">, at: number): void;
  waiting(wid: string): OutboxRow[];
  firstWaiting(wid: string): OutboxRow | null;
  countWaiting(wid: string): number;
  settle(wid: string, command: string, code: string | null): void;
  outboxOf(wid: string, request: string): OutboxRow[];
  outboxRow(wid: string, command: string): OutboxRow | null;
  join(wid: string, invite: string): { member: MemberId; jws: string; expiresAt: number } | null;
  saveJoin(wid: string, invite: string, member: MemberId, jws: string, expiresAt: number): void;
  dropJoin(wid: string, invite: string): void;
  /** Commands of all joins whose answer is still unknown. */
  joins(): string[];
  saveCode(wid: string, invite: string, sealed: string): void;
  codes(wid: string): { invite: string; sealed: string }[];
  steady(): number;
  saveSteady(at: number): void;
  /** A transaction that does not wait for the disk, which has it within a moment and before anything that is written later. */
  readonly soon: Write;
}
