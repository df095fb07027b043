/** What is wrong with what people paste to add a server, or with a launch. */
import type { JsonMistake, ToolsArgs, Wanted } from "#bridge/facts/tools.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

type Config = {
  [
    C in keyof ToolsArgs as C extends `${"config" | "launch"}-${string}` | `${"ignored" | "place"}.${string}`
      ? C
      : never
  ]: ToolsArgs[C];
};

const MISTAKES: Readonly<Record<JsonMistake, string>> = {
  syntax: "The JSON has a mistake",
  digits: "The JSON holds a number that cannot be kept exactly",
  broken: "The JSON holds half of a character",
};
const WANTED: Readonly<Record<Wanted, string>> = {
  server: "an object with a “command” or a “url”",
  text: "a text",
  texts: "a list of texts",
  "names-and-texts": "an object of names and texts",
};
const CORRECT = "Correct it and paste it again.";
const of = (server: string): string => (server === "" ? "" : `${server}: `);

export const configWords: SentencesOf<Config> = words("facts/tool-config.configWords", {
  "config-shell-syntax": (_, char) =>
    `The command line holds “${char}”, which only a shell understands, and no shell is run. Write the full text instead, or put it in single quotes.`,
  "config-many-lines": () => "There is more than one command. Paste one command line, or the mcpServers JSON.",
  "config-unclosed-quote": (_, quote) => `A quote (${quote}) is opened and never closed. Add the missing one.`,
  "config-not-json": ({ number }, mistake, line, near) =>
    `${MISTAKES[mistake]} in line ${number(line)}${near === "" ? "" : `: “${near}”`}. ${CORRECT}`,
  "config-duplicate-key": ({ number }, line, near) =>
    `The JSON names something twice in line ${number(line)}${near === "" ? "" : `: “${near}”`}. ${CORRECT}`,
  "config-too-deep": ({ number }, line, near) =>
    `The JSON is nested too deeply in line ${number(line)}${near === "" ? "" : `: “${near}”`}. ${CORRECT}`,
  "config-root-type": () => 'The JSON must be an object: {"mcpServers": {…}}.',
  "config-list-type": (_, key) => `“${key}” must be an object of servers by name.`,
  "config-header-type": (_, header) => `The header “${header}” must be a text.`,
  "config-wrong-type": (_, server, field, wanted) => `“${field}” of “${server}” must be ${WANTED[wanted]}.`,
  "config-bad-name": () => "A server has a name that cannot be used. Use 1 to 80 visible characters.",
  "config-duplicate-name": () => "Two servers have the same name. Give each its own.",
  "config-ambiguous": (_, server) => `“${server}” has both a “command” and a “url”. Keep one.`,
  "config-env-name": (_, server) =>
    `“${server}” names an environment variable that is not valid. Use letters, digits and underscores.`,
  "config-env-value": (_, name, server) =>
    `The value of ${name} of “${server}” is too long or holds characters that no variable can hold.`,
  "config-value-long": (_, name, server) => `The value of ${name} of “${server}” is too long.`,
  "config-part-long": () =>
    "One argument, header or address is too long to be one. Paste only the part with the servers.",
  "config-too-long": (_, server) =>
    `The launch of “${server}” is too long: at most 64 arguments of 4,096 characters and 64 variables.`,
  "config-too-large": () =>
    "This text is too long to be the configuration of a server. Paste only the part with the servers.",
  "config-too-many": ({ number }, max) => `There are more than ${number(max)} servers. Paste fewer at a time.`,
  "config-no-server": ({ say }, ignored) =>
    `There is no server in this text that can be added.${ignored.map((each) => ` Left out: ${say(each)}.`).join("")}`,
  "config-no-command": () => "There is no command here. Paste a command line, or the mcpServers JSON.",
  "config-empty": () => "There is nothing here. Paste a command line, or the mcpServers JSON.",
  "config-launch": ({ say }, server, problem) => `“${server}”: ${say(problem)}`,
  "ignored.field": (_, server, field) => `${of(server)}“${field}”`,
  "ignored.header": (_, server, header) => `${of(server)}the header “${header}”, which this app sets by itself`,
  "ignored.placeholder": (_, server, name) => `${of(server)}${name} holds a placeholder; fill in its value`,
  "ignored.transport": (_, server, kind) =>
    `${of(server)}servers of type “${kind}” are not supported; use Streamable HTTP or a command`,
  "place.command": () => "the command",
  "place.argument": ({ number }, n) => `argument ${number(n)}`,
  "place.address": () => "the address",
  "place.in-address": (_, name) => `${name} in the address`,
  "place.header": (_, name) => `the header ${name}`,
  "place.flag": (_, flag) => flag,
  "place.label": () => "a name",
  "place.value": (_, name) => `the value of ${name}`,
  "launch-url-invalid": () =>
    "This is not a web address. It must start with https://, or http:// for a server on this computer.",
  "launch-url-secret": () =>
    "The address holds a user name or password, and the whole team would see it. Remove it from the address, and give it as a header.",
  "launch-url-insecure": () =>
    "Arguments and results would travel unencrypted. Use an https:// address; http:// is only for a server on this computer.",
  "launch-url-unseen": () => "The address holds characters that cannot be seen. Type it again by hand.",
  "launch-header-invalid": () => "A name of a header is not valid. Use letters, digits and dashes.",
  "launch-header-own": () => "The launch names a header that the connection sets by itself. Remove it.",
  "launch-header-value": () =>
    "A header holds a character that no header can hold, such as a line end. Type it again by hand.",
  "launch-header-twice": () => "A header is named twice. Name each one once.",
  "launch-env-invalid": () =>
    "A name of a variable is not valid. Use letters, digits and underscores, and no digit first.",
  "launch-env-twice": () => "A variable is named twice. Name each one once.",
  "launch-template": () =>
    "The command names a value in ${…} that is not listed with it. List it, or write $${ where ${ itself is meant.",
  "launch-empty": () => "The command is empty. Name the program to start.",
  "launch-unseen": () =>
    "The command holds characters that cannot be seen, so it could look like another one. Type it again by hand.",
  "launch-secret": ({ all, say }, places) => {
    const listed = all(places.map((place) => say(place)));
    const begun = listed.charAt(0).toUpperCase() + listed.slice(1);
    return `${begun} ${places.length === 1 ? "looks like a secret" : "look like secrets"}. The whole team and the server would keep this for good. Nothing was shared. Paste it as an argument, a variable or a header, whose values stay on this computer, or share it if it is no secret.`;
  },
});
