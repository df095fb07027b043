/**
 * Settings of tools that were picked and are not published: they gather, stay while somebody looks at another page, and
 * become one act. Held by this window alone.
 */
import type { Effect, PolicyChange } from "#bridge/policy.ts";
import type { ToolView } from "#bridge/tool.ts";
import { request } from "./host.ts";
import { changedHere, pastOwn } from "./own-changes.ts";
import { createStore, useStore } from "./store.ts";
import { saidDone } from "./toasts.ts";
import { changeWords } from "../text/policy-change.ts";
import { isSame } from "#core/protocol/same.ts";

export interface PolicyDraft {
  /** The policy that was on the screen at the first pick. */
  readonly base: number;
  /** By server, then by tool. */
  readonly effects: Readonly<Record<string, Readonly<Record<string, Effect>>>>;
}

const drafts = createStore<Readonly<Record<string, PolicyDraft>>>({});
export const usePolicyDraft = (wid: string): PolicyDraft | undefined => useStore(drafts)[wid];

const put = (wid: string, draft: PolicyDraft | undefined): void =>
  drafts.update(({ [wid]: _old, ...others }) =>
    draft === undefined || changesIn(draft).length === 0 ? others : { ...others, [wid]: draft },
  );

export const discardDraft = (wid: string): void => put(wid, undefined);

/** Picking what is set already takes the pick back. */
export const pickEffect = (
  wid: string,
  base: number,
  server: string,
  tool: Pick<ToolView, "name" | "own">,
  effect: Effect,
): void => {
  const draft = drafts.get()[wid] ?? { base, effects: {} };
  const { [tool.name]: _old, ...others } = draft.effects[server] ?? {};
  put(wid, {
    ...draft,
    effects: { ...draft.effects, [server]: isSame(tool.own, effect) ? others : { ...others, [tool.name]: effect } },
  });
};

/** The person has read what somebody else changed, and goes on with what they picked. */
export const rebase = (wid: string, base: number): void => {
  const draft = drafts.get()[wid];
  if (draft !== undefined) put(wid, { ...draft, base });
};

export const changesIn = ({ effects }: PolicyDraft): PolicyChange[] =>
  Object.entries(effects).flatMap(([server, of]): PolicyChange[] =>
    Object.keys(of).length === 0 ? [] : [{ kind: "effects", server, effects: { ...of } }],
  );
export const countOf = ({ effects }: PolicyDraft): number =>
  Object.values(effects).reduce((sum, of) => sum + Object.keys(of).length, 0);

/** Signs the changes as one act, says what it did, and offers to take it back. Rejects with the host's refusal. */
export const publishPolicy = async (
  wid: string,
  changes: readonly PolicyChange[],
  base: number,
  said: string,
  undoable = true,
): Promise<void> => {
  const done = await request("policy.change", { wid, changes: [...changes], base: pastOwn(wid, base) });
  changedHere(wid, done);
  saidDone(said, undoable ? () => undoPolicy(wid, done) : undefined);
};

const undoPolicy = async (wid: string, of: { readonly before: number; readonly after: number }): Promise<string> => {
  changedHere(wid, await request("policy.undo", { wid, ...of }));
  return changeWords.undone;
};
