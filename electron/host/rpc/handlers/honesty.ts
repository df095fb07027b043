import type { Hash } from "#core/ids.ts";
import { LOG } from "#core/ids.ts";
import { Refusal } from "../../seams.ts";
import type { Clock, Handlers } from "../../seams.ts";
import type { WorkspaceStore } from "../../store/workspaces.ts";
import { evidenceFile, evidenceView } from "../../sync/evidence.ts";
import { createFingerprints } from "../../sync/fingerprint.ts";
import type { Fingerprints } from "../../sync/fingerprint.ts";
import type { Lives } from "../../sync/lives.ts";

export interface HonestyHandlerDeps {
  readonly lives: Lives;
  readonly rows: WorkspaceStore;
  readonly clock: Clock;
}
type Methods = "workspace.fingerprint" | "workspace.compared" | "workspace.evidence" | "workspace.evidenceFile";

/** What a person can hold against the server: words to compare with a teammate, and what it was found to do. */
export const createHonestyHandlers = ({ lives, rows, clock }: HonestyHandlerDeps): Pick<Handlers, Methods> => {
  const prints = new Map<string, Fingerprints>();
  const printsOf = (wid: string): Fingerprints => {
    const known = prints.get(wid) ?? createFingerprints(wid);
    prints.set(wid, known);
    return known;
  };
  const headAt = (wid: string, at: number): Hash => {
    const { log } = lives.get(wid);
    const head = log.hashes.at(at);
    if (log.seq === 0) throw new Refusal("not-loaded", "This workspace is not loaded yet, so there is nothing to compare.");
    if (head === undefined || head === "" || at > log.seq) throw new Refusal("not-there-yet", `The history on this computer ends at ${log.seq}. Compare at ${log.seq} or below.`);
    return head;
  };
  return {
    "workspace.fingerprint": async ({ wid, at }) => {
      const newest = lives.get(wid).log.seq;
      const position = at ?? newest;
      const head = headAt(wid, position);
      return { at: position, newest, words: [...(await printsOf(wid).of(position, head))] };
    },
    "workspace.compared": ({ wid, at, same }) => {
      const head = headAt(wid, at);
      if (!same) lives.get(wid).replica.suspect(LOG, "heads-differ", JSON.stringify({ s: at, h: head, by: "a teammate, aloud" }));
      return {};
    },
    "workspace.evidence": ({ wid }) => evidenceView(lives.get(wid), rows),
    "workspace.evidenceFile": ({ wid }) => evidenceFile(lives.get(wid), rows, clock.now()),
  };
};
