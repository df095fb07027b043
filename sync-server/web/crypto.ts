/**
 * The operations on bytes where the client runs in a browser. SHA-256 is a script's, because the rules ask at once and
 * WebCrypto answers later. Signatures are WebCrypto's: checked ahead, and answered from the table of what was checked.
 *
 * A signature that nobody checked is no verdict: asking for it throws, and `whenChecked` has it checked and asks again. So
 * a verdict is the same whatever was checked ahead; only the time differs (rule UN2).
 */
import { fromBase64UrlEncoded, toBase64UrlEncoded } from "lib0/buffer";
import { digest } from "lib0/hash/sha256";
import type { ClientCrypto } from "#client/ports/crypto.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";
import { isEs256Key, isEs256Signature } from "#core/protocol/es256.ts";
import type { SignAlg } from "#core/protocol/es256.ts";

/** Signatures whose answer is kept: more than are ever checked ahead together. */
const ANSWERS_MAX = 8_192;

interface Claim {
  readonly alg: SignAlg;
  readonly key: string;
  /** A text, or bytes as base64url. */
  readonly said: string;
  readonly as: "text" | "bytes";
  readonly signature: string;
}
class Unchecked extends Error {
  readonly claim: Claim;
  constructor(claim: Claim) {
    super("a signature that was not checked yet");
    this.claim = claim;
  }
}

export interface WebCrypto extends CryptoDep, Pick<ClientCrypto, "verifyAhead" | "random"> {
  /**
   * What `work` answers once every signature that it asks for is checked. It is run again for each that was not, so it
   * changes nothing before it has asked for all of them: as the rules do, which judge first.
   */
  whenChecked<T>(work: () => T): Promise<T>;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Undefined where it is not the one spelling of its bytes. */
const bytesOf = (text: string, length?: number): Uint8Array<ArrayBuffer> | undefined => {
  try {
    const bytes = new Uint8Array(fromBase64UrlEncoded(text));
    return toBase64UrlEncoded(bytes) === text && (length === undefined || bytes.byteLength === length)
      ? bytes
      : undefined;
  } catch {
    // Not base64url.
    return undefined;
  }
};

const P256 = { name: "ECDSA", namedCurve: "P-256" };
const importKey = async (alg: SignAlg, key: string): Promise<CryptoKey | undefined> => {
  const raw = bytesOf(key, alg === "ES256" ? 65 : 32);
  if (raw === undefined || (alg === "ES256" && !isEs256Key(raw))) return undefined;
  try {
    return await crypto.subtle.importKey("raw", raw, alg === "ES256" ? P256 : alg, false, ["verify"]);
  } catch {
    // Not a point of the curve: no key.
    return undefined;
  }
};

const verifySigned = async ({ alg, key: text, said, as, signature }: Claim): Promise<boolean> => {
  const key = await importKey(alg, text);
  const bytes = bytesOf(signature, 64);
  const what = as === "text" ? encoder.encode(said) : bytesOf(said);
  if (key === undefined || bytes === undefined || what === undefined) return false;
  if (alg === "ES256" && !isEs256Signature(bytes)) return false;
  return crypto.subtle.verify(alg === "ES256" ? { name: "ECDSA", hash: "SHA-256" } : alg, key, bytes, what);
};
const nameOf = ({ alg, key, as, signature }: Claim): string => `${alg} ${as} ${key} ${signature}`;

export const createWebCrypto = (): WebCrypto => {
  const answers = new Map<string, { readonly said: string; readonly good: boolean }>();
  const check = async (claim: Claim): Promise<boolean> => {
    const good = await verifySigned(claim);
    if (answers.size >= ANSWERS_MAX) answers.clear();
    answers.set(nameOf(claim), { said: claim.said, good });
    return good;
  };
  const known = (claim: Claim): boolean => {
    const answer = answers.get(nameOf(claim));
    if (answer?.said === claim.said) return answer.good;
    throw new Unchecked(claim);
  };
  return {
    sha256: (text) => toBase64UrlEncoded(digest(encoder.encode(text))),
    encode: (text) => toBase64UrlEncoded(encoder.encode(text)),
    decode: (text) => {
      const bytes = bytesOf(text);
      try {
        return bytes === undefined ? undefined : decoder.decode(bytes);
      } catch {
        // Not UTF-8: no text.
        return undefined;
      }
    },
    verify: (key, said, signature) => known({ alg: "Ed25519", key, said, as: "text", signature }),
    verifyBytes: (alg, key, said, signature) => known({ alg, key, said, as: "bytes", signature }),
    sha256Bytes: (text) => {
      const bytes = bytesOf(text);
      return bytes === undefined ? undefined : toBase64UrlEncoded(digest(bytes));
    },
    verifyAhead: (key, said, signature) => check({ alg: "Ed25519", key, said, as: "text", signature }),
    random: (bytes) => toBase64UrlEncoded(crypto.getRandomValues(new Uint8Array(bytes))),
    whenChecked: async (work) => {
      for (;;) {
        try {
          return work();
        } catch (error) {
          if (!(error instanceof Unchecked)) throw error;
          await check(error.claim);
        }
      }
    },
  };
};
