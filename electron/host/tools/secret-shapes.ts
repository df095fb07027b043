/**
 * What looks like a secret in a text that would be shared: known beginnings of keys, long words without sense, and what
 * stands under a name such as `--key`, `API_TOKEN=` or `Authorization:`. It finds what people paste by mistake; whoever
 * wants to hide a secret from it can. Positions are those of the given template, in which `${NAME}` is no text.
 */

export interface Span {
  readonly start: number;
  /** After the last character. */
  readonly end: number;
  /** Under what it stood: `--key`, `api_key`, `Authorization`; empty where it stood alone. */
  readonly under: string;
}

const SECRET_WORDS = new Set([
  "key",
  "keys",
  "apikey",
  "accesskey",
  "secretkey",
  "privatekey",
  "authkey",
  "token",
  "accesstoken",
  "authtoken",
  "apitoken",
  "bearer",
  "secret",
  "clientsecret",
  "password",
  "passwd",
  "passphrase",
  "passcode",
  "pass",
  "pwd",
  "pat",
  "pin",
  "credential",
  "credentials",
  "auth",
  "authorization",
  "cookie",
  "jwt",
  "dsn",
  "signature",
  "sig",
]);
/** `--key-file`, `--token-url`, `--max-token`: what is named is not the secret itself. */
const ABOUT_WORDS = new Set([
  "file",
  "path",
  "dir",
  "folder",
  "public",
  "url",
  "uri",
  "name",
  "type",
  "method",
  "mode",
  "provider",
  "count",
  "limit",
  "max",
  "min",
  "length",
  "size",
  "ttl",
  "header",
  "env",
  "server",
  "endpoint",
  "scope",
  "scopes",
]);

const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");

/** Whether a flag, variable, parameter or header of this name usually holds a secret. */
export const isSecretName = (name: string): boolean => {
  const words = wordsOf(name);
  return words.some((word) => SECRET_WORDS.has(word)) && !words.some((word) => ABOUT_WORDS.has(word));
};

/** Words of people and of other apps' inputs that stand where a value should be. */
const PLACEHOLDER =
  /^(<[^<>]+>|\{\{[^{}]*\}\}|\[[^[\]]*(key|token|secret|password)[^[\]]*\]|your[-_ ].*|x{3,}|\*{3,}|\.{3,}|…|.+[-_ ]here|(insert|enter|replace|paste|put|add)[-_ ].*|change[-_ ]?me|todo)$/i;
export const isPlaceholder = (text: string): boolean => PLACEHOLDER.test(text.trim());

const KNOWN = new RegExp(
  [
    "-----BEGIN [A-Z ]+-----[^]*",
    "(?<![A-Za-z0-9])(?:sk|rk|pk)[-_](?:ant|proj|or|svcacct|admin|live|test|lf)[-_][A-Za-z0-9_-]{4,}",
    "(?<![A-Za-z0-9])sk-(?=[A-Za-z0-9_-]*[0-9A-Z])[A-Za-z0-9_-]{16,}",
    "(?<![A-Za-z0-9])(?:gh[pousr]_|github_pat_|glpat-|gldt-|hf_|npm_|pypi-|ntn_|lin_api_|figd_|tvly-|gsk_|xai-|pplx-|nvapi-|sbp_|dop_v1_|shpat_|ATATT|ya29\\.|SG\\.|whsec_|ctx7sk-)[A-Za-z0-9_.=-]{6,}",
    "(?<![A-Za-z0-9])(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{6,}",
    "(?<![A-Za-z0-9])(?:AKIA|ASIA)[0-9A-Z]{12,}",
    "(?<![A-Za-z0-9])AIza[0-9A-Za-z_-]{20,}",
    "(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{6,}\\.[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]*)?",
  ].join("|"),
  "g",
);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const TRIVIAL = /^(true|false|yes|no|on|off|none|null|auto|default|required|optional|oauth2?|basic|bearer|\d{1,5})$/i;
const PATH = /^(\.{1,2}[\\/]|[\\/]|~[\\/]|[A-Za-z]:[\\/]|file:)/;
const SCHEME = /^\s*(?:bearer|basic|token|apikey|api-key|bot|digest|key)\s+/i;

/** `Bearer ` and its like at the beginning of what a header holds, or an empty text. */
export const schemeOf = (text: string): string => SCHEME.exec(text)?.[0] ?? "";

/** As long, with spaces where values stand: they are no text of the team. */
const masked = (template: string): string =>
  template.replace(/\$\$\{|\$\{[A-Za-z_][A-Za-z0-9_]*\}/g, (token) =>
    token === "$${" ? token : " ".repeat(token.length),
  );

/** How often two neighbours are of different kinds, digit or capital or small letter, of all that could be. */
const restless = (word: string): number => {
  const kinds = Array.from(word.replace(/[^A-Za-z0-9]/g, ""), (char) =>
    /\d/.test(char) ? 0 : /[A-Z]/.test(char) ? 1 : 2,
  );
  return kinds.length < 2
    ? 0
    : kinds.filter((kind, at) => at > 0 && kind !== kinds[at - 1]).length / (kinds.length - 1);
};

/** Long, and of letters and digits in no order that a person would choose: package names, dates and versions are not. */
const isSenseless = (word: string): boolean => {
  if (UUID.test(word) || /^(?=.*\d)(?=.*[a-f])[0-9a-f]{32,}$/i.test(word)) return true;
  if (word.length < 20 || !/[A-Za-z]/.test(word)) return false;
  const numbers = (text: string): number => text.match(/\d+/g)?.length ?? 0;
  if (/[a-z]/.test(word) && /[A-Z]/.test(word))
    return restless(word) >= 0.35 && (numbers(word) >= 2 || word.length >= 32);
  return (word.match(/[A-Za-z0-9]{16,}/g) ?? []).some(
    (run) => numbers(run) >= (run.length < 20 ? 4 : 3) && /[A-Za-z]/.test(run),
  );
};

const matchesOf = (text: string, pattern: RegExp, group = 0, under = -1): Span[] =>
  [...text.matchAll(pattern)].flatMap((match) => {
    const [start, end] = match.indices?.[group] ?? [match.index, match.index + match[0].length];
    return text.slice(start, end).trim() === "" ? [] : [{ start, end, under: under < 0 ? "" : (match[under] ?? "") }];
  });

const senselessIn = (text: string): Span[] => {
  // A digest names what everybody may download; folders of this computer hold odd words.
  const pinned = /(?:sha(?:256|384|512)[:-]|[@#])$/i;
  if (PATH.test(text)) return [];
  const whole = /^[A-Za-z0-9+/]{32,}={0,2}$/.test(text) && /[+/]/.test(text) && isSenseless(text.replace(/[+/=]/g, ""));
  if (whole) return [{ start: 0, end: text.length, under: "" }];
  return matchesOf(text, /[A-Za-z0-9_+~-]{20,}={0,2}/g).filter(
    ({ start, end }) => isSenseless(text.slice(start, end)) && !pinned.test(text.slice(0, start)),
  );
};

/** In addresses: password, parameters that are named like secrets. */
const addressed = (text: string): Span[] => [
  ...matchesOf(text, /:\/\/[^/@\s:?#]*:([^/@\s?#]+)@/dg, 1),
  ...matchesOf(text, /https?:\/\/([^/@\s:?#]+)@/dgi, 1),
  ...matchesOf(text, /[?&#;]([A-Za-z0-9_.[\]-]+)=([^&#;\s]+)/dg, 2, 1).filter(
    ({ start, end, under }) => isSecretName(under) && !TRIVIAL.test(text.slice(start, end)),
  ),
];

/** In order, each apart from the others; where two overlap the one that was named first stands. */
const apart = (spans: readonly Span[]): Span[] => {
  const kept: Span[] = [];
  for (const span of spans)
    if (kept.every((other) => other.end <= span.start || span.end <= other.start)) kept.push(span);
  return kept.toSorted((a, b) => a.start - b.start);
};

/** By its shape alone, wherever it stands. */
export const spansIn = (template: string): Span[] => {
  const text = masked(template);
  return apart([...addressed(text), ...matchesOf(text, KNOWN), ...senselessIn(text)]);
};

/** What stands under a name that usually holds a secret. */
export const spansUnder = (under: string, template: string): Span[] => {
  const text = masked(template);
  const start = schemeOf(text).length;
  const rest = text.slice(start);
  const plain =
    text !== template ||
    rest.trim() === "" ||
    TRIVIAL.test(rest.trim()) ||
    PATH.test(rest) ||
    /^[a-z][a-z0-9+.-]*:\/\//i.test(rest);
  return plain
    ? spansIn(template).map((span) => ({ ...span, under: span.under || under }))
    : [{ start, end: text.length, under }];
};

const moved = (spans: readonly Span[], by: number): Span[] =>
  spans.map((span) => ({ ...span, start: span.start + by, end: span.end + by }));

const HEADER = /^(\s*([A-Za-z][A-Za-z0-9-]*)\s*:\s*)(?!\/\/)[^]*\S/;
const PAIR = /^((-{0,2}[A-Za-z_][\w.-]*)=)/;

/** One argument: a name and a value joined by `=`, a header, or a text alone. `flag` is the flag before it. */
const spansOfArg = (arg: string, flag: string): Span[] => {
  const [, whole, name] = PAIR.exec(arg) ?? [];
  if (whole !== undefined && name !== undefined) return moved(spansOfArg(arg.slice(whole.length), name), whole.length);
  const header = HEADER.exec(arg);
  if (
    header?.[1] !== undefined &&
    header[2] !== undefined &&
    (isSecretName(header[2]) || /^(-H|--?headers?)$/i.test(flag))
  ) {
    const value = arg.slice(header[1].length);
    return moved(isSecretName(header[2]) ? spansUnder(header[2], value) : spansIn(value), header[1].length);
  }
  const user = /^(-u|--?user|--?basic-auth)$/.test(flag) ? /^[^:/\s]+:/.exec(arg) : null;
  if (user !== null) return moved(spansUnder(flag, arg.slice(user[0].length)), user[0].length);
  return isSecretName(flag) && !isPlaceholder(arg) ? spansUnder(flag, arg) : spansIn(arg);
};

/** The flag whose value the argument at `at` is, or an empty text. */
export const flagBefore = (args: readonly string[], at: number): string => {
  const before = args[at - 1] ?? "";
  return /^--?[A-Za-z][\w.-]*$/.test(before) && !(args[at] ?? "").startsWith("-") ? before : "";
};

/** By argument. */
export const spansOfArgs = (args: readonly string[]): Span[][] =>
  args.map((arg, at) => spansOfArg(arg, flagBefore(args, at)));
