/** Whether a command fits into what a server takes, before it is signed: a refusal of the signer would say nothing. */
import { COMMAND_MAX, COMMAND_TYP, signingInput } from "#core/protocol/command.ts";
import type { Body, Kind } from "#core/protocol/command.ts";
import { LOG } from "#core/protocol/ids.ts";
import { refusalOf } from "#bridge/refused.ts";
import type { Told } from "#bridge/told.ts";
import { nodeCrypto } from "#node/crypto.ts";
import type { Live } from "#client/live.ts";

/** A signature and the dot before it. */
const SIGNATURE = 87;

/** Characters of the whole command as it would be signed. Numbers that are not known yet count as their longest. */
export const commandSize = <K extends Kind>({ log, device }: Live, kind: K, body: Body<K>): number =>
  signingInput(nodeCrypto, device, COMMAND_TYP, {
    v: 1,
    w: log.wid,
    d: LOG,
    n: Number.MAX_SAFE_INTEGER,
    seen: [Number.MAX_SAFE_INTEGER, "h".repeat(43)],
    exp: Number.MAX_SAFE_INTEGER,
    k: kind,
    b: body,
  }).length + SIGNATURE;

/** Throws `Refusal` with numbers. @param what says what it is that is too large; both sizes in characters */
export const needsRoom = <K extends Kind>(
  live: Live,
  kind: K,
  body: Body<K>,
  what: (size: number, most: number) => Told,
): void => {
  const size = commandSize(live, kind, body);
  if (size > COMMAND_MAX) throw refusalOf(what(size, COMMAND_MAX));
};
