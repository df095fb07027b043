/**
 * Texts that checkpoints signed, for new devices to begin with. A text is made when somebody asks, by folding the stored
 * entries beside the workspace's own line, so that nobody's command waits for it, and the last ones are kept for a while.
 */
import { setImmediate as turn } from "node:timers/promises";
import { parseCommand } from "#core/protocol/command.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";
import type { Build } from "#core/protocol/levels.ts";
import { parseEntry } from "#core/protocol/entry.ts";
import { oneByOneOf } from "#core/protocol/one-by-one.ts";
import { ingestLog } from "#core/rules/fold.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { WorkspaceId } from "#core/protocol/ids.ts";
import { putNewest } from "#core/protocol/newest.ts";
import { newLog } from "#core/rules/state.ts";
import { writeState } from "#core/rules/state-text.ts";
import { unfolded } from "./unfolded.ts";
import type { ChainStore } from "../store/store.ts";

/** About 20 ms of folding between two turns of the event loop. */
const PAGE = { entries: 500, characters: 2_000_000 };
/** Workspaces whose last text is kept: a text is some megabytes after years. */
const KEPT = 4;

export interface SignedState {
  /** Position of the checkpoint's own entry. */
  readonly seq: number;
  readonly bytes: Uint8Array;
}
export interface States {
  /**
   * Of the newest checkpoint at or below `position`, or null. `newest` is the one of the whole log. Nothing is made for who
   * is `gone` when their turn comes; `read` hears what was read to make it, in characters. Rejects with `StoreProblem`.
   */
  at(
    wid: WorkspaceId,
    position: number,
    newest: number | null,
    gone?: () => boolean,
    read?: (characters: number) => void,
  ): Promise<SignedState | null>;
}

export const createStates = (crypto: CryptoDep, store: ChainStore, build?: Build): States => {
  const kept = new Map<WorkspaceId, SignedState>();
  /** One is made at a time in a workspace: more would only take the processor from each other. */
  const inTurn = oneByOneOf<WorkspaceId>();

  const make = async (
    wid: WorkspaceId,
    position: number,
    newest: number,
    read: (characters: number) => void,
  ): Promise<SignedState | null> => {
    const log = newLog(wid);
    const to = Math.min(newest, position);
    // Writing a state is the dear part: where the newest is asked for, no other one is written.
    const wanted = (seq: number): boolean => to < newest || seq === newest;
    let found: { seq: number; text: string } | null = null;
    while (log.seq < to) {
      const entries = await store.read(wid, LOG, log.seq + 1, {
        ...PAGE,
        entries: Math.min(PAGE.entries, to - log.seq),
      });
      if (entries.length === 0) break;
      read(entries.reduce((sum, entry) => sum + entry.length, 0));
      for (const entry of entries) {
        if (wanted(log.seq + 1) && isCheckpoint(crypto, entry)) found = { seq: log.seq + 1, text: writeState(log) };
        const taken = ingestLog({ crypto, build }, log, entry, { trusted: true });
        if (!taken.ok) throw unfolded(taken.code);
      }
      await turn();
    }
    return found === null ? null : { seq: found.seq, bytes: new TextEncoder().encode(found.text) };
  };

  const keptOrMade = async (
    wid: WorkspaceId,
    position: number,
    newest: number,
    read: (characters: number) => void,
  ): Promise<SignedState | null> => {
    const known = kept.get(wid);
    if (newest <= position && known?.seq === newest) return known;
    const state = await make(wid, position, newest, read);
    if (state?.seq === newest) putNewest(kept, wid, state, KEPT);
    return state;
  };

  return {
    at: async (wid, position, newest, gone = () => false, read = () => undefined) =>
      newest === null || gone()
        ? null
        : inTurn(wid, async () => (gone() ? null : keptOrMade(wid, position, newest, read))),
  };
};

const isCheckpoint = (crypto: CryptoDep, source: string): boolean => {
  const entry = parseEntry(source, true);
  return entry !== undefined && parseCommand(crypto, entry.c)?.payload.k === "checkpoint";
};
