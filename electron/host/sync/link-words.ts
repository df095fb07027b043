/** What the status line says about the connection, in words a person can act on. */
import { CLOSE } from "#core/wire.ts";
import type { Code } from "#bridge/views.ts";
import { troubleWords } from "../ways/trouble.ts";
import type { Trouble } from "../ways/trouble.ts";

export const PAUSED: Code = { code: "paused", message: "You work offline on purpose. Nothing is sent or received until you connect again." };
export const NOT_A_MEMBER = "not-a-member";
export const SERVER_VERSION: Code = { code: "update-app", message: "The server speaks another version of the protocol. Update Bulkhead, or ask for the server to be updated; your threads go on." };
export const UNREADABLE: Code = { code: "unreadable", message: "The server sends what this app cannot read. Threads and tools that need no approval go on; requests wait here. Tell the person who runs the server, or update Bulkhead." };
const WAITS = "Threads and tools that need no approval go on; requests wait here and go out by themselves.";
export const offlineWords = (server: string, trouble: Trouble | null = null): Code => ({ code: "offline", message: `${trouble === null ? `The server at ${server} cannot be reached.` : troubleWords(trouble, server)} ${WAITS}` });

/** The server's final word, by its close code. */
export const closeWords = (code: number): Code => {
  if (code === CLOSE.unauthorized) return { code: NOT_A_MEMBER, message: "The server refuses this device: you were removed from the workspace, this device was closed, or you came back with a new one. Your threads stay on this computer. Ask an Admin for a new invite." };
  if (code === CLOSE.notFound) return { code: "no-such-workspace", message: "The server does not know this workspace. Its address may belong to another server now, or its data was lost. Your threads stay on this computer." };
  if (code === CLOSE.forbidden) return { code: "forbidden", message: "The server does not let you read this workspace. Ask an Admin about your role." };
  return { code: "refused", message: "The server ended the connection because it did not understand this app. Reconnect; if it stays, update Bulkhead." };
};
