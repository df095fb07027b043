/** What the protocol's client says of the connection, of the copy and of keys, in English. */
import type { ClientArgs, LikeName, LineName } from "#core/facts/client-args.ts";
import { copyWords } from "./copy-words.ts";
import type { Language } from "./language.ts";
import type { SentencesOf } from "./speaker.ts";
import { troubleWords } from "./trouble-words.ts";
import { words } from "./words.ts";

const LASTS = "If it lasts, tell the person who runs the server.";
const STAYS = "Your threads stay on this computer.";
const BACK = "Add this computer again from another one of yours, or ask an Admin to let you back in.";

const likeWords = ([, name, role]: LikeName): string => `${name}, ${role ?? "no longer a member"}`;
/** The name where only a line of text is shown. */
export const lineNameWords = words(
  "client-words.lineNameWords",
  ([, name, told]: LineName, { date }: Language): string => {
    const shown = name === "" ? "a former member" : name;
    if (told === null) return shown;
    const joined = date(told.joinedAt, { day: "numeric", month: "short", year: "numeric" });
    return `${shown} (${told.role ?? "no longer a member"}, joined ${joined}; not ${told.not.map(likeWords).join("; not ")})`;
  },
);

const UNITS = [365 * 86_400_000, 86_400_000, 3_600_000, 60_000];
/** To the nearest of its largest unit. */
const nearly = (ms: number): number => {
  const unit = UNITS.find((each) => ms >= each - 1_000) ?? 1_000;
  return Math.round(ms / unit) * unit;
};
const BLAMES: Readonly<Record<string, string>> = {
  "own-clock":
    "This computer's clock is wrong: those of others here agree with the server. Nothing was taken; set it, then try again.",
  "server-clock":
    "The server's clock is wrong: those of others here agree with this computer. Nothing was taken; tell whoever runs the server.",
};

export const clientWords: SentencesOf<ClientArgs> = words("client-words.clientWords", {
  ...copyWords,

  paused: () => "You work offline on purpose. Nothing is sent or received until you connect again.",
  "app-too-old": () =>
    "The server speaks only newer versions of the protocol than this app. Update Bulkhead; your threads go on, and requests wait here.",
  "server-too-old": () =>
    "The server is older than this app can speak with, or than what this workspace uses. Nothing is lost. Ask the person who runs the server to update it; this app connects by itself then.",
  unreadable: () =>
    "The server sends what this app cannot read. Threads and tools that need no approval go on; requests wait here. Tell the person who runs the server, or update Bulkhead.",
  offline: (_, server, trouble) =>
    trouble === null ? `The server at ${server} cannot be reached.` : troubleWords(trouble, server, false),
  "workspace-unserved": (_, server) =>
    `The server at ${server} does not have this workspace. It may have been started with another store or an empty one, or the address leads to another server now. Tell the person who runs it.`,
  "device-unserved": (_, server) =>
    `The server at ${server} has the workspace and does not know this computer. It may have been set back to an older backup. Tell the person who runs it.`,
  "refused-unshown": () =>
    "The server refuses this computer and has not shown a signed entry that says why, so nothing is known yet. Ask an Admin whether this computer is still part of the workspace.",
  "refused-unfit": () =>
    "The server does not accept how this app answered it. Something between the two may change what is sent, or one of them is much older.",
  "refused-mixed-up": () => "The server did not understand this app. If it stays, update Bulkhead.",
  "requests-wait": () => "Requests wait here and go out by themselves.",
  "goes-by-itself": () => "What waits here goes out by itself.",
  "tries-again": () => `This app tries again by itself. ${STAYS}`,
  "tell-if-it-lasts": () => LASTS,
  "nothing-changed": () => "Nothing changed for you.",
  "held-recovering": () =>
    "The server was set back to an older copy, and apps are giving back what it lost. New requests and decisions wait for that, a minute or two.",
  "held-storage": () => "The server cannot save anything now; its disk may be full.",

  "out-left": () => `You left this workspace. ${STAYS} To come back, ask an Admin for a new invite.`,
  "out-removed": (language, by) =>
    `You were removed from this workspace${by === null ? "" : ` by ${lineNameWords(by, language)}`}. ${STAYS} To come back, ask an Admin for a new invite.`,
  "out-came-back": () => `You came back with a new device, and this one was closed with that. ${STAYS} ${BACK}`,
  "out-key-elsewhere": () =>
    `This computer's key was replaced, and the new one is not here: its data may be an older copy. ${STAYS} ${BACK}`,
  "out-closed": (language, by) =>
    `This computer was closed for the workspace${by === null ? "" : ` by ${lineNameWords(by, language)}`}. ${STAYS} ${BACK}`,
  "out-closed-self": () => `You closed this computer for the workspace from another one of yours. ${STAYS} ${BACK}`,
  "out-key-gone": () =>
    `The key with which this computer speaks in the workspace is not on it any more. ${STAYS} Add it again from another computer of yours, or ask an Admin to let you back in.`,

  "server-name": (_, server) =>
    `The server does not go by the name ${server}. It was probably started without --origin, or with another one: tell the person who runs it.`,
  "proxy-no-upgrade": (_, server) =>
    `A proxy in front of the server at ${server} does not pass on WebSocket connections. Tell the person who runs it: the headers Upgrade and Connection must reach the server.`,
  "server-busy": (_, server) =>
    `What answers at ${server} takes no more connections from here for the moment. Try again in a minute.`,
  "server-or-proxy-busy": (_, server) =>
    `The server at ${server} takes no more connections from here for the moment, or is not running behind its proxy. Try again in a minute; if it lasts, tell the person who runs it.`,
  "server-behind-proxy": (_, server) =>
    `A proxy answers at ${server}, and cannot reach the sync server behind it. Tell the person who runs it.`,
  "server-silent-behind-proxy": (_, server) =>
    `A proxy answers at ${server}, and gets no answer from the sync server behind it. Tell the person who runs it.`,
  "server-elsewhere": (_, server) =>
    `The address ${server} leads on to another one, which a sync server does not do. Check the address: https and http are two different ones.`,
  "server-not-bulkhead": ({ number }, server, status) =>
    `What answers at ${server} is not a Bulkhead sync server (it says ${number(status)}). Check the address; a proxy in front of the server may lead elsewhere.`,

  "server-unreachable": (_, server, trouble) =>
    trouble === null
      ? `The server at ${server} cannot be reached. Check the address and your network, then try again.`
      : troubleWords(trouble, server, true),
  "server-stranger": (_, server) =>
    `What answers at ${server} is not a Bulkhead sync server of a version this app knows.`,
  "invite-unknown": () =>
    "The server does not know this invite. It may have been changed, or the server was set back to an older backup. Ask for a new one.",
  "workspace-unknown": (_, server) => `There is no such workspace at ${server}. Ask for a new link.`,
  "founded-already": () => "This workspace was founded already. Nothing was changed; begin again to found another one.",
  "server-closed": (_, server) =>
    `The server at ${server} takes no new workspaces now. Ask whoever runs it, or let this app run the server.`,
  "founding-link": (_, server) =>
    `The server at ${server} founds a workspace only with a founding link, which works once and for a day. Ask whoever runs it for a new one, and paste it as the server's address.`,
  "door-app-too-old": (_, server) =>
    `The server at ${server} speaks only newer versions of the protocol than this app. Nothing was sent. Update Bulkhead, then try again.`,
  "door-server-too-old": (_, server) =>
    `The server at ${server} is older than this app can speak with, or than what this workspace uses. Nothing was sent. Ask whoever runs it to update it, then try again.`,
  "door-busy": () => "The server is taking no more connections from here for the moment. Try again in a minute.",
  "door-storage": () => "The server could not read its store. Try again in a moment, or tell whoever runs it.",
  "server-refused": (_, server) =>
    `The server at ${server} did not accept how this app answered it. Something between the two may change what is sent, or one of them is much older. Try again, and update Bulkhead if it stays.`,
  "no-answer-yet": () =>
    "The connection was lost before the server answered. Trying again is safe: nothing happens twice.",

  "takes-nothing": () =>
    "The server takes nothing from this computer now. Whether it is still part of the workspace stands in the status line.",
  "key-replaced": () => "This was signed with a key that was replaced before it could be sent. Ask again.",
  "not-saved": () => "The server could not save this. Try again in a moment; if it stays, tell the person who runs it.",
  "not-taken": () => "The server did not take this. Try again in a moment.",
  "not-connected": () => "There is no connection to the server. Nothing was sent; try again when connected.",
  "no-answer": () => "The connection was lost before the server answered. Look whether it took effect, then try again.",
  "still-sending": () =>
    "Requests that were signed with the present key are still on their way. Try again when they are sent.",
  "paused-first": () => "You work offline on purpose. Connect again first.",
  "clocks-apart": ({ moment, length }, blames, own, server) => {
    const apart = server - own;
    const both = `The server's clock says ${moment(server)} and this computer's ${moment(own)}, which is ${length(nearly(Math.abs(apart)))} ${apart > 0 ? "behind" : "ahead"}.`;
    return `${both} ${BLAMES[blames] ?? "One of them is wrong. Nothing was taken; check this computer's date and time, and where they are right tell whoever runs the server."}`;
  },
  "line-name": (language, of) => lineNameWords(of, language),
  trouble: (_, trouble, who, typed) => troubleWords(trouble, who, typed),

  "lease-ended": () =>
    "This computer has not reached the team's server for 7 days, so it runs no tools: rights may have changed since. Chat still works; connect to run tools again.",
  "nobody-to-open": () => "Nobody here has a device that could open this.",
  "sealed-damaged": () => "The sealed text could not be opened.",
  "keys-unreadable": () => "The keys of this device could not be read. Start Bulkhead again.",
  "no-such-key": () =>
    "This computer does not hold the key with which it joined this workspace. Ask an Admin to let you back in.",
  "key-unsound": () => "This device's key did not give a valid signature. Start Bulkhead again.",
});
