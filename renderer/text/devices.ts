/** Words about devices: their keys, a new one for a lost one, and what everybody is told. */
import { words } from "./words.ts";

export const deviceWords = words("devices.deviceWords", {
  devices: "Devices",
  device: (index: number) => `Device ${index}`,
  kinds: { desktop: "Computer", phone: "Phone", runner: "Runner" },
  version: (version: string) => `Bulkhead ${version}`,
  noVersion: "has not said its version yet",
  thisDevice: "this device",
  ended: { revoked: "revoked", lost: "closed as lost", membership: "ended with the membership" },
  added: "Added",
  keyReplaced: "key replaced",
  cameBack: (by: string) => `came back, let in by ${by}`,
  revoke: "Revoke device",
  revokeTitle: "Revoke this device?",
  revokeWhy:
    "It can no longer sync, vote or use tools that ask. What it approved and nobody ran yet has to be asked again. What it holds already stays on it.",
  replace: "Replace key",
  replaceTitle: "Replace this device's key?",
  replaceWhy:
    "This computer makes a new key, and the old one counts for nothing from then on. Do it when somebody may have copied the old one. Requests that wait go on; everybody sees that the key was replaced, and when.",
  replaced: "The key of this device was replaced",
  none: "This device is not in this workspace any more. Ask an Admin to let you back in.",
} as const);

export const letBackWords = words("devices.letBackWords", {
  open: "Let back in with a new device",
  title: (name: string) => `Let ${name} back in with a new device?`,
  why: (name: string) =>
    `For somebody who lost their devices. You get a link for one use; whoever opens it becomes ${name}, so give it to ${name} alone and make sure that it is them who asks.`,
  points: (name: string, role: string, confirm: boolean) => [
    `${name} keeps name and role${confirm ? `, and is a Guest until somebody gives them the role ${role} again` : ""}.`,
    `All older devices of ${name} are closed the moment the link is used, and nobody stands in for ${name} any more.`,
    "Everybody in the workspace is told that it happened, and that you let them in.",
    "Threads on a lost computer are not brought back: they were never anywhere else.",
  ],
  expires: "Expires after",
  make: "Make the link",
  readyTitle: (name: string) => `The link for ${name} is ready`,
  readyWhy: (name: string) =>
    `Whoever opens it first becomes ${name}. Give it to them over a channel where you can be sure who they are.`,
} as const);

export const cameBackWords = words(
  "devices.cameBackWords",
  (name: string, by: string): string =>
    `${name} came back with a new device, let in by ${by}. Their older devices are closed.`,
);
