/**
 * The history behind the checkpoint that a copy began with. While the workspace is in use it is fetched over a socket of
 * its own, verified entry by entry as any other, and kept. In the end the state that it folds to must be the one that was
 * signed, and on the way each entry must have the hash that the state names: anything else stops the copy.
 */
import type { Write } from "#core/protocol/at-once.ts";
import { parseEntry } from "#core/protocol/entry.ts";
import { ingestLog } from "#core/rules/fold.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { Build } from "#core/protocol/levels.ts";
import type { WorkspaceId } from "#core/protocol/ids.ts";
import { newLog } from "#core/rules/state.ts";
import { writeState } from "#core/rules/state-text.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { WorkspaceStore } from "../ports/store.ts";
import type { Platform } from "../ports/platform.ts";
import { createAhead, newWaiting } from "../copy/ahead.ts";
import { openReader } from "./reader.ts";
import type { Reader } from "./reader.ts";

/** Entries folded between two turns of the event loop. */
const SLICE = 100;
const PAGE = 1_000;
/** Before a lost socket is opened again. */
const REST_MS = 1_000;

export interface HistoryDeps {
  readonly platform: Platform;
  /** What is known of the protocol; this build, but for tests. */
  readonly build?: Build | undefined;
  readonly wid: WorkspaceId;
  readonly rows: WorkspaceStore;
  readonly write: Write;
  readonly server: () => string;
  readonly auth: (nonce: string) => Promise<string>;
  /** What the server shows cannot be true. */
  readonly suspect: (code: string, shown: string) => void;
  /** There is nothing unverified behind this copy any more. */
  readonly whole: () => void;
}
export interface History {
  /** How much is verified of what lies behind the checkpoint; null where there is nothing to verify. */
  progress(): { readonly have: number; readonly of: number } | null;
  /** Goes on where the connection is good, and rests where it is not. */
  look(online: boolean): void;
  close(): void;
}

export const createHistory = (deps: HistoryDeps): History => {
  const { wid, rows, write } = deps;
  const begun = rows.begun(wid);
  if (begun === undefined) return { progress: () => null, look: () => undefined, close: () => undefined };
  const { seq: end, state } = begun;
  const log = newLog(wid);
  const ahead = createAhead(deps.platform.crypto, () => log);
  const rules = { crypto: ahead.crypto, build: deps.build };
  let waiting = newWaiting([]);
  let reader: Reader | null = null;
  /** Not tried again yet after a lost socket. */
  let resting = false;
  /** `kept`: what an earlier run verified is folded first. */
  let phase = "kept" as "kept" | "fetching" | "over";
  let wanted = false;
  let turning = false;

  const rest = (): void => {
    reader?.close();
    reader = null;
  };
  const stop = (code: string, shown: string): void => {
    phase = "over";
    rest();
    deps.suspect(code, shown);
  };
  const finish = (): void => {
    if (writeState(log) !== state) return stop("wrong-state", "");
    phase = "over";
    rest();
    rows.endBegun(wid);
    deps.whole();
  };

  const foldKept = (): void => {
    for (const entry of rows.entries(wid, LOG, log.seq + 1, Math.min(PAGE, end - log.seq))) {
      if (parseEntry(entry, true)?.s !== log.seq + 1) break;
      const verdict = ingestLog(rules, log, entry, { trusted: true });
      if (!verdict.ok) return stop(verdict.code, entry);
      if (log.seq % PAGE === 0) return;
    }
    phase = "fetching";
  };
  /** Verifies and keeps up to a slice of what arrived; answers whether there is more. */
  const foldFetched = (): boolean => {
    const offered = waiting.entries.slice(0, Math.min(SLICE, ahead.ready(LOG, waiting, turn)));
    const from = log.seq + 1;
    for (const entry of offered) {
      const verdict = ingestLog(rules, log, entry);
      if (!verdict.ok) {
        stop(verdict.code, entry);
        return false;
      }
      if (verdict.head !== rows.hashAt(wid, LOG, verdict.seq)) {
        stop("log-fork", entry);
        return false;
      }
    }
    waiting.entries.splice(0, offered.length);
    waiting.ready = Math.max(0, waiting.ready - offered.length);
    if (offered.length > 0) write(() => rows.append(wid, LOG, from, offered));
    return offered.length > 0 && waiting.entries.length > 0;
  };

  const step = (): boolean => {
    if (phase === "kept") {
      foldKept();
      return true;
    }
    if (log.seq === end) {
      finish();
      return false;
    }
    if (missing() === 0) rest();
    else if (reader === null && wanted && !resting) fetch();
    const more = foldFetched();
    return more || log.seq === end;
  };
  function turn(): void {
    if (turning || phase === "over") return;
    turning = true;
    deps.platform.timers.soon(() => {
      turning = false;
      if (phase === "over") return;
      try {
        if (step()) turn();
      } catch (error) {
        // A full disk: what was folded is folded again from what is kept, at the next start.
        if (!(error instanceof Refusal)) throw error;
        phase = "over";
        rest();
      }
    });
  }
  const missing = (): number => end - log.seq - waiting.entries.length;
  function fetch(): void {
    waiting = newWaiting([]);
    reader = openReader(
      { platform: deps.platform, server: deps.server(), wid, doc: LOG, length: log.seq, auth: deps.auth },
      {
        entries: (added) => {
          for (const entry of added.slice(0, missing())) waiting.entries.push(entry);
          turn();
        },
        rewritten: (code) => stop(code, ""),
        whole: () => {
          if (missing() > 0) stop("deletion", "");
        },
        ended: () => {
          reader = null;
          resting = true;
          deps.platform.timers.after(REST_MS, () => {
            resting = false;
            turn();
          });
        },
      },
    );
  }

  return {
    progress: () => (rows.begun(wid) === undefined ? null : { have: log.seq, of: end }),
    look: (online) => {
      wanted = online;
      if (!online) {
        waiting = newWaiting([]);
        rest();
      } else if (reader === null) turn();
    },
    close: () => {
      phase = "over";
      rest();
    },
  };
};
