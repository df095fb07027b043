/**
 * Reads what people paste to add a server: the usual `mcpServers` JSON, VS Code's `servers`, one bare server object,
 * a web address, or one command line. Nothing is started. Values of environment variables, and what looks like a
 * secret anywhere, come back apart from the launch, because the launch is shared and the values stay on this computer.
 */
import type { Wanted } from "#bridge/facts/tools.ts";
import { told, type Told } from "#bridge/told.ts";
import { refused } from "#bridge/refused.ts";
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
  /** What was in the text and is not used. */
  readonly ignored: Told[];
}

export const CONFIG_MAX = 262_144;
const SERVERS_MAX = 50;
const SECRET_NAME = /KEY|TOKEN|SECRET|PASS(WORD|WD|PHRASE)?|CREDENTIAL|AUTH/i;
const KNOWN = new Set(["command", "args", "env", "url", "headers", "type", "transport", "name"]);
/** Where a whole value, or a part of it, is still to be put in. */
const isOpen = (text: string): boolean =>
  isPlaceholder(text) || /\$\{[^}]*\}|\{\{[^}]*\}\}|^\$[A-Za-z_]\w*$/.test(text);

const JSON_FACTS: Record<JsonProblem, (line: number, near: string) => Told> = {
  syntax: (line, near) => told("config-not-json", "syntax", line, near),
  "duplicate-key": (line, near) => told("config-duplicate-key", line, near),
  "too-deep": (line, near) => told("config-too-deep", line, near),
  "number-loses-digits": (line, near) => told("config-not-json", "digits", line, near),
  "broken-text": (line, near) => told("config-not-json", "broken", line, near),
};

const wrongType = (name: string, field: string, wanted: Wanted): Refusal =>
  refused("config-wrong-type", name, field, wanted);

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
    throw refused("config-bad-name");
  }
  return trimmed;
};

const checkedLaunch = (name: string, launch: unknown): Launch => {
  const parsed = Launch.safeParse(launch);
  if (!parsed.success) throw refused("config-too-long", name);
  const problem = launchProblem(parsed.data);
  if (problem !== null) throw refused("config-launch", name, problem);
  return parsed.data;
};

const checkedServer = (name: string, read: Read): ParsedServer => {
  const long = Object.keys(read.values).find((each) => (read.values[each]?.length ?? 0) > 8_192);
  if (long !== undefined) throw refused("config-value-long", long, name);
  return { ...read, name, launch: checkedLaunch(name, read.launch) };
};

/** What may stand in a name that everybody reads: a word with a value in it may not. */
const plainWords = (read: Read): string[] =>
  read.launch.kind === "stdio" ? read.launch.args.filter((arg) => !arg.includes("${")) : [];

interface Environment {
  readonly env: { name: string; secret: boolean }[];
  readonly values: Record<string, string>;
}

const readEnv = (server: string, raw: unknown, ignored: Told[]): Environment => {
  if (raw === undefined || raw === null) return { env: [], values: {} };
  if (!isObject(raw)) throw wrongType(server, "env", "names-and-texts");
  const values: Record<string, string> = {};
  const env = Object.entries(raw).map(([name, value]) => {
    if (!isEnvName(name)) throw refused("config-env-name", server);
    if (value !== null && !["string", "number", "boolean"].includes(typeof value))
      throw wrongType(server, `env.${name}`, "text");
    const text = String(value ?? "");
    if (text.length > 8_192 || text.includes("\u0000")) throw refused("config-env-value", name, server);
    if (isOpen(text)) ignored.push(told("ignored.placeholder", server, name));
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
  if (!Array.isArray(raw)) throw wrongType(server, "args", "texts");
  return raw.map((arg) => {
    if (typeof arg !== "string" && typeof arg !== "number") throw wrongType(server, "args", "texts");
    return String(arg);
  });
};

/** Null where the server is of a kind that cannot run here; the reason goes to `ignored`. */
const readServer = (name: string, raw: unknown, hidden: ReadonlySet<string>, ignored: Told[]): ParsedServer | null => {
  if (!isObject(raw)) throw wrongType(name, name, "server");
  for (const field of Object.keys(raw))
    if (!KNOWN.has(field)) ignored.push(told("ignored.field", name, field.slice(0, 80)));
  const kind = raw["type"] ?? raw["transport"];
  if (kind === "sse" || kind === "ws") {
    ignored.push(told("ignored.transport", name, kind));
    return null;
  }
  if (raw["command"] !== undefined && raw["url"] !== undefined) throw refused("config-ambiguous", name);
  if (typeof raw["url"] === "string") {
    const headers = raw["headers"] ?? {};
    if (!isObject(headers)) throw wrongType(name, "headers", "names-and-texts");
    return checkedServer(
      name,
      readHttp(
        raw["url"],
        Object.entries(headers),
        hidden,
        (header) => void ignored.push(told("ignored.header", name, header)),
      ),
    );
  }
  if (typeof raw["command"] !== "string") throw wrongType(name, raw["url"] === undefined ? "command" : "url", "text");
  const { env, values } = readEnv(name, raw["env"], ignored);
  return checkedServer(name, readStdio(raw["command"], readArgs(name, raw["args"]), env, values, hidden));
};

const isServer = (value: Readonly<Record<string, unknown>>): boolean =>
  typeof value["command"] === "string" || typeof value["url"] === "string";

const named = (root: Readonly<Record<string, unknown>>, ignored: Told[]): [string, unknown][] => {
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
    if (!lists.includes(key) && key !== "inputs") ignored.push(told("ignored.field", "", key.slice(0, 80)));
  return lists.flatMap((key) => {
    const list = root[key];
    if (!isObject(list)) throw refused("config-list-type", key);
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
    throw new Refusal(JSON_FACTS[read.problem](read.line, read.detail));
  }
  if (!isObject(read.value)) throw refused("config-root-type");
  const ignored: Told[] = [];
  const hidden = hiddenInputs(read.value);
  const entries = named(read.value, ignored).map(([name, raw]) => [checkedName(name), raw] as const);
  if (entries.length > SERVERS_MAX) throw refused("config-too-many", SERVERS_MAX);
  if (new Set(entries.map(([name]) => name)).size < entries.length) throw refused("config-duplicate-name");
  const servers = entries
    .map(([name, raw]) => readServer(name, raw, hidden, ignored))
    .filter((server) => server !== null);
  if (servers.length === 0) throw refused("config-no-server", ignored);
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
  if (command === undefined) throw refused("config-no-command");
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
  if (text.length > CONFIG_MAX) throw refused("config-too-large");
  const trimmed = text.replace(/^\ufeff/, "").trim();
  if (trimmed === "") throw refused("config-empty");
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
