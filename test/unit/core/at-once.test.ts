/**
 * A transaction, and a hook inside one, does not wait. The refusals are checks of the type checker: each line under
 * `@ts-expect-error` is an error of the whole build where it compiles.
 */
import { describe, expect, test } from "vitest";
import type { Authority } from "../../../electron/host/seams.ts";
import type { Edge } from "../../../electron/host/agent/journal.ts";
import type { LaterOptions } from "#client/link/outbox.ts";
import type { Nothing, Write } from "#core/protocol/at-once.ts";
import type { Store } from "../../../electron/host/store/open.ts";
import type { Hash } from "#core/protocol/ids.ts";

export const refused = (store: Store, write: Write, gate: Authority): void => {
  // @ts-expect-error -- its second write would land after the commit
  void store.write(async () => undefined);
  // @ts-expect-error -- a promise that is handed on is one too
  void store.write(() => Promise.resolve(1));
  // @ts-expect-error -- an answer that may be one is one
  void store.write((): Promise<void> | undefined => undefined);
  // @ts-expect-error -- what is erased is erased in one act
  void store.erase("rows", async () => undefined);
  // @ts-expect-error -- nor in the copy that a client keeps
  void write(async () => undefined);
  // @ts-expect-error -- the ledger's row is committed before the tool is called
  const edge: Edge = { also: async () => undefined };
  // @ts-expect-error -- the hold is kept with the command that asked
  const asked: LaterOptions = { request: null, with: async (_id: Hash) => undefined };
  const within: NonNullable<LaterOptions["within"]> = (work) => {
    work();
  };
  // @ts-expect-error -- nor is the command
  within(async () => undefined);
  // @ts-expect-error -- a changed call is kept in one act
  void gate.edit({} as Parameters<Authority["edit"]>[0], async (_verdict, work) => work());
  void [edge, asked];
};

/** The same without waiting. */
const taken = (store: Pick<Store, "write">): { readonly number: number; readonly row: { readonly id: number } } => {
  const edge: Edge = { also: () => undefined };
  const asked: LaterOptions = { request: null, with: (_id: Hash) => [1].length };
  edge.also?.();
  asked.with?.("" as Hash);
  store.write(() => {
    edge.also?.();
  });
  return { number: store.write(() => 7), row: store.write(() => ({ id: 1 })) };
};

describe("a transaction", () => {
  test("takes work that does not wait and answers what it answers", () => {
    const write = ((work: () => Nothing) => work()) as Write;
    expect(taken({ write })).toEqual({ number: 7, row: { id: 1 } });
  });
});
