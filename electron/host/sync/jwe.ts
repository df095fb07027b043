/**
 * Seals text as a General JWE (RFC 7516): ECDH-ES+A256KW on X25519 (RFC 7518 section 4.6, RFC 8037) and A256GCM.
 *
 * Written on Node's own ciphers: Electron's cryptography (BoringSSL) does not give Node the AES key wrap that libraries
 * call, and some versions of Electron end the process when it is asked for. The shell opens the same way, and a test
 * compares both with an independent implementation.
 */
import { createCipheriv, createHash, diffieHellman, generateKeyPairSync, randomBytes } from "node:crypto";
import type { KeyObject } from "node:crypto";

const ALG = "ECDH-ES+A256KW";

export interface Recipient {
  readonly kid: string;
  /** X25519 public key. */
  readonly key: KeyObject;
}

/** Throws where a recipient's key is not a usable point. */
export const sealFor = (text: string, recipients: readonly Recipient[]): string => {
  const content = randomBytes(32);
  const iv = randomBytes(12);
  const shared = Buffer.from(JSON.stringify({ enc: "A256GCM" })).toString("base64url");
  const cipher = createCipheriv("aes-256-gcm", content, iv, { authTagLength: 16 }).setAAD(Buffer.from(shared, "ascii"));
  const ciphertext = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return JSON.stringify({
    ciphertext: ciphertext.toString("base64url"),
    iv: iv.toString("base64url"),
    recipients: recipients.map((recipient) => addressed(content, recipient)),
    tag: cipher.getAuthTag().toString("base64url"),
    protected: shared,
  });
};

const addressed = (content: Buffer, { kid, key }: Recipient) => {
  const ephemeral = generateKeyPairSync("x25519");
  const { x } = ephemeral.publicKey.export({ format: "jwk" });
  const wrapping = agreedKey(diffieHellman({ privateKey: ephemeral.privateKey, publicKey: key }));
  return { header: { alg: ALG, kid, epk: { kty: "OKP", crv: "X25519", x } }, encrypted_key: wrapKey(wrapping, content).toString("base64url") };
};

/** Concat KDF of RFC 7518, section 4.6.2, without party information; one round gives the 256 bits. */
const agreedKey = (secret: Buffer): Buffer => {
  const name = Buffer.from(ALG);
  const parts = [number32(1), secret, number32(name.length), name, number32(0), number32(0), number32(256)];
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
  const block = createCipheriv("aes-256-ecb", wrapping, null).setAutoPadding(false);
  let check = Buffer.alloc(8, 0xa6);
  const parts = Array.from({ length: count }, (_, index) => key.subarray(8 * index, 8 * (index + 1)));
  for (let round = 0; round <= 5; round++) {
    for (let index = 0; index < count; index++) {
      const sealed = block.update(Buffer.concat([check, parts[index] ?? Buffer.alloc(8)]));
      check = Buffer.from(sealed.subarray(0, 8));
      // The step's number is below 49, so it changes only the last byte.
      check[7] = (check[7] ?? 0) ^ (count * round + index + 1);
      parts[index] = Buffer.from(sealed.subarray(8));
    }
  }
  return Buffer.concat([check, ...parts]);
};
