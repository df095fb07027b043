import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { deviceIdOf } from "#core/protocol/crypto.ts";
import { createKeys } from "../../../electron/shell/keys.ts";
import type { Keys } from "../../../electron/shell/keys.ts";
import { sealFor as hostSeals } from "#node/seal.ts";
import { unwrapKey } from "../../../electron/shell/open-sealed.ts";
import { noKeychain } from "../../../electron/shell/key-file.ts";
import type { Keychain } from "../../../electron/shell/key-file.ts";
import { nodeCrypto } from "#node/crypto.ts";
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
const deviceOf = (keys: Keys) => deviceIdOf(nodeCrypto, keys.view().x);
const sealFor = (text: string, ...devices: { x: string; enc: string }[]): string =>
  hostSeals(
    text,
    devices.map(({ x, enc }) => ({ kid: deviceIdOf(nodeCrypto, x), x: enc })),
  ) ?? "";

describe("device keys", () => {
  test("keys are made once and are the same after a restart", () => {
    const path = place();
    const first = createKeys(path, noKeychain);
    const second = createKeys(path, noKeychain);
    expect(second.view()).toEqual(first.view());
    expect(first.view().x).not.toBe(createKeys(place(), noKeychain).view().x);
    expect(first.view().x).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(first.list()).toEqual([
      { device: deviceIdOf(nodeCrypto, first.view().x), x: first.view().x, enc: first.view().enc },
    ]);
  });

  test("[T29] without a keychain the file is for this account alone and says so", () => {
    const path = place();
    const view = createKeys(path, noKeychain).view();
    expect(view.storage).toBe("file");
    expect(view.detail).toBe("Keys are in a file that only your account can read, because no keychain answered.");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, "utf8")).toContain("not encrypted");
    chmodSync(path, 0o644);
    createKeys(path, noKeychain);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("[T24] what a kill left while the file was written is gone with the next start, and nothing else is", () => {
    const path = place();
    const keys = createKeys(path, noKeychain);
    const made = keys.make();
    const left = join(dirname(path), `.device-keys.json.${crypto.randomUUID()}`);
    const others = [
      "device-keys.json.backup",
      ".device-keys.json.mine",
      ".other.json.0b0e4a52-1111-4222-8333-444455556666",
    ].map((name) => join(dirname(path), name));
    for (const file of [left, ...others]) copyFileSync(path, file);
    keys.drop(made.device);
    expect(readFileSync(left, "utf8")).toContain(made.x);
    expect(createKeys(path, noKeychain).list()).toHaveLength(1);
    expect([left, ...others].map((file) => existsSync(file))).toEqual([false, true, true, true]);
  });

  test("[T29] with a keychain nothing private is in the file", () => {
    const path = place();
    const plain = JSON.parse(
      readFileSync((createKeys(path + ".plain", noKeychain), path + ".plain"), "utf8"),
    ) as object;
    const view = createKeys(path, keychain()).view();
    expect(view).toMatchObject({ storage: "keychain", detail: "Keys are sealed by the test keychain." });
    expect(readFileSync(path, "utf8")).not.toMatch(/"d"/);
    // Positive control: without a keychain the same search finds the private half.
    expect(JSON.stringify(plain)).toMatch(/"d"/);
    expect(createKeys(path, keychain()).view().x).toBe(view.x);
  });

  test("a damaged file is an error with a name, and never replaced by new keys", () => {
    const path = place();
    createKeys(path, noKeychain);
    const whole = readFileSync(path, "utf8");
    const other = JSON.parse(whole) as { secrets: { pairs: [{ sign: { x: string } }] } };
    other.secrets.pairs[0].sign.x = createKeys(place(), noKeychain).view().x;
    for (const bad of [
      "",
      "{",
      whole.slice(0, 80),
      "null",
      JSON.stringify(other),
      whole.replace('"v": 2', '"v": 1'),
      whole.replace('"v": 2', '"v": 3'),
      JSON.stringify({ ...JSON.parse(whole), secrets: { ...other.secrets, pairs: [] } }),
    ]) {
      writeFileSync(path, bad);
      expect(() => createKeys(path, noKeychain), bad.slice(0, 20)).toThrow(
        expect.objectContaining({ code: "keys-damaged" }),
      );
      expect(readFileSync(path, "utf8")).toBe(bad);
    }
    writeFileSync(path, whole);
    expect(createKeys(path, noKeychain).view().storage).toBe("file");
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
    expect(() => createKeys(join(folder, "file", "device-keys.json"), noKeychain)).toThrow(
      expect.objectContaining({ code: "keys-disk" }),
    );
  });

  test("a signature verifies with the public half and for that text alone", () => {
    const keys = createKeys(place(), noKeychain);
    const signature = keys.sign(deviceOf(keys), "text");
    expect(nodeCrypto.verify(keys.view().x, "text", signature)).toBe(true);
    expect(nodeCrypto.verify(keys.view().x, "text.", signature)).toBe(false);
  });
});

describe("a ring of keys", () => {
  /** A file as the version before the ring wrote it. */
  const v1 = (path: string, keys: Keychain) => {
    createKeys(path, noKeychain);
    const { secrets } = JSON.parse(readFileSync(path, "utf8")) as {
      secrets: { pairs: [{ sign: object; open: object }]; wrap: string };
    };
    const old = { ...secrets.pairs[0], wrap: secrets.wrap };
    writeFileSync(
      path,
      JSON.stringify(
        keys.available
          ? { v: 1, storage: "keychain", keychain: keys.name, sealed: keys.wrap(JSON.stringify(old)) }
          : { v: 1, storage: "file", note: "n", secrets: old },
      ),
    );
    return readFileSync(path, "utf8");
  };

  test("a new pair is on the disk before anybody hears of it, and the first one stays the first", () => {
    const path = place();
    const keys = createKeys(path, noKeychain);
    const first = deviceOf(keys);
    const made = keys.make();
    expect(readFileSync(path, "utf8")).toContain(made.x);
    const again = createKeys(path, noKeychain);
    expect(again.list().map(({ device }) => device)).toEqual([first, made.device]);
    expect(deviceOf(again)).toBe(first);
    expect(nodeCrypto.verify(made.x, "text", again.sign(made.device, "text"))).toBe(true);
    expect(nodeCrypto.verify(made.x, "text", again.sign(first, "text"))).toBe(false);
  });

  test("a pair that the disk refuses does not exist", () => {
    const path = place();
    const keys = createKeys(path, noKeychain);
    rmSync(join(path, ".."), { recursive: true });
    writeFileSync(join(path, ".."), "");
    expect(() => keys.make()).toThrow(expect.objectContaining({ code: "keys-disk" }));
    expect(keys.list()).toHaveLength(1);
  });

  test.each([
    ["a file", noKeychain],
    ["a keychain", keychain()],
  ])("[T29] a file of the first version in %s is read, left alone, and carried on", (_where, kept) => {
    const path = place();
    const before = v1(path, kept);
    const keys = createKeys(path, kept);
    const sealed = keys.wrap("secret");
    expect(readFileSync(path, "utf8")).toBe(before);
    const [first, made] = [deviceOf(keys), keys.make().device];
    const again = createKeys(path, kept);
    expect(again.list().map(({ device }) => device)).toEqual([first, made]);
    expect(again.unwrap(sealed)).toBe("secret");
    expect(again.view().storage).toBe(kept.available ? "keychain" : "file");
    expect(/"d"/.test(readFileSync(path, "utf8"))).toBe(!kept.available);
  });

  test("[T29] a keychain that is gone for a moment turns no sealed file into an open one", () => {
    const path = place();
    let there = true;
    const flaky: Keychain = {
      ...keychain(),
      get available() {
        return there;
      },
    };
    const keys = createKeys(path, flaky);
    there = false;
    const before = readFileSync(path, "utf8");
    expect(() => keys.make()).toThrow(expect.objectContaining({ code: "keys-locked" }));
    expect([readFileSync(path, "utf8"), keys.list().length]).toEqual([before, 1]);
  });

  test("what names several devices, or an older one, is opened by those that are here", async () => {
    const keys = createKeys(place(), noKeychain);
    const old = keys.view();
    const made = keys.make();
    expect(keys.open(sealFor("to the old key", old))).toBe("to the old key");
    expect(keys.open(sealFor("to both", old, made))).toBe("to both");
    // One broken entry does not hide a good one.
    expect(keys.open(sealFor("to the new key", { x: old.x, enc: made.enc }, made))).toBe("to the new key");
    keys.drop(deviceOf(keys));
    expect(() => keys.open(sealFor("gone", old))).toThrow(expect.objectContaining({ code: "not-sealed-for-device" }));
    expect(keys.open(sealFor("to both", old, made))).toBe("to both");
  });

  test("a dropped key is gone for good, the only one stays, and an unknown one is named", () => {
    const path = place();
    const keys = createKeys(path, noKeychain);
    const first = deviceOf(keys);
    expect(() => keys.drop(first)).toThrow(expect.objectContaining({ code: "only-key" }));
    const { device, x } = keys.make();
    keys.drop(first);
    expect(() => keys.drop(device)).toThrow(expect.objectContaining({ code: "only-key" }));
    const again = createKeys(path, noKeychain);
    expect(again.view().x).toBe(x);
    for (const use of [() => again.sign(first, "text"), () => again.drop(first), () => again.named(first)])
      expect(use).toThrow(expect.objectContaining({ code: "no-such-key" }));
  });
});

describe("sealed text", () => {
  test("a device opens what names it, alone or among several recipients", async () => {
    const [ada, ben] = [createKeys(place(), noKeychain), createKeys(place(), noKeychain)];
    for (const jwe of [sealFor("the arguments ä", ben.view(), ada.view()), sealFor("the arguments ä", ada.view())])
      expect(ada.open(jwe)).toBe("the arguments ä");
    expect(ben.open(sealFor("", ben.view(), ada.view()))).toBe("");
  });

  test("what was sealed for others, changed or garbage is refused with a name", async () => {
    const [ada, ben, cleo] = [
      createKeys(place(), noKeychain),
      createKeys(place(), noKeychain),
      createKeys(place(), noKeychain),
    ];
    const refused = (jwe: string, code: string, keys = ben) =>
      expect(() => keys.open(jwe), jwe.slice(0, 60)).toThrow(expect.objectContaining({ code }));
    const jwe = sealFor("the arguments", ben.view(), ada.view());
    refused(jwe, "not-sealed-for-device", cleo);
    // Sealed with Ben's key under Ada's name.
    refused(sealFor("x", { x: ada.view().x, enc: ben.view().enc }), "sealed-changed", ada);
    for (const garbage of ["", "{", "[]", "{}", '{"recipients":[]}', JSON.stringify({ ...JSON.parse(jwe), more: 1 })])
      refused(garbage, "sealed-malformed");
    type Parts = { ciphertext: string; tag: string; iv: string; protected: string; epk: string; to: string };
    const flip = (text: string) => `${text.startsWith("A") ? "B" : "A"}${text.slice(1)}`;
    const header = (text: string) => Buffer.from(text).toString("base64url");
    const changes: [string, (parts: Parts) => void][] = [
      ["sealed-changed", (parts) => (parts.ciphertext = flip(parts.ciphertext))],
      ["sealed-changed", (parts) => (parts.tag = flip(parts.tag))],
      ["sealed-changed", (parts) => (parts.tag = parts.tag.slice(0, 8))],
      ["sealed-changed", (parts) => (parts.iv = flip(parts.iv))],
      ["sealed-malformed", (parts) => (parts.protected = header('{"enc":"A256GCM" }'))],
      ["sealed-malformed", (parts) => (parts.protected = header('{"enc":"A128GCM"}'))],
      ["sealed-malformed", (parts) => (parts.protected = header('{"enc":"A256GCM","crit":["kid"]}'))],
      ["sealed-malformed", (parts) => (parts.to = parts.to.slice(0, -1))],
      ["sealed-malformed", (parts) => (parts.to = "")],
      ["sealed-changed", (parts) => (parts.to = `${parts.to.slice(0, 22)}${flip(parts.to.slice(22))}`)],
      // The key that was wrapped for Ada, under Ben's name.
      ["sealed-changed", (parts) => (parts.to = `${parts.to.slice(0, 22)}${parts.to.slice(98)}`)],
      ["not-sealed-for-device", (parts) => (parts.to = parts.to.slice(76))],
      ["sealed-changed", (parts) => (parts.epk = flip(parts.epk))],
      // A point of low order would make a secret that everybody knows.
      ["sealed-changed", (parts) => (parts.epk = "A".repeat(43))],
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
    const wrapped = Buffer.from(
      "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21",
      "hex",
    );
    expect(unwrapKey(wrapping, wrapped).toString("hex").toUpperCase()).toBe(
      "00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F",
    );
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
    // Of the last character not every bit counts, so the one before it is changed.
    const changed = `${sealed.slice(0, -2)}${sealed.at(-2) === "A" ? "B" : "A"}${sealed.at(-1)}`;
    for (const bad of [changed, sealed.slice(3), "", "a1.", "a1.AAAA", createKeys(place(), noKeychain).wrap("secret")])
      expect(() => keys.unwrap(bad), bad).toThrow(expect.objectContaining({ code: "secret-damaged" }));
  });
});
