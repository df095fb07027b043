/**
 * Origins of servers, in the one spelling that `new URL(x).origin` prints. A client signs the origin that it dialled and a
 * server compares the text, so a second spelling of the same address is another server. The core has no URL, and takes
 * less than one would: a name of letters, digits and hyphens, an IPv4 address, or an IPv6 address in brackets.
 */

export const ORIGIN_MAX = 300;
const shape = /^(https?):\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(?::([1-9][0-9]{0,4}))?$/;
/** What a URL leaves out. */
const USUAL_PORT: Readonly<Record<string, string>> = { http: "80", https: "443" };

/** The newest number wins: a URL reads every host whose last label is a number as an IPv4 address. */
const isNumber = (label: string): boolean => /^(?:[0-9]+|0x[0-9a-f]*)$/.test(label);
const isIPv4 = (host: string): boolean =>
  /^(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3}$/.test(host) &&
  host.split(".").every((part) => Number(part) <= 255);
const isName = (host: string): boolean => (isNumber(host.split(".").at(-1) ?? "") ? isIPv4(host) : true);

/** The eight groups of an address between brackets, or undefined. */
const groupsOf = (text: string): number[] | undefined => {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [before = [], after = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const given = [...before, ...after];
  if (!given.every((group) => /^[0-9a-f]{1,4}$/.test(group))) return undefined;
  const missing = 8 - given.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  return [...before, ...Array.from({ length: missing }, () => "0"), ...after].map((group) =>
    Number.parseInt(group, 16),
  );
};
/** The first of the longest runs of zeros is left out, where it has two groups or more. */
const written = (groups: readonly number[]): string => {
  let best = { at: 0, length: 1 };
  for (let at = 0; at < groups.length; at += 1) {
    const end = groups.findIndex((group, index) => index >= at && group !== 0);
    const length = (end === -1 ? groups.length : end) - at;
    if (length > best.length) best = { at, length };
  }
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(":");
  return best.length < 2
    ? text(groups)
    : `${text(groups.slice(0, best.at))}::${text(groups.slice(best.at + best.length))}`;
};
const isIPv6 = (text: string): boolean => {
  const groups = groupsOf(text);
  return groups !== undefined && written(groups) === text;
};

/** Accepts only what `new URL(x).origin` would print: no path, no credentials, no usual port, lower case. */
export const isServerOrigin = (value: string): boolean => {
  const [, scheme = "", host = "", port] = (value.length <= ORIGIN_MAX ? shape.exec(value) : null) ?? [];
  if (host === "" || (port !== undefined && (port === USUAL_PORT[scheme] || Number(port) > 65_535))) return false;
  return host.startsWith("[") ? isIPv6(host.slice(1, -1)) : isName(host);
};
