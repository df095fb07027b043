/** Who holds the private keys of this device, as the client asks it. In the app that is the shell. */

/** Public halves of one pair of the ring: Ed25519 and X25519, raw, base64url. `device` is the id that workspaces know it by. */
export interface PublicKeys {
  readonly device: string;
  readonly x: string;
  readonly enc: string;
}

/** Answers are read before they are believed. Rejects with `Refusal`, e.g. where the keychain is locked. */
export interface KeyHolder {
  /** `PublicKeys` of every pair of the ring, oldest first. */
  request(method: "keys.list", params: Record<string, never>): Promise<unknown>;
  /** Makes one more pair, and answers its `PublicKeys` once it is kept. */
  request(method: "keys.make", params: Record<string, never>): Promise<unknown>;
  /** The signature over a JWS signing input, as that device of the ring, base64url. */
  request(method: "keys.sign", params: { device: string; input: string }): Promise<unknown>;
  /** The plaintext of what is sealed to a device of the ring. */
  request(method: "keys.open", params: { jwe: string }): Promise<unknown>;
  /** Forgets a private key for ever. */
  request(method: "keys.drop", params: { device: string }): Promise<unknown>;
}
