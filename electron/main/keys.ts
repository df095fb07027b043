/**
 * What this device can do with its keys: sign, open what was sealed for it, and wrap secrets. The private halves never
 * leave this module.
 *
 * Secrets are wrapped with a random key that rests beside the device's keys and is sealed with them by the keychain
 * where there is one: the same envelope that Electron's own `safeStorage` uses, and one way to wrap in both shells.
 */
import { createCipheriv, createDecipheriv, createPrivateKey, randomBytes, sign } from "node:crypto";
import { deviceIdOf } from "#core/crypto.ts";
import type { DeviceId } from "#core/ids.ts";
import type { DeviceKeys } from "#bridge/shell-port.ts";
import { openKeyFile } from "./key-file.ts";
import type { Keychain, Secrets } from "./key-file.ts";
import { nodeCrypto } from "./node-crypto.ts";
import { openSealed } from "./open-sealed.ts";
import { ShellRefusal } from "./refusal.ts";

export interface Keys {
  /** Public halves and where the private ones rest. */
  readonly view: DeviceKeys;
  readonly device: DeviceId;
  /** Ed25519 over the UTF-8 bytes of `input`, base64url. Whether it may be signed is decided in confirm.ts. */
  sign(input: string): string;
  /** Plaintext of a General JWE that has this device among its recipients. Throws `ShellRefusal`. */
  open(jwe: string): string;
  wrap(text: string): string;
  unwrap(sealed: string): string;
}

/** Opens this device's keys and makes them on first use. Throws `ShellRefusal`. */
export const createKeys = (path: string, keychain: Keychain): Keys => {
  const { secrets, storage, detail } = openKeyFile(path, keychain);
  const device = deviceIdOf(nodeCrypto, secrets.sign.x);
  const signing = createPrivateKey({ key: { kty: "OKP", crv: "Ed25519", ...secrets.sign }, format: "jwk" });
  const opening = createPrivateKey({ key: { kty: "OKP", crv: "X25519", ...secrets.open }, format: "jwk" });
  return {
    view: { x: secrets.sign.x, enc: secrets.open.x, storage, detail },
    device,
    sign: (input) => sign(null, Buffer.from(input, "utf8"), signing).toString("base64url"),
    open: (jwe) => openSealed(jwe, device, opening),
    wrap: (text) => wrapWith(secrets, text),
    unwrap: (sealed) => unwrapWith(secrets, sealed),
  };
};

const PREFIX = "a1.";
const wrapWith = (secrets: Secrets, text: string): string => {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", Buffer.from(secrets.wrap, "base64url"), iv);
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return PREFIX + Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64url");
};

const unwrapWith = (secrets: Secrets, sealed: string): string => {
  const bytes = Buffer.from(sealed.startsWith(PREFIX) ? sealed.slice(PREFIX.length) : "", "base64url");
  try {
    const cipher = createDecipheriv("aes-256-gcm", Buffer.from(secrets.wrap, "base64url"), bytes.subarray(0, 12), { authTagLength: 16 });
    cipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([cipher.update(bytes.subarray(28)), cipher.final()]).toString("utf8");
  } catch {
    throw new ShellRefusal("secret-damaged", "A stored secret could not be opened with this device's keys. Enter it again.");
  }
};
