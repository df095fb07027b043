/**
 * Everything that is signed here, as exact bytes. The private keys stay with their holder; this asks it. An install holds a
 * ring of keys, and which of them speaks in a workspace is that workspace's matter: see identity.ts.
 */
import { AUTH2_TYP } from "#core/protocol/channels.ts";
import type { Auth2Payload } from "#core/protocol/channels.ts";
import { AUTH_TYP, COMMAND_TYP, deviceProofText, INVITE_TYP, signingInput } from "#core/protocol/command.ts";
import type { AuthPayload, Body, InvitePayload, Kind } from "#core/protocol/command.ts";
import { hashOf } from "#core/protocol/crypto.ts";
import { isCritical } from "#core/protocol/levels.ts";
import type { DeviceId, DocName, Hash } from "#core/protocol/ids.ts";
import { record, text } from "#core/protocol/parse.ts";
import { confirmText } from "#core/protocol/confirm-text.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { why } from "#core/facts/why.ts";
import type { KeyHolder, PublicKeys } from "../ports/keys.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";

export interface CommandFacts<K extends Kind> {
  readonly wid: string;
  readonly doc: DocName;
  readonly n: number;
  readonly seen: readonly [number, string];
  readonly exp: number;
  readonly kind: K;
  readonly body: Body<K>;
}
export interface SignedCommand {
  readonly jws: string;
  /** Hash of the command: the id of an approval request. */
  readonly id: Hash;
}

/** One device of the ring. Everything rejects with the holder's `Refusal`, e.g. where the keychain is locked. */
export interface Signer {
  readonly keys: PublicKeys;
  readonly device: DeviceId;
  command<K extends Kind>(facts: CommandFacts<K>): Promise<SignedCommand>;
  /** For a socket of one document. */
  auth(payload: Omit<AuthPayload, "v" | "x">): Promise<string>;
  /** For the connection to a workspace. */
  auth2(payload: Omit<Auth2Payload, "v" | "x">): Promise<string>;
  invite(payload: InvitePayload): Promise<string>;
  /** Proof that this device's key is held here, for that member. */
  proof(wid: string, member: string): Promise<string>;
  /** The person's yes to the own call of that hash. The shell signs it only for a click in its popup window. */
  confirm(wid: string, hash: string): Promise<string>;
}

export interface Keyring {
  /** Oldest first. */
  list(): readonly DeviceId[];
  /** The oldest key: what signs in a workspace unless it needs one of its own. */
  first(): DeviceId;
  has(device: string): boolean;
  /** Throws `Refusal("no-such-key")`. */
  signer(device: string): Signer;
  /** One more key, on the disk when this resolves. */
  make(): Promise<DeviceId>;
  /** Forgets a key for ever. */
  drop(device: string): Promise<void>;
}

const unreadable = (): Refusal => new Refusal(why("keys-unreadable"));
const publicKeys = record({ device: text(64, 1), x: text(64, 1), enc: text(64, 1) });

/** Throws `Refusal`. */
const read = (answer: unknown): PublicKeys => {
  const keys = publicKeys(answer);
  if (keys === undefined) throw unreadable();
  return keys;
};

/** Rejects with the holder's `Refusal`. */
export const openKeyring = async (holder: KeyHolder, crypto: CryptoDep): Promise<Keyring> => {
  const signers = new Map<string, Signer>();
  const take = (keys: PublicKeys): DeviceId => {
    signers.set(keys.device, signerOf(holder, crypto, keys));
    return keys.device as DeviceId;
  };
  const ring = await holder.request("keys.list", {});
  if (!Array.isArray(ring) || ring.length === 0) throw unreadable();
  for (const keys of ring.map(read)) take(keys);
  const list = (): DeviceId[] => [...signers.keys()] as DeviceId[];
  return {
    list,
    first: () => list()[0] as DeviceId,
    has: (device) => signers.has(device),
    signer: (device) => {
      const signer = signers.get(device);
      if (signer === undefined) throw new Refusal(why("no-such-key"));
      return signer;
    },
    make: async () => {
      return take(read(await holder.request("keys.make", {})));
    },
    drop: async (device) => {
      await holder.request("keys.drop", { device });
      signers.delete(device);
    },
  };
};

const signerOf = (holder: KeyHolder, crypto: CryptoDep, keys: PublicKeys): Signer => {
  const device = keys.device as DeviceId;
  const signed = async (input: string): Promise<string> => {
    const signature = await holder.request("keys.sign", { device, input });
    if (typeof signature !== "string" || !crypto.verify(keys.x, input, signature))
      throw new Refusal(why("key-unsound"));
    return signature;
  };
  const sign = async (typ: string, payload: object): Promise<string> => {
    const input = signingInput(crypto, device, typ, payload);
    return `${input}.${await signed(input)}`;
  };
  return {
    keys,
    device,
    command: async ({ wid, doc, n, seen, exp, kind, body }) => {
      const jws = await sign(COMMAND_TYP, {
        v: 1,
        w: wid,
        d: doc,
        n,
        seen,
        exp,
        k: kind,
        x: isCritical(kind),
        b: body,
      });
      return { jws, id: hashOf(crypto, jws) };
    },
    auth: (payload) => sign(AUTH_TYP, { v: 1, ...payload, x: keys.x }),
    auth2: (payload) => sign(AUTH2_TYP, { v: 1, ...payload, x: keys.x }),
    invite: (payload) => sign(INVITE_TYP, payload),
    confirm: (wid, hash) => signed(confirmText(wid, device, hash)),
    proof: (wid, member) => signed(deviceProofText(wid, member, keys.x, keys.enc)),
  };
};
