/**
 * The few operations on bytes that the rules need, handed in by server and host so that the core runs anywhere.
 * All must be deterministic. `verify` may answer from a table of signatures checked beforehand on other threads.
 */
import type { SignAlg } from "./es256.ts";
import type { DeviceId, Hash, InviteId, WorkspaceId } from "./ids.ts";

export interface CryptoDep {
  /** SHA-256 over the UTF-8 bytes of `text`, base64url. */
  sha256(text: string): string;
  /** Ed25519 over the UTF-8 bytes of `text`; `x` is a raw public key and `signature` 64 bytes, both base64url. */
  verify(x: string, text: string, signature: string): boolean;
  /**
   * As `verify`, over bytes and by a named algorithm; all of it base64url. An ES256 key and signature have one spelling
   * (es256.ts): anything else is no good signature.
   */
  verifyBytes(alg: SignAlg, key: string, bytes: string, signature: string): boolean;
  /** SHA-256 over bytes, both base64url; undefined where it is not canonical base64url. */
  sha256Bytes(bytes: string): string | undefined;
  /** UTF-8 text of base64url, or undefined where it is not canonical base64url of valid UTF-8. */
  decode(base64url: string): string | undefined;
  encode(text: string): string;
}

export const hashOf = (crypto: CryptoDep, text: string): Hash => crypto.sha256(text) as Hash;
export const deviceIdOf = (crypto: CryptoDep, x: string): DeviceId =>
  crypto.sha256(`bulkhead-device-v1\0${x}`).slice(0, 22) as DeviceId;
export const inviteIdOf = (crypto: CryptoDep, x: string): InviteId =>
  crypto.sha256(`bulkhead-invite-id-v1\0${x}`).slice(0, 22) as InviteId;
export const workspaceIdOf = (crypto: CryptoDep, genesisText: string): WorkspaceId =>
  crypto.sha256(genesisText).slice(0, 22) as WorkspaceId;
