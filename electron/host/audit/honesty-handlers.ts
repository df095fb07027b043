import type { evidenceMethods } from "#bridge/evidence.ts";
import type { Hash } from "#core/protocol/ids.ts";
import { LOG } from "#core/protocol/ids.ts";
import { refused } from "#bridge/refused.ts";
import type { Clock } from "#client/ports/clock.ts";
import type { HandlersOf } from "../seams.ts";
import type { WorkspaceStore } from "#client/ports/store.ts";
import { evidenceFile, evidenceView } from "./evidence.ts";
import { createFingerprints } from "./fingerprint.ts";
import type { Fingerprints } from "./fingerprint.ts";
import type { Live } from "#client/live.ts";

export interface HonestyHandlerDeps {
  /** Throws `Refusal("no-such-workspace")`. */
  readonly workspace: (wid: string) => Live;
  readonly rows: WorkspaceStore;
  readonly clock: Clock;
  readonly fingerprints?: (wid: string) => Fingerprints;
}

/** What a person can hold against the server: words to compare with a teammate, and what it was found to do. */
export const createHonestyHandlers = ({
  workspace,
  rows,
  clock,
  fingerprints = createFingerprints,
}: HonestyHandlerDeps): HandlersOf<typeof evidenceMethods> => {
  /** Goes with the workspace when it is forgotten. */
  const prints = new WeakMap<Live, Fingerprints>();
  const printsOf = (live: Live): Fingerprints => {
    const known = prints.get(live) ?? fingerprints(live.wid);
    prints.set(live, known);
    return known;
  };
  const headAt = (wid: string, at: number): Hash => {
    const { log } = workspace(wid);
    const head = log.hashes.at(at);
    if (log.seq === 0) throw refused("not-loaded");
    if (head === undefined || head === "" || at > log.seq) throw refused("not-there-yet", log.seq);
    return head;
  };
  return {
    "workspace.fingerprint": async ({ wid, at }) => {
      const live = workspace(wid);
      const newest = live.log.seq;
      const position = at ?? newest;
      const head = headAt(wid, position);
      return { at: position, newest, words: [...(await printsOf(live).of(position, head))] };
    },
    "workspace.compared": ({ wid, at, same }) => {
      const head = headAt(wid, at);
      if (!same)
        workspace(wid).replica.suspect(
          LOG,
          "heads-differ",
          JSON.stringify({ s: at, h: head, by: "a teammate, aloud" }),
        );
      return {};
    },
    "workspace.evidence": ({ wid }) => evidenceView(workspace(wid), rows),
    "workspace.evidenceFile": ({ wid }) => evidenceFile(workspace(wid), rows, clock.now()),
  };
};
