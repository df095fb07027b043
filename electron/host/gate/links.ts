/**
 * Where a path leads on this computer, links followed, also where its last parts do not exist yet. For tool servers
 * that run here; what a container or another computer sees cannot be told from here.
 */
import { lstatSync, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import type { ServerId } from "#core/protocol/ids.ts";
import type { ReadLog } from "#core/rules/read.ts";
import type { Links } from "./paths.ts";

/** A judgement looks at no more places than this: an argument of thousands of paths would hold the host up. */
const LOOKS_MAX = 512;
const HOPS_MAX = 40;

/** For a server of the workspace: what is started here reads this disk, what is at an address another one. */
export const linksOf = (log: ReadLog, server: string): Links | undefined =>
  log.servers.get(server as ServerId)?.launch.kind === "stdio" ? linksHere() : undefined;

/** Made anew for each judgement: what was seen a moment ago may be a link now. */
export const linksHere = (): Links => {
  const known = new Map<string, string | null>();
  let looks = 0;
  return (path) => {
    const seen = known.get(path);
    if (seen !== undefined) return seen;
    const real = isAbsolute(path) ? follow(path, HOPS_MAX, () => (looks += 1) <= LOOKS_MAX) : null;
    known.set(path, real);
    return real;
  };
};

/** The nearest folder that is there, made real, with the rest after it. `..` is taken as the system takes it: after links. */
const follow = (path: string, hops: number, look: () => boolean): string | null => {
  if (hops === 0 || !look()) return null;
  try {
    return realpathSync.native(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") return null;
  }
  const [above, name] = [follow(dirname(path), hops - 1, look), basename(path)];
  if (above === null || dirname(path) === path) return null;
  if (name === "..") return dirname(above);
  if (name === ".") return above;
  const target = targetOf(join(above, name));
  if (target === undefined) return join(above, name);
  return target === null ? null : follow(isAbsolute(target) ? target : `${above}/${target}`, hops - 1, look);
};

/** What a link names that leads nowhere yet: writing to it makes that file. Undefined where nothing is there. */
const targetOf = (path: string): string | null | undefined => {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? undefined : null;
  }
};
