/** What is said of calls that are judged: codes and their arguments. */
import type { Person } from "#core/facts/why.ts";
import type { Told } from "../told.ts";

/** Why a call may not run, or not be changed. `why` is what decided; null where nothing more is known. */
interface CallArgs {
  "approvals-stopped": readonly [halt: Told];
  "call-denied": readonly [why: Told];
  "tool-gone": readonly [];
  "already-run": readonly [];
  "must-ask": readonly [why: Told];
  /** Of a request. `by`: who, or null where that is not known; `note`: what they wrote. */
  rejected: readonly [by: Told | null, note: Told | null];
  /** Whoever decided, with the names that they had then. */
  deciders: readonly [people: readonly Person[]];
  canceled: readonly [];
  "call-expired": readonly [why: Told | null];
  refused: readonly [why: Told | null];
  "not-decided": readonly [why: Told | null];
  "rule-changed": readonly [why: Told];
  "votes-lost": readonly [];
  "vote-device-closed": readonly [];
  "not-own-request": readonly [];
  "approved-tool-changed": readonly [];
  "call-changed": readonly [];
  "not-in-sync": readonly [];
  "change-denied": readonly [why: Told];
  "change-too-late": readonly [why: Told];
}

/** Of a call that its own person confirms. */
interface ConfirmArgs {
  "call-not-confirmed": readonly [];
  /** By the person themselves. */
  "rejected-here": readonly [note: Told | null];
  "canceled-here": readonly [];
  "confirmed-other-call": readonly [];
  "confirmed-tool-changed": readonly [];
  "card-changed": readonly [];
  "rule-stricter": readonly [why: Told];
  "answered-before": readonly [];
  "not-answered": readonly [];
  "confirmed-unused": readonly [];
}

/** Why a request stands where it does. */
interface StandingArgs {
  /** What a person wrote, as they wrote it. */
  note: readonly [words: string];
  "note-unopened": readonly [];
  "nobody-decided": readonly [];
  /** `then`: what was decided. */
  "decided-first": readonly [then: Told | null];
  "asker-left": readonly [];
  "asked-queue-removed": readonly [queue: string];
  "decided-too-late": readonly [];
  "approval-unused": readonly [];
  "joined-again": readonly [];
}

/** What bounds a request before it is sent. */
interface BoundArgs {
  /** `others`: how many may decide it; whoever asks is none of them. */
  "nobody-to-ask": readonly [queue: string, others: number];
  "nobody-to-practice": readonly [queue: string];
  "waiting-in-queue": readonly [count: number, queue: string];
  "waiting-in-all": readonly [count: number];
  /** In kB. */
  "call-too-large": readonly [size: number, room: number];
  /** `fewer`: whether it would fit where fewer people may decide it. */
  "call-too-large-for-all": readonly [
    size: number,
    room: number,
    queue: string,
    people: number,
    devices: number,
    fewer: boolean,
  ];
  "enclosure-unfit": readonly [];
  "enclosure-too-large": readonly [left: readonly ("why" | "file")[]];
  "practice-arguments": readonly [];
  "no-such-tool": readonly [server: string];
}

export interface GateArgs extends CallArgs, ConfirmArgs, StandingArgs, BoundArgs {}
