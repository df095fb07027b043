/** What the host seals is standard JWE but for its packed recipients: an independent implementation opens it, and so does the shell. */
import { generateKeyPairSync } from "node:crypto";
import { generalDecrypt } from "jose";
import { describe, expect, it } from "vitest";
import { openSealed, unwrapKey } from "../../../electron/shell/open-sealed.ts";
import { clientCrypto } from "#node/client-crypto.ts";
import { addressees, RECIPIENT_SIZE } from "#client/keys/jwe.ts";
import { sealFor, wrapKey } from "#node/seal.ts";
import { seal, SEALED_MAX, sealsAtMost } from "#client/keys/sealed.ts";
import { COMMAND_MAX } from "#core/protocol/command.ts";
import { DEVICES_MAX } from "#core/rules/devices.ts";
import { queueDoc } from "#core/protocol/ids.ts";
import type { QueueId } from "#core/protocol/ids.ts";
import type { Device } from "#core/rules/state.ts";
import { createTeam, requestBody } from "../../helpers/people.ts";

const device = (name: string) => {
  const { privateKey, publicKey } = generateKeyPairSync("x25519");
  return { kid: name.padEnd(22, "-"), x: publicKey.export({ format: "jwk" }).x ?? "", privateKey };
};
type Made = ReturnType<typeof device>;
const ringOf = (...devices: readonly Made[]) =>
  new Map(devices.map(({ kid, x, privateKey }) => [kid, { key: privateKey, x }]));
const sealed = (text: string, devices: readonly Made[]): string => sealFor(text, devices) ?? "";
const TEXT = "rm -rf ./build — ☂ and nothing else";

/** The same in the general serialization that RFC 7516 writes down. */
const unpacked = (jwe: string, devices: readonly Made[]) => {
  const { epk, to, ...rest } = JSON.parse(jwe) as Record<string, string>;
  const recipients = devices.map(({ kid, x }, i) => {
    const entry = (to ?? "").slice(i * RECIPIENT_SIZE, (i + 1) * RECIPIENT_SIZE);
    expect(entry.slice(0, 22)).toBe(kid);
    return {
      header: {
        alg: "ECDH-ES+A256KW",
        kid,
        epk: { kty: "OKP", crv: "X25519", x: epk ?? "" },
        apv: Buffer.from(`${kid}${x}`).toString("base64url"),
      },
      encrypted_key: entry.slice(22),
    };
  });
  return { ...rest, recipients } as unknown as Parameters<typeof generalDecrypt>[0];
};

describe("sealed text", () => {
  it("opens with jose for each recipient, and for nobody else", async () => {
    const [ada, ben, cleo] = [device("ada"), device("ben"), device("cleo")];
    const jwe = unpacked(sealed(TEXT, [ada, ben]), [ada, ben]);
    for (const each of [ada, ben]) {
      const opened = await generalDecrypt(jwe, each.privateKey, {
        keyManagementAlgorithms: ["ECDH-ES+A256KW"],
        contentEncryptionAlgorithms: ["A256GCM"],
      });
      expect(new TextDecoder().decode(opened.plaintext)).toBe(TEXT);
    }
    await expect(generalDecrypt(jwe, cleo.privateKey)).rejects.toThrow();
  });

  it("opens in the shell of each recipient, and not once a byte changed", () => {
    const ada = device("ada");
    const jwe = sealed(TEXT, [device("ben"), ada]);
    expect(openSealed(jwe, ringOf(ada))).toBe(TEXT);
    const parts = JSON.parse(jwe) as { ciphertext: string };
    const changed = JSON.stringify({
      ...parts,
      ciphertext: `${parts.ciphertext[0] === "A" ? "B" : "A"}${parts.ciphertext.slice(1)}`,
    });
    expect(() => openSealed(changed, ringOf(ada))).toThrow("sealed-changed");
  });

  it("is for the device that it names: the same key under another id opens nothing", () => {
    const ada = device("ada");
    const jwe = sealed(TEXT, [ada]);
    const other = { ...ada, kid: "eve".padEnd(22, "-") };
    expect(() => openSealed(jwe.replace(ada.kid, other.kid), ringOf(other))).toThrow("sealed-changed");
    expect(openSealed(jwe, ringOf(other, ada))).toBe(TEXT);
  });

  it("wraps keys as RFC 3394 section 4.6 says", () => {
    const wrapping = Buffer.from("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "hex");
    const key = Buffer.from("00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f", "hex");
    const wrapped = wrapKey(wrapping, key);
    expect(wrapped.toString("hex")).toBe(
      "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21",
    );
    expect(unwrapKey(wrapping, wrapped)).toEqual(key);
  });

  it("leaves out a device whose key agrees on nothing", async () => {
    const ada = device("ada");
    const low = { id: "low".padEnd(22, "-"), enc: Buffer.alloc(32).toString("base64url") } as unknown as Device;
    const jwe = await seal(clientCrypto, TEXT, [low, { id: ada.kid, enc: ada.x } as unknown as Device]);
    expect(addressees(jwe)).toEqual([ada.kid]);
    expect(openSealed(jwe, ringOf(ada))).toBe(TEXT);
    await expect(seal(clientCrypto, TEXT, [low])).rejects.toThrow("nobody-to-open");
  });
});

describe("[BU1] fifty people with ten devices each", () => {
  const devices = Array.from({ length: 50 * DEVICES_MAX }, (_, i) => device(`device${i}`));
  const most = "a".repeat(sealsAtMost(devices.length));

  it("are all sealed the same six kilobytes in one request that the rules take", () => {
    const jwe = sealed(most, devices);
    expect(most.length).toBeGreaterThan(6_000);
    expect(addressees(jwe)).toEqual(devices.map(({ kid }) => kid));
    for (const each of [devices[0], devices[250], devices.at(-1)] as Made[])
      expect(openSealed(jwe, ringOf(each))).toBe(most);
    // What stands around it may be as long as it can be.
    const team = createTeam();
    const body = requestBody({
      jwe,
      ttlMs: 30 * 86_400_000,
      server: "ж".repeat(80),
      tool: "ж".repeat(200),
      rule: "r".repeat(32),
      replaces: null,
    });
    expect(team.sign(team.ada, queueDoc("q".repeat(32) as QueueId, 999), "approval.request", body).length).toBeLessThan(
      COMMAND_MAX,
    );
    expect(team.send(team.ada, queueDoc("approvers" as QueueId), "approval.request", body).ok).toBe(true);
  });

  it("and what is said of the room is exact enough: with one device or all, the text fits and a few bytes more do not", () => {
    for (const count of [1, 11, 100, devices.length]) {
      const room = sealsAtMost(count);
      expect(sealed("a".repeat(room), devices.slice(0, count)).length).toBeLessThanOrEqual(SEALED_MAX);
      expect(sealed("a".repeat(room + 100), devices.slice(0, count)).length).toBeGreaterThan(SEALED_MAX);
    }
    expect(sealsAtMost(10_000)).toBe(0);
  });
});
