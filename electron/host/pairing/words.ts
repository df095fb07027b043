/** What pairing says when it does not end with a new device. */
import type { PairLinkProblem } from "#core/protocol/pair.ts";
import { CLOSE } from "#core/protocol/wire.ts";
import type { Code, Fact } from "#core/facts/refusal.ts";
import { Refusal } from "#core/facts/refusal.ts";

export const PAIR_LINK_WORDS: Record<PairLinkProblem, string> = {
  "pair-too-long": "That is not the code of another computer: it is much too long. Copy it again.",
  "pair-malformed": "That is not the code of another computer, or a part of it is missing. Copy the whole code again.",
  "pair-version": "This code was made by a newer version of Bulkhead. Update this app, then use the code again.",
  "pair-server": "This code names a server that cannot be one. Make a new code on your other computer.",
  "pair-is-invite": "That is an invite for a person who joins. Use it under “Join with a link”.",
};

const code = (of: string, message: string): Code => ({ code: of, message });

export const ENDED = {
  stopped: code("pair-stopped", "You stopped before a device was added. Nothing was changed."),
  declined: code(
    "pair-declined",
    "You said that the numbers differ, so nothing was added. If you did not mix up two screens, somebody else has the code: make a new one where nobody can see it.",
  ),
  twice: code(
    "pair-twice",
    "Two computers used this code, so it was given up and nothing was added. If only one of them was yours, somebody else has seen the code. Make a new one.",
  ),
  late: code("pair-expired", "The time for this code is over. Nothing was added; make a new one."),
  left: code(
    "pair-left",
    "The other computer went away before the number was compared. Nothing was added; make a new code.",
  ),
  unfit: code(
    "pair-unfit",
    "What came from the other computer was not made with this code. Nothing was added; make a new one.",
  ),
  closedKey: code(
    "already-exists",
    "That computer was part of this workspace before, and its old key cannot come back. Nothing was added.",
  ),
  oldServer: code(
    "pair-old-server",
    "This workspace's server is too old to pair devices. Ask whoever runs it to update it.",
  ),
  lost: code(
    "pair-lost",
    "The connection to the server was lost, and with it the code. Nothing was added; make a new one.",
  ),
  busy: code("server-busy", "Too many pairings are under way now. Try again in a minute."),
  refused: code(
    "pair-refused",
    "The server refused this computer and did not show why, and with that the code is over. Nothing was added. Look at the status line, then try again.",
  ),
  out: code("not-a-member", "This computer is no longer part of the workspace, so it cannot add another."),
} as const;

/** Why none can be begun now. */
export const OFFLINE = {
  paused: "A new computer is added over the server, and you work offline on purpose. Connect again first.",
  unreached: "A new computer is added over the server, and it cannot be reached now.",
} as const;

export const ARRIVAL_ENDED = {
  nobody: code(
    "pair-gone",
    "Nobody waits for this code: it has expired, was used, or was closed. Make a new one on your other computer.",
  ),
  twice: ENDED.twice,
  over: code(
    "pair-over",
    "The other computer ended the pairing, or its time ran out. Nothing was added; make a new code there.",
  ),
  declined: code(
    "pair-declined",
    "On your other computer you said that the numbers differ, so nothing was added. Make a new code there, where nobody can see it.",
  ),
  closedKey: code(
    "already-exists",
    "This computer was part of this workspace before, and its old key cannot come back. Nothing was added.",
  ),
  failed: code(
    "pair-failed",
    "Your other computer could not add this one. What went wrong stands there; nothing was added.",
  ),
  unfit: code(
    "pair-unfit",
    "What came from the other computer does not fit together, so somebody may stand between the two. Nothing was added; make a new code.",
  ),
  noWorkspace: code(
    "no-such-workspace",
    "The server in this code does not have that workspace. Make a new code on your other computer.",
  ),
} as const;

/** Why the device that shows the code was turned away or cut off, by close code. */
export const offerEnded = (closed: number): Code => {
  if (closed === CLOSE.pairingTwice) return ENDED.twice;
  if (closed === CLOSE.pairingOver) return ENDED.left;
  // A server that does not know the frame calls it malformed.
  if (closed === CLOSE.malformed) return ENDED.oldServer;
  if (closed === CLOSE.tooMuch) return ENDED.busy;
  // The server's word alone says nothing of whether this computer is still part of the workspace.
  return closed >= 4_400 && closed < 4_500 ? ENDED.refused : ENDED.lost;
};

export const arrivalEnded = (closed: number): Code | undefined => {
  if (closed === CLOSE.noPairing) return ARRIVAL_ENDED.nobody;
  if (closed === CLOSE.pairingTwice) return ARRIVAL_ENDED.twice;
  if (closed === CLOSE.pairingOver || closed === CLOSE.authTooLate) return ARRIVAL_ENDED.over;
  if (closed === CLOSE.notFound) return ARRIVAL_ENDED.noWorkspace;
  return closed === CLOSE.malformed ? ENDED.oldServer : undefined;
};

export const refused = (problem: Fact | Code): Refusal => new Refusal(problem);
