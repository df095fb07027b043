/** Which proxy leads to an address: by the variables that a terminal or an administrator sets, or by the system's setting. */
import { BlockList, isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { isLoopback } from "./place.ts";

/** A proxy, with what it asks for. `host` and `port` may be shown, the rest never. */
export interface Proxy {
  readonly kind: "http" | "https" | "unknown";
  readonly host: string;
  readonly port: number;
  /** Value of Proxy-Authorization, or null. */
  readonly credentials: string | null;
}
/** To be tried in this order; null is the direct way. Never empty. */
export type Route = readonly (Proxy | null)[];
/** `url` is the origin that is dialled: http or https, with a port where it is not the usual one. */
export type FindRoute = (url: URL) => Promise<Route>;

export const DIRECT: Route = [null];
export type Environment = Readonly<Record<string, string | undefined>>;

const nameIn = (proxy: Proxy): string => `${proxy.host.includes(":") ? `[${proxy.host}]` : proxy.host}:${proxy.port}`;
/** As it may be shown. */
export const shownProxy = (proxy: Proxy): string => nameIn(proxy);

/** Without what a name may be written with and mean the same: brackets, the dot of the root, and IPv6 around an IPv4 address. */
const bare = (hostname: string): string => {
  const host = hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host) ?? [];
  if (high === undefined || low === undefined) return host;
  const parts = [high, low].flatMap((half) => [Number.parseInt(half, 16) >> 8, Number.parseInt(half, 16) & 255]);
  return parts.join(".");
};
export const portOf = (url: URL): number =>
  url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);

/** The sync server inside the app is dialled by its address in the network, also from here. */
const isOwn = (host: string): boolean =>
  Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address.split("%")[0] === host));
/** Addresses of this computer and of the wire that it hangs on. */
const isNear = (url: URL): boolean => {
  const host = bare(url.hostname);
  if (isIP(host) !== 0 && isOwn(host)) return true;
  return (
    isLoopback(url.origin) ||
    host === "localhost" ||
    host.endsWith(".localhost") ||
    host.startsWith("169.254.") ||
    /^fe[89ab][0-9a-f]:/.test(host)
  );
};

/** `example.org` and `.example.org` mean it and all below it; `10.0.0.0/8` a range; `*` everything; a port narrows any. */
const fits = (rule: string, host: string, port: number): boolean => {
  if (rule === "*") return true;
  const [, named = "", at] = /^(\[[^\]]*\]|[^:]*(?::[^:]*:.*)?)(?::(\d{1,5}))?$/.exec(rule) ?? [];
  if (at !== undefined && Number(at) !== port) return false;
  const name = bare(named);
  const [network = "", bits] = name.split("/");
  const family = isIP(network);
  if (bits !== undefined) return family !== 0 && isIP(host) === family && inRange(network, Number(bits), family, host);
  if (family !== 0) return network === host;
  const plain = name.replace(/^\*?\./, "");
  return plain !== "" && (host === plain || host.endsWith(`.${plain}`));
};
const inRange = (network: string, bits: number, family: number, host: string): boolean => {
  if (!Number.isInteger(bits) || bits < 0 || bits > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  const kind = family === 4 ? "ipv4" : "ipv6";
  list.addSubnet(network, bits, kind);
  return list.check(host, kind);
};

/** Whether `NO_PROXY` keeps the address off the proxy. */
export const isExempt = (url: URL, rules: string): boolean =>
  rules
    .toLowerCase()
    .split(/[\s,]+/)
    .some((rule) => rule !== "" && fits(rule, bare(url.hostname), portOf(url)));

/** Null where the text names no proxy. */
export const readProxy = (text: string): Proxy | null => {
  const given = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(given)) return null;
  const url = new URL(given);
  if (url.hostname === "") return null;
  const kind = url.protocol === "http:" ? "http" : url.protocol === "https:" ? "https" : "unknown";
  const port = url.port === "" ? (kind === "https" ? 443 : kind === "http" ? 80 : 1_080) : Number(url.port);
  return {
    kind,
    host: bare(url.hostname),
    port,
    credentials:
      url.username === ""
        ? null
        : `Basic ${Buffer.from(`${plain(url.username)}:${plain(url.password)}`).toString("base64")}`,
  };
};
const plain = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone percent sign stands for itself.
    return text;
  }
};

/** The small spelling counts first, as everywhere. */
const variable = (from: Environment, name: string): string => {
  const found = (wanted: (key: string) => boolean): string | undefined =>
    Object.entries(from).find(([key, value]) => wanted(key) && (value ?? "").trim() !== "")?.[1];
  return (found((key) => key === name) ?? found((key) => key.toLowerCase() === name) ?? "").trim();
};

/** By the environment, or undefined where it names no proxy at all. */
export const routeByEnvironment = (from: Environment, url: URL): Route | undefined => {
  const [http, https, all] = ["http_proxy", "https_proxy", "all_proxy"].map((name) => variable(from, name)) as [
    string,
    string,
    string,
  ];
  if (http + https + all === "") return undefined;
  const proxy = readProxy((url.protocol === "https:" ? https : http) || all);
  return proxy === null || isExempt(url, variable(from, "no_proxy")) ? DIRECT : [proxy];
};

const KINDS: Readonly<Record<string, Proxy["kind"]>> = {
  PROXY: "http",
  HTTP: "http",
  HTTPS: "https",
  SOCKS: "unknown",
  SOCKS4: "unknown",
  SOCKS5: "unknown",
};
/** What Electron answers, as a proxy script writes it: `PROXY proxy.example.org:3128; DIRECT`. */
export const routeBySystem = (answer: string): Route => {
  const route = answer.split(";").flatMap((part): (Proxy | null)[] => {
    const [word = "", at = ""] = part.trim().split(/\s+/);
    if (word.toUpperCase() === "DIRECT") return [null];
    const kind = KINDS[word.toUpperCase()];
    const read = kind === undefined ? null : readProxy(`http://${at}`);
    return kind === undefined || read === null
      ? []
      : [{ ...read, kind, port: /:\d+$/.test(at) ? read.port : kind === "https" ? 443 : read.port }];
  });
  return route.length === 0 ? DIRECT : route;
};

/** `system` asks the shell for the answer of the system; it may reject. */
export const createFindRoute =
  (environment: Environment, system: (origin: string) => Promise<string>): FindRoute =>
  async (url) => {
    if (isNear(url)) return DIRECT;
    // A system that does not answer names no proxy; why a connection fails is told by the connection.
    return routeByEnvironment(environment, url) ?? system(url.origin).then(routeBySystem, () => DIRECT);
  };
