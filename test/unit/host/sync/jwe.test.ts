/** What the host seals is standard JWE: an independent implementation opens it, and so does the shell. */
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { generalDecrypt } from "jose";
import { describe, expect, it } from "vitest";
import { openSealed, unwrapKey } from "../../../../electron/main/open-sealed.ts";
import { sealFor, wrapKey } from "../../../../electron/host/sync/jwe.ts";
import { seal } from "../../../../electron/host/sync/sealed.ts";
import type { Device } from "#core/state.ts";

const device = (kid: string) => {
  const { privateKey, publicKey } = generateKeyPairSync("x25519");
  return { kid, key: publicKey, privateKey };
};
const TEXT = "rm -rf ./build — ☂ and nothing else";

describe("sealed text", () => {
  it("opens with jose for each recipient, and for nobody else", async () => {
    const [ada, ben, cleo] = [device("ada"), device("ben"), device("cleo")];
    const sealed = JSON.parse(sealFor(TEXT, [ada, ben])) as Parameters<typeof generalDecrypt>[0];
    for (const each of [ada, ben]) {
      const opened = await generalDecrypt(sealed, each.privateKey, { keyManagementAlgorithms: ["ECDH-ES+A256KW"], contentEncryptionAlgorithms: ["A256GCM"] });
      expect(new TextDecoder().decode(opened.plaintext)).toBe(TEXT);
    }
    await expect(generalDecrypt(sealed, cleo.privateKey)).rejects.toThrow();
  });

  it("opens in the shell of each recipient, and not once a byte changed", () => {
    const ada = device("ada");
    const sealed = sealFor(TEXT, [device("ben"), ada]);
    expect(openSealed(sealed, new Map([["ada", ada.privateKey]]))).toBe(TEXT);
    const parts = JSON.parse(sealed) as { ciphertext: string };
    const changed = JSON.stringify({ ...parts, ciphertext: `${parts.ciphertext[0] === "A" ? "B" : "A"}${parts.ciphertext.slice(1)}` });
    expect(() => openSealed(changed, new Map([["ada", ada.privateKey]]))).toThrow("changed on its way");
  });

  it("wraps keys as RFC 3394 section 4.6 says", () => {
    const wrapping = Buffer.from("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "hex");
    const key = Buffer.from("00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f", "hex");
    const wrapped = wrapKey(wrapping, key);
    expect(wrapped.toString("hex")).toBe("28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21");
    expect(unwrapKey(wrapping, wrapped)).toEqual(key);
  });

  it("leaves out a device whose key agrees on nothing", async () => {
    const ada = device("ada");
    const enc = createPublicKey(ada.privateKey).export({ format: "jwk" }).x ?? "";
    const low = Buffer.alloc(32).toString("base64url");
    const sealed = await seal(TEXT, [{ id: "low", enc: low } as unknown as Device, { id: "ada", enc } as unknown as Device]);
    expect((JSON.parse(sealed) as { recipients: unknown[] }).recipients).toHaveLength(1);
    expect(openSealed(sealed, new Map([["ada", ada.privateKey]]))).toBe(TEXT);
    await expect(seal(TEXT, [{ id: "low", enc: low } as unknown as Device])).rejects.toThrow("Nobody here");
  });
});
