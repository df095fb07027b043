/**
 * Seals text for several devices, by Node. The format is in sync-server/client/keys/jwe.ts.
 *
 * Written on Node's own ciphers: Electron's cryptography (BoringSSL) does not give Node the AES key wrap that libraries
 * call, and some versions of Electron end the process when it is asked for. The shell opens the same way, and a test
 * compares both with an independent implementation.
 */
import {
  createCipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  randomBytes,
} from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { Recipient } from "#client/ports/crypto.ts";

const ALG = "ECDH-ES+A256KW";
const KEYS_MAX = 4_096;

/** Null where there is no recipient whose key is on the curve: any other is left out, for one bad key must not silence a team. */
export const sealFor = (text: string, recipients: readonly Recipient[]): string | null => {
  const content = randomBytes(32);
  const ephemeral = generateKeyPairSync("x25519");
  const to = recipients.map((recipient) => addressed(content, ephemeral.privateKey, recipient)).join("");
  if (to === "") return null;
  const iv = randomBytes(12);
  const shared = Buffer.from(JSON.stringify({ enc: "A256GCM" })).toString("base64url");
  const cipher = createCipheriv("aes-256-gcm", content, iv, { authTagLength: 16 }).setAAD(Buffer.from(shared, "ascii"));
  const ciphertext = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  const { x: epk } = ephemeral.publicKey.export({ format: "jwk" });
  return JSON.stringify({
    protected: shared,
    iv: iv.toString("base64url"),
    ciphertext: ciphertext.toString("base64url"),
    tag: cipher.getAuthTag().toString("base64url"),
    epk,
    to,
  });
};

const addressed = (content: Buffer, privateKey: KeyObject, { kid, x }: Recipient): string => {
  const secret = agreed(privateKey, x);
  return secret === undefined
    ? ""
    : `${kid}${wrapKey(wrappingKey(secret, `${kid}${x}`), content).toString("base64url")}`;
};

// The same colleagues are sealed to again and again, and reading a key costs half as much as agreeing with it.
const keys = new Map<string, KeyObject>();
/** Throws where it is no point of the curve. */
const publicKey = (x: string): KeyObject => {
  const known = keys.get(x);
  if (known !== undefined) return known;
  const key = createPublicKey({ key: { kty: "OKP", crv: "X25519", x }, format: "jwk" });
  if (keys.size >= KEYS_MAX) keys.clear();
  keys.set(x, key);
  return key;
};

/** A point of low order imports and then agrees on nothing. */
const agreed = (privateKey: KeyObject, x: string): Buffer | undefined => {
  try {
    return diffieHellman({ privateKey, publicKey: publicKey(x) });
  } catch {
    // Not a point of the curve, or one that gives no secret.
    return undefined;
  }
};

/** Concat KDF of RFC 7518, section 4.6.2, with the recipient as PartyVInfo; one round gives the 256 bits. */
const wrappingKey = (secret: Buffer, apv: string): Buffer => {
  const [name, party] = [Buffer.from(ALG), Buffer.from(apv)];
  const parts = [
    number32(1),
    secret,
    number32(name.length),
    name,
    number32(0),
    number32(party.length),
    party,
    number32(256),
  ];
  return createHash("sha256").update(Buffer.concat(parts)).digest();
};

const number32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** AES key wrap of RFC 3394, section 2.2.1. `key` is a multiple of 8 bytes, at most 64. */
export const wrapKey = (wrapping: Buffer, key: Buffer): Buffer => {
  const count = key.length / 8;
  const cipher = createCipheriv("aes-256-ecb", wrapping, null).setAutoPadding(false);
  const wrapped = Buffer.concat([Buffer.alloc(8, 0xa6), key]);
  // The check and the part whose turn it is, in one block.
  const block = Buffer.from(wrapped.subarray(0, 16));
  for (let round = 0; round <= 5; round++) {
    for (let part = 1; part <= count; part++) {
      wrapped.copy(block, 8, 8 * part, 8 * part + 8);
      cipher.update(block).copy(block);
      block.copy(wrapped, 8 * part, 8, 16);
      // The step's number is below 49, so it changes only the last byte of the check.
      block[7] = (block[7] ?? 0) ^ (count * round + part);
    }
  }
  block.copy(wrapped, 0, 0, 8);
  return wrapped;
};
