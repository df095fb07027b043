/** Values of a launch, wrapped by the shell before they are stored and unwrapped when a server starts. */
import { refused } from "#bridge/refused.ts";
import { z } from "zod";
import { valuesOf } from "#bridge/launch.ts";
import type { Launch } from "#bridge/tool.ts";
import { type Shell } from "../seams.ts";

/** Throws `tool-value-unknown` where a value is for a variable that the launch does not name. */
export const checkValues = (launch: Launch, values: Readonly<Record<string, string>>): void => {
  const named = valuesOf(launch).map(({ name }) => name);
  if (Object.keys(values).some((name) => !named.includes(name))) throw refused("tool-value-unknown");
  if (
    Object.values(values).some((value) =>
      /[\u0000\r\n]/.test(launch.kind === "http" ? value : value.replace(/[\r\n]/g, "")),
    )
  )
    throw refused("tool-value-invalid");
};

/**
 * Whether values that were given to one launch may go to the other: a key for one address is not sent to another one
 * because somebody changed the launch of the server and a person looked at the difference quickly.
 */
export const sameReceiver = (before: Launch, after: Launch): boolean => {
  if (before.kind === "stdio")
    return (
      after.kind === "stdio" &&
      before.command === after.command &&
      (!startsOthers(before.command) || programIn(before.args) === programIn(after.args))
    );
  return after.kind === "http" && receiverOf(before.url) === receiverOf(after.url);
};
/** Runners, interpreters and shells: which program gets the values stands in their arguments, and in which of them nobody can tell. */
const OTHERS =
  /^(npx|bunx|uvx|pnpx|pnpm|yarn|npm|uv|pipx|docker|podman|nerdctl|node|nodejs|python[\d.]*|pythonw|py|deno|bun|tsx|ruby|php|perl|java|dotnet|go|sh|bash|zsh|cmd|powershell|pwsh|env|sudo|wsl|ssh)$/i;
const startsOthers = (command: string): boolean =>
  OTHERS.test((command.trim().split(/[\\/]/).at(-1) ?? "").replace(/\.(?:exe|cmd|bat|ps1)$/i, ""));
/** All arguments, without the release of a package: another one is still the same program. */
const programIn = (args: readonly string[]): string =>
  JSON.stringify(args.map((arg) => arg.replace(/(.)@(?:[\^~]?\d[\w.+-]*|latest|next|beta)$/, "$1")));

/** Scheme, host and port as they are written, or the value that an address begins with: what follows it up to a slash may go on with its host. */
const receiverOf = (template: string): string =>
  /^(?:[a-z][a-z0-9+.-]*:\/\/|\$\{\w+\})[^/\\?#]*/i.exec(template)?.[0] ?? template;

/** By name, the wrapped text, or null for an empty value, which takes the stored one away. */
export const sealValues = async (
  shell: Shell,
  values: Readonly<Record<string, string>>,
): Promise<Record<string, string | null>> => {
  const sealed: Record<string, string | null> = {};
  for (const [name, text] of Object.entries(values))
    sealed[name] = text === "" ? null : z.string().parse(await shell.request("secret.wrap", { text }));
  return sealed;
};

export const openValues = async (
  shell: Shell,
  sealed: ReadonlyMap<string, string>,
): Promise<Record<string, string>> => {
  const values: Record<string, string> = {};
  for (const [name, text] of sealed)
    values[name] = z.string().parse(await shell.request("secret.unwrap", { sealed: text }));
  return values;
};
