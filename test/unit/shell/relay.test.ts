import { expect, test } from "vitest";
import type { ToWindow } from "#bridge/frames.ts";
import type { FromShell } from "#bridge/shell-port.ts";
import type { VoteConfirmation } from "../../../electron/shell/confirm.ts";
import { createActs } from "../../../electron/shell/acts.ts";
import type { ClickedAct } from "../../../electron/shell/acts.ts";
import { createPairings } from "../../../electron/shell/pairing.ts";
import type { NewDevice } from "../../../electron/shell/pairing.ts";
import { createRelay } from "../../../electron/shell/relay.ts";
import type { RelayedKind } from "../../../electron/shell/relay.ts";

const card = { wid: "w".repeat(22), request: "r" };
const popupOf: RelayedKind = { kind: "popup", card };
const decide = { ...card, vote: "reject", note: "no" };

const relayed = (state: "starting" | "ready" = "ready") => {
  const posted: FromShell[] = [];
  const recorded: Pick<VoteConfirmation, "wid" | "request" | "vote">[] = [];
  const devices: NewDevice[] = [];
  const clicked: ClickedAct[] = [];
  const pairings = createPairings(() => 0);
  const acts = createActs(() => () => undefined);
  const relay = createRelay(
    (message) => posted.push(message),
    {
      confirmations: {
        record: (of) => recorded.push(of),
        recordDevice: (of) => devices.push(of),
        recordAct: (of) => clicked.push(of),
        confirmed: () => false,
      },
      pairings,
      acts,
    },
    { state, error: null },
  );
  const open = (of: RelayedKind) => {
    const got: ToWindow[] = [];
    return { ...relay.open(of, (frame) => got.push(frame)), got };
  };
  return { relay, posted, recorded, devices, clicked, pairings, acts, open };
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
  for (const bad of [
    null,
    7,
    "x",
    {},
    { f: "call" },
    { f: "ok", id: 1, result: 1 },
    call(-1, "x", {}),
    call(1, "x".repeat(65), {}),
  ])
    expect(window.frame(bad)).toBe(false);
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
  expect([one.got.at(-1), two.got.at(-1)]).toEqual([
    { f: "badge", waiting: 2 },
    { f: "badge", waiting: 2 },
  ]);
});

const pairing = { wid: "w".repeat(22), pairing: "p".repeat(22) };
const words = { x: "x".repeat(43), enc: "e".repeat(43), name: "Laptop", newNonce: "n".repeat(22) };
const newcomer: RelayedKind = { kind: "popup", card: pairing };

test("[T15] the popup of a pairing is told the number by the shell, before it may ask the host anything", () => {
  const { open, pairings } = relayed();
  pairings.begin({ ...pairing, member: "m".repeat(22) });
  expect(open(newcomer).got.map((frame) => frame.f)).toEqual(["host"]);
  const { number } = pairings.reveal(pairing.pairing, words);
  expect(open(newcomer).got).toEqual([
    { f: "pairing", name: "Laptop", number },
    { f: "host", state: "ready", error: null },
  ]);
  expect(open(popupOf).got.map((frame) => frame.f)).toEqual(["host"]);
});

test("[T15] only the answer of that pairing's own popup confirms a device, and only a yes", () => {
  const { open, pairings, devices, recorded } = relayed();
  const answers = { ...pairing, same: true };
  const reveal = () => {
    pairings.begin({ ...pairing, member: "m".repeat(22) });
    pairings.reveal(pairing.pairing, words);
  };
  reveal();
  open({ kind: "main" }).frame(call(1, "pair.answer", answers));
  open(popupOf).frame(call(2, "pair.answer", answers));
  const popup = open(newcomer);
  popup.frame(call(3, "pair.answer", { ...answers, pairing: "q".repeat(22) }));
  popup.frame(call(4, "pair.answer", { ...answers, wid: "v".repeat(22) }));
  popup.frame(call(5, "pair.answer", { ...answers, more: 1 }));
  popup.frame(call(6, "card.decide", decide));
  expect([devices, recorded]).toEqual([[], []]);
  expect(popup.got.slice(2).map((frame) => (frame.f === "error" ? frame.error.code : frame.f))).toEqual([
    "other-card",
    "other-card",
    "bad-params",
    "other-card",
  ]);
  popup.frame(call(7, "pair.answer", answers));
  popup.frame(call(8, "pair.answer", answers));
  expect(devices).toEqual([{ wid: pairing.wid, x: words.x, enc: words.enc }]);
  reveal();
  open(newcomer).frame(call(1, "pair.answer", { ...pairing, same: false }));
  expect(devices).toHaveLength(1);
});

test("[T37] a popup answers only about whom it was opened for, and the popup of a card or a number about nobody", () => {
  const { open, posted } = relayed();
  const cleo = { wid: "w".repeat(22), member: "c".repeat(22), role: "approver" };
  const popup = open({ kind: "popup", card: { wid: cleo.wid, request: cleo.member } });
  for (const [index, method] of (["member.givePromised", "member.refusePromised"] as const).entries()) {
    popup.frame(call(10 + index, method, { ...cleo, member: "d".repeat(22) }));
    popup.frame(call(20 + index, method, { ...cleo, wid: "v".repeat(22) }));
    popup.frame(call(30 + index, method, { ...cleo, more: 1 }));
    open(popupOf).frame(call(40 + index, method, cleo));
    open(newcomer).frame(call(50 + index, method, cleo));
  }
  popup.frame(call(60, "member.setRole", { wid: cleo.wid, member: cleo.member, role: "owner" }));
  expect(posted.filter(({ s }) => s === "window.frame")).toEqual([]);
  expect(popup.got.slice(1).map((frame) => (frame.f === "error" ? frame.error.code : frame.f))).toEqual([
    ...Array<string>(6).fill("other-card"),
    "not-in-popup",
  ]);
  popup.frame(call(70, "member.givePromised", cleo));
  expect(posted.filter(({ s }) => s === "window.frame")).toHaveLength(1);
});

const level = {
  wid: "w".repeat(22),
  workspace: "Harbour",
  kind: "workspace.level",
  body: { from: 1, to: 2 },
  people: {},
  roles: {},
} as const;

test("[SG1] the popup of an act is told by the shell what would be signed, and only a yes there confirms it", async () => {
  const { open, acts, clicked } = relayed();
  const asked = acts.ask(level);
  const answer = { ...asked.name, yes: true };
  const popup = open({ kind: "popup", card: asked.name });
  expect(popup.got).toEqual([
    { f: "act", act: { kind: "workspace.level", workspace: "Harbour", from: 1, to: 2 } },
    { f: "host", state: "ready", error: null },
  ]);
  open({ kind: "main" }).frame(call(1, "act.answer", answer));
  open(popupOf).frame(call(2, "act.answer", answer));
  open(newcomer).frame(call(3, "act.answer", answer));
  open({ kind: "popup", card: { ...asked.name, act: "o".repeat(22) } }).frame(call(4, "act.answer", answer));
  popup.frame(call(5, "act.answer", { ...answer, more: 1 }));
  popup.frame(call(6, "act.answer", { ...answer, act: "o".repeat(22) }));
  popup.frame(call(7, "act.answer", { ...answer, wid: "v".repeat(22) }));
  popup.frame(call(8, "card.decide", decide));
  expect(clicked).toEqual([]);
  expect(popup.got.slice(2).map((frame) => (frame.f === "error" ? frame.error.code : frame.f))).toEqual([
    "bad-params",
    "other-card",
    "other-card",
    "other-card",
  ]);
  popup.frame(call(9, "act.answer", answer));
  popup.frame(call(10, "act.answer", answer));
  expect([clicked, await asked.said]).toEqual([[{ wid: level.wid, kind: "workspace.level", says: "[1,2]" }], true]);
  const next = acts.ask(level);
  open({ kind: "popup", card: next.name }).frame(call(11, "act.answer", { ...next.name, yes: false }));
  expect([clicked.length, await next.said]).toEqual([1, false]);
});

test("[SG1] a popup that closes has said no, and one that comes after shows nothing", async () => {
  const { open, acts, clicked } = relayed();
  const asked = acts.ask(level);
  open({ kind: "popup", card: asked.name }).close();
  expect([await asked.said, clicked]).toEqual([false, []]);
  expect(open({ kind: "popup", card: asked.name }).got.map((frame) => frame.f)).toEqual(["host"]);
});

test("[SG1] a yes about somebody who waits for a role is one to that role, in their own popup alone", () => {
  const { open, clicked } = relayed();
  const cleo = { wid: "w".repeat(22), member: "c".repeat(22), role: "approver" };
  open({ kind: "main" }).frame(call(1, "member.givePromised", cleo));
  open(popupOf).frame(call(2, "member.givePromised", cleo));
  const popup = open({ kind: "popup", card: { wid: cleo.wid, request: cleo.member } });
  popup.frame(call(3, "member.refusePromised", cleo));
  expect(clicked).toEqual([]);
  popup.frame(call(4, "member.givePromised", cleo));
  expect(clicked).toEqual([{ wid: cleo.wid, kind: "member.role", says: JSON.stringify([cleo.member, "approver"]) }]);
});
