/** Why a tool server does not run, or what of it is left out. */
import type { ToolsArgs } from "#bridge/facts/tools.ts";
import type { Language } from "../language.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";
import type { callWords } from "./tool-calls.ts";
import type { configWords } from "./tool-config.ts";

type Servers = Omit<ToolsArgs, keyof typeof callWords | keyof typeof configWords>;

const CHANGE = "Choose “Change values…” in its menu";
const left = ({ number }: Language, place: number, name: string): string =>
  `Tool ${number(place)}${name === "" ? "" : ` (${name})`} is left out`;

export const serverWords: SentencesOf<Servers> = words("facts/tool-servers.serverWords", {
  "tool-needs-review": () =>
    "This command comes from your team and is new or changed. Look at it and accept it before it may start on this computer.",
  "tool-server-gone": () => "This server is not in the workspace any more.",
  "tool-secret-unreadable": () =>
    `A value of this server could not be read from the keychain. ${CHANGE} and fill them in again.`,
  "tool-value-unknown": () =>
    "A value was given for a variable that this server does not name. Reload the page and fill in the values again.",
  "tool-value-invalid": () =>
    "A value holds a character that cannot stand there, such as a line end in a header. Paste it again.",
  "tool-value-unsendable": () =>
    "A value holds a character that no header can hold, such as a line end. Paste it again.",
  "tool-value-missing": ({ all }, names) =>
    `This server needs ${names.length === 1 ? "a value" : "values"} for ${all(names)} on this computer. ${CHANGE}.`,
  "tool-command-missing": (_, program) =>
    `“${program}” was not found on this computer. Install it, or write its full path, then start it again.`,
  "tool-command-refused": (_, program) =>
    `This computer does not allow starting “${program}”. Check that the file may be executed, then start it again.`,
  "tool-command-long": () => "The arguments and values of this server are too long for this computer.",
  "tool-command-failed": (_, program, why) =>
    `“${program}” could not be started${why === "" ? "" : ` (${why})`}. Start it again to try once more.`,
  "tool-starting-slow": ({ number }, seconds) => `Still starting. It may take up to ${number(seconds)} seconds.`,
  "tool-starting-downloads": ({ number }, program, minutes) =>
    `Still starting: “${program}” may be downloading the server. It may take up to ${number(minutes)} minutes.`,
  "tool-start-timeout": ({ number }, seconds) =>
    `The server was not ready within ${number(seconds)} seconds and was stopped. Look at what it wrote, then start it again.`,
  "tool-server-crash-loop": ({ number, say }, why, times) =>
    `The server ended soon after its start (${number(times)} in a row), so it is not started again by itself. Read its log, correct the cause, and restart it. Last time: ${say(why)}`,
  "tool-server-given-up": ({ number, say }, why, times) =>
    `${say(why)} It was tried ${number(times)} times and is not tried again by itself: restart it when that is mended.`,
  "tool-server-stopped": () => "The server was stopped.",
  "tool-server-ended": () => "The connection to the server ended.",
  "tool-server-exited": ({ number }, code) =>
    `The server ended by itself (exit code ${number(code)}). Its log has its last words.`,
  "tool-server-killed": (_, signal) =>
    `The server ended by itself (signal ${signal === "" ? "unknown" : signal}). Its log has its last words.`,
  "tool-server-flooded": () =>
    "The server wrote without end and was stopped. Nothing else was affected. Start it again, or do without it.",
  "tool-server-unreachable": ({ say }, why) =>
    why === null ? "The server cannot be reached at its address. Check the address and the network." : say(why),
  "tool-server-forgot": () => "The server no longer knows this connection, so it was ended and is made anew.",
  "tool-server-auth": ({ number }, status) =>
    `The server refused the sign-in (status ${number(status)}). Where it takes a key, give it with a header such as Authorization; where one is set, give another value for it. A sign-in in the browser is not possible yet.`,
  "tool-server-missing": () => "There is no tool server at this address (status 404). Check the address.",
  "tool-server-refused": ({ number }, status) => `The server refused the request (status ${number(status)}).`,
  "tool-output-too-large": () =>
    "The server sent more than this app reads at once, so the connection was cut. Ask the tool for less.",
  "tool-answer-too-large": ({ number }, mb) =>
    `The server answered with more than ${number(mb)} MB, which this app does not read.`,
  "tool-answer-invalid": () => "The server gave an answer that does not follow the protocol. Its log may say more.",
  "tool-connection-forgotten": () => "The server no longer knows this connection.",
  "tool-timeout": () => "The server did not answer in time.",
  "tool-protocol-error": (_, said) => `The server answered with an error: ${said}`,
  "tool-probe-busy": () => "Several servers are being tried already. Wait until one has answered.",
  "tool-too-many": ({ number }, count, more, max) =>
    `This server has ${number(count)} tools${more ? " or more" : ""}; a workspace takes ${number(max)} of one server. Nothing was added. Many servers can be started with fewer tools: look in their own description.`,
  "tool-unknown": () =>
    "A rule was chosen for a tool that this server does not have. Try the server again to see its tools.",
  "tool-server-changed": () =>
    "The team changed this server while you looked at it. Nothing was accepted; look at the new command.",
  "tool-said-otherwise": () =>
    "A tool changed again, or its server ended, while you looked. Nothing was accepted; look at it as it is now.",
  "tool.suggested": () => "Suggested: what a call gets that no rule names. Choose more or less for each tool.",
  "list-unread": ({ say }, why) => `The changed list of tools could not be read: ${say(why)}`,
  "message-unread": ({ number }, bytes) => `A message larger than ${number(bytes)} bytes was not read.`,
  "left.shape": (language, place, name) =>
    `${left(language, place, name)}: its definition has another shape than the protocol says.`,
  "left.unseen": (language, place, name) =>
    `${left(language, place, name)}: its name holds characters that cannot be seen.`,
  "left.large": (language, place, name, kb) =>
    `${left(language, place, name)}: its definition is nested too deeply, or larger than ${language.number(kb)} kB.`,
  "left.twice": (language, place, name) => `${left(language, place, name)}: its name is taken by an earlier one.`,
  "left.many": (language, place, name, max) =>
    `${left(language, place, name)}: ${language.number(max)} tools of one server are read.`,
  "left.together": (language, place, name, mb) =>
    `${left(language, place, name)}: the definitions of this server's tools are larger than ${language.number(mb)} MB together.`,
});
