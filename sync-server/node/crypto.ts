/**
 * The core's operations on bytes, by Node, for server, host and shell alike, and keys that are made from a seed.
 * Everything is strict: text with a second spelling would give one key two device ids and one command two hashes.
 */
import { createHash, createPrivateKey, createPublicKey, hash, hkdfSync, randomBytes, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { inviteIdOf } from "#core/protocol/crypto.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";
import { isEs256Key, isEs256Signature } from "#core/protocol/es256.ts";
import type { SignAlg } from "#core/protocol/es256.ts";
import type { InviteId } from "#core/protocol/ids.ts";

const KEYS_MAX = 4_096;
/** What is signed has at most some 64,000 characters, so these keep a few MB at most. */
const GOOD_MAX = 32;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const bytesOf = (text: string, length?: number): Buffer | undefined => {
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text && (length === undefined || bytes.byteLength === length)
    ? bytes
    : undefined;
};

/** A point of P-256 as a JWK has it, or undefined. */
const pointOf = (key: string) => {
  const bytes = bytesOf(key);
  return bytes !== undefined && isEs256Key(bytes)
    ? {
        kty: "EC",
        crv: "P-256",
        x: bytes.subarray(1, 33).toString("base64url"),
        y: bytes.subarray(33).toString("base64url"),
      }
    : undefined;
};

const importKey = (alg: SignAlg, text: string): KeyObject | undefined => {
  const ed = bytesOf(text, 32) === undefined ? undefined : { kty: "OKP", crv: "Ed25519", x: text };
  const key = alg === "ES256" ? pointOf(text) : ed;
  if (key === undefined) return undefined;
  try {
    return createPublicKey({ key, format: "jwk" });
  } catch {
    // Not a point of the curve: no key.
    return undefined;
  }
};

// Reading a key costs as much as a verification, so the ones in use are kept.
const keys = new Map<string, KeyObject | undefined>();
const publicKey = (x: string, alg: SignAlg = "Ed25519"): KeyObject | undefined => {
  const name = `${alg} ${x}`;
  if (keys.has(name)) return keys.get(name);
  if (keys.size >= KEYS_MAX) keys.clear();
  const key = importKey(alg, x);
  keys.set(name, key);
  return key;
};

// A command is folded twice within a moment, for its queue and for its lane, and by its author once more than that. A
// verification depends on nothing but these three texts, so what was good just now is not computed again.
const good = new Map<string, string>();
const remember = (name: string, text: string): void => {
  const [oldest] = good.keys();
  if (good.size >= GOOD_MAX && oldest !== undefined) good.delete(oldest);
  good.set(name, text);
};

const verifyEs256 = (key: KeyObject, said: Buffer, text: string): boolean => {
  const signature = bytesOf(text, 64);
  return (
    signature !== undefined &&
    isEs256Signature(signature) &&
    verify("sha256", said, { key, dsaEncoding: "ieee-p1363" }, signature)
  );
};

export const nodeCrypto: CryptoDep = {
  sha256: (text) => createHash("sha256").update(text, "utf8").digest("base64url"),
  verify: (x, text, signature) => {
    const name = `${x} ${signature}`;
    if (good.get(name) === text) return true;
    const key = publicKey(x);
    const bytes = bytesOf(signature, 64);
    if (key === undefined || bytes === undefined || !verify(null, Buffer.from(text, "utf8"), key, bytes)) return false;
    remember(name, text);
    return true;
  },
  verifyBytes: (alg, text, bytes, signature) => {
    const [key, said] = [publicKey(text, alg), bytesOf(bytes)];
    if (key === undefined || said === undefined) return false;
    if (alg === "ES256") return verifyEs256(key, said, signature);
    const signed = bytesOf(signature, 64);
    return signed !== undefined && verify(null, said, key, signed);
  },
  sha256Bytes: (text) => {
    const bytes = bytesOf(text);
    return bytes === undefined ? undefined : createHash("sha256").update(bytes).digest("base64url");
  },
  decode: (text) => {
    const bytes = bytesOf(text);
    try {
      return bytes === undefined ? undefined : utf8.decode(bytes);
    } catch {
      // Not UTF-8: no text.
      return undefined;
    }
  },
  encode: (text) => Buffer.from(text, "utf8").toString("base64url"),
};

/** As `nodeCrypto.verify`, on a thread of the pool. */
export const verifyOnPool = (x: string, text: string, signature: string): Promise<boolean> => {
  const key = publicKey(x);
  const bytes = bytesOf(signature, 64);
  if (key === undefined || bytes === undefined) return Promise.resolve(false);
  return new Promise((resolve) =>
    verify(null, Buffer.from(text, "utf8"), key, bytes, (error, good) => resolve(error === null && good)),
  );
};

/** SHA-256 of bytes, base64url. */
export const sha256Of = (bytes: Uint8Array): string => hash("sha256", bytes, "base64url");

/** 16 random bytes, 22 characters of base64url: member ids, seeds, salts. */
export const random22 = (): string => randomBytes(16).toString("base64url");

export interface SeedKey {
  /** Raw public key, base64url. */
  readonly x: string;
  sign(text: string): string;
}

export interface InviteKey extends SeedKey {
  readonly id: InviteId;
}

// RFC 8410: an Ed25519 private key in PKCS #8 is this prefix and the 32 bytes.
const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");

/** The key that a link carries, derived from its 16-byte seed; `label` keeps one purpose from another. */
export const keyFromSeed = (seed: string, label: string): SeedKey => {
  const secret = Buffer.from(hkdfSync("sha256", Buffer.from(seed, "base64url"), "", label, 32));
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, secret]), format: "der", type: "pkcs8" });
  const { x } = createPublicKey(key).export({ format: "jwk" });
  if (x === undefined) throw new Error("an Ed25519 key without a public half");
  return { x, sign: (text) => sign(null, Buffer.from(text, "utf8"), key).toString("base64url") };
};

export const inviteKey = (seed: string): InviteKey => {
  const key = keyFromSeed(seed, "bulkhead-invite-v1");
  return { id: inviteIdOf(nodeCrypto, key.x), ...key };
};
