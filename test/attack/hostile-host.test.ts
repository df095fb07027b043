/**
 * A host process that was taken over, against the windows that the shell draws: other frames than a host's, a window
 * that shows something else than what is signed, windows without end, a click that comes too late. The positive control
 * is the host's own frame, the shell's own picture, the click in time.
 */
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { AskedAct } from "#bridge/act.ts";
import type { ToWindow } from "#bridge/frames.ts";
import { ToShell } from "#bridge/shell-port.ts";
import type { FromShell } from "#bridge/shell-port.ts";
import { readFact } from "../../electron/host/store/facts.ts";
import { createActs } from "../../electron/shell/acts.ts";
import { createConfirmations } from "../../electron/shell/confirm.ts";
import { createPairings } from "../../electron/shell/pairing.ts";
import { noKeychain } from "../../electron/shell/key-file.ts";
import { createKeys } from "../../electron/shell/keys.ts";
import { createRelay } from "../../electron/shell/relay.ts";
import { createRequests } from "../../electron/shell/requests.ts";
import type { RelayedKind } from "../../electron/shell/relay.ts";
import { told } from "#bridge/told.ts";
import type { MemberId } from "#core/protocol/ids.ts";
import { attack } from "../helpers/hostile.ts";
import { tempDir } from "../helpers/temp.ts";

const wid = "w".repeat(22);
const ben = "b".repeat(22);
const roleAct = (to: string, roles: Record<string, string> = {}): AskedAct => ({
  wid,
  workspace: "Harbour",
  kind: "member.role",
  body: { member: ben, from: "guest", to },
  people: { [ben]: [ben as MemberId, "Ben", null] },
  roles,
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
          {
            f: "act",
            act: { kind: "member.role", workspace: "Harbour", member: [ben, "Ben", null], role: "Member", own: false },
          },
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

/** A shell that answers a host's requests, with what it drew for them. */
const asked = () => {
  const made = shell();
  const [drawn, notices, clock] = [[] as object[], [] as object[], { now: 0 }];
  const keys = createKeys(join(tempDir(), "device-keys.json"), noKeychain);
  const confirmations = createConfirmations(() => clock.now);
  const request = createRequests({
    keys: () => keys,
    confirmations,
    pairings: made.pairings,
    acts: made.acts,
    startServer: () => Promise.resolve(""),
    addresses: () => [],
    notify: (what) => void notices.push(what),
    badge: () => undefined,
    showPopup: (subject) => void drawn.push(subject),
    log: { fault: () => undefined },
    now: () => clock.now,
  });
  return { ...made, confirmations, drawn, notices, clock, request };
};

describe("[SG1] a host does not ask until somebody says yes to be left alone", () => {
  attack("acts: five without a yes, then one a minute; a click begins anew", async ({ control }) => {
    const { request, acts, drawn, clock, confirmations } = asked();
    const ask = async (n: number) => {
      const before = drawn.length;
      const answer = request(n, "act.confirm", roleAct(n % 2 === 0 ? "owner" : "admin"));
      const name = drawn[before] as { wid: string; act: string } | undefined;
      if (name !== undefined) acts.answer(name, false);
      return await answer;
    };
    const said = [];
    for (let n = 0; n < 40; n += 1) said.push(await ask(n));
    expect([drawn.length, said.slice(5)]).toEqual([
      5,
      said.slice(5).map(() => expect.objectContaining({ error: told("too-many-windows") }) as unknown),
    ]);
    // One that is replaced before anybody could look counts as well.
    clock.now = 300_000;
    const pending = Array.from({ length: 40 }, (_, n) => request(n, "act.confirm", roleAct("owner")));
    expect(drawn).toHaveLength(10);
    acts.closed(drawn.at(-1) as { wid: string; act: string });
    await Promise.all(pending);
    await control(async () => {
      confirmations.record({ wid, request: "r".repeat(43), vote: "reject" });
      const again = request(99, "act.confirm", roleAct("owner"));
      acts.answer(drawn.at(-1) as { wid: string; act: string }, true);
      expect([drawn.length, await again]).toEqual([11, { s: "answer", id: 99, ok: true, value: {} }]);
    });
  });

  attack("cards, numbers and notifications: a screenful, then what somebody can look at", async ({ control }) => {
    const { request, pairings, drawn, notices, clock } = asked();
    const pairing = { wid, pairing: "p".repeat(22) };
    pairings.begin({ ...pairing, member: ben });
    const words = { x: "x".repeat(43), enc: "e".repeat(43), name: "Laptop", newNonce: "n".repeat(22) };
    pairings.reveal(pairing.pairing, words);
    const notice = { title: told("notice.own", "write"), body: told("notice.own-where", "files"), card: null };
    for (let n = 0; n < 500; n += 1) {
      await request(n, "popup.show", { wid, request: String(n).padStart(43, "r") });
      await request(n, "pair.show", pairing);
      await request(n, "notify", notice);
    }
    expect([drawn.length, notices.length]).toEqual([20, 20]);
    expect(await request(1, "popup.show", { wid, request: "r" })).toMatchObject({
      error: { code: "too-many-windows" },
    });
    await control(async () => {
      clock.now += 5_000;
      expect(await request(2, "popup.show", { wid, request: "r" })).toMatchObject({ ok: true });
      expect(await request(3, "notify", notice)).toMatchObject({ ok: true });
      expect([drawn.length, notices.length]).toEqual([21, 21]);
    });
  });

  attack("an act that is over leaves its window, and lets no other window leave", async ({ control }) => {
    const { acts, timers, open } = shell();
    const first = acts.ask(roleAct("owner"));
    const [window, main, card] = [
      open({ kind: "popup", card: first.name }),
      open({ kind: "main" }),
      open({ kind: "popup", card: { wid, request: "r".repeat(43) } }),
    ];
    const over = { f: "act", act: null };
    await control(() =>
      expect(window.got).toContainEqual({ f: "act", act: expect.objectContaining({ role: "Owner" }) as unknown }),
    );
    const second = acts.ask(roleAct("admin"));
    const next = open({ kind: "popup", card: second.name });
    expect([window.got.at(-1), next.got.filter(({ f }) => f === "act").length]).toEqual([over, 1]);
    timers.at(-1)?.();
    expect([next.got.at(-1), await second.said]).toEqual([over, false]);
    expect([...main.got, ...card.got].some(({ f }) => f === "act")).toBe(false);
    // One that was answered says so itself.
    const third = acts.ask(roleAct("owner"));
    const answered = open({ kind: "popup", card: third.name });
    acts.answer(third.name, true);
    expect(answered.got).not.toContainEqual(over);
  });
});

/** `depth` lists inside one another, as bytes on a pipe can be whatever the sender's own JSON allows. */
const deep = (depth: number): unknown => {
  let value: unknown = "a";
  for (let at = 0; at < depth; at += 1) value = [value];
  return value;
};

describe("[T23] a fact of a host that was taken over ends nobody who reads it", () => {
  attack("arguments of any depth or kind are no frame, and the shell lives on", async ({ control }) => {
    const { relay, open } = shell();
    const main = open({ kind: "main" });
    const error = (args: unknown) => ({ f: "error", id: 1, error: { code: "host-silent", args } });
    const before = main.got.length;
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    for (const args of [
      [deep(40)],
      [deep(100_000)],
      [cyclic],
      [{ a: deep(100_000) }],
      [new Map()],
      [undefined],
      [Number.NaN],
      [1n],
      Array.from({ length: 9 }, () => 0),
      "no list",
      null,
    ]) {
      expect(() => relay.deliver(main.number, error(args))).not.toThrow();
      expect(ToShell.safeParse({ s: "failed", error: { code: "host-silent", args } }).success).toBe(false);
      expect(readFact(`{"code":"a","args":${"[".repeat(50_000)}${"]".repeat(50_000)}}`).code).toBe("older-words");
    }
    expect(main.got).toHaveLength(before);
    await control(() => {
      relay.deliver(main.number, error([{ deep: deep(20) }, null, true, 1.5, "a"]));
      expect(main.got.at(-1)).toMatchObject({ f: "error", id: 1 });
      expect(readFact('{"code":"a","args":[[[1]]]}')).toEqual({ code: "a", args: [[[1]]] });
    });
  });
});
