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

/** Signatures whose answer is kept: more than are ever checked ahead together. */
const ANSWERS_MAX = 8_192;

interface Claim {
  readonly x: string;
  readonly text: string;
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

const importKey = async (x: string): Promise<CryptoKey | undefined> => {
  const raw = bytesOf(x, 32);
  try {
    return raw === undefined ? undefined : await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
  } catch {
    // Not a point of the curve: no key.
    return undefined;
  }
};

const verifySigned = async ({ x, text, signature }: Claim): Promise<boolean> => {
  const key = await importKey(x);
  const bytes = bytesOf(signature, 64);
  return key !== undefined && bytes !== undefined && crypto.subtle.verify("Ed25519", key, bytes, encoder.encode(text));
};

export const createWebCrypto = (): WebCrypto => {
  const answers = new Map<string, { readonly text: string; readonly good: boolean }>();
  const check = async (claim: Claim): Promise<boolean> => {
    const good = await verifySigned(claim);
    if (answers.size >= ANSWERS_MAX) answers.clear();
    answers.set(`${claim.x} ${claim.signature}`, { text: claim.text, good });
    return good;
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
    verify: (x, text, signature) => {
      const answer = answers.get(`${x} ${signature}`);
      if (answer?.text === text) return answer.good;
      throw new Unchecked({ x, text, signature });
    },
    verifyAhead: (x, text, signature) => check({ x, text, signature }),
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
