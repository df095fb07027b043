/** Keys for people in tests, beside the server's own `CryptoDep`. */
import { createHash, createPrivateKey, createPublicKey, randomBytes, sign } from "node:crypto";
import { nodeCrypto } from "#node/crypto.ts";

export const crypto = nodeCrypto;

export interface KeyPair {
  /** Raw public key, base64url. */
  readonly x: string;
  sign(text: string): string;
}

/** 32 bytes: random, or the next of a sequence that a seed fixes. */
let source = (): Buffer => randomBytes(32);

/** Everything made in `play` is the same each time: keys, ids, and so signatures and hashes (Ed25519 has no randomness). */
export const withSeed = <T>(seed: string, play: () => T): T => {
  const before = source;
  let n = 0;
  source = () =>
    createHash("sha256")
      .update(`${seed} ${(n += 1)}`)
      .digest();
  try {
    return play();
  } finally {
    source = before;
  }
};

/** DER of an Ed25519 private key (RFC 8410), up to its 32 bytes. */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

export const makeKey = (): KeyPair => {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, source()]), format: "der", type: "pkcs8" });
  const x = createPublicKey(privateKey).export({ format: "jwk" }).x ?? "";
  return { x, sign: (text) => sign(null, Buffer.from(text, "utf8"), privateKey).toString("base64url") };
};

export const randomId = (): string => source().toString("base64url").slice(0, 22);
/** A raw X25519 public key is any 32 bytes to the protocol. */
export const randomKey = (): string => source().toString("base64url");
