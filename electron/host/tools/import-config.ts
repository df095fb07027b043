/**
 * Reads what people paste to add a server: the usual `mcpServers` JSON, VS Code's `servers`, one bare server object,
 * a web address, or one command line. Nothing is started. Values of environment variables, and what looks like a
 * secret anywhere, come back apart from the launch, because the launch is shared and the values stay on this computer.
 */
import { factWords } from "#text/facts.ts";
import { hides } from "#bridge/plain-text.ts";
import { Launch } from "#bridge/tool.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { PLAIN_DOLLAR, splitCommandLine } from "./command-line.ts";
import { readHttp, readStdio, type Read } from "./import-values.ts";
import { isEnvName, launchProblem } from "./launch-check.ts";
import { isPlaceholder, isSecretName, spansIn } from "./secret-shapes.ts";
import { isObject, readJson, type JsonProblem } from "../json/strict-json.ts";

export interface ParsedServer extends Read {
  readonly name: string;
}
export interface ParsedConfig {
  readonly servers: ParsedServer[];
  /** What was in the text and is not used, in words. */
  readonly ignored: string[];
}

export const CONFIG_MAX = 262_144;
const SERVERS_MAX = 50;
const SECRET_NAME = /KEY|TOKEN|SECRET|PASS(WORD|WD|PHRASE)?|CREDENTIAL|AUTH/i;
const KNOWN = new Set(["command", "args", "env", "url", "headers", "type", "transport", "name"]);
/** Where a whole value, or a part of it, is still to be put in. */
const isOpen = (text: string): boolean =>
  isPlaceholder(text) || /\$\{[^}]*\}|\{\{[^}]*\}\}|^\$[A-Za-z_]\w*$/.test(text);

const JSON_WORDS: Record<JsonProblem, string> = {
  syntax: "The JSON has a mistake",
  "duplicate-key": "The JSON names something twice",
  "too-deep": "The JSON is nested too deeply",
  "number-loses-digits": "The JSON holds a number that cannot be kept exactly",
  "broken-text": "The JSON holds half of a character",
};
const JSON_CODES: Record<JsonProblem, string> = {
  syntax: "config-not-json",
  "duplicate-key": "config-duplicate-name",
  "too-deep": "config-too-deep",
  "number-loses-digits": "config-not-json",
  "broken-text": "config-not-json",
};

const wrongType = (name: string, field: string, wanted: string): Refusal =>
  new Refusal("config-wrong-type", `“${field}” of “${name}” must be ${wanted}.`);

/** A short name from the words of a command: the package for runners such as `npx`, else the program. */
export const suggestName = (command: string, args: readonly string[]): string => {
  const base = command.split(/[\\/]/).pop() ?? command;
  const runner = /^(npx|bunx|uvx|pnpm|yarn|npm|uv|docker|podman|node|python3?|deno|bun)(\.(cmd|exe|ps1))?$/i.test(base);
  const subject = runner ? args.find((arg) => !arg.startsWith("-") && !/^(dlx|exec|run|x|tool)$/.test(arg)) : undefined;
  const parts = (subject ?? base).split(/[\\/]/).map((part) =>
    part
      .replace(/(.)@[^@]*$/, "$1")
      .replace(/^@/, "")
      .replace(/\.(c|m)?[jt]s$|\.py$|\.exe$|\.cmd$/i, ""),
  );
  // A file that is called as in every package says less than the folder of its package.
  const short =
    parts.findLast(
      (part) =>
        part !== "" &&
        !/^(index|main|cli|server|mcp|mcp-server|server-mcp|run|start|__main__|dist|build|out|lib|src|bin)$/i.test(
          part,
        ),
    ) ??
    parts.at(-1) ??
    base;
  const plain = short.replace(/^(mcp-server-|server-|mcp-)|(-mcp-server|-mcp|-server)$/g, "");
  return (plain || short || base).slice(0, 80);
};

const checkedName = (name: string): string => {
  const trimmed = name.trim();
  const reserved = ["__proto__", "constructor", "prototype"].includes(trimmed);
  if (trimmed === "" || trimmed.length > 80 || reserved || hides(trimmed)) {
    throw new Refusal("config-bad-name", "A server has a name that cannot be used. Use 1 to 80 visible characters.");
  }
  return trimmed;
};

const checkedLaunch = (name: string, launch: unknown): Launch => {
  const parsed = Launch.safeParse(launch);
  if (!parsed.success)
    throw new Refusal(
      "config-too-long",
      `The launch of “${name}” is too long: at most 64 arguments of 4,096 characters and 64 variables.`,
    );
  const problem = launchProblem(parsed.data);
  if (problem !== null) throw new Refusal(problem.code, `“${name}”: ${factWords(problem)}`);
  return parsed.data;
};

const checkedServer = (name: string, read: Read): ParsedServer => {
  const long = Object.keys(read.values).find((each) => (read.values[each]?.length ?? 0) > 8_192);
  if (long !== undefined) throw new Refusal("config-too-long", `The value of ${long} of “${name}” is too long.`);
  return { ...read, name, launch: checkedLaunch(name, read.launch) };
};

/** What may stand in a name that everybody reads: a word with a value in it may not. */
const plainWords = (read: Read): string[] =>
  read.launch.kind === "stdio" ? read.launch.args.filter((arg) => !arg.includes("${")) : [];

interface Environment {
  readonly env: { name: string; secret: boolean }[];
  readonly values: Record<string, string>;
}

const readEnv = (server: string, raw: unknown, ignored: string[]): Environment => {
  if (raw === undefined || raw === null) return { env: [], values: {} };
  if (!isObject(raw)) throw wrongType(server, "env", "an object of names and texts");
  const values: Record<string, string> = {};
  const env = Object.entries(raw).map(([name, value]) => {
    if (!isEnvName(name))
      throw new Refusal(
        "launch-env-invalid",
        `“${server}” names an environment variable that is not valid. Use letters, digits and underscores.`,
      );
    if (value !== null && !["string", "number", "boolean"].includes(typeof value))
      throw wrongType(server, `env.${name}`, "a text");
    const text = String(value ?? "");
    if (text.length > 8_192 || text.includes("\u0000"))
      throw new Refusal(
        "config-too-long",
        `The value of ${name} of “${server}” is too long or holds characters that no variable can hold.`,
      );
    if (isOpen(text)) ignored.push(`${server}: ${name} holds a placeholder; fill in its value`);
    else if (text !== "") values[name] = text;
    return {
      name,
      secret: SECRET_NAME.test(name) || isSecretName(isPlaceholder(text) ? text : "") || spansIn(text).length > 0,
    };
  });
  return { env, values };
};

const readArgs = (server: string, raw: unknown): string[] => {
  if (raw === undefined || raw === null) return [];
  if (!Array.isArray(raw)) throw wrongType(server, "args", "a list of texts");
  return raw.map((arg) => {
    if (typeof arg !== "string" && typeof arg !== "number") throw wrongType(server, "args", "a list of texts");
    return String(arg);
  });
};

/** Null where the server is of a kind that cannot run here; the reason goes to `ignored`. */
const readServer = (
  name: string,
  raw: unknown,
  hidden: ReadonlySet<string>,
  ignored: string[],
): ParsedServer | null => {
  if (!isObject(raw)) throw wrongType(name, name, "an object with a “command” or a “url”");
  for (const field of Object.keys(raw))
    if (!KNOWN.has(field)) ignored.push(`${name}: ${JSON.stringify(field.slice(0, 80))}`);
  const kind = raw["type"] ?? raw["transport"];
  if (kind === "sse" || kind === "ws") {
    ignored.push(
      `${name}: servers of type ${JSON.stringify(kind)} are not supported; use Streamable HTTP or a command`,
    );
    return null;
  }
  if (raw["command"] !== undefined && raw["url"] !== undefined)
    throw new Refusal("config-ambiguous", `“${name}” has both a “command” and a “url”. Keep one.`);
  if (typeof raw["url"] === "string") {
    const headers = raw["headers"] ?? {};
    if (!isObject(headers)) throw wrongType(name, "headers", "an object of names and texts");
    return checkedServer(
      name,
      readHttp(raw["url"], Object.entries(headers), hidden, (words) => void ignored.push(`${name}: ${words}`)),
    );
  }
  if (typeof raw["command"] !== "string") throw wrongType(name, raw["url"] === undefined ? "command" : "url", "a text");
  const { env, values } = readEnv(name, raw["env"], ignored);
  return checkedServer(name, readStdio(raw["command"], readArgs(name, raw["args"]), env, values, hidden));
};

const isServer = (value: Readonly<Record<string, unknown>>): boolean =>
  typeof value["command"] === "string" || typeof value["url"] === "string";

const named = (root: Readonly<Record<string, unknown>>, ignored: string[]): [string, unknown][] => {
  if (isServer(root)) {
    const args = Array.isArray(root["args"]) ? root["args"].filter((arg) => typeof arg === "string") : [];
    const words = plainWords(readStdio("", args, [], {}, new Set()));
    const name =
      root["name"] ??
      (typeof root["command"] === "string" ? suggestName(root["command"], words) : hostOf(String(root["url"])));
    return [[typeof name === "string" ? name : "", root]];
  }
  const lists = ["mcpServers", "servers"].filter((key) => root[key] !== undefined);
  if (lists.length === 0) return Object.entries(root);
  for (const key of Object.keys(root))
    if (!lists.includes(key) && key !== "inputs") ignored.push(JSON.stringify(key.slice(0, 80)));
  return lists.flatMap((key) => {
    const list = root[key];
    if (!isObject(list)) throw new Refusal("config-wrong-type", `“${key}” must be an object of servers by name.`);
    return Object.entries(list);
  });
};

/** Names of VS Code's inputs that are asked for like passwords. */
const hiddenInputs = (root: Readonly<Record<string, unknown>>): ReadonlySet<string> =>
  new Set(
    (Array.isArray(root["inputs"]) ? root["inputs"] : []).flatMap((input: unknown) =>
      isObject(input) && input["password"] === true && typeof input["id"] === "string" ? [input["id"]] : [],
    ),
  );

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : "server").slice(0, 80);

const parseJson = (text: string): ParsedConfig => {
  // People often copy one entry, `"name": { … }`, without the braces around it.
  const read = readJson(text.startsWith('"') ? `{${text}}` : text, { lenient: true, maxDepth: 16 });
  if (!read.ok) {
    const near = read.detail === "" ? "" : `: ${JSON.stringify(read.detail)}`;
    throw new Refusal(
      JSON_CODES[read.problem],
      `${JSON_WORDS[read.problem]} in line ${read.line}${near}. Correct it and paste it again.`,
    );
  }
  if (!isObject(read.value)) throw new Refusal("config-wrong-type", 'The JSON must be an object: {"mcpServers": {…}}.');
  const ignored: string[] = [];
  const hidden = hiddenInputs(read.value);
  const entries = named(read.value, ignored).map(([name, raw]) => [checkedName(name), raw] as const);
  if (entries.length > SERVERS_MAX)
    throw new Refusal("config-too-large", `There are more than ${SERVERS_MAX} servers. Paste fewer at a time.`);
  if (new Set(entries.map(([name]) => name)).size < entries.length)
    throw new Refusal("config-duplicate-name", "Two servers have the same name. Give each its own.");
  const servers = entries
    .map(([name, raw]) => readServer(name, raw, hidden, ignored))
    .filter((server) => server !== null);
  if (servers.length === 0)
    throw new Refusal("config-no-server", ["There is no server in this text that can be added.", ...ignored].join(" "));
  return { servers, ignored };
};

const parseCommand = (text: string, platform: NodeJS.Platform): ParsedConfig => {
  const words = splitCommandLine(text, platform !== "win32");
  const values: Record<string, string> = {};
  if (words[0] === "env") words.shift();
  for (
    let match = words[0]?.match(/^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s);
    match;
    match = words[0]?.match(/^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s)
  ) {
    const [, name = "", value = ""] = match;
    if (!isEnvName(name)) break;
    values[name] = value.replaceAll(PLAIN_DOLLAR, "$");
    if (value.includes("${")) values[name] = "";
    words.shift();
  }
  const [command, ...args] = words;
  if (command === undefined)
    throw new Refusal("config-no-server", "There is no command here. Paste a command line, or the mcpServers JSON.");
  const env = Object.keys(values).map((name) => ({ name, secret: SECRET_NAME.test(name) }));
  const read = readStdio(
    command.replaceAll(PLAIN_DOLLAR, "$"),
    args,
    env,
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "")),
    new Set(),
  );
  return { servers: [checkedServer(checkedName(suggestName(command, plainWords(read))), read)], ignored: [] };
};

/** Throws `Refusal` with a code that starts with `config-` or `launch-`. */
export const parseConfig = (text: string, platform: NodeJS.Platform): ParsedConfig => {
  if (text.length > CONFIG_MAX)
    throw new Refusal(
      "config-too-large",
      "This text is too long to be the configuration of a server. Paste only the part with the servers.",
    );
  const trimmed = text.replace(/^\ufeff/, "").trim();
  if (trimmed === "")
    throw new Refusal("config-no-server", "There is nothing here. Paste a command line, or the mcpServers JSON.");
  if (/^(\{|\[|\/\/|\/\*|"[^"]*"\s*:)/.test(trimmed)) return parseJson(trimmed);
  if (/^https?:\/\/\S+$/i.test(trimmed))
    return {
      servers: [
        checkedServer(
          hostOf(trimmed),
          readHttp(trimmed, [], new Set(), () => undefined),
        ),
      ],
      ignored: [],
    };
  return parseCommand(trimmed, platform);
};
