/** How a server's launch reads, and how two of them differ. Pure. */
import { visible } from "#bridge/plain-text.ts";
import type { Launch } from "#bridge/tool.ts";
import { reviewWords as words } from "../../text/tools.ts";

/** One line as a shell would show it; arguments with spaces are quoted so that their borders are seen. */
export const launchLine = (launch: Launch): string =>
  visible(
    launch.kind === "http"
      ? launch.url
      : [launch.command, ...launch.args]
          .map((word) => (/^[\w./:@=+,~-]+$/.test(word) ? word : JSON.stringify(word)))
          .join(" "),
  );

export interface LaunchLine {
  readonly label: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly change: "same" | "added" | "removed" | "changed";
}

export const launchDifference = (before: Launch | null, after: Launch): LaunchLine[] => {
  const old = before === null ? new Map<string, string>() : parts(before);
  const next = parts(after);
  const order = (label: string) =>
    label === words.environment ? 1_000 : label === words.ownValues ? 1_001 : Number(label.match(/\d+$/)?.[0] ?? 0);
  const labels = [...new Set([...old.keys(), ...next.keys()])].toSorted((a, b) => order(a) - order(b));
  return labels.map((label) => {
    const was = old.get(label) ?? null;
    const is = next.get(label) ?? null;
    return {
      label,
      before: was,
      after: is,
      change: was === is ? "same" : was === null ? "added" : is === null ? "removed" : "changed",
    };
  });
};

const parts = (launch: Launch): Map<string, string> => {
  if (launch.kind === "http") {
    const headers = launch.headers.map(({ name, value }): [string, string] => [
      words.header(visible(name)),
      visible(value),
    ]);
    return new Map<string, string>([[words.address, visible(launch.url)], ...headers, ...named(launch)]);
  }
  const lines = new Map<string, string>([[words.command, visible(launch.command)]]);
  for (const [index, arg] of launch.args.entries()) lines.set(words.argument(index + 1), visible(arg));
  if (launch.env.length > 0) lines.set(words.environment, launch.env.map((each) => visible(each.name)).join(", "));
  return new Map([...lines, ...named(launch)]);
};

/** Names of values that the templates use: what each person fills in, besides the environment. */
const named = (launch: Launch): [string, string][] =>
  launch.vars.length === 0 ? [] : [[words.ownValues, launch.vars.map((each) => visible(each.name)).join(", ")]];
