/**
 * How long cached rights are worth something without the server. The host keeps when its copy was last known to be as
 * new as the server's; once that is longer ago than the lease, no call runs, whatever its tool says of
 * itself. Why it is so: WHY.md in this folder.
 */
import { DAY, MINUTE } from "#core/protocol/command.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { why } from "#core/facts/why.ts";
import type { WorkspaceStore } from "../ports/store.ts";
import type { SteadyClock } from "./steady-clock.ts";

export const LEASE_MS = 7 * DAY;
const SAVED_EVERY_MS = MINUTE;

export const LEASE_ENDED = why("lease-ended");

export interface Lease {
  /** The copy is as new as the server's, now. */
  renew(): void;
  ended(): boolean;
  /** How long it still holds, ms; 0 where it ended. */
  left(): number;
  /** Keeps the time for the next start. */
  save(): void;
}

/** A full disk costs at most the time since the last save; it must not end the connection that renews. */
const kept = (work: () => void): void => {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
};

export const createLease = (
  wid: string,
  rows: Pick<WorkspaceStore, "headAt" | "saveHeadAt">,
  steady: SteadyClock,
): Lease => {
  let saved = rows.headAt(wid);
  let at = saved ?? steady.now();

  const save = (): void => {
    if (saved === at) return;
    kept(() => {
      // First, because a start after a kill must not find this time lying ahead of its own.
      steady.hold();
      rows.saveHeadAt(wid, at);
      saved = at;
    });
  };
  save();

  return {
    renew: () => {
      at = Math.max(at, steady.now());
      if (saved === null || at - saved >= SAVED_EVERY_MS) save();
    },
    ended: () => {
      const ended = steady.now() - at > LEASE_MS;
      // Who was told so once is told so after a kill too.
      if (ended) kept(steady.hold);
      return ended;
    },
    left: () => Math.max(0, at + LEASE_MS - steady.now()),
    save,
  };
};
