/** Whether an address leads to one of some hosts. Only the plainest spelling of an address is certain. */
import type { Fit } from "./likeness.ts";

const LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
const NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
const ITEM = new RegExp(`^(\\*\\.)?(${LABEL}(?:\\.${LABEL})*)(?::([0-9]{1,5}))?$`);
const V4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/;
/** A last part that programs read as a number makes the whole an address: 127.1, 0x7f.1, 2130706433. */
const NUMBER_LAST = /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/;
/** Scheme, host, port, rest. No name and password, nothing that one parser reads as host and another as path. */
const PLAIN_URL = /^(https?):\/\/([a-z0-9.-]+)(?::([0-9]{1,5}))?(?:[/?#][\x21-\x7e]*)?$/i;
const URL_MAX = 4_096;

const itemsOf = (value: string): string[] =>
  value
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((item) => item !== "");
const isName = (host: string): boolean => NAME.test(host) && (V4.test(host) || !NUMBER_LAST.test(host));

/** `value` lists hosts, separated by commas or spaces; `*.example.org` stands for every name below it. */
export const hostIn = (leaf: string, value: string): Fit => {
  const items = itemsOf(value);
  const found = leaf.length > URL_MAX || /[\\@]/.test(leaf) ? null : PLAIN_URL.exec(leaf);
  const host = (found?.[2] ?? "").toLowerCase();
  if (found === null || items.length === 0 || !isName(host)) return "unclear";
  const port = Number(found[3] ?? (found[1]?.toLowerCase() === "https" ? 443 : 80));
  if (items.some((item) => names(item, host, port))) return "yes";
  // A number can be the number of any host that the rule names.
  return V4.test(host) ? "unclear" : "no";
};

const names = (item: string, host: string, port: number): boolean => {
  const [, below, name, only] = ITEM.exec(item) ?? [];
  if (name === undefined || (only !== undefined && Number(only) !== port)) return false;
  return below === undefined ? host === name : host.endsWith(`.${name}`) && !V4.test(host);
};

/** Whether every item can be the host of an address as `hostIn` reads one. */
export const areHosts = (value: string): boolean =>
  itemsOf(value).length > 0 &&
  itemsOf(value).every((item) => isName(ITEM.exec(item)?.[2] ?? "") && !/^\*\..*\d$/.test(item));
