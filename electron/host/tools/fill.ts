/** A launch with the values of this computer in the places that its templates name. Made at each start and kept nowhere. */
import { told } from "#bridge/told.ts";
import { homedir } from "node:os";
import { filledWith, piecesOf, templatesOf, valuesOf } from "#bridge/launch.ts";
import type { Launch } from "#bridge/tool.ts";
import { urlProblem } from "./launch-check.ts";
import type { Answer } from "./link.ts";
import { failure } from "./wire.ts";

export type Filled =
  | { readonly kind: "stdio"; readonly command: string; readonly args: readonly string[] }
  | { readonly kind: "http"; readonly url: string; readonly headers: readonly (readonly [string, string])[] };

/** What stands where nothing was filled in. A launch can so name each person's own home folder. */
const PLACES: Readonly<Record<string, () => string>> = { HOME: homedir };

/** Printable ASCII: with a line end in it a value would become a header of its own. */
const isHeaderValue = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

const filledUrl = (template: string, of: (name: string) => string): string =>
  // Encoded, so that no value changes which server is meant; only a whole beginning of an address is somebody's own.
  filledWith(template, (name, first) => (first ? of(name) : encodeURIComponent(of(name))));

/** Refuses where a template's value is not here. A variable of the environment may stay empty. */
export const fillLaunch = (launch: Launch, values: Readonly<Record<string, string>>): Answer<Filled> => {
  const of = (name: string): string =>
    (Object.hasOwn(values, name) ? values[name] : undefined) ??
    (Object.hasOwn(PLACES, name) ? PLACES[name]?.() : undefined) ??
    "";
  const used = new Set(
    templatesOf(launch)
      .flatMap((template) => piecesOf(template) ?? [])
      .flatMap((piece) => (piece.kind === "value" ? [piece.name] : [])),
  );
  const lacking = [...used].filter((name) => of(name) === "");
  if (lacking.length > 0) return { ok: false, failure: failure(told("tool-value-missing", lacking), true) };
  if (launch.kind === "stdio")
    return {
      ok: true,
      value: { kind: "stdio", command: launch.command, args: launch.args.map((arg) => filledWith(arg, of)) },
    };
  const url = filledUrl(launch.url, of);
  const headers = launch.headers.map(({ name, value }) => [name, filledWith(value, of)] as const);
  if (headers.some(([, value]) => !isHeaderValue(value)))
    return { ok: false, failure: failure(told("tool-value-unsendable"), true) };
  const wrong = urlProblem(url);
  return wrong === null
    ? { ok: true, value: { kind: "http", url, headers } }
    : { ok: false, failure: failure(wrong, true) };
};

/** What the server's log and errors must not show, also where it stands in an address. */
export const hiddenOf = (launch: Launch, values: Readonly<Record<string, string>>): string[] =>
  valuesOf(launch).flatMap(({ name, secret }) => {
    const value = secret && Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined
      ? []
      : [...new Set([value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])];
  });
