import { LOG_WORDS } from "#bridge/log-place.ts";
import type { ShellArgs } from "#bridge/facts/shell.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

const RUNS = "The part of Bulkhead that runs your threads";
const NOT_SIGNABLE = words("facts/shell.NOT_SIGNABLE", {
  format: "Only Bulkhead's own formats are signed.",
  "sign-in": "The sign-in text is not of a known shape.",
  invite: "The invite is not of a known shape.",
  kind: "The command is not of a known kind.",
  shape: "The command is not of a known shape.",
  proof: "Only a proof for this device's own keys is signed.",
});
const NOT_CONFIRMED = words("facts/shell.NOT_CONFIRMED", {
  vote: "A vote is signed only after you confirm it in the approval window. Open the card and decide there.",
  call: "A call is confirmed only in its own window. Open the card and confirm it there.",
  device: "A device is added only after you compared the number on both screens. Make a new code and do it again.",
  act: "This is signed only after you confirm it in a window of its own. Do it again and confirm there.",
  closed: "You did not confirm this in the window that asked, so nothing was signed.",
});
const BAD_PARAMS = words("facts/shell.BAD_PARAMS", {
  request: "The request is not of a known shape.",
  act: "What should be confirmed is not of a known shape.",
  "answer.added": "The answer is not of a known shape, so nothing was added.",
  "answer.signed": "The answer is not of a known shape, so nothing was signed.",
  decision: "The decision is not of a known shape, so nothing was decided.",
});
const POPUP_ONLY = words("facts/shell.POPUP_ONLY", {
  act: "This is confirmed in a window of its own, which this window cannot imitate. Do it again and confirm there.",
  number: "The number is compared in a window of its own, which this window cannot imitate. Open it there.",
  card: "A decision is made in the approval window, which this window cannot imitate. Open the card there.",
});
const OTHER_CARD = words("facts/shell.OTHER_CARD", {
  card: "This approval window was opened for another card, so nothing was decided.",
  somebody: "This window was opened for somebody else, so nothing was changed.",
  computer: "This window was opened for another computer of yours, so nothing was decided.",
  added: "This window was opened for something else, so nothing was added.",
  signed: "This window was opened for something else, so nothing was signed.",
  decided: "This window was opened for something else, so nothing was decided.",
});
const NO_PAIRING = words("facts/shell.NO_PAIRING", {
  over: "This pairing is over. Make a new code.",
  none: "There is no number to compare now. Make a new code.",
});
const MAY_NOT = "Bulkhead may not read or write its data folder. Check that your account owns it.";
const TOO_MANY = "Too many files are open on this computer. Close some programs, then try again.";
const CONNECT = "Nothing was changed. Connect it to a network and try again, or keep the workspace on this computer.";
/** What the system says of the disk. */
const OF_SYSTEM: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full. Make room, then try again.",
  EDQUOT: "Your account may keep no more on this disk. Make room, then try again.",
  EACCES: MAY_NOT,
  EPERM: MAY_NOT,
  EROFS: "The disk of Bulkhead's data folder can only be read. Choose a folder that can be written.",
  EMFILE: TOO_MANY,
  ENFILE: TOO_MANY,
};

export const shellWords: SentencesOf<ShellArgs> = words("facts/shell.shellWords", {
  "act-over": () => "This waited too long, or something else was asked after it, so nothing was signed.",
  "too-many-windows": () =>
    "Many windows were asked for within a short time, so this one was not opened. Nothing was decided or signed. Wait a minute, then do it again.",
  "host-starting": () => "Bulkhead is still starting. Try again in a moment.",
  "host-silent": () => `${RUNS} does not answer and is being started again.`,
  "host-restarting": () =>
    `${RUNS} stopped and is being started again. Nothing is lost; what had begun is looked at before it goes on.`,
  "host-failing": () =>
    `${RUNS} keeps stopping. It is tried again every few seconds. If this stays, ${LOG_WORDS} says which step failed.`,
  "not-signable": (_, what) => NOT_SIGNABLE[what],
  "not-this-device": () => "Only what names this device is signed by it.",
  "not-our-key": () => "A device is replaced only by another key of this computer.",
  "not-confirmed": (_, what) => NOT_CONFIRMED[what],
  "unknown-request": () => "The shell does not know this request.",
  "bad-params": (_, what) => BAD_PARAMS[what],
  "shell-broke": (_, error, system, step) =>
    (system === null || !Object.hasOwn(OF_SYSTEM, system) ? undefined : OF_SYSTEM[system]) ??
    `An error inside Bulkhead stopped this step (${system === null ? error : `${error} ${system}`} in ${step === "" ? "a request" : step}). Its place is in ${LOG_WORDS}.`,
  "no-pairing": (_, what) => NO_PAIRING[what],
  "pairing-used": () => "Another computer came with this code before. Make a new code.",
  "too-many-pairings": () =>
    "Several pairings were begun within a few minutes. Wait ten minutes, then make a new code.",
  "not-sealed-for-device": () =>
    "This was not sealed for this device: it joined later, or its role does not include it.",
  "sealed-malformed": () => "The sealed text is not of a known shape.",
  "sealed-changed": () => "The sealed text was changed on its way, or was not sealed for this device.",
  "secret-damaged": () => "A stored secret could not be opened with this device's keys. Enter it again.",
  "keys-damaged": () =>
    "The file with this device's keys is damaged. Nothing was changed. Put back device-keys.json from a backup, or move it away to start as a new device.",
  "keys-locked": () =>
    "This device's keys are sealed by the keychain, which did not open them. Nothing was changed. Unlock the keychain, then start Bulkhead again.",
  "keys-disk": () =>
    "The file with this device's keys could not be read or written. Check that the disk has room and that your account owns Bulkhead's data folder.",
  "no-keychain": () => "No keychain answers on this computer.",
  "too-many-keys": () => "This computer holds as many device keys as it can. Forget workspaces that you do not use.",
  "only-key": () => "This is the only device key on this computer. It is kept.",
  "instance-silent": () => "Bulkhead already runs on this data folder but does not answer. End it, then start again.",
  "server-store-gone": () =>
    "The data of the sync server inside this app is not in its folder any more, so it was not started: teammates would be told that their workspace does not exist. Put back the folder sync-server from a backup. To begin with an empty one, move embedded-server.json away.",
  "server-memory": () =>
    "The file that remembers the sync server's port is damaged. Another port would break every invite, so nothing was started: put back embedded-server.json from a backup, or move it away to start on a new port.",
  "server-silent": () =>
    "The sync server was started but does not answer. Try again; if it stays, logs/sync-server.log in Bulkhead's data folder says why.",
  "server-stopped": (_, port) =>
    `The sync server could not start. Another program may be using port ${port}: close it, then try again.`,
  "not-in-network": () => `This computer has no address in a local network. ${CONNECT}`,
  "address-gone": (_, address) => `This computer has not the address ${address} any more. ${CONNECT}`,
  "link-oversized": () => "The link is longer than any link that Bulkhead makes, so it was not opened.",
  "link-foreign": () => "The link is not for Bulkhead.",
  "link-characters": () => "The link has characters in it that no link of Bulkhead has. Copy it again.",
  "link-damaged": () => "The code in the link is damaged. Copy the whole link again.",
  "link-route": () =>
    "The link asks for something that links cannot do. Only invites and codes of your own computers are opened from links.",
  "not-in-popup": () => "The approval window can only show and decide its card.",
  "popup-only": (_, what) => POPUP_ONLY[what],
  "other-card": (_, what) => OTHER_CARD[what],
});
