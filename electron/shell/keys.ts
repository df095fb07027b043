/**
 * What this install can do with its ring of keys: sign as one of its devices, open what was sealed for one of them, and
 * wrap secrets. The private halves never leave this module, and a key is on the disk before anybody hears of it.
 *
 * Secrets are wrapped with a random key that rests beside the device keys and is sealed with them by the keychain
 * where there is one: the same envelope that Electron's own `safeStorage` uses, and one way to wrap in both shells.
 */
import { createCipheriv, createDecipheriv, createPrivateKey, randomBytes, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { deviceIdOf } from "#core/protocol/crypto.ts";
import type { DeviceKeys, PublicKeys } from "#bridge/shell-port.ts";
import { makePair, openKeyFile, RING_MAX } from "./key-file.ts";
import type { Keychain, Pair, Secrets } from "./key-file.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { openSealed } from "./open-sealed.ts";
import { refused } from "#bridge/refused.ts";

export interface Keys {
  /** Public halves of the oldest pair, and where the private ones rest. */
  view(): DeviceKeys;
  /** Public halves of every pair, in the order they were made. */
  list(): PublicKeys[];
  /** Makes one more pair and keeps it. Throws `Refusal`, and then there is no new pair. */
  make(): PublicKeys;
  /** Throws `Refusal("no-such-key")` for a device that is not in the ring. */
  named(device: string): PublicKeys;
  /** Ed25519 over the UTF-8 bytes of `input`, base64url. Whether it may be signed is decided in confirm.ts. */
  sign(device: string, input: string): string;
  /** Plaintext of a sealed text that has a device of the ring among its recipients. Throws `Refusal`. */
  open(jwe: string): string;
  /** Forgets a pair for ever. The only one stays: without any, this install could do nothing and undo nothing. */
  drop(device: string): void;
  wrap(text: string): string;
  unwrap(sealed: string): string;
}

interface Key {
  readonly pair: Pair;
  readonly halves: PublicKeys;
  readonly signing: KeyObject;
  readonly opening: KeyObject;
}

const keyOf = (pair: Pair): Key => ({
  pair,
  halves: { device: deviceIdOf(nodeCrypto, pair.sign.x), x: pair.sign.x, enc: pair.open.x },
  signing: createPrivateKey({ key: { kty: "OKP", crv: "Ed25519", ...pair.sign }, format: "jwk" }),
  opening: createPrivateKey({ key: { kty: "OKP", crv: "X25519", ...pair.open }, format: "jwk" }),
});

/** Opens this install's keys and makes the first pair on first use. Throws `Refusal`. */
export const createKeys = (path: string, keychain: Keychain): Keys => {
  const file = openKeyFile(path, keychain);
  let ring: readonly Key[] = file.secrets().pairs.map(keyOf);

  const replace = (next: readonly Key[]): void => {
    file.replace(next.map(({ pair }) => pair));
    ring = next;
  };
  const named = (device: string): Key => {
    const key = ring.find(({ halves }) => halves.device === device);
    if (key === undefined) throw refused("no-such-key");
    return key;
  };
  return {
    view: () => {
      const { x, enc } = (ring[0] as Key).halves;
      return { x, enc, storage: file.storage, detail: file.detail };
    },
    list: () => ring.map(({ halves }) => halves),
    make: () => {
      if (ring.length >= RING_MAX) throw refused("too-many-keys");
      const key = keyOf(makePair());
      replace([...ring, key]);
      return key.halves;
    },
    named: (device) => named(device).halves,
    sign: (device, input) => sign(null, Buffer.from(input, "utf8"), named(device).signing).toString("base64url"),
    open: (jwe) =>
      openSealed(jwe, new Map(ring.map(({ halves, opening }) => [halves.device, { key: opening, x: halves.enc }]))),
    drop: (device) => {
      const key = named(device);
      if (ring.length === 1) throw refused("only-key");
      replace(ring.filter((each) => each !== key));
    },
    wrap: (text) => wrapWith(file.secrets(), text),
    unwrap: (sealed) => unwrapWith(file.secrets(), sealed),
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
    const cipher = createDecipheriv("aes-256-gcm", Buffer.from(secrets.wrap, "base64url"), bytes.subarray(0, 12), {
      authTagLength: 16,
    });
    cipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([cipher.update(bytes.subarray(28)), cipher.final()]).toString("utf8");
  } catch {
    // Another key or other bytes: which one, the cipher cannot say.
    throw refused("secret-damaged");
  }
};
