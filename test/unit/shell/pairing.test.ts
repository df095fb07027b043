import { expect, test } from "vitest";
import { pairCommitment, pairNumber } from "#core/protocol/pair.ts";
import { PAIRING_MS } from "#core/protocol/wire.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { worded } from "../../helpers/worded.ts";
import { createPairings } from "../../../electron/shell/pairing.ts";

const of = { wid: "w".repeat(22), member: "m".repeat(22), pairing: "p".repeat(22) };
const words = { x: "x".repeat(43), enc: "e".repeat(43), name: "Laptop", newNonce: "n".repeat(22) };

test("[PA2] [PA3] the number follows from the opened commitment and from what the new device said", () => {
  const pairings = createPairings(() => 0);
  const { commitment } = pairings.begin(of);
  const { nonce, number } = pairings.reveal(of.pairing, words);
  expect(pairCommitment(nodeCrypto, nonce)).toBe(commitment);
  expect(number).toBe(pairNumber(nodeCrypto, { wid: of.wid, member: of.member, ...words, nonce }));
  expect(pairings.shown(of.wid, of.pairing)).toEqual({ name: "Laptop", number });
  expect(pairings.answer(of.wid, of.pairing, true)).toEqual({ wid: of.wid, x: words.x, enc: words.enc });
});

test("[T15] [PA3] a host cannot try one set of keys after the other until the number fits", () => {
  const pairings = createPairings(() => 0);
  pairings.begin(of);
  const first = pairings.reveal(of.pairing, words);
  expect(() => pairings.reveal(of.pairing, { ...words, x: "y".repeat(43) })).toThrow(worded(/Another computer came/));
  expect(pairings.shown(of.wid, of.pairing)?.number).toBe(first.number);
  // Beginning again is another commitment, and so another number on both screens.
  pairings.begin(of);
  expect(pairings.reveal(of.pairing, words).nonce).not.toBe(first.nonce);
});

test("[T15] [PA3] a host that begins again and again gets eight numbers in ten minutes, not one for every guess", () => {
  let now = 0;
  const pairings = createPairings(() => now);
  const guess = () => {
    pairings.begin(of);
    return pairings.reveal(of.pairing, words).number;
  };
  expect(new Set(Array.from({ length: 8 }, guess)).size).toBeGreaterThan(1);
  now = PAIRING_MS - 1;
  expect(guess).toThrow(worded(/Wait ten minutes/));
  expect(pairings.shown(of.wid, of.pairing)).toBeUndefined();
  expect(pairings.answer(of.wid, of.pairing, true)).toBeUndefined();
  now = PAIRING_MS;
  expect(guess).not.toThrow();
});

test("[T15] an answer counts once, for its own pairing, before its time is over, and not for a no", () => {
  let now = 0;
  const pairings = createPairings(() => now);
  const begin = () => {
    pairings.begin(of);
    pairings.reveal(of.pairing, words);
  };
  expect(pairings.answer(of.wid, of.pairing, true)).toBeUndefined();
  pairings.begin(of);
  expect(pairings.answer(of.wid, of.pairing, true)).toBeUndefined();
  begin();
  expect(pairings.answer("v".repeat(22), of.pairing, true)).toBeUndefined();
  expect(pairings.answer(of.wid, "q".repeat(22), true)).toBeUndefined();
  expect(pairings.answer(of.wid, of.pairing, false)).toBeUndefined();
  expect(pairings.answer(of.wid, of.pairing, true)).toBeUndefined();
  begin();
  now = PAIRING_MS;
  expect(pairings.shown(of.wid, of.pairing)).toBeUndefined();
  expect(pairings.answer(of.wid, of.pairing, true)).toBeUndefined();
  expect(() => pairings.reveal(of.pairing, words)).toThrow(worded(/This pairing is over/));
});
