/**
 * Opens what is sealed to a device of this install. The format is in sync-server/client/keys/jwe.ts: General JWE with packed
 * recipients, ECDH-ES+A256KW on X25519 (RFC 7518, 8037) and A256GCM.
 *
 * It is opened with Node's own ciphers and by no library: Electron's cryptography (BoringSSL) does not give Node the AES
 * key wrap (RFC 3394), and some versions of Electron end the whole app when it is asked for.
 */
import { createDecipheriv, createHash, createPublicKey, diffieHellman } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { z } from "zod";
import { json } from "#core/protocol/parse.ts";
import { refused } from "#bridge/refused.ts";
import type { Refusal } from "#core/facts/refusal.ts";

const base64url = z.string().regex(/^[A-Za-z0-9_-]*$/);
const KID = 22;
const SIZE = KID + 54;
const Sealed = z.strictObject({
  /** Another header could change what the rest means. */
  protected: z.literal(Buffer.from('{"enc":"A256GCM"}').toString("base64url")),
  iv: base64url,
  ciphertext: base64url,
  tag: base64url,
  epk: base64url.length(43),
  to: base64url.min(SIZE).refine((to) => to.length % SIZE === 0),
});
type Sealed = z.infer<typeof Sealed>;

const ALG = "ECDH-ES+A256KW";

/** The encryption keys of a device: the private one, and the public one as base64url. */
export interface OpeningKey {
  readonly key: KeyObject;
  readonly x: string;
}

/** Plaintext of what names a device of `ring` among its recipients. Throws `Refusal`; no other recipient's entry is tried. */
export const openSealed = (jwe: string, ring: ReadonlyMap<string, OpeningKey>): string => {
  const parsed = Sealed.safeParse(json(jwe));
  if (!parsed.success) throw malformed();
  const sealed = parsed.data;
  const mine = Array.from({ length: sealed.to.length / SIZE }, (_, i) =>
    sealed.to.slice(i * SIZE, (i + 1) * SIZE),
  ).flatMap((entry) => {
    const kid = entry.slice(0, KID);
    const key = ring.get(kid);
    return key === undefined ? [] : [{ kid, key, wrapped: entry.slice(KID) }];
  });
  if (mine.length === 0) throw refused("not-sealed-for-device");
  for (const { kid, key, wrapped } of mine) {
    try {
      return decrypt(
        sealed,
        unwrapKey(wrappingKey(sealed.epk, `${kid}${key.x}`, key.key), Buffer.from(wrapped, "base64url")),
      );
    } catch {
      // Another entry may name a device of this ring too.
    }
  }
  throw refused("sealed-changed");
};

/** Concat KDF of RFC 7518, section 4.6.2, with this device's id and public key as PartyVInfo. */
const wrappingKey = (epk: string, party: string, privateKey: KeyObject): Buffer => {
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "X25519", x: epk }, format: "jwk" });
  const secret = diffieHellman({ privateKey, publicKey });
  const parts = [
    number32(1),
    secret,
    sized(Buffer.from(ALG)),
    sized(Buffer.alloc(0)),
    sized(Buffer.from(party)),
    number32(256),
  ];
  return createHash("sha256").update(Buffer.concat(parts)).digest();
};

const number32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const sized = (bytes: Buffer): Buffer => Buffer.concat([number32(bytes.length), bytes]);

const CHECK = Buffer.alloc(8, 0xa6);
/** AES key unwrap of RFC 3394, section 2.2.2. Throws when the wrapped key was changed. */
export const unwrapKey = (wrapping: Buffer, wrapped: Buffer): Buffer => {
  const count = wrapped.length / 8 - 1;
  if (!Number.isInteger(count) || count < 2 || count > 8) throw new Error("wrapped key of a strange length");
  const block = createDecipheriv("aes-256-ecb", wrapping, null).setAutoPadding(false);
  let check = Buffer.from(wrapped.subarray(0, 8));
  const parts = Array.from({ length: count }, (_, index) =>
    Buffer.from(wrapped.subarray(8 * (index + 1), 8 * (index + 2))),
  );
  for (let round = 5; round >= 0; round--) {
    for (let index = count - 1; index >= 0; index--) {
      // The step's number is below 49, so it changes only the last byte.
      check[7] = (check[7] ?? 0) ^ (count * round + index + 1);
      const open = block.update(Buffer.concat([check, parts[index] ?? Buffer.alloc(8)]));
      check = Buffer.from(open.subarray(0, 8));
      parts[index] = Buffer.from(open.subarray(8));
    }
  }
  if (!check.equals(CHECK)) throw new Error("wrapped key was changed");
  return Buffer.concat(parts);
};

const decrypt = (sealed: Sealed, key: Buffer): string => {
  const cipher = createDecipheriv("aes-256-gcm", key, Buffer.from(sealed.iv, "base64url"), { authTagLength: 16 });
  cipher.setAAD(Buffer.from(sealed.protected, "ascii")).setAuthTag(Buffer.from(sealed.tag, "base64url"));
  return Buffer.concat([cipher.update(Buffer.from(sealed.ciphertext, "base64url")), cipher.final()]).toString("utf8");
};

const malformed = (): Refusal => refused("sealed-malformed");
