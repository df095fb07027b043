/**
 * Opens a General JWE (RFC 7516) that is sealed to a device of this install: ECDH-ES+A256KW on X25519 (RFC 7518, 8037) and A256GCM.
 *
 * It is opened here, with Node's own ciphers, and not by `jose`, which seals it: Electron's cryptography (BoringSSL)
 * does not give Node the AES key wrap (RFC 3394), and some versions of Electron end the whole app when it is asked for.
 */
import { createDecipheriv, createHash, createPublicKey, diffieHellman } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { z } from "zod";
import { ShellRefusal } from "./refusal.ts";

const base64url = z.string().regex(/^[A-Za-z0-9_-]*$/);
const Header = z.looseObject({
  alg: z.string().optional(),
  enc: z.string().optional(),
  kid: z.string().optional(),
  epk: z.looseObject({ kty: z.literal("OKP"), crv: z.literal("X25519"), x: base64url.length(43) }).optional(),
  apu: base64url.max(200).optional(),
  apv: base64url.max(200).optional(),
});
type Header = z.infer<typeof Header>;
const Sealed = z.strictObject({
  protected: base64url.min(1),
  iv: base64url,
  ciphertext: base64url,
  tag: base64url,
  recipients: z.array(z.strictObject({ header: Header, encrypted_key: base64url })).min(1).max(500),
});
type Sealed = z.infer<typeof Sealed>;

const ALG = "ECDH-ES+A256KW";
const KNOWN_HEADERS = new Set(["alg", "enc", "kid", "epk", "apu", "apv"]);

/** Plaintext of what names a device of `ring` among its recipients. Throws `ShellRefusal`; no other recipient's entry is tried. */
export const openSealed = (jwe: string, ring: ReadonlyMap<string, KeyObject>): string => {
  const parsed = Sealed.safeParse(jsonOf(jwe));
  if (!parsed.success) throw malformed();
  const sealed = parsed.data;
  const shared = Header.safeParse(jsonOf(Buffer.from(sealed.protected, "base64url").toString("utf8")));
  if (!shared.success) throw malformed();
  const mine = sealed.recipients.flatMap((recipient) => {
    const key = ring.get(recipient.header.kid ?? "");
    return key === undefined ? [] : [{ recipient, key }];
  });
  if (mine.length === 0) throw new ShellRefusal("not-sealed-for-device", "This was not sealed for this device: it joined later, or its role does not include it.");
  let refusal: unknown;
  for (const { recipient, key } of mine) {
    try {
      return openAs(sealed, { ...shared.data, ...recipient.header }, recipient.encrypted_key, key);
    } catch (error) {
      refusal ??= error;
    }
  }
  throw refusal;
};

const openAs = (sealed: Sealed, header: Header, encryptedKey: string, key: KeyObject): string => {
  // A header that is not understood could change what the others mean.
  if (header.alg !== ALG || header.enc !== "A256GCM" || Object.keys(header).some((name) => !KNOWN_HEADERS.has(name))) throw malformed();
  try {
    const wrapping = agreedKey(header, key);
    return decrypt(sealed, unwrapKey(wrapping, Buffer.from(encryptedKey, "base64url")));
  } catch {
    throw new ShellRefusal("sealed-damaged", "The sealed text was changed on its way, or was not sealed for this device.");
  }
};

/** Concat KDF of RFC 7518, section 4.6.2; one round gives the 256 bits. */
const agreedKey = ({ epk, apu, apv }: Header, privateKey: KeyObject): Buffer => {
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "X25519", x: epk?.x ?? "" }, format: "jwk" });
  const secret = diffieHellman({ privateKey, publicKey });
  const parts = [number32(1), secret, sized(Buffer.from(ALG)), sized(Buffer.from(apu ?? "", "base64url")), sized(Buffer.from(apv ?? "", "base64url")), number32(256)];
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
  const parts = Array.from({ length: count }, (_, index) => Buffer.from(wrapped.subarray(8 * (index + 1), 8 * (index + 2))));
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

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

const malformed = (): ShellRefusal => new ShellRefusal("sealed-malformed", "The sealed text is not of a known shape.");
