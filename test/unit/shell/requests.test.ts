import { join } from "node:path";
import { expect, test } from "vitest";
import { COMMAND_TYP, deviceProofText, signingInput } from "#core/protocol/command.ts";
import { createActs } from "../../../electron/shell/acts.ts";
import { createConfirmations } from "../../../electron/shell/confirm.ts";
import { noKeychain } from "../../../electron/shell/key-file.ts";
import { createKeys } from "../../../electron/shell/keys.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { refused } from "#bridge/refused.ts";
import { worded } from "../../helpers/worded.ts";
import { createPairings } from "../../../electron/shell/pairing.ts";
import { createShellLog } from "../../../electron/shell/shell-log.ts";
import { createRequests } from "../../../electron/shell/requests.ts";
import { tempDir } from "../../helpers/temp.ts";
import { told } from "#bridge/told.ts";

const parts = () => {
  const keys = createKeys(join(tempDir(), "keys.json"), noKeychain);
  const confirmations = createConfirmations(() => 0);
  const acts = createActs(() => () => undefined);
  const done: unknown[] = [];
  const log: string[] = [];
  const clock = { now: 0 };
  const answer = createRequests({
    keys: () => keys,
    confirmations,
    pairings: createPairings(() => 0),
    acts,
    startServer: ({ reach }) =>
      reach === "network" ? Promise.reject(refused("not-in-network")) : Promise.resolve("http://127.0.0.1:7"),
    addresses: () => [],
    notify: (what) => done.push(what),
    badge: (waiting) => {
      if (waiting === 13) throw new Error("private detail");
      done.push(waiting);
    },
    showPopup: (card) => done.push(card),
    log: createShellLog({ write: (line) => log.push(line) }, "main", () => 0),
    now: () => clock.now,
  });
  const [{ device } = { device: "" }] = keys.list();
  return { keys, device, confirmations, acts, done, answer, log, clock };
};
const card = { wid: "w", request: "r" };

test("each request is answered with its number", async () => {
  const { answer, keys, device, done } = parts();
  expect(await answer(1, "keys.get", {})).toEqual({ s: "answer", id: 1, ok: true, value: keys.view() });
  expect(await answer(8, "keys.list", {})).toMatchObject({ value: [{ device, x: keys.view().x }] });
  expect(await answer(2, "server.start", { reach: "computer" })).toMatchObject({
    id: 2,
    value: { url: "http://127.0.0.1:7" },
  });
  const sealed = await answer(3, "secret.wrap", { text: "s" });
  expect(await answer(4, "secret.unwrap", { sealed: (sealed as { value: string }).value })).toMatchObject({
    id: 4,
    value: "s",
  });
  await answer(5, "badge", { waiting: 3 });
  await answer(6, "popup.show", card);
  await answer(7, "notify", { title: told("notice.more"), body: told("notice.more-where", "Harbour"), card: null });
  expect(done).toEqual([
    3,
    card,
    { title: "More cards wait for you", body: "Open Waiting to see all of them. (Harbour)", card: null },
  ]);
});

test("a shell without a system's setting knows no proxy, another passes on what its system says", async () => {
  expect(await parts().answer(1, "proxy.of", { origin: "https://a.example" })).toMatchObject({
    ok: true,
    value: "DIRECT",
  });
  expect(await parts().answer(1, "proxy.of", {})).toMatchObject({ ok: false, error: { code: "bad-params" } });
});

test("unknown requests and shapes are refused, prototype names among them", async () => {
  const { answer, done } = parts();
  for (const method of ["", "keys", "constructor", "__proto__", "toString", "keys.export"])
    expect(await answer(1, method, {})).toMatchObject({ ok: false, error: { code: "unknown-request" } });
  for (const [method, params] of [
    ["badge", { waiting: -1 }],
    ["badge", { waiting: 1, more: 1 }],
    ["badge", null],
    ["keys.get", { all: true }],
    ["keys.sign", { device: "d", input: "x".repeat(131_073) }],
    ["keys.sign", { input: "x" }],
    ["keys.make", { n: 2 }],
    ["keys.drop", {}],
    ["popup.show", { wid: "w" }],
  ] as const) {
    expect(await answer(1, method, params), method).toMatchObject({ ok: false, error: { code: "bad-params" } });
  }
  expect(done).toEqual([]);
});

test("[T20] the host gets a vote signed once, and only after the popup's confirmation", async () => {
  const { answer, keys, device, confirmations } = parts();
  const wid = "w".repeat(22);
  const request = "r".repeat(43);
  const input = signingInput(nodeCrypto, device, COMMAND_TYP, {
    v: 1,
    w: wid,
    d: "queue:default",
    n: 1,
    seen: [1, "h".repeat(43)],
    exp: 1,
    k: "approval.vote",
    x: true,
    b: { request, v: "approve", note: null },
  });
  expect(await answer(1, "keys.sign", { device, input })).toMatchObject({
    ok: false,
    error: { code: "not-confirmed" },
  });
  confirmations.record({ wid, request, vote: "approve" });
  const signed = await answer(2, "keys.sign", { device, input });
  expect(nodeCrypto.verify(keys.view().x, input, (signed as { value: string }).value)).toBe(true);
  expect(await answer(3, "keys.sign", { device, input })).toMatchObject({
    ok: false,
    error: { code: "not-confirmed" },
  });
});

test("a failure is a code with its arguments, and what broke inside stays inside", async () => {
  const { answer, log } = parts();
  expect(await answer(1, "server.start", { reach: "network" })).toEqual({
    s: "refusal",
    id: 1,
    ok: false,
    error: told("not-in-network"),
  });
  const broke = await answer(2, "badge", { waiting: 13 });
  expect(broke).toMatchObject({ error: { code: "shell-broke" } });
  expect(JSON.stringify([broke, log])).not.toContain("private detail");
  // It says which step and where its log stands, and the log says where in the code; a refusal is no entry.
  expect(broke).toMatchObject({ error: worded(/Error in badge.*logs\/bulkhead\.log/) });
  expect(log.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    {
      event: "request.failed",
      what: "badge",
      error: {
        name: "Error",
        stack: expect.arrayContaining([expect.stringMatching(/requests\.test\.ts/)]) as string[],
      },
    },
  ]);
});

test("the host makes keys, signs with those of the ring alone, and never loses the last one", async () => {
  const { answer, keys, device } = parts();
  const wid = "w".repeat(22);
  const made = ((await answer(1, "keys.make", {})) as { value: { device: string; x: string; enc: string } }).value;
  const proof = deviceProofText(wid, "m".repeat(22), made.x, made.enc);
  const signed = await answer(2, "keys.sign", { device: made.device, input: proof });
  expect(nodeCrypto.verify(made.x, proof, (signed as { value: string }).value)).toBe(true);
  // The same text, and what names that device, by another key of the ring.
  expect(await answer(3, "keys.sign", { device, input: proof })).toMatchObject({
    ok: false,
    error: { code: "not-signable" },
  });
  const input = signingInput(nodeCrypto, made.device, COMMAND_TYP, {
    v: 1,
    w: wid,
    d: "log",
    n: 1,
    seen: [1, "h".repeat(43)],
    exp: 1,
    k: "member.remove",
    x: true,
    b: { member: "m".repeat(22) },
  });
  expect(await answer(4, "keys.sign", { device, input })).toMatchObject({
    ok: false,
    error: { code: "not-this-device" },
  });
  expect(await answer(5, "keys.sign", { device: made.device, input })).toMatchObject({ ok: true });
  for (const stranger of ["", "d".repeat(22), "__proto__"]) {
    for (const [method, params] of [
      ["keys.sign", { device: stranger, input }],
      ["keys.drop", { device: stranger }],
    ] as const)
      expect(await answer(6, method, params)).toMatchObject({ ok: false, error: { code: "no-such-key" } });
  }
  expect(await answer(7, "keys.drop", { device })).toMatchObject({ ok: true });
  expect(await answer(8, "keys.drop", { device: made.device })).toMatchObject({
    ok: false,
    error: { code: "only-key" },
  });
  expect(keys.list()).toHaveLength(1);
});

test("[SG1] an act is answered by the click in its window, and one that was clicked elsewhere asks no second time", async () => {
  const { answer, done, acts, confirmations } = parts();
  const asked = {
    wid: "w".repeat(22),
    workspace: "Harbour",
    kind: "workspace.level",
    body: { from: 1, to: 2 },
    people: {},
    roles: {},
  };
  const first = answer(1, "act.confirm", asked);
  const [name] = done as [{ wid: string; act: string }];
  expect(acts.shown(name)).toMatchObject({ kind: "workspace.level", to: 2 });
  acts.answer(name, false);
  expect(await first).toMatchObject({ ok: false, error: { code: "not-confirmed" } });
  const second = answer(2, "act.confirm", asked);
  const clicked = acts.answer(done[1] as typeof name, true);
  expect(await second).toMatchObject({ ok: true });
  if (clicked !== undefined) confirmations.recordAct(clicked);
  expect(await answer(3, "act.confirm", asked)).toMatchObject({ ok: true });
  expect(done).toHaveLength(2);
  for (const wrong of [
    { ...asked, kind: "policy.set" },
    { ...asked, kind: "approval.vote" },
    { ...asked, body: {} },
    { ...asked, more: 1 },
  ])
    expect(await answer(4, "act.confirm", wrong)).toMatchObject({ ok: false, error: { code: "bad-params" } });
});
