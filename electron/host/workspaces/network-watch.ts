/** Whether this computer is on another network than at the last look, or slept since. Asked with each tick. */
import { networkInterfaces } from "node:os";

/** Addresses of this computer in networks, as one text. */
export const networkNow = (): string =>
  Object.entries(networkInterfaces())
    .flatMap(([name, list]) =>
      (list ?? []).filter(({ internal }) => !internal).map(({ address }) => `${name} ${address}`),
    )
    .toSorted()
    .join("\n");

/** A tick that comes later than this was not only slow. */
const SLEPT_MS = 30_000;

export const createNetworkWatch = (network: () => string, now: () => number): (() => boolean) => {
  let last = { network: network(), at: now() };
  return () => {
    const next = { network: network(), at: now() };
    const moved = next.network !== last.network || Math.abs(next.at - last.at) > SLEPT_MS;
    last = next;
    return moved;
  };
};
