/** What a launch must be before it may be shown for review, shared or started, whoever wrote it. */
import { hides } from "#bridge/plain-text.ts";
import type { Code, Launch } from "#bridge/views.ts";

const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

export const isEnvName = (name: string): boolean => ENV_NAME.test(name) && name !== "__proto__" && name.length <= 128;
const problem = (code: string, message: string): Code => ({ code, message });

const urlProblem = (text: string): Code | null => {
  if (!URL.canParse(text)) return problem("launch-url-invalid", "This is not a web address. It must start with https://, or http:// for a server on this computer.");
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return problem("launch-url-secret", "The address holds a user name or password, and the whole team would see it. Remove it from the address.");
  if (url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.has(url.hostname))) return null;
  return problem("launch-url-insecure", "Arguments and results would travel unencrypted. Use an https:// address; http:// is only for a server on this computer.");
};

/** The reason why this launch is refused, or null. */
export const launchProblem = (launch: Launch): Code | null => {
  if (launch.kind === "http") return hides(launch.url) ? problem("launch-invalid", "The address holds characters that cannot be seen.") : urlProblem(launch.url);
  if (launch.command.trim() === "") return problem("launch-invalid", "The command is empty. Name the program to start.");
  if (hides(launch.command) || launch.args.some((arg) => hides(arg, true))) {
    return problem("launch-invalid", "The command holds characters that cannot be seen, so it could look like another one. Type it again by hand.");
  }
  const names = launch.env.map(({ name }) => name);
  const wrong = names.find((name) => !isEnvName(name));
  if (wrong !== undefined) return problem("launch-env-invalid", "A name of an environment variable is not valid. Use letters, digits and underscores, and no digit first.");
  if (new Set(names).size < names.length) return problem("launch-env-invalid", "An environment variable is named twice. Name each one once.");
  return null;
};
