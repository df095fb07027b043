import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { keyFromSeed, nodeCrypto, random22 } from "#node/crypto.ts";

const key = () => keyFromSeed(random22(), "a test");

describe("a signature that was good a moment ago", () => {
  test("is good again, and for no other text, no other key and no other signature", () => {
    const [ada, eve] = [key(), key()];
    const [text, other] = ["what ada signed", "what ada signeD"];
    const signature = ada.sign(text);
    // Each twice: nothing that was found bad is good the second time either.
    for (const _ of [1, 2]) {
      expect(nodeCrypto.verify(ada.x, text, signature)).toBe(true);
      expect(nodeCrypto.verify(ada.x, other, signature)).toBe(false);
      expect(nodeCrypto.verify(eve.x, text, signature)).toBe(false);
      expect(nodeCrypto.verify(ada.x, text, eve.sign(text))).toBe(false);
      expect(nodeCrypto.verify(ada.x, text, `${signature}=`)).toBe(false);
      expect(nodeCrypto.verify(`${ada.x} `, text, signature)).toBe(false);
    }
  });

  test("is found good, and its changed text bad, among more of them than are kept in mind", () => {
    const ada = key();
    const all = Array.from({ length: 100 }, () => randomBytes(40).toString("base64url")).map((text) => ({
      text,
      signature: ada.sign(text),
    }));
    for (const _ of [1, 2])
      for (const { text, signature } of all) {
        expect(nodeCrypto.verify(ada.x, text, signature)).toBe(true);
        expect(nodeCrypto.verify(ada.x, `${text}.`, signature)).toBe(false);
      }
  });
});
