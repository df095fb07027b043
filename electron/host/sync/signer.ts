/** Everything this device signs, as exact bytes. The private key stays in the shell; this asks it. */
import { AUTH_TYP, COMMAND_TYP, INVITE_TYP, signingInput } from "#core/command.ts";
import type { AuthPayload, Body, InvitePayload, Kind } from "#core/command.ts";
import { deviceIdOf, hashOf } from "#core/crypto.ts";
import type { DeviceId, DocName, Hash } from "#core/ids.ts";
import { DeviceKeys } from "#bridge/shell-port.ts";
import { Refusal } from "../seams.ts";
import type { Shell } from "../seams.ts";
import { hostCrypto } from "./crypto.ts";

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

export interface Signer {
  readonly keys: DeviceKeys;
  readonly device: DeviceId;
  command<K extends Kind>(facts: CommandFacts<K>): Promise<SignedCommand>;
  auth(payload: Omit<AuthPayload, "v" | "x">): Promise<string>;
  invite(payload: InvitePayload): Promise<string>;
}

/** Rejects with the shell's `Refusal`, e.g. where the keychain is locked. */
export const createSigner = async (shell: Shell): Promise<Signer> => {
  const parsed = DeviceKeys.safeParse(await shell.request("keys.get", {}));
  if (!parsed.success) throw new Refusal("keys-unreadable", "The keys of this device could not be read. Start Bulkhead again.");
  const keys = parsed.data;
  const device = deviceIdOf(hostCrypto, keys.x);
  const sign = async (typ: string, payload: object): Promise<string> => {
    const input = signingInput(hostCrypto, device, typ, payload);
    const signature = await shell.request("keys.sign", { input });
    if (typeof signature !== "string" || !hostCrypto.verify(keys.x, input, signature)) throw new Refusal("bad-signature", "This device's key did not give a valid signature. Start Bulkhead again.");
    return `${input}.${signature}`;
  };
  return {
    keys,
    device,
    command: async ({ wid, doc, n, seen, exp, kind, body }) => {
      const jws = await sign(COMMAND_TYP, { v: 1, w: wid, d: doc, n, seen, exp, k: kind, b: body });
      return { jws, id: hashOf(hostCrypto, jws) };
    },
    auth: (payload) => sign(AUTH_TYP, { v: 1, ...payload, x: keys.x }),
    invite: (payload) => sign(INVITE_TYP, payload),
  };
};
