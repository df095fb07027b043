/** Signatures over bytes by Node; test/e2e/browser-fold.spec.ts asks a browser the same. */
import { describe, expect, test } from "vitest";
import { nodeCrypto } from "#node/crypto.ts";
import { ED25519, randomCases, VECTORS } from "../../helpers/es256.ts";

describe("PH4 a signature over bytes has one spelling", () => {
  test.each([...VECTORS, ...ED25519])("$name", ({ claim, good }) => {
    expect(nodeCrypto.verifyBytes(...claim)).toBe(good);
  });

  test("of fresh keys and messages the lower s is good, the higher is not, and no changed bit is", () => {
    for (const { name, claim, good } of randomCases(100))
      expect([name, nodeCrypto.verifyBytes(...claim)]).toEqual([name, good]);
  });

  test("SHA-256 of bytes is that of the text where they are one, and of no second spelling", () => {
    const bytes = (text: string): string => Buffer.from(text).toString("base64url");
    for (const text of ["", "abc", "é🙂"]) expect(nodeCrypto.sha256Bytes(bytes(text))).toBe(nodeCrypto.sha256(text));
    // The byte 255, which is no text.
    expect(nodeCrypto.sha256Bytes("_w")).toBe("qBAK5qoZQNC2Y7sxzUZhQuu9vVGHExuS2TgYmHgy64k");
    expect(["YQ==", "YR", "a b", "="].map(nodeCrypto.sha256Bytes)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
