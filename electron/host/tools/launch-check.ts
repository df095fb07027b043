/** What a launch must be before it may be shown for review, shared or started, whoever wrote it. */
import { filledWith, piecesOf, templatesOf, valuesOf } from "#bridge/launch.ts";
import { hides } from "#bridge/plain-text.ts";
import { told, type Told } from "#bridge/told.ts";
import type { Launch } from "#bridge/tool.ts";

const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

export const isEnvName = (name: string): boolean => ENV_NAME.test(name) && name !== "__proto__" && name.length <= 128;

/** Of an address as it will be dialled, without templates. */
export const urlProblem = (text: string): Told | null => {
  if (!URL.canParse(text)) return told("launch-url-invalid");
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return told("launch-url-secret");
  if (url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.has(url.hostname))) return null;
  return told("launch-url-insecure");
};

/** A digit may stand in a name, a port or a path, so a template with it reads as the address that it will be. */
const templateUrlProblem = (template: string): Told | null =>
  piecesOf(template)?.[0]?.kind === "value" ? null : urlProblem(filledWith(template, () => "1"));

/** Between two hops, or set by the protocol itself: with them a request could be read as another one, or go elsewhere. */
const FORBIDDEN_HEADER =
  /^(host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|content-.*|accept|accept-encoding|origin|referer|via|forwarded|x-forwarded-.*|proxy-.*|sec-.*|mcp-(session-id|protocol-version)|last-event-id)$/i;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
export const isOwnHeader = (name: string): boolean => FORBIDDEN_HEADER.test(name);

const headersProblem = (headers: readonly { readonly name: string; readonly value: string }[]): Told | null => {
  if (headers.some(({ name }) => !HEADER_NAME.test(name))) return told("launch-header-invalid");
  if (headers.some(({ name }) => isOwnHeader(name))) return told("launch-header-own");
  if (headers.some(({ value }) => !/^[\x20-\x7e]*$/.test(value))) return told("launch-header-value");
  const names = headers.map(({ name }) => name.toLowerCase());
  return new Set(names).size < names.length ? told("launch-header-twice") : null;
};

const valuesProblem = (launch: Launch): Told | null => {
  const names = valuesOf(launch).map(({ name }) => name);
  if (names.some((name) => !isEnvName(name))) return told("launch-env-invalid");
  if (new Set(names).size < names.length) return told("launch-env-twice");
  const pieces = templatesOf(launch).map(piecesOf);
  const unknown = pieces.some(
    (each) => each === null || each.some((piece) => piece.kind === "value" && !names.includes(piece.name)),
  );
  return unknown ? told("launch-template") : null;
};

/** The reason why this launch is refused, or null. */
export const launchProblem = (launch: Launch): Told | null => {
  const values = valuesProblem(launch);
  if (values !== null) return values;
  if (launch.kind === "http")
    return hides(launch.url)
      ? told("launch-url-unseen")
      : (headersProblem(launch.headers) ?? templateUrlProblem(launch.url));
  if (launch.command.trim() === "") return told("launch-empty");
  if (hides(launch.command) || launch.args.some((arg) => hides(arg, true))) {
    return told("launch-unseen");
  }
  return null;
};
