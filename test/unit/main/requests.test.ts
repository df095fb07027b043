import { join } from "node:path";
import { expect, test } from "vitest";
import { COMMAND_TYP, signingInput } from "#core/command.ts";
import { createConfirmations } from "../../../electron/main/confirm.ts";
import { noKeychain } from "../../../electron/main/key-file.ts";
import { createKeys } from "../../../electron/main/keys.ts";
import { nodeCrypto } from "../../../electron/main/node-crypto.ts";
import { ShellRefusal } from "../../../electron/main/refusal.ts";
import { createRequests } from "../../../electron/main/requests.ts";
import { tempDir } from "../../helpers/temp.ts";

const parts = () => {
  const keys = createKeys(join(tempDir(), "keys.json"), noKeychain);
  const confirmations = createConfirmations(() => 0);
  const done: unknown[] = [];
  const answer = createRequests({
    keys: () => keys,
    confirmations,
    startServer: (reach) => (reach === "network" ? Promise.reject(new ShellRefusal("no-network", "No network.")) : Promise.resolve("http://127.0.0.1:7")),
    notify: (what) => done.push(what),
    badge: (waiting) => {
      if (waiting === 13) throw new Error("private detail");
      done.push(waiting);
    },
    showPopup: (card) => done.push(card),
  });
  return { keys, confirmations, done, answer };
};
const card = { wid: "w", request: "r" };

test("each request is answered with its number", async () => {
  const { answer, keys, done } = parts();
  expect(await answer(1, "keys.get", {})).toEqual({ s: "answer", id: 1, ok: true, value: keys.view });
  expect(await answer(2, "server.start", { reach: "computer" })).toMatchObject({ id: 2, value: { url: "http://127.0.0.1:7" } });
  const sealed = await answer(3, "secret.wrap", { text: "s" });
  expect(await answer(4, "secret.unwrap", { sealed: (sealed as { value: string }).value })).toMatchObject({ id: 4, value: "s" });
  await answer(5, "badge", { waiting: 3 });
  await answer(6, "popup.show", card);
  await answer(7, "notify", { title: "t", body: "b", card: null });
  expect(done).toEqual([3, card, { title: "t", body: "b", card: null }]);
});

test("unknown requests and shapes are refused, prototype names among them", async () => {
  const { answer, done } = parts();
  for (const method of ["", "keys", "constructor", "__proto__", "toString", "keys.export"]) expect(await answer(1, method, {})).toMatchObject({ ok: false, code: "unknown-request" });
  for (const [method, params] of [["badge", { waiting: -1 }], ["badge", { waiting: 1, more: 1 }], ["badge", null], ["keys.get", { all: true }], ["keys.sign", { input: "x".repeat(131_073) }], ["popup.show", { wid: "w" }]] as const) {
    expect(await answer(1, method, params), method).toMatchObject({ ok: false, code: "bad-params" });
  }
  expect(done).toEqual([]);
});

test("[T20] the host gets a vote signed once, and only after the popup's confirmation", async () => {
  const { answer, keys, confirmations } = parts();
  const wid = "w".repeat(22);
  const request = "r".repeat(43);
  const input = signingInput(nodeCrypto, keys.device, COMMAND_TYP, { v: 1, w: wid, d: "queue:default", n: 1, seen: [1, "h".repeat(43)], exp: 1, k: "approval.vote", b: { request, v: "approve", note: null } });
  expect(await answer(1, "keys.sign", { input })).toMatchObject({ ok: false, code: "not-confirmed" });
  confirmations.record({ wid, request, vote: "approve" });
  const signed = await answer(2, "keys.sign", { input });
  expect(nodeCrypto.verify(keys.view.x, input, (signed as { value: string }).value)).toBe(true);
  expect(await answer(3, "keys.sign", { input })).toMatchObject({ ok: false, code: "not-confirmed" });
});

test("a failure is a code and a sentence, and what broke inside stays inside", async () => {
  const { answer } = parts();
  expect(await answer(1, "server.start", { reach: "network" })).toEqual({ s: "refusal", id: 1, ok: false, code: "no-network", message: "No network." });
  const broke = await answer(2, "badge", { waiting: 13 });
  expect(broke).toMatchObject({ code: "shell-broke" });
  expect(JSON.stringify(broke)).not.toContain("private detail");
});
