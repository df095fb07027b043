/** The core's few operations on bytes, by Node. */
import { createHash, createPublicKey, verify } from "node:crypto";
import type { CryptoDep } from "#core/protocol/crypto.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const nodeCrypto: CryptoDep = {
  sha256: (text) => createHash("sha256").update(text, "utf8").digest("base64url"),
  verify: (x, text, signature) => {
    try {
      const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
      return verify(null, Buffer.from(text, "utf8"), key, Buffer.from(signature, "base64url"));
    } catch {
      return false;
    }
  },
  decode: (base64url) => {
    const bytes = Buffer.from(base64url, "base64url");
    if (bytes.toString("base64url") !== base64url) return undefined;
    try {
      return decoder.decode(bytes);
    } catch {
      return undefined;
    }
  },
  encode: (text) => Buffer.from(text, "utf8").toString("base64url"),
};
