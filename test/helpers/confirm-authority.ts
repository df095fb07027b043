/** The gate's own code for calls that their person confirms, over the store of an agent world: nothing is asked of a server. */
import { noted } from "./worded.ts";
import { confirmText } from "#core/protocol/confirm-text.ts";
import { standingOfConfirm } from "../../electron/host/gate/confirm.ts";
import { createConfirming } from "../../electron/host/gate/confirming.ts";
import type { Authority, Permit, ProposedCall, Tools } from "../../electron/host/seams.ts";
import { createConfirmStore } from "../../electron/host/store/confirms.ts";
import type { Confirm } from "../../electron/host/store/confirms.ts";
import type { Live } from "#client/live.ts";
import { keyFromSeed } from "#node/crypto.ts";
import { WID } from "./agent-world.ts";
import type { AgentWorld } from "./agent-world.ts";

/** Every place of a confirmation at which a kill leaves a different state behind: it waits; the answer is kept and nobody was told. */
export const CONFIRM_EDGES = ["call.confirming", "call.confirmed"] as const;
const DEVICE = "device-aaaaaaaaaaaaaaa";
// The same in each process, as the keys of a real device are.
const KEY = keyFromSeed("A".repeat(22), "test");

export interface ConfirmAuthority extends Authority {
  /** What waits for its person now. */
  waiting(): Confirm[];
  answer(confirm: Confirm, vote: "approve" | "reject", note?: string): Promise<void>;
}

/** `world` is there once the authority is asked. */
export const confirmAuthority = (
  world: () => AgentWorld,
  tools: Tools,
  onEdge: (edge: string) => void = () => undefined,
): ConfirmAuthority => {
  const listeners = new Set<(call: string) => void>();
  const live = {
    wid: WID,
    me: "ada",
    device: DEVICE,
    log: { devices: new Map([[DEVICE, { x: KEY.x, rotatedFrom: null }]]) },
    signer: () => ({ confirm: async (wid: string, hash: string) => KEY.sign(confirmText(wid, DEVICE, hash)) }),
  } as unknown as Live;
  const made = (() => {
    let parts: {
      readonly confirms: ReturnType<typeof createConfirmStore>;
      readonly confirming: ReturnType<typeof createConfirming>;
    } | null = null;
    return () => {
      if (parts !== null) return parts;
      const { store, runs } = world();
      store.db
        .prepare(
          "INSERT OR IGNORE INTO workspaces (wid, member, server, pin_seq, pin_hash, added_at) VALUES (?, 'ada', 'http://127.0.0.1:1', 0, '', 1)",
        )
        .run(WID);
      const proposed = (id: string): ProposedCall | null => {
        const call = runs.call(id);
        const place = call === null ? null : runs.threadOf(call.run);
        return call === null || place === null
          ? null
          : { id, wid: place.wid, thread: place.thread, server: call.server, tool: call.tool, args: call.args };
      };
      const confirms = createConfirmStore(store);
      const changed = ({ call }: Confirm): void => {
        const state = confirms.get(call)?.state;
        if (state === "confirming") onEdge("call.confirming");
        if (state === "approved") onEdge("call.confirmed");
        queueMicrotask(() => listeners.forEach((listener) => listener(call)));
      };
      parts = {
        confirms,
        confirming: createConfirming({
          live: () => live,
          confirms,
          tools,
          now: Date.now,
          proposed,
          judge,
          changed,
        }),
      };
      return parts;
    };
  })();
  const judge: Authority["judge"] = () => ({ kind: "confirm", rule: noted("its person confirms it") });
  return {
    judge,
    permit: (call) => {
      const tool = tools.find(call.wid, call.server, call.tool);
      if (tool === null) throw new Error("the played tools are always there");
      const at = { launch: tool.launch, schema: tool.def.schema };
      const refused = made().confirming.refusal(live, call, at, judge(call));
      const confirmed = made().confirms.get(call.id)?.hash ?? null;
      return refused === null
        ? {
            ok: true,
            permit: {
              call,
              ...at,
              rule: noted("its person confirms it"),
              request: null,
              confirmed,
            } as unknown as Permit,
          }
        : { ok: false, error: refused };
    },
    ask: async (call) => {
      if (made().confirms.get(call.id) === null) made().confirming.ask(call, noted("its person confirms it"));
    },
    edit: async (call, keep) => {
      const confirm = made().confirming.draft(call, noted("its person confirms it"));
      keep({ kind: "confirm", rule: confirm.rule }, () => made().confirms.add(confirm));
    },
    cancel: async (call) => made().confirming.cancel(call),
    keep: () => undefined,
    standing: (call) => {
      const confirm = made().confirms.get(call);
      return confirm === null ? null : standingOfConfirm(made().confirming.step(confirm));
    },
    used: () => undefined,
    onStanding: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    waiting: () =>
      made()
        .confirms.open(WID)
        .filter(({ state }) => state === "confirming"),
    answer: (confirm, vote, note = "") => made().confirming.answer(confirm, vote, note),
  };
};
