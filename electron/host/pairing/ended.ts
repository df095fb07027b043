/** What pairing says when it does not end with a new device. */
import { CLOSE } from "#core/protocol/wire.ts";
import { told } from "#bridge/told.ts";
import type { Told } from "#bridge/told.ts";

export const ENDED = {
  stopped: told("pair-stopped"),
  declined: told("pair-declined"),
  twice: told("pair-twice"),
  late: told("pair-expired"),
  left: told("pair-left"),
  unfit: told("pair-unfit"),
  closedKey: told("pair-key-closed"),
  oldServer: told("pair-old-server"),
  lost: told("pair-lost"),
  busy: told("pair-busy"),
  refused: told("pair-refused"),
  out: told("pair-out"),
} as const;

export const ARRIVAL_ENDED = {
  nobody: told("pair-gone"),
  twice: ENDED.twice,
  over: told("pair-over"),
  declined: told("pair-declined-there"),
  closedKey: told("pair-own-key-closed"),
  failed: told("pair-failed"),
  unfit: told("pair-unfit-here"),
  noWorkspace: told("pair-no-workspace"),
} as const;

/** Why the device that shows the code was turned away or cut off, by close code. */
export const offerEnded = (closed: number): Told => {
  if (closed === CLOSE.pairingTwice) return ENDED.twice;
  if (closed === CLOSE.pairingOver) return ENDED.left;
  // A server that does not know the frame calls it malformed.
  if (closed === CLOSE.malformed) return ENDED.oldServer;
  if (closed === CLOSE.tooMuch) return ENDED.busy;
  // The server's word alone says nothing of whether this computer is still part of the workspace.
  return closed >= 4_400 && closed < 4_500 ? ENDED.refused : ENDED.lost;
};

export const arrivalEnded = (closed: number): Told | undefined => {
  if (closed === CLOSE.noPairing) return ARRIVAL_ENDED.nobody;
  if (closed === CLOSE.pairingTwice) return ARRIVAL_ENDED.twice;
  if (closed === CLOSE.pairingOver || closed === CLOSE.authTooLate) return ARRIVAL_ENDED.over;
  if (closed === CLOSE.notFound) return ARRIVAL_ENDED.noWorkspace;
  return closed === CLOSE.malformed ? ENDED.oldServer : undefined;
};
