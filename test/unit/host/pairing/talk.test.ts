import { describe, expect, test } from "vitest";
import { CLOSE } from "#core/protocol/wire.ts";
import { pairTalk } from "../../../../electron/host/pairing/talk.ts";
import type { Message } from "../../../../electron/host/pairing/talk.ts";
import { arrivalEnded, offerEnded } from "../../../../electron/host/pairing/ended.ts";
import { nodeCrypto, inviteKey, random22 } from "#node/crypto.ts";

const seed = random22();
const talk = pairTalk(seed);
const keys = { x: "x".repeat(43), enc: "e".repeat(43), pop: "p".repeat(86), name: "Laptop", newNonce: "n".repeat(22) };

test("[PA1] both ends derive the same from the code, and it is nobody else's key", () => {
  const other = pairTalk(seed);
  expect([other.id, other.key.x]).toEqual([talk.id, talk.key.x]);
  expect(other.open("keys", talk.seal("keys", keys))).toEqual(keys);
  expect(nodeCrypto.verify(talk.key.x, "text", other.key.sign("text"))).toBe(true);
  expect(pairTalk(random22()).id).not.toBe(talk.id);
  // The same seed in an invite would be another key.
  expect(inviteKey(seed).x).not.toBe(talk.key.x);
});

describe("a message is opened only", () => {
  const sealed = talk.seal("open", { nonce: "n".repeat(22) });
  test("by who has the code", () => expect(pairTalk(random22()).open("open", sealed)).toBeUndefined());
  test("whole and unchanged", () => {
    for (let at = 0; at < sealed.length; at += 7)
      expect(
        talk.open("open", `${sealed.slice(0, at)}${sealed[at] === "A" ? "B" : "A"}${sealed.slice(at + 1)}`),
        String(at),
      ).toBeUndefined();
    for (const cut of ["", "A", sealed.slice(0, 20), sealed.slice(0, -4), `${sealed}AAAA`])
      expect(talk.open("open", cut)).toBeUndefined();
  });
  test("as what it was sealed as, also where another would have its shape", () => {
    const misplaced = talk.seal("end" as Message, { nonce: "n".repeat(22) } as never);
    expect(talk.open("open", misplaced)).toBeUndefined();
    expect(talk.open("open", sealed)).toEqual({ nonce: "n".repeat(22) });
  });
  test("in its own shape: no key more, no name that hides text", () => {
    for (const bad of [
      { ...keys, more: 1 },
      { ...keys, x: "short" },
      { ...keys, name: "a\u202Eb" },
      { ...keys, name: "" },
      { ...keys, name: "n".repeat(81) },
      { ...keys, newNonce: "" },
    ])
      expect(talk.open("keys", talk.seal("keys", bad as never)), JSON.stringify(bad)).toBeUndefined();
  });
  test("sealed twice is never the same text", () => expect(talk.seal("keys", keys)).not.toBe(talk.seal("keys", keys)));
});

test("each way that a server ends a pairing has words on both screens", () => {
  const codes = [
    CLOSE.pairingTwice,
    CLOSE.pairingOver,
    CLOSE.malformed,
    CLOSE.tooMuch,
    CLOSE.unauthorized,
    CLOSE.forbidden,
    CLOSE.storage,
    1006,
  ];
  expect(codes.map((code) => offerEnded(code).code)).toEqual([
    "pair-twice",
    "pair-left",
    "pair-old-server",
    "pair-busy",
    "pair-refused",
    "pair-refused",
    "pair-lost",
    "pair-lost",
  ]);
  const there = [
    CLOSE.noPairing,
    CLOSE.pairingTwice,
    CLOSE.pairingOver,
    CLOSE.authTooLate,
    CLOSE.notFound,
    CLOSE.malformed,
    1006,
  ];
  expect(there.map((code) => arrivalEnded(code)?.code)).toEqual([
    "pair-gone",
    "pair-twice",
    "pair-over",
    "pair-over",
    "pair-no-workspace",
    "pair-old-server",
    undefined,
  ]);
});
