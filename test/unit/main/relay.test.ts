import { expect, test } from "vitest";
import type { ToWindow } from "#bridge/frames.ts";
import type { FromShell } from "#bridge/shell-port.ts";
import type { Confirmation } from "../../../electron/main/confirm.ts";
import { createRelay } from "../../../electron/main/relay.ts";
import type { RelayedKind } from "../../../electron/main/relay.ts";

const card = { wid: "w".repeat(22), request: "r" };
const popupOf: RelayedKind = { kind: "popup", card };
const decide = { ...card, vote: "reject", note: "no" };

const relayed = (state: "starting" | "ready" = "ready") => {
  const posted: FromShell[] = [];
  const recorded: Pick<Confirmation, "wid" | "request" | "vote">[] = [];
  const relay = createRelay((message) => posted.push(message), { record: (of) => recorded.push(of), judge: () => ({ ok: true, uses: null }) }, { state, error: null });
  const open = (of: RelayedKind) => {
    const got: ToWindow[] = [];
    return { ...relay.open(of, (frame) => got.push(frame)), got };
  };
  return { relay, posted, recorded, open };
};
const call = (id: number, method: string, params: unknown) => ({ f: "call", id, method, params });

test("a window is opened at the host when both are there, and again for a new host", () => {
  const { relay, posted, open } = relayed("starting");
  const window = open({ kind: "main" });
  expect([posted.length, window.got]).toEqual([0, [{ f: "host", state: "starting", error: null }]]);
  relay.hostState({ state: "ready", error: null });
  relay.hostState({ state: "starting", error: null });
  relay.hostState({ state: "ready", error: null });
  expect(posted.map((message) => message.s)).toEqual(["window.open", "window.open"]);
  window.close();
  window.close();
  expect(posted.filter((message) => message.s === "window.close")).toHaveLength(1);
});

test("frames go to the host and answers to their own window", () => {
  const { relay, posted, open } = relayed();
  const [one, two] = [open({ kind: "main" }), open({ kind: "main" })];
  expect(one.frame(call(1, "search", {}))).toBe(true);
  const sent = posted.find((message) => message.s === "window.frame");
  relay.deliver((sent as { window: number }).window, { f: "ok", id: 1, result: 7 });
  relay.deliver(99, { f: "ok", id: 1, result: 8 });
  expect(one.got.at(-1)).toEqual({ f: "ok", id: 1, result: 7 });
  expect(two.got).toHaveLength(1);
});

test("[T20] only a popup's decision for its own card is recorded as a confirmation", () => {
  const { recorded, open, posted } = relayed();
  const [main, popup] = [open({ kind: "main" }), open(popupOf)];
  main.frame(call(1, "card.decide", decide));
  popup.frame(call(2, "card.decide", { ...decide, request: "other" }));
  popup.frame(call(3, "card.decide", { ...decide, more: 1 }));
  popup.frame(call(4, "card.get", decide));
  expect(recorded).toEqual([]);
  popup.frame(call(5, "card.decide", decide));
  expect(recorded).toMatchObject([{ ...card, vote: "reject" }]);
  expect(posted.filter((message) => message.s === "window.frame")).toHaveLength(2);
});

test("a call to a host that is away is answered at once, and confirms nothing", () => {
  const { recorded, open, posted } = relayed("starting");
  const popup = open(popupOf);
  popup.frame(call(1, "card.decide", decide));
  expect(popup.got.at(-1)).toMatchObject({ f: "error", id: 1, error: { code: "host-starting" } });
  expect([recorded, posted]).toEqual([[], []]);
});

test("what is not a frame is told to whoever holds the window", () => {
  const { open, posted } = relayed();
  const window = open({ kind: "main" });
  const before = posted.length;
  for (const bad of [null, 7, "x", {}, { f: "call" }, { f: "ok", id: 1, result: 1 }, call(-1, "x", {}), call(1, "x".repeat(65), {})]) expect(window.frame(bad)).toBe(false);
  expect(posted).toHaveLength(before);
});

test("a popup is opened in the main window that was used last", () => {
  const { relay, open } = relayed();
  expect(relay.tellLastUsed({ f: "badge", waiting: 1 })).toBe(false);
  const [one, two] = [open({ kind: "main" }), open({ kind: "main" })];
  open(popupOf);
  one.frame(call(1, "search", {}));
  two.frame({ f: "ack", n: 1 });
  expect(relay.tellLastUsed({ f: "popup", url: "u" })).toBe(true);
  expect(one.got.at(-1)).toEqual({ f: "popup", url: "u" });
  relay.tellMain({ f: "badge", waiting: 2 });
  expect([one.got.at(-1), two.got.at(-1)]).toEqual([{ f: "badge", waiting: 2 }, { f: "badge", waiting: 2 }]);
});
