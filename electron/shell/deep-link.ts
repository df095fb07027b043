/**
 * Links that reach the app from outside: a closed list of routes. A link is untrusted text and does nothing by itself;
 * what is let through here goes to the confirm screen and nowhere else (T28).
 */
import { told } from "#bridge/told.ts";
import type { Told } from "#bridge/told.ts";

export const DEEP_LINK_SCHEME = "bulkhead";
/** Longest link that is looked at, in characters. */
export const DEEP_LINK_MAX = 4_096;

const ROUTES = ["join", "pair"] as const;

type Problem = "link-oversized" | "link-foreign" | "link-characters" | "link-damaged" | "link-route";
export type DeepLink =
  | { readonly ok: true; readonly route: "join" | "pair"; readonly url: string }
  | { readonly ok: false; readonly why: Told };

/** Reads a link from the operating system. The answer's `url` has one spelling, whichever the system used. */
export const readDeepLink = (link: string): DeepLink => {
  if (link.length > DEEP_LINK_MAX) return no("link-oversized");
  if (!link.toLowerCase().startsWith(`${DEEP_LINK_SCHEME}:`)) return no("link-foreign");
  if (/[^\x21-\x7e]/.test(link)) return no("link-characters");
  const hash = link.indexOf("#");
  const route = (hash < 0 ? link : link.slice(0, hash)).slice(DEEP_LINK_SCHEME.length + 1).toLowerCase();
  // Some systems add a slash after the host part when they pass a link on.
  const known = ROUTES.find((name) => route === `//${name}` || route === `//${name}/`);
  if (known === undefined) return no("link-route");
  const code = hash < 0 ? "" : link.slice(hash + 1);
  if (!/^[A-Za-z0-9._-]+$/.test(code)) return no("link-damaged");
  return { ok: true, route: known, url: `${DEEP_LINK_SCHEME}://${known}#${code}` };
};

const no = (code: Problem): DeepLink => ({ ok: false, why: told(code) });

/** The link among command-line arguments, if any: the last one, since systems append it. */
export const linkAmong = (args: readonly string[]): string | undefined =>
  args.findLast((arg) => arg.toLowerCase().startsWith(`${DEEP_LINK_SCHEME}:`));
