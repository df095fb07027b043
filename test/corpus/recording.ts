/** A recorded log: every entry that was offered, the verdict, and the hash of each document's state in the end. */
import { newAdminDoc, newApprovalDoc, newLog } from "#core/rules/state.ts";
import type { AdminDoc, ApprovalDoc, Chain, Log } from "#core/rules/state.ts";
import { writeAdmin, writeApprovals, writeState } from "#core/rules/state-text.ts";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import type { IngestOptions } from "#core/rules/opened.ts";
import { crypto, withSeed } from "../helpers/node-crypto.ts";
import { ingestInto } from "../helpers/people.ts";
import { play } from "./scenarios.ts";

export interface Recording {
  readonly workspace: WorkspaceId;
  readonly entries: readonly { readonly doc: DocName; readonly verdict: string; readonly text: string }[];
  readonly states: Readonly<Record<string, string>>;
}

const textOf = (chain: Chain): string =>
  chain.doc === LOG
    ? writeState(chain as Log)
    : chain.doc === ADMIN
      ? writeAdmin(chain as AdminDoc)
      : writeApprovals(chain as ApprovalDoc);

const folded = (
  { workspace, entries }: Pick<Recording, "workspace" | "entries">,
  options?: IngestOptions,
): { verdicts: string[]; chains: ReadonlyMap<DocName, Chain> } => {
  const log = newLog(workspace);
  const chains = new Map<DocName, Chain>([[LOG, log]]);
  const verdicts = entries.map(({ doc, text }) => {
    const chain = chains.get(doc) ?? (doc === ADMIN ? newAdminDoc(doc) : newApprovalDoc(doc));
    chains.set(doc, chain);
    const taken = ingestInto(log, chain, text, options);
    return taken.ok ? "ok" : taken.code;
  });
  return { verdicts, chains };
};

/** Folds the recorded entries again: the verdict of each, and the states that come out. */
export const replay = (
  recording: Pick<Recording, "workspace" | "entries">,
  options?: IngestOptions,
): { verdicts: string[]; states: Record<string, string> } => {
  const { verdicts, chains } = folded(recording, options);
  return {
    verdicts,
    states: Object.fromEntries([...chains].map(([doc, chain]) => [doc, crypto.sha256(textOf(chain))])),
  };
};

/** The state of each document in the end, as the text that is hashed. */
export const textsOf = (recording: Pick<Recording, "workspace" | "entries">): Record<string, string> =>
  Object.fromEntries([...folded(recording).chains].map(([doc, chain]) => [doc, textOf(chain)]));

export const record = (name: string): Recording =>
  withSeed(name, () => {
    const { wid, attempts } = play(name);
    const entries = attempts.map(({ doc, verdict, text }) => ({ doc, verdict, text }));
    return { workspace: wid, entries, states: replay({ workspace: wid, entries }).states };
  });
