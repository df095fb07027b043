/**
 * A host process that was taken over, against the windows that the shell draws: other frames than a host's, a window
 * that shows something else than what is signed, windows without end, a click that comes too late. The positive control
 * is the host's own frame, the shell's own picture, the click in time.
 */
import { describe, expect } from "vitest";
import type { AskedAct } from "#bridge/act.ts";
import type { ToWindow } from "#bridge/frames.ts";
import type { FromShell } from "#bridge/shell-port.ts";
import { createActs } from "../../electron/shell/acts.ts";
import { createConfirmations } from "../../electron/shell/confirm.ts";
import { createPairings } from "../../electron/shell/pairing.ts";
import { createRelay } from "../../electron/shell/relay.ts";
import type { RelayedKind } from "../../electron/shell/relay.ts";
import { attack } from "../helpers/hostile.ts";

const wid = "w".repeat(22);
const ben = "b".repeat(22);
const roleAct = (to: string, names: Record<string, string> = {}): AskedAct => ({
  wid,
  workspace: "Harbour",
  kind: "member.role",
  body: { member: ben, from: "guest", to },
  names: { [ben]: "Ben", ...names },
});

const shell = () => {
  const posted: FromShell[] = [];
  const confirmations = createConfirmations(() => 0);
  const pairings = createPairings(() => 0);
  const timers: (() => void)[] = [];
  const acts = createActs((_ms, work) => (timers.push(work), () => undefined));
  const relay = createRelay(
    (message) => posted.push(message),
    { confirmations, pairings, acts },
    { state: "ready", error: null },
  );
  const open = (of: RelayedKind) => {
    const got: ToWindow[] = [];
    const window = relay.open(of, (frame) => got.push(frame));
    const opened = posted.findLast((message) => message.s === "window.open");
    return { ...window, got, number: opened?.s === "window.open" ? opened.window : 0 };
  };
  return { relay, posted, confirmations, pairings, acts, timers, open };
};

describe("[SG1] what stands in the shell's windows comes from the shell", () => {
  attack(
    "a host puts no act and no number of its own into a popup, and no other word of the shell",
    async ({ control }) => {
      const { relay, acts, pairings, open } = shell();
      const { name } = acts.ask(roleAct("owner"));
      pairings.begin({ wid, member: ben, pairing: "p".repeat(22) });
      pairings.reveal("p".repeat(22), {
        x: "x".repeat(43),
        enc: "e".repeat(43),
        name: "Mallory's",
        newNonce: "n".repeat(22),
      });
      const act = open({ kind: "popup", card: name });
      const number = open({ kind: "popup", card: { wid, pairing: "p".repeat(22) } });
      const main = open({ kind: "main" });
      const before = [act, number, main].map(({ got }) => [...got]);
      for (const window of [act, number, main])
        for (const frame of [
          { f: "act", act: { kind: "member.role", workspace: "Harbour", member: "Ben", role: "Member", own: false } },
          { f: "pairing", name: "Ben's laptop", number: "123456" },
          { f: "host", state: "failed", error: null },
          { f: "popup", url: "https://evil.example/" },
          { f: "session", token: "t" },
          { f: "notify", title: "a", body: "b", card: null },
          { f: "badge", waiting: 9 },
          { f: "ok", id: 1, result: 1, act: 1 },
          { f: "nothing" },
          null,
          "act",
        ])
          relay.deliver(window.number, frame);
      expect([act, number, main].map(({ got }) => got)).toEqual(before);
      await control(() => {
        relay.deliver(act.number, { f: "ok", id: 1, result: 7 });
        relay.deliver(act.number, { f: "topic", n: 1, topic: "cards", value: {} });
        expect(act.got.slice(-2).map(({ f }) => f)).toEqual(["ok", "topic"]);
      });
    },
  );

  attack("a role of a team's own passes for no built-in one, whatever it is called", async ({ control }) => {
    const { acts } = shell();
    const shown = (asked: AskedAct) => acts.shown(acts.ask(asked).name);
    const [own, builtIn] = [shown(roleAct("night", { night: "Approver" })), shown(roleAct("approver"))];
    expect(own).toMatchObject({ role: "Approver", own: true });
    await control(() => expect(builtIn).toMatchObject({ role: "Approver", own: false }));
  });
});

describe("[SG1] a click counts for what stands there now", () => {
  attack("a click that comes too late, or on what a later one replaced, is told to be none", async ({ control }) => {
    const { acts, confirmations, timers, open } = shell();
    const says = (to: string) => ({ wid, kind: "member.role", says: JSON.stringify([ben, to]) }) as const;
    const click = (window: ReturnType<typeof open>, name: { wid: string; act: string }) =>
      window.frame({ f: "call", id: 1, method: "act.answer", params: { ...name, yes: true } });
    const late = acts.ask(roleAct("owner"));
    const lateWindow = open({ kind: "popup", card: late.name });
    timers[0]?.();
    click(lateWindow, late.name);
    expect(lateWindow.got.at(-1)).toMatchObject({ f: "error", id: 1, error: { code: "act-over" } });
    const replaced = acts.ask(roleAct("owner"));
    const replacedWindow = open({ kind: "popup", card: replaced.name });
    const next = acts.ask(roleAct("admin"));
    click(replacedWindow, replaced.name);
    expect(replacedWindow.got.at(-1)).toMatchObject({ f: "error", id: 1, error: { code: "act-over" } });
    expect([confirmations.confirmed(says("owner")), confirmations.confirmed(says("admin"))]).toEqual([false, false]);
    await control(async () => {
      const window = open({ kind: "popup", card: next.name });
      click(window, next.name);
      expect([
        await next.said,
        confirmations.confirmed(says("admin")),
        window.got.some(({ f }) => f === "error"),
      ]).toEqual([true, true, false]);
    });
  });
});
