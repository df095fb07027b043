/** The operations on bytes and keys that the client is handed, beside those of the core. */
import type { CryptoDep } from "#core/protocol/crypto.ts";

/** A device that may open what is sealed. */
export interface Recipient {
  readonly kid: string;
  /** X25519 public key, raw, base64url. */
  readonly x: string;
}

export interface ClientCrypto extends CryptoDep {
  /** As `verify`, beside this thread. Costs less than verifying in line where many are under way. */
  verifyAhead(x: string, text: string, signature: string): Promise<boolean>;
  /** So many random bytes, base64url. */
  random(bytes: number): string;
  /**
   * Seals text, in the format of keys/jwe.ts. Null where there is no recipient whose key is on the curve: any other is left
   * out, for one bad key must not silence a team.
   */
  sealFor(text: string, recipients: readonly Recipient[]): Promise<string | null>;
}
