/**
 * The core's operations on bytes, by Node. Everything here is strict: text that has a second spelling would give one
 * key two device ids and one command two hashes.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { signingInput } from "#core/protocol/command.ts";
import { deviceIdOf } from "#core/protocol/crypto.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";

const KEYS_MAX = 4_096;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const bytesOf = (text: string, length?: number): Buffer | undefined => {
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text && (length === undefined || bytes.byteLength === length)
    ? bytes
    : undefined;
};

const importKey = (x: string): KeyObject | undefined => {
  if (bytesOf(x, 32) === undefined) return undefined;
  try {
    return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  } catch {
    return undefined;
  }
};

/** Reading a key costs as much as a verification, so the ones in use are kept. */
const createKeyRing = () => {
  const keys = new Map<string, KeyObject | undefined>();
  return (x: string): KeyObject | undefined => {
    if (keys.has(x)) return keys.get(x);
    if (keys.size >= KEYS_MAX) keys.clear();
    const key = importKey(x);
    keys.set(x, key);
    return key;
  };
};

export const createNodeCrypto = (): CryptoDep => {
  const publicKey = createKeyRing();
  return {
    sha256: (text) => createHash("sha256").update(text, "utf8").digest("base64url"),
    verify: (x, text, signature) => {
      const key = publicKey(x);
      const bytes = bytesOf(signature, 64);
      return key !== undefined && bytes !== undefined && verify(null, Buffer.from(text, "utf8"), key, bytes);
    },
    decode: (text) => {
      const bytes = bytesOf(text);
      try {
        return bytes === undefined ? undefined : utf8.decode(bytes);
      } catch {
        return undefined;
      }
    },
    encode: (text) => Buffer.from(text, "utf8").toString("base64url"),
  };
};

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
