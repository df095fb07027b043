/** Words about from where a workspace's server can be reached, before a link is made and in Settings. */
import { words } from "./words.ts";

export const reachWords = words("reach.reachWords", {
  only: "Only this computer reaches this workspace",
  onlyWhy: (server: string) =>
    `Its server is at ${server}, an address that means this computer here and another one there. A link would lead nowhere on somebody else's computer.`,
  elsewhere:
    "The server does not run inside this app. Whoever runs it can start it at an address that others reach; where that is a teammate's app, they do it in Settings, “Who can reach it”.",
  address: "Address of this computer that others reach",
  addressHelp:
    "Which of them others reach depends on your network and its firewalls. Choose the one of the network that you share.",
  kinds: { local: "local network", shared: "shared or overlay network", public: "public" },
  option: (host: string, name: string, kind: string) => `${host} (${name}, ${kind})`,
  letReach: "Let others reach it there",
  what: "Anybody in a network of this computer can then dial the server, whichever address the link carries. It lets in only who is a member or has an invite, and it runs while this app runs.",
  another: "The link is for a second app on this computer",
  anotherHelp: "Then it works here and nowhere else.",
  insisted: "This link leads to this computer alone: it works in a second app here, and nowhere else.",
  done: (server: string) => `Others reach this workspace at ${server} now`,
  oldLinks: "Links that were sent before lead to the old address and are useless now. Send them again.",
  oldLink: (server: string) =>
    `Links of it that were sent before lead to ${server}, where nobody else finds this workspace. Send this one.`,
  oldChip: "Sent links useless: send it again",
  setting: "Who can reach it",
  reachedAt: (server: string) =>
    `Others reach it at ${server}, while this app runs and this computer has that address.`,
  otherAddress: "Use this address",
  lookAgain: "Look again",
} as const);
