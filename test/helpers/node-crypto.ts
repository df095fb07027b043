/** Keys for people in tests, beside the server's own `CryptoDep`. */
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createNodeCrypto } from "../../sync-server/server/node-crypto.ts";

export const crypto = createNodeCrypto();

export interface KeyPair {
  /** Raw public key, base64url. */
  readonly x: string;
  sign(text: string): string;
}

export const makeKey = (): KeyPair => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return { x: publicKey.export({ format: "jwk" }).x ?? "", sign: (text) => sign(null, Buffer.from(text, "utf8"), privateKey).toString("base64url") };
};

export const randomId = (): string => randomBytes(17).toString("base64url").slice(0, 22);
/** A raw X25519 public key is any 32 bytes to the protocol. */
export const randomKey = (): string => randomBytes(32).toString("base64url");
