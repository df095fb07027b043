import type { PairingArgs } from "#bridge/facts/pairing.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

export const pairingWords: SentencesOf<PairingArgs> = words("facts/pairing.pairingWords", {
  "pair-too-long": () => "That is not the code of another computer: it is much too long. Copy it again.",
  "pair-malformed": () =>
    "That is not the code of another computer, or a part of it is missing. Copy the whole code again.",
  "pair-version": () => "This code was made by a newer version of Bulkhead. Update this app, then use the code again.",
  "pair-server": () => "This code names a server that cannot be one. Make a new code on your other computer.",
  "pair-is-invite": () => "That is an invite for a person who joins. Use it under “Join with a link”.",
  "pair-stopped": () => "You stopped before a device was added. Nothing was changed.",
  "pair-declined": () =>
    "You said that the numbers differ, so nothing was added. If you did not mix up two screens, somebody else has the code: make a new one where nobody can see it.",
  "pair-twice": () =>
    "Two computers used this code, so it was given up and nothing was added. If only one of them was yours, somebody else has seen the code. Make a new one.",
  "pair-expired": () => "The time for this code is over. Nothing was added; make a new one.",
  "pair-left": () => "The other computer went away before the number was compared. Nothing was added; make a new code.",
  "pair-unfit": () =>
    "What came from the other computer was not made with this code. Nothing was added; make a new one.",
  "pair-key-closed": () =>
    "That computer was part of this workspace before, and its old key cannot come back. Nothing was added.",
  "pair-old-server": () => "This workspace's server is too old to pair devices. Ask whoever runs it to update it.",
  "pair-lost": () => "The connection to the server was lost, and with it the code. Nothing was added; make a new one.",
  "pair-busy": () => "Too many pairings are under way now. Try again in a minute.",
  "pair-refused": () =>
    "The server refused this computer and did not show why, and with that the code is over. Nothing was added. Look at the status line, then try again.",
  "pair-out": () => "This computer is no longer part of the workspace, so it cannot add another.",
  "pair-paused": () => "A new computer is added over the server, and you work offline on purpose. Connect again first.",
  "pair-offline": () => "A new computer is added over the server, and it cannot be reached now.",
  "pair-gone": () =>
    "Nobody waits for this code: it has expired, was used, or was closed. Make a new one on your other computer.",
  "pair-over": () =>
    "The other computer ended the pairing, or its time ran out. Nothing was added; make a new code there.",
  "pair-declined-there": () =>
    "On your other computer you said that the numbers differ, so nothing was added. Make a new code there, where nobody can see it.",
  "pair-own-key-closed": () =>
    "This computer was part of this workspace before, and its old key cannot come back. Nothing was added.",
  "pair-failed": () => "Your other computer could not add this one. What went wrong stands there; nothing was added.",
  "pair-unfit-here": () =>
    "What came from the other computer does not fit together, so somebody may stand between the two. Nothing was added; make a new code.",
  "pair-no-workspace": () =>
    "The server in this code does not have that workspace. Make a new code on your other computer.",
  "already-here": () => "This computer has that workspace already.",
  "device.adds": () => "Everybody adds their own computers.",
});
