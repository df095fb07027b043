/**
 * Turns what people paste into templates and values of this computer. Other apps' references (`${input:x}`, `${env:X}`,
 * `${X:-default}`, `$HOME/…`, `~/…`), placeholders and what looks like a secret become named values; the rest stays as
 * it is. Nothing is guessed from what the names mean elsewhere: a reference to this computer's environment is asked for.
 */
import type { Told } from "#bridge/told.ts";
import { literal, type LaunchValue } from "#bridge/launch.ts";
import { isPlaceholder, isSecretName, schemeOf, type Span } from "./secret-shapes.ts";
import { isSame } from "#core/protocol/same.ts";

export interface ValueBook {
  /** Lists a value once and answers its name. */
  take(wanted: string, secret: boolean, value: string): string;
  /** A template in which references of other apps are values. `under`: the flag or header that it belongs to. */
  template(text: string, under: string): string;
  /** The template with each span taken out of it. `place` says to people where it stood, `read` what it means. */
  without(
    template: string,
    spans: readonly Span[],
    place: (under: string) => Told,
    read?: (text: string) => string,
  ): string;
  readonly vars: LaunchValue[];
  readonly values: Record<string, string>;
  /** Where values were taken from. */
  readonly kept: Told[];
}

const REFERENCE =
  /\$\{(?:(?:input|env|config|localEnv|secret|secrets)[:.])?([A-Za-z_][\w.-]*)(?::-([^}]*))?\}|\$\{\{?[^}]*\}?\}|\{\{\s*[A-Za-z_][\w.-]*\s*\}\}|<[A-Za-z_ -]*(?:key|token|secret|password)[A-Za-z_ -]*>|^(?:\$([A-Z_][A-Z0-9_]*)(?=$|[\\/]))|^~(?=[\\/])/g;
const NAMES: Readonly<Record<string, string>> = { userHome: "HOME", "~": "HOME" };

const nameFor = (wanted: string): string => {
  const plain = wanted
    .replace(/^-+/, "")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 60);
  const name = /[a-z]/.test(plain) && /[A-Z]/.test(plain) ? plain.replace(/([a-z0-9])([A-Z])/g, "$1_$2") : plain;
  return /^[A-Za-z_]/.test(name) ? name.toUpperCase() : name === "" ? "SECRET" : `V_${name}`.toUpperCase();
};

/** @param env names that are taken already: what a variable of the environment is called no other value is */
export const createValueBook = (env: readonly LaunchValue[], hidden: ReadonlySet<string>): ValueBook => {
  const vars: LaunchValue[] = [];
  const values: Record<string, string> = {};
  const kept: Told[] = [];

  const take: ValueBook["take"] = (wanted, secret, value) => {
    const base = nameFor(wanted);
    const same = (name: string): boolean => value === "" && vars.some((each) => each.name === name);
    const used = (name: string): boolean =>
      env.some((each) => each.name === name) || vars.some((each) => each.name === name);
    let name = base;
    for (let n = 2; used(name) && !same(name); n += 1) name = `${base}_${n}`;
    if (!used(name)) vars.push({ name, secret });
    if (value !== "") values[name] = value;
    return `\${${name}}`;
  };

  /** A reference names a value; the same name elsewhere in the launch means the same one. */
  const refer = (name: string, fallback: string): string => {
    const called = NAMES[name] ?? nameFor(name);
    if ([...env, ...vars].some((each) => each.name === called)) return `\${${called}}`;
    return take(called, isSecretName(name) || hidden.has(name), fallback);
  };

  const template: ValueBook["template"] = (text, under) => {
    if (isPlaceholder(text)) return take(under || text, isSecretName(under) || isSecretName(text), "");
    const pair = /^(-{0,2}[A-Za-z_][\w.-]*=)(.+)$/s.exec(text);
    if (pair?.[1] !== undefined && pair[2] !== undefined && (isPlaceholder(pair[2]) || /^[$~]/.test(pair[2])))
      return literal(pair[1]) + template(pair[2], pair[1].slice(0, -1));
    const scheme = schemeOf(text);
    if (scheme !== "" && isPlaceholder(text.slice(scheme.length)))
      return scheme + take(under || text.slice(scheme.length), true, "");
    let made = "";
    let at = 0;
    for (const match of text.matchAll(REFERENCE)) {
      const [token, named, fallback, shell] = match;
      made +=
        literal(text.slice(at, match.index)) +
        refer(named ?? shell ?? (token === "~" ? token : token.replace(/[${}<>]/g, "").trim()), fallback ?? "");
      at = match.index + token.length;
    }
    return made + literal(text.slice(at));
  };

  const without: ValueBook["without"] = (text, spans, place, read = (value) => value) => {
    let made = text;
    for (const { start, end, under } of spans.toReversed()) {
      const value = read(made.slice(start, end).replaceAll("$${", "${"));
      made = made.slice(0, start) + take(under || "SECRET", true, value) + made.slice(end);
      const stood = place(under);
      if (!kept.some((each) => isSame(each, stood))) kept.push(stood);
    }
    return made;
  };

  return { take, template, without, vars, values, kept };
};
