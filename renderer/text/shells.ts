/** What the shells say themselves, outside of the windows: tray, system dialogs, the command line, an address that is not there. */
import { words } from "./words.ts";

export const pageWords = words("shells.pageWords", {
  nothing: "There is nothing here.\n",
  foreign: "This address is only for this computer's own browser.\n",
  onlyRead: "Only reading is possible here.\n",
} as const);

export const desktopWords = words("shells.desktopWords", {
  title: "Bulkhead",
  decide: "Bulkhead: decide",
  waiting: (count: number) =>
    count === 0 ? "Bulkhead" : count === 1 ? "Bulkhead: 1 card waits for you" : `Bulkhead: ${count} cards wait for you`,
  open: "Open Bulkhead",
  quit: "Quit",
  runsTitle: "Bulkhead is already running",
  runs: "It runs in the browser shell on the same data folder. Close it there, then start again.",
  notStarted: "Bulkhead could not start",
  /** As the system lists the parts of the app. */
  host: "Bulkhead host",
  server: "Bulkhead sync server",
  keychain: { darwin: "the macOS Keychain", win32: "Windows for your account", none: "no keychain" },
} as const);

/** Where this device's keys are. */
export const keyFileWords = words("shells.keyFileWords", {
  none: "no keychain",
  /** Inside the file itself, for whoever opens it. */
  note: "These are this device's private keys, not encrypted. Whoever reads this file can act as this device.",
  inFile: "Keys are in a file that only your account can read, because no keychain answered.",
  sealedBy: (keychain: string) => `Keys are sealed by ${keychain}.`,
} as const);

export const terminalWords = words("shells.terminalWords", {
  usage: "Usage: npm start -- [--data DIR] [--port N] [--popup-port N] [--no-open] [--smoke] [bulkhead://join#…]",
  shell: (version: string) => `Browser shell on Node ${version}`,
  at: (address: string) => `Bulkhead is at ${address}`,
  openIt: (address: string) => `Bulkhead is at ${address} (open it in this computer's browser)`,
  runs: "Bulkhead is already running on this data folder; it was told.",
  notBuilt: "The interface is not built yet. Run `npm start`, which builds it, or `npm run build`.",
  hostFailed: "The host failed.",
  notAPort: "A port is a number from 1 to 65535.",
  samePort: "The approval window needs a port of its own.",
  stranger: (word: string) => `There is nothing to do with "${word}".`,
  unreadable: "The arguments could not be read.",
  portTaken: "The port is taken by another program. Choose another with --port and --popup-port.",
  mayNotWrite: "Bulkhead may not write to its data folder. Choose another with --data.",
  diskFull: "The disk is full. Make room, then start again.",
  notHere: "Bulkhead could not start in this folder. Choose another data folder with --data.",
} as const);
