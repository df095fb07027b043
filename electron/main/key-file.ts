/**
 * Where the device's private keys rest: one file in the data folder, sealed by the operating system's keychain where
 * one answers, and otherwise readable by this account alone and saying so. The file is made once. A file that cannot
 * be read is an error with a name and never a reason to make new keys: those would be another device.
 */
import { createPrivateKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { chmodSync } from "node:fs";
import { z } from "zod";
import { readWhole, writeWhole } from "./atomic-file.ts";
import { ShellRefusal } from "./refusal.ts";

/** The operating system's store for secrets. `wrap` and `unwrap` may throw. */
export interface Keychain {
  readonly available: boolean;
  /** As a person knows it, e.g. `the macOS Keychain`. */
  readonly name: string;
  wrap(text: string): string;
  unwrap(sealed: string): string;
}

/** A shell without a keychain. */
export const noKeychain: Keychain = {
  available: false,
  name: "no keychain",
  wrap: () => {
    throw new ShellRefusal("no-keychain", "No keychain answers on this computer.");
  },
  unwrap: () => {
    throw new ShellRefusal("no-keychain", "No keychain answers on this computer.");
  },
};

const raw = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const Secrets = z.strictObject({ sign: z.strictObject({ x: raw, d: raw }), open: z.strictObject({ x: raw, d: raw }), wrap: raw });
/** Private halves as raw base64url: Ed25519, X25519, and 32 random bytes that wrap other secrets. */
export type Secrets = z.infer<typeof Secrets>;

const KeyFile = z.discriminatedUnion("storage", [
  z.strictObject({ v: z.literal(1), storage: z.literal("keychain"), keychain: z.string(), sealed: z.string() }),
  z.strictObject({ v: z.literal(1), storage: z.literal("file"), note: z.string(), secrets: Secrets }),
]);

export interface StoredKeys {
  readonly secrets: Secrets;
  readonly storage: "keychain" | "file";
  readonly detail: string;
}

const FILE_DETAIL = "Keys are in a file that only your account can read, because no keychain answered.";
const NOTE = "These are this device's private keys, not encrypted. Whoever reads this file can act as this device.";

/** Reads the keys at `path`, or makes them when there is no such file. Throws `ShellRefusal` keys-damaged, keys-locked or keys-disk. */
export const openKeyFile = (path: string, keychain: Keychain): StoredKeys => {
  const text = attempt(() => readWhole(path), diskRefusal);
  if (text === undefined) return make(path, keychain);
  const file = KeyFile.safeParse(attempt(() => JSON.parse(text) as unknown, damaged));
  if (!file.success) throw damaged();
  if (file.data.storage === "keychain") return { secrets: unseal(file.data.sealed, keychain), storage: "keychain", detail: keychainDetail(file.data.keychain) };
  if (process.platform !== "win32") attempt(() => chmodSync(path, 0o600), diskRefusal);
  return { secrets: checked(file.data.secrets), storage: "file", detail: FILE_DETAIL };
};

const make = (path: string, keychain: Keychain): StoredKeys => {
  const secrets: Secrets = { sign: pair("ed25519"), open: pair("x25519"), wrap: randomBytes(32).toString("base64url") };
  const sealed = keychain.available ? attempt(() => keychain.wrap(JSON.stringify(secrets)), locked) : undefined;
  const file: z.infer<typeof KeyFile> =
    sealed === undefined ? { v: 1, storage: "file", note: NOTE, secrets } : { v: 1, storage: "keychain", keychain: keychain.name, sealed };
  attempt(() => writeWhole(path, `${JSON.stringify(file, null, 2)}\n`), diskRefusal);
  return { secrets, storage: file.storage, detail: file.storage === "file" ? FILE_DETAIL : keychainDetail(keychain.name) };
};

const pair = (kind: "ed25519" | "x25519"): { x: string; d: string } => {
  const { privateKey } = kind === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("x25519");
  const { x, d } = privateKey.export({ format: "jwk" });
  return { x: x ?? "", d: d ?? "" };
};

const unseal = (sealed: string, keychain: Keychain): Secrets => {
  if (!keychain.available) throw locked();
  const text = attempt(() => keychain.unwrap(sealed), locked);
  const secrets = Secrets.safeParse(attempt(() => JSON.parse(text) as unknown, damaged));
  if (!secrets.success) throw damaged();
  return checked(secrets.data);
};

/** A public half that does not belong to its private half would sign things that nobody can verify. */
const checked = (secrets: Secrets): Secrets => {
  for (const [crv, { x, d }] of [["Ed25519", secrets.sign], ["X25519", secrets.open]] as const) {
    const derived = attempt(() => createPrivateKey({ key: { kty: "OKP", crv, x, d }, format: "jwk" }).export({ format: "jwk" }), damaged);
    if (derived.x !== x) throw damaged();
  }
  return secrets;
};

const attempt = <T>(step: () => T, refusal: () => ShellRefusal): T => {
  try {
    return step();
  } catch {
    throw refusal();
  }
};

const keychainDetail = (name: string): string => `Keys are sealed by ${name}.`;
const damaged = (): ShellRefusal =>
  new ShellRefusal("keys-damaged", "The file with this device's keys is damaged. Nothing was changed. Put back device-keys.json from a backup, or move it away to start as a new device.");
const locked = (): ShellRefusal => new ShellRefusal("keys-locked", "This device's keys are sealed by the keychain, which did not open them. Nothing was changed. Unlock the keychain, then start Bulkhead again.");
const diskRefusal = (): ShellRefusal => new ShellRefusal("keys-disk", "The file with this device's keys could not be read or written. Check that the disk has room and that your account owns Bulkhead's data folder.");
