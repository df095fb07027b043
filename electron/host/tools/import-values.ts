/** From the words of a pasted server to its launch and the values that stay here. Nothing here refuses but a wrong shape. */
import { told, type Told } from "#bridge/told.ts";
import { refused } from "#bridge/refused.ts";
import type { Launch } from "#bridge/tool.ts";
import { isOwnHeader } from "./launch-check.ts";
import { isPlaceholder, isSecretName, schemeOf, spansIn, spansOfArgs, flagBefore } from "./secret-shapes.ts";
import { PLAIN_DOLLAR } from "./command-line.ts";
import { createValueBook, type ValueBook } from "./value-book.ts";

export interface Read {
  readonly launch: Launch;
  readonly values: Record<string, string>;
  /** Where values were taken from, as people call it: they stay on this computer. */
  readonly kept: Told[];
}
type Env = readonly { readonly name: string; readonly secret: boolean }[];

/** The longest value, and a flag before it. What looks for secrets takes time by the square of a text that is made for that. */
const TEXT_MAX = 8_704;
const notLonger = (...texts: readonly string[]): void => {
  if (texts.some((text) => text.length > TEXT_MAX)) throw refused("config-part-long");
};

export const readStdio = (
  command: string,
  args: readonly string[],
  env: Env,
  given: Readonly<Record<string, string>>,
  hidden: ReadonlySet<string>,
): Read => {
  notLonger(command, ...args);
  const book = createValueBook(env, hidden);
  const templates = args.map((arg, at) =>
    book
      .template(arg, flagBefore(args, at))
      .replaceAll(`${PLAIN_DOLLAR}{`, () => "$${")
      .replaceAll(PLAIN_DOLLAR, "$"),
  );
  const spans = spansOfArgs(templates);
  const kept = templates.map((template, at) =>
    book.without(template, spans[at] ?? [], (under) =>
      under === "" ? told("place.argument", at + 1) : told("place.flag", under),
    ),
  );
  return {
    launch: { kind: "stdio", command, args: kept, env: [...env], vars: book.vars },
    values: { ...given, ...book.values },
    kept: book.kept,
  };
};

/** What stands in an address, as whoever wrote it meant it: filled in it is encoded again. */
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    // A lone percent sign stands for itself.
    return text;
  }
};

/** No request may carry a name and password in its address; a header says the same. */
const withoutUser = (address: string): { readonly url: string; readonly basic: string | null } => {
  const [, before, user, after] = /^([a-z][a-z0-9+.-]*:\/\/)([^/@?#]*)@([^]*)$/i.exec(address) ?? [];
  if (before === undefined || user === undefined || after === undefined) return { url: address, basic: null };
  return {
    url: before + after,
    basic: Buffer.from(user.includes(":") ? decoded(user) : `${decoded(user)}:`).toString("base64"),
  };
};

/** Few headers say the same for everybody. The value of any other stays here, whatever it looks like. */
const isShared = (name: string, value: string): boolean =>
  /^(true|false|\d{1,4})$/i.test(value) ||
  /^(accept-language|user-agent|mcp-.*|x-mcp-(toolsets|readonly|host|lockdown))$/i.test(name);

const readHeader = (name: string, text: string, book: ValueBook): { name: string; value: string } => {
  const template = book.template(text.trim(), name);
  if (template.includes("${") || (isShared(name, template) && spansIn(template).length === 0))
    return { name, value: book.without(template, spansIn(template), () => told("place.header", name)) };
  const scheme = schemeOf(template);
  book.kept.push(told("place.header", name));
  return {
    name,
    value: scheme + book.take(name, isSecretName(name) || spansIn(template).length > 0, template.slice(scheme.length)),
  };
};

/** @param headers as pasted; a value that is null is asked for */
export const readHttp = (
  address: string,
  headers: readonly (readonly [string, unknown])[],
  hidden: ReadonlySet<string>,
  ignored: (header: string) => void,
): Read => {
  notLonger(address, ...headers.flatMap(([name, value]) => [name, typeof value === "string" ? value : ""]));
  const book = createValueBook([], hidden);
  const { url, basic } = withoutUser(address);
  const made: { name: string; value: string }[] = [];
  for (const [name, raw] of headers) {
    if (isOwnHeader(name)) {
      ignored(name.slice(0, 80));
      continue;
    }
    if (raw !== null && !["string", "number", "boolean"].includes(typeof raw))
      throw refused("config-header-type", name.slice(0, 80));
    made.push(readHeader(name, raw === null || raw === "" ? `<${name}>` : String(raw), book));
  }
  if (basic !== null && !isPlaceholder(basic)) made.push(readHeader("Authorization", `Basic ${basic}`, book));
  const template = book.template(url, "");
  const kept = book.without(
    template,
    spansIn(template),
    (under) => (under === "" ? told("place.address") : told("place.in-address", under)),
    decoded,
  );
  return { launch: { kind: "http", url: kept, headers: made, vars: book.vars }, values: book.values, kept: book.kept };
};
