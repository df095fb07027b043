/**
 * Which account of this computer is at the other end of a connection. An address with its token is handed to the browser
 * on a command line, which every account can read; what it opens is for the account that started Bulkhead.
 */
import { readFileSync } from "node:fs";

/** The kernel's lists of connections; on other systems there are none that can be read like this. */
const TABLES = ["/proc/net/tcp", "/proc/net/tcp6"] as const;
/** 127.0.0.1 as the two lists write it. */
const LOOPBACK = ["0100007F", "0000000000000000FFFF00000100007F"];

/** Account of the connection that came from port `from` of this computer to port `to`, or null where the list has none. */
export const accountIn = (table: string, from: number, to: number): number | null => {
  const [mine, other] = [from, to].map((port) => port.toString(16).toUpperCase().padStart(4, "0"));
  for (const line of table.split("\n")) {
    const [, local = "", remote = "", , , , , uid = ""] = line.trim().split(/\s+/);
    if (LOOPBACK.some((address) => local === `${address}:${mine}` && remote === `${address}:${other}`))
      return Number(uid);
  }
  return null;
};

/**
 * Whether another account connects. One that cannot be seen comes from another network of its own, as through a tunnel or
 * out of a container, and whoever forwards a port for it is asked nothing more than its token; so is the administrator.
 */
export const isForeign = (from: number, to: number, own = process.getuid?.(), read = readTable): boolean => {
  if (own === undefined) return false;
  const account = TABLES.map((path) => accountIn(read(path), from, to)).find((found) => found !== null) ?? null;
  return account !== null && account !== own && account !== 0;
};

const readTable = (path: string): string => {
  try {
    return readFileSync(path, "latin1");
  } catch {
    // A system without this table, or without this family of addresses.
    return "";
  }
};
