/**
 * Links that reach the app from outside: a closed list of routes. A link is untrusted text and does nothing by itself;
 * what is let through here goes to the confirm screen and nowhere else (T28).
 */
export const DEEP_LINK_SCHEME = "bulkhead";
/** Longest link that is looked at, in characters. */
export const DEEP_LINK_MAX = 4_096;

const ROUTES = ["join", "pair"] as const;

export type DeepLink =
  | { readonly ok: true; readonly route: "join" | "pair"; readonly url: string }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Reads a link from the operating system. The answer's `url` has one spelling, whichever the system used. */
export const readDeepLink = (link: string): DeepLink => {
  if (link.length > DEEP_LINK_MAX)
    return no("link-too-long", "The link is longer than any link that Bulkhead makes, so it was not opened.");
  if (!link.toLowerCase().startsWith(`${DEEP_LINK_SCHEME}:`))
    return no("link-foreign", "The link is not for Bulkhead.");
  if (/[^\x21-\x7e]/.test(link))
    return no("link-malformed", "The link has characters in it that no link of Bulkhead has. Copy it again.");
  const hash = link.indexOf("#");
  const route = (hash < 0 ? link : link.slice(0, hash)).slice(DEEP_LINK_SCHEME.length + 1).toLowerCase();
  // Some systems add a slash after the host part when they pass a link on.
  const known = ROUTES.find((name) => route === `//${name}` || route === `//${name}/`);
  if (known === undefined)
    return no(
      "link-route",
      "The link asks for something that links cannot do. Only invites and codes of your own computers are opened from links.",
    );
  const code = hash < 0 ? "" : link.slice(hash + 1);
  if (!/^[A-Za-z0-9._-]+$/.test(code))
    return no("link-malformed", "The code in the link is damaged. Copy the whole link again.");
  return { ok: true, route: known, url: `${DEEP_LINK_SCHEME}://${known}#${code}` };
};

const no = (code: string, message: string): DeepLink => ({ ok: false, code, message });

/** The link among command-line arguments, if any: the last one, since systems append it. */
export const linkAmong = (args: readonly string[]): string | undefined =>
  args.findLast((arg) => arg.toLowerCase().startsWith(`${DEEP_LINK_SCHEME}:`));
