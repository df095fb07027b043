/** What a launch must be before it may be shown for review, shared or started, whoever wrote it. */
import { filledWith, piecesOf, templatesOf, valuesOf } from "#bridge/launch.ts";
import { hides } from "#bridge/plain-text.ts";
import type { Code } from "#bridge/answer.ts";
import type { Launch } from "#bridge/tool.ts";

const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

export const isEnvName = (name: string): boolean => ENV_NAME.test(name) && name !== "__proto__" && name.length <= 128;
const problem = (code: string, message: string): Code => ({ code, message });

/** Of an address as it will be dialled, without templates. */
export const urlProblem = (text: string): Code | null => {
  if (!URL.canParse(text))
    return problem(
      "launch-url-invalid",
      "This is not a web address. It must start with https://, or http:// for a server on this computer.",
    );
  const url = new URL(text);
  if (url.username !== "" || url.password !== "")
    return problem(
      "launch-url-secret",
      "The address holds a user name or password, and the whole team would see it. Remove it from the address, and give it as a header.",
    );
  if (url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.has(url.hostname))) return null;
  return problem(
    "launch-url-insecure",
    "Arguments and results would travel unencrypted. Use an https:// address; http:// is only for a server on this computer.",
  );
};

/** A digit may stand in a name, a port or a path, so a template with it reads as the address that it will be. */
const templateUrlProblem = (template: string): Code | null =>
  piecesOf(template)?.[0]?.kind === "value" ? null : urlProblem(filledWith(template, () => "1"));

/** Between two hops, or set by the protocol itself: with them a request could be read as another one, or go elsewhere. */
const FORBIDDEN_HEADER =
  /^(host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|content-.*|accept|accept-encoding|origin|referer|via|forwarded|x-forwarded-.*|proxy-.*|sec-.*|mcp-(session-id|protocol-version)|last-event-id)$/i;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
export const isOwnHeader = (name: string): boolean => FORBIDDEN_HEADER.test(name);

const headersProblem = (headers: readonly { readonly name: string; readonly value: string }[]): Code | null => {
  if (headers.some(({ name }) => !HEADER_NAME.test(name)))
    return problem("launch-header-invalid", "A name of a header is not valid. Use letters, digits and dashes.");
  if (headers.some(({ name }) => isOwnHeader(name)))
    return problem("launch-header-invalid", "The launch names a header that the connection sets by itself. Remove it.");
  if (headers.some(({ value }) => !/^[\x20-\x7e]*$/.test(value)))
    return problem(
      "launch-header-invalid",
      "A header holds a character that no header can hold, such as a line end. Type it again by hand.",
    );
  const names = headers.map(({ name }) => name.toLowerCase());
  return new Set(names).size < names.length
    ? problem("launch-header-invalid", "A header is named twice. Name each one once.")
    : null;
};

const valuesProblem = (launch: Launch): Code | null => {
  const names = valuesOf(launch).map(({ name }) => name);
  if (names.some((name) => !isEnvName(name)))
    return problem(
      "launch-env-invalid",
      "A name of a variable is not valid. Use letters, digits and underscores, and no digit first.",
    );
  if (new Set(names).size < names.length)
    return problem("launch-env-invalid", "A variable is named twice. Name each one once.");
  const pieces = templatesOf(launch).map(piecesOf);
  const unknown = pieces.some(
    (each) => each === null || each.some((piece) => piece.kind === "value" && !names.includes(piece.name)),
  );
  return unknown
    ? problem(
        "launch-template",
        "The command names a value in ${…} that is not listed with it. List it, or write $${ where ${ itself is meant.",
      )
    : null;
};

/** The reason why this launch is refused, or null. */
export const launchProblem = (launch: Launch): Code | null => {
  const values = valuesProblem(launch);
  if (values !== null) return values;
  if (launch.kind === "http")
    return hides(launch.url)
      ? problem("launch-invalid", "The address holds characters that cannot be seen.")
      : (headersProblem(launch.headers) ?? templateUrlProblem(launch.url));
  if (launch.command.trim() === "")
    return problem("launch-invalid", "The command is empty. Name the program to start.");
  if (hides(launch.command) || launch.args.some((arg) => hides(arg, true))) {
    return problem(
      "launch-invalid",
      "The command holds characters that cannot be seen, so it could look like another one. Type it again by hand.",
    );
  }
  return null;
};
