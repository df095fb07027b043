/** The key with which the server signs heads, by Node. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { signingInput } from "#core/protocol/command.ts";
import { deviceIdOf } from "#core/protocol/crypto.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";

/** The key with which this server signs the heads it shows. It has no right in any workspace. */
export interface ServerKey {
  /** Raw public key, base64url. */
  readonly x: string;
  signJws(typ: string, body: unknown): string;
}

export const generateServerKey = (): string =>
  generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();

/** `pem` is what `generateServerKey` made; throws on anything else. */
export const readServerKey = (crypto: CryptoDep, pem: string): ServerKey => {
  const key = createPrivateKey(pem);
  const x = createPublicKey(key).export({ format: "jwk" }).x ?? "";
  const kid = deviceIdOf(crypto, x);
  return {
    x,
    signJws: (typ, body) => {
      const input = signingInput(crypto, kid, typ, body);
      return `${input}.${sign(null, Buffer.from(input, "utf8"), key).toString("base64url")}`;
    },
  };
};
