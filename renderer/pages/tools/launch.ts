/** How a server's launch reads, and how two of them differ. Pure. */
import type { Launch } from "#bridge/views.ts";
import { visible } from "../../parts/argument-view.ts";
import { reviewWords as words } from "../../text/tools.ts";

/** One line as a shell would show it; arguments with spaces are quoted so that their borders are seen. */
export const launchLine = (launch: Launch): string => visible(launch.kind === "http" ? launch.url : [launch.command, ...launch.args].map((word) => (/^[\w./:@=+,~-]+$/.test(word) ? word : JSON.stringify(word))).join(" "));

export interface LaunchLine {
  readonly label: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly change: "same" | "added" | "removed" | "changed";
}

export const launchDifference = (before: Launch | null, after: Launch): LaunchLine[] => {
  const old = new Map(before === null ? [] : parts(before));
  const next = new Map(parts(after));
  return [...new Set([...old.keys(), ...next.keys()])].map((label) => {
    const was = old.get(label) ?? null;
    const is = next.get(label) ?? null;
    return { label, before: was, after: is, change: was === is ? "same" : was === null ? "added" : is === null ? "removed" : "changed" };
  });
};

const parts = (launch: Launch): [string, string][] =>
  launch.kind === "http"
    ? [[words.address, visible(launch.url)]]
    : [[words.command, visible(launch.command)], ...launch.args.map((arg, index): [string, string] => [`${words.arguments} ${index + 1}`, visible(arg)]), [words.environment, launch.env.map((each) => visible(each.name)).join(", ")]];
