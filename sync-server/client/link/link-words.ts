/** What the status line says about the connection, in words a person can act on. */
import { CLOSE } from "#core/protocol/wire.ts";
import type { Code } from "#core/facts/refusal.ts";
import type { Trouble } from "../ports/sockets.ts";
import { answeredWords, nameWords } from "./answered-words.ts";
import { troubleWords } from "./trouble-words.ts";

export const PAUSED: Code = {
  code: "paused",
  message: "You work offline on purpose. Nothing is sent or received until you connect again.",
};
export const APP_TOO_OLD: Code = {
  code: "update-app",
  message:
    "The server speaks only newer versions of the protocol than this app. Update Bulkhead; your threads go on, and requests wait here.",
};
export const SERVER_TOO_OLD: Code = {
  code: "server-too-old",
  message:
    "The server is older than this app can speak with, or than what this workspace uses. Nothing is lost. Ask the person who runs the server to update it; this app connects by itself then.",
};
export const UNREADABLE: Code = {
  code: "unreadable",
  message:
    "The server sends what this app cannot read. Threads and tools that need no approval go on; requests wait here. Tell the person who runs the server, or update Bulkhead.",
};
const WAITS = "Requests wait here and go out by themselves.";
const LASTS = "If it lasts, tell the person who runs the server.";
/** In a workspace nobody can write another address: it is not what a person is told to check. */
const SHORT: Partial<Record<Trouble["kind"], (server: string, trouble: Trouble) => string>> = {
  nobody: (server) => `The server at ${server} cannot be reached: nobody answers there. ${LASTS}`,
  cut: (server) => `The server at ${server} closed the connection without an answer. ${LASTS}`,
  silent: (server) =>
    `The server at ${server} does not answer in time. Check whether this computer is online. ${LASTS}`,
  "no-name": (server) => `The server at ${server} could not be found. Check whether this computer is online. ${LASTS}`,
  "tls-cut": (server) =>
    `The server at ${server} ended the connection before it was secured. ${LASTS} A firewall on the way may do this too.`,
  "no-tls": (server) => `The server at ${server} does not speak https there. ${LASTS}`,
  "wrong-name": (server, trouble) =>
    `The certificate that the server at ${server} shows is for another name${"name" in trouble && trouble.name !== null ? ` (${trouble.name})` : ""}. ${LASTS}`,
  "no-http": (server) => `The server at ${server} answers with something that is not HTTP. ${LASTS}`,
};
/** Why the server of a workspace is not there. What still works stands before it on the status line. */
export const offlineWords = (server: string, trouble: Trouble | null = null): Code => {
  const why =
    trouble === null
      ? `The server at ${server} cannot be reached.`
      : (SHORT[trouble.kind]?.(server, trouble) ?? troubleWords(trouble, server));
  return { code: "offline", message: `${why} ${WAITS}` };
};
/** What answered with HTTP instead, in a workspace that is kept here. */
export const elsewhereWords = (status: number, server: string): Code => {
  const { code, message } = answeredWords(status, server);
  return { code, message: `${message} ${WAITS}` };
};

const AGAIN = "This app tries again by itself. Your threads stay on this computer.";
const UNSHOWN = `The server refuses this computer and has not shown a signed entry that says why, so nothing is known yet. Ask an Admin whether this computer is still part of the workspace. ${AGAIN}`;
const UNFIT = `The server does not accept how this app answered it. Something between the two may change what is sent, or one of them is much older. ${AGAIN} If it lasts, tell the person who runs the server.`;
const MIXED_UP = `The server did not understand this app. ${AGAIN} If it stays, update Bulkhead.`;

/** What each close code comes to for the person. It is the server's word and unsigned: it can say what the server did, never what a teammate did. */
const CLOSED: Readonly<Record<number, (server: string) => Code>> = {
  [CLOSE.otherServer]: (server) => ({
    ...nameWords(server),
    message: `${nameWords(server).message} Nothing changed for you. ${AGAIN}`,
  }),
  [CLOSE.serverTooOld]: () => SERVER_TOO_OLD,
  [CLOSE.notFound]: (server) => ({
    code: "no-such-workspace",
    message: `The server at ${server} does not have this workspace. It may have been started with another store or an empty one, or the address leads to another server now. Tell the person who runs it. ${AGAIN}`,
  }),
  [CLOSE.unknownDevice]: (server) => ({
    code: "unknown-device",
    message: `The server at ${server} has the workspace and does not know this computer. It may have been set back to an older backup. Tell the person who runs it. ${AGAIN}`,
  }),
  [CLOSE.deviceClosed]: () => ({ code: "refused", message: UNSHOWN }),
  [CLOSE.memberRemoved]: () => ({ code: "refused", message: UNSHOWN }),
  [CLOSE.forbidden]: () => ({ code: "forbidden", message: UNSHOWN }),
  [CLOSE.badSignature]: () => ({ code: "answer-refused", message: UNFIT }),
  [CLOSE.staleAnswer]: () => ({ code: "answer-refused", message: UNFIT }),
  [CLOSE.otherPurpose]: () => ({ code: "answer-refused", message: UNFIT }),
};
export const closeWords = (code: number, server: string): Code =>
  CLOSED[code]?.(server) ?? { code: "refused", message: MIXED_UP };
