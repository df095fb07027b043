/**
 * The names by which this server may be dialled. A client signs the origin it dialled, so that its answer is worthless
 * at another server. That holds only while a server accepts no name that it does not own: a `Host` header is written by
 * whoever connects, and a relay would simply write its own. So the names are those given with `--origin`, and the
 * addresses of this machine itself. It also keeps a web page from reaching a local server under a name of its own.
 */
import { hostname, networkInterfaces } from "node:os";
import type { Log } from "../system/log.ts";

/** Lines of the log about dialled names that are none of ours, so many ms apart: anybody can make up a name. */
const SAY_EVERY_MS = 60_000;

/** Tells the person who runs the server, who may have mistyped `--origin`. The name itself is a stranger's word, and stays out. */
export const tellUnknown = (log: Log, now: () => number): ((code: number) => void) => {
  let count = 0;
  let said = Number.NEGATIVE_INFINITY;
  return (code) => {
    count += 1;
    if (Math.abs(now() - said) < SAY_EVERY_MS) return;
    log({ event: "origin-unknown", code, count });
    said = now();
    count = 0;
  };
};

export interface Origins {
  /** Origin for a request with this `Host` header, or undefined where the name is not ours. */
  dialled(host: string | undefined): string | undefined;
  accepts(origin: string): boolean;
}

const ownNames = (): string[] => {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const literals = addresses.map(({ address, family }) =>
    family === "IPv6" ? `[${address.split("%")[0] ?? ""}]` : address,
  );
  const name = hostname().toLowerCase();
  return ["localhost", "127.0.0.1", "[::1]", ...literals, name, `${name}.local`];
};

const originOf = (scheme: "http" | "https", host: string): string | undefined => {
  try {
    const url = new URL(`${scheme}://${host}`);
    return url.host === host.toLowerCase() || url.pathname === "/" ? url.origin : undefined;
  } catch {
    // No host: no origin.
    return undefined;
  }
};

/** Addresses come and go with cables; asking the system for them costs as much as a signature. */
const KEPT_MS = 1_000;
const keptNames = (now: () => number): (() => readonly string[]) => {
  let kept: readonly string[] = [];
  let at = Number.NEGATIVE_INFINITY;
  return () => {
    if (Math.abs(now() - at) > KEPT_MS) [kept, at] = [ownNames(), now()];
    return kept;
  };
};

/** `configured` are origins as `new URL(x).origin` prints them; `port` is the one listened on. */
export const createOrigins = (configured: readonly string[], port: number, now: () => number): Origins => {
  const names = keptNames(now);
  const isOwn = (origin: string): boolean => names().some((name) => originOf("http", `${name}:${port}`) === origin);
  const accepts = (origin: string): boolean => configured.includes(origin) || isOwn(origin);
  return {
    accepts,
    dialled: (host) => {
      if (host === undefined || !/^[a-z0-9.\-[\]:]{1,255}$/i.test(host)) return configured[0];
      const named = configured.find((origin) => new URL(origin).host === host.toLowerCase());
      if (named !== undefined) return named;
      const own = originOf("http", host);
      // A proxy that rewrites the header: its clients dialled one of the configured names.
      return own !== undefined && isOwn(own) ? own : configured[0];
    },
  };
};
