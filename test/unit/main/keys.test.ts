import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GeneralEncrypt, importJWK } from "jose";
import { describe, expect, test } from "vitest";
import { deviceIdOf } from "#core/crypto.ts";
import { createKeys } from "../../../electron/main/keys.ts";
import { unwrapKey } from "../../../electron/main/open-sealed.ts";
import { noKeychain } from "../../../electron/main/key-file.ts";
import type { Keychain } from "../../../electron/main/key-file.ts";
import { nodeCrypto } from "../../../electron/main/node-crypto.ts";
import { tempDir } from "../../helpers/temp.ts";

const keychain = (open = true): Keychain => ({
  available: true,
  name: "the test keychain",
  wrap: (text) => Buffer.from(text, "utf8").reverse().toString("base64"),
  unwrap: (sealed) => {
    if (!open) throw new Error("locked");
    return Buffer.from(sealed, "base64").reverse().toString("utf8");
  },
});
const place = () => join(tempDir(), "sub", "device-keys.json");
const sealFor = async (text: string, ...devices: { x: string; enc: string }[]) => {
  const jwe = new GeneralEncrypt(new TextEncoder().encode(text)).setProtectedHeader({ enc: "A256GCM" });
  for (const device of devices) {
    const key = await importJWK({ kty: "OKP", crv: "X25519", x: device.enc }, "ECDH-ES+A256KW");
    jwe.addRecipient(key).setUnprotectedHeader({ alg: "ECDH-ES+A256KW", kid: deviceIdOf(nodeCrypto, device.x) });
  }
  return JSON.stringify(await jwe.encrypt());
};

describe("device keys", () => {
  test("keys are made once and are the same after a restart", () => {
    const path = place();
    const first = createKeys(path, noKeychain);
    const second = createKeys(path, noKeychain);
    expect(second.view).toEqual(first.view);
    expect(first.view.x).not.toBe(createKeys(place(), noKeychain).view.x);
    expect(first.view.x).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(first.device).toBe(deviceIdOf(nodeCrypto, first.view.x));
  });

  test("[T29] without a keychain the file is for this account alone and says so", () => {
    const path = place();
    const { view } = createKeys(path, noKeychain);
    expect(view.storage).toBe("file");
    expect(view.detail).toBe("Keys are in a file that only your account can read, because no keychain answered.");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, "utf8")).toContain("not encrypted");
    chmodSync(path, 0o644);
    createKeys(path, noKeychain);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("[T29] with a keychain nothing private is in the file", () => {
    const path = place();
    const plain = JSON.parse(readFileSync((createKeys(path + ".plain", noKeychain), path + ".plain"), "utf8")) as { secrets: { sign: { d: string } } };
    const { view } = createKeys(path, keychain());
    expect(view).toMatchObject({ storage: "keychain", detail: "Keys are sealed by the test keychain." });
    expect(readFileSync(path, "utf8")).not.toMatch(/"d"/);
    // Positive control: without a keychain the same search finds the private half.
    expect(JSON.stringify(plain)).toMatch(/"d"/);
    expect(createKeys(path, keychain()).view.x).toBe(view.x);
  });

  test("a damaged file is an error with a name, and never replaced by new keys", () => {
    const path = place();
    createKeys(path, noKeychain);
    const whole = readFileSync(path, "utf8");
    const other = JSON.parse(whole) as { secrets: { sign: { x: string } } };
    other.secrets.sign.x = createKeys(place(), noKeychain).view.x;
    for (const bad of ["", "{", whole.slice(0, 80), "null", JSON.stringify(other), whole.replace('"v": 1', '"v": 2')]) {
      writeFileSync(path, bad);
      expect(() => createKeys(path, noKeychain), bad.slice(0, 20)).toThrow(expect.objectContaining({ code: "keys-damaged" }));
      expect(readFileSync(path, "utf8")).toBe(bad);
    }
    writeFileSync(path, whole);
    expect(createKeys(path, noKeychain).view.storage).toBe("file");
  });

  test("a keychain that is locked or gone is an error with a name, and the file stays", () => {
    const path = place();
    createKeys(path, keychain());
    const before = readFileSync(path, "utf8");
    expect(() => createKeys(path, keychain(false))).toThrow(expect.objectContaining({ code: "keys-locked" }));
    expect(() => createKeys(path, noKeychain)).toThrow(expect.objectContaining({ code: "keys-locked" }));
    expect(readFileSync(path, "utf8")).toBe(before);
  });

  test("a place that cannot be written is an error with a name", () => {
    const folder = tempDir();
    writeFileSync(join(folder, "file"), "");
    expect(() => createKeys(join(folder, "file", "device-keys.json"), noKeychain)).toThrow(expect.objectContaining({ code: "keys-disk" }));
  });

  test("a signature verifies with the public half and for that text alone", () => {
    const keys = createKeys(place(), noKeychain);
    const signature = keys.sign("text");
    expect(nodeCrypto.verify(keys.view.x, "text", signature)).toBe(true);
    expect(nodeCrypto.verify(keys.view.x, "text.", signature)).toBe(false);
  });
});

describe("sealed text", () => {
  test("a device opens what names it, alone or among several recipients", async () => {
    const [ada, ben] = [createKeys(place(), noKeychain), createKeys(place(), noKeychain)];
    for (const jwe of [await sealFor("the arguments ä", ben.view, ada.view), await sealFor("the arguments ä", ada.view)]) expect(ada.open(jwe)).toBe("the arguments ä");
    expect(ben.open(await sealFor("", ben.view, ada.view))).toBe("");
  });

  test("what was sealed for others, changed or garbage is refused with a name", async () => {
    const [ada, ben, cleo] = [createKeys(place(), noKeychain), createKeys(place(), noKeychain), createKeys(place(), noKeychain)];
    const refused = (jwe: string, code: string, keys = ben) => expect(() => keys.open(jwe), jwe.slice(0, 60)).toThrow(expect.objectContaining({ code }));
    const jwe = await sealFor("the arguments", ben.view, ada.view);
    refused(jwe, "not-sealed-for-device", cleo);
    // Sealed with Ben's key under Ada's name.
    refused(await sealFor("x", { x: ada.view.x, enc: ben.view.enc }), "sealed-damaged", ada);
    for (const garbage of ["", "{", "[]", "{}", '{"recipients":[]}', JSON.stringify({ ...JSON.parse(jwe), more: 1 })]) refused(garbage, "sealed-malformed");
    type Parts = { ciphertext: string; tag: string; iv: string; protected: string; recipients: { header: { alg: string; epk: { x: string }; crit?: string[] }; encrypted_key: string }[] };
    const ofBen = (parts: Parts) => parts.recipients[0] as Parts["recipients"][number];
    const flip = (text: string) => `${text.startsWith("A") ? "B" : "A"}${text.slice(1)}`;
    const changes: [string, (parts: Parts) => void][] = [
      ["sealed-damaged", (parts) => (parts.ciphertext = flip(parts.ciphertext))],
      ["sealed-damaged", (parts) => (parts.tag = flip(parts.tag))],
      ["sealed-damaged", (parts) => (parts.tag = parts.tag.slice(0, 8))],
      ["sealed-damaged", (parts) => (parts.iv = flip(parts.iv))],
      ["sealed-damaged", (parts) => (parts.protected = Buffer.from('{"enc":"A256GCM" }').toString("base64url"))],
      ["sealed-malformed", (parts) => (parts.protected = Buffer.from('{"enc":"A128GCM"}').toString("base64url"))],
      ["sealed-damaged", (parts) => (ofBen(parts).encrypted_key = "")],
      ["sealed-damaged", (parts) => (ofBen(parts).encrypted_key = flip(ofBen(parts).encrypted_key))],
      // A point of low order would make a secret that everybody knows.
      ["sealed-damaged", (parts) => (ofBen(parts).header.epk.x = "A".repeat(43))],
      ["sealed-malformed", (parts) => (ofBen(parts).header.alg = "dir")],
      ["sealed-malformed", (parts) => (ofBen(parts).header.crit = ["kid"])],
    ];
    for (const [code, change] of changes) {
      const parts = JSON.parse(jwe) as Parts;
      change(parts);
      refused(JSON.stringify(parts), code);
    }
    expect(ben.open(jwe)).toBe("the arguments");
  });

  test("the key unwrap is the one of RFC 3394, section 4.6", () => {
    const wrapping = Buffer.from("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", "hex");
    const wrapped = Buffer.from("28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21", "hex");
    expect(unwrapKey(wrapping, wrapped).toString("hex").toUpperCase()).toBe("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F");
    wrapped[39] = 0;
    expect(() => unwrapKey(wrapping, wrapped)).toThrow();
  });
});

describe("secrets", () => {
  test("a secret comes back, is never kept as it was, and reads differently each time", () => {
    const keys = createKeys(place(), noKeychain);
    const [one, two] = [keys.wrap("sk-canary ä"), keys.wrap("sk-canary ä")];
    expect(one).not.toContain("canary");
    expect(one).not.toBe(two);
    expect([keys.unwrap(one), keys.unwrap(two)]).toEqual(["sk-canary ä", "sk-canary ä"]);
    expect(keys.unwrap(keys.wrap(""))).toBe("");
  });

  test("a changed secret, or another device's, is refused with a name", () => {
    const keys = createKeys(place(), noKeychain);
    const sealed = keys.wrap("secret");
    const changed = `${sealed.slice(0, -2)}${sealed.endsWith("A") ? "B" : "A"}A`;
    for (const bad of [changed, sealed.slice(3), "", "a1.", "a1.AAAA", createKeys(place(), noKeychain).wrap("secret")]) expect(() => keys.unwrap(bad), bad).toThrow(expect.objectContaining({ code: "secret-damaged" }));
  });
});
