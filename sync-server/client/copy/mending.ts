/**
 * How a copy that was stopped over a lie goes on by itself (LY12): it looks again at what the server shows, from the last
 * verified head on, and goes on where the server has shown all that is verified here.
 */
import type { DocName } from "#core/protocol/ids.ts";
import type { WorkspaceStore } from "../ports/store.ts";
import { healsByItself } from "./lies.ts";
import type { Stand } from "./stand.ts";
import type { Witness } from "./witness.ts";
import type { Writing } from "./writing.ts";

export interface MendingDeps {
  readonly wid: string;
  readonly rows: Pick<WorkspaceStore, "begun">;
  readonly now: () => number;
  readonly stand: Pick<Stand, "halt" | "lie" | "wentOn">;
  readonly witness: Pick<Witness, "doubt" | "shows" | "reset">;
  readonly writing: Pick<Writing, "within" | "stuck">;
  /** Whether the copy is as long as the workspace's link says, and has that entry. */
  readonly reachesPin: () => boolean;
  /** Forgets what waits to be verified. */
  readonly drop: () => void;
}
export interface Mending {
  /** What this computer itself has does not fit together: no server can mend that. */
  ownFault(): void;
  /** The newest head of the log that showed that the server is here. */
  headed(jws: string): void;
  /** Looks no more. */
  over(): void;
  mendable(): boolean;
  lookAgain(): void;
  looksAgain(): boolean;
  mend(docs: readonly DocName[]): boolean;
  wentOn(): number | null;
}

export const createMending = (deps: MendingDeps): Mending => {
  const { stand, witness, writing } = deps;
  /** Stopped, and looking whether the server shows everything again. */
  let again = false;
  let ownFault = false;
  let newestHead = "";
  let wentOnAt: number | null = null;

  const mendable = (): boolean => {
    const lie = stand.lie();
    // A state that this copy began with and that the history behind it does not lead to stays wrong.
    return (
      stand.halt()?.code === "tampered" &&
      lie !== null &&
      !ownFault &&
      healsByItself(lie) &&
      (lie !== "wrong-state" || deps.rows.begun(deps.wid) === undefined)
    );
  };
  return {
    ownFault: () => {
      ownFault = true;
    },
    headed: (jws) => {
      newestHead = jws;
    },
    over: () => {
      again = false;
    },
    mendable,
    lookAgain: () => {
      if (!mendable()) return;
      deps.drop();
      witness.reset();
      again = true;
    },
    looksAgain: () => again,
    mend: (docs) => {
      if (!again || writing.stuck() || witness.doubt() !== null || !docs.every(witness.shows)) return false;
      // Checked here, since the doubt may just have become a proof, and a copy behind its link's head has shown nothing.
      if (!again || !deps.reachesPin()) return false;
      if (writing.within(() => stand.wentOn(newestHead)) === null) return false;
      again = false;
      wentOnAt = deps.now();
      return true;
    },
    wentOn: () => wentOnAt,
  };
};
