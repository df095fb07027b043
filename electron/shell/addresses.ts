/**
 * Addresses of this computer under which others may reach it, the likeliest first. Whether they do depends on the
 * network and its firewalls, so a person picks; what can reach nobody is not offered: loopback, and addresses that
 * only mean something on one cable.
 */
import { networkInterfaces } from "node:os";
import type { NetworkInterfaceInfo } from "node:os";
import type { NetworkAddress } from "#bridge/workspace.ts";

type Interfaces = Readonly<
  Record<string, readonly Pick<NetworkInterfaceInfo, "address" | "family" | "internal">[] | undefined>
>;

const ADDRESSES_MAX = 16;
/** Networks that programs make inside one computer, by the names that they give them. */
const INNER = /^(?:docker|br-|veth|virbr|vmnet|vboxnet|cni|lxc|lxd|podman)/;

const kindOf = (address: string): NetworkAddress["kind"] => {
  if (address.includes(":")) return /^f[cd]/i.test(address) ? "local" : "public";
  const [a = 0, b = 0] = address.split(".").map(Number);
  if (a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168)) return "local";
  // What providers and private overlays lend.
  return a === 100 && b >= 64 && b < 128 ? "shared" : "public";
};
const onOneCable = (address: string): boolean => address.startsWith("169.254.") || /^fe[89ab]/i.test(address);
const rank = ({ host, name, kind }: NetworkAddress): number =>
  (INNER.test(name) ? 100 : 0) + (host.includes(":") ? 10 : 0) + ["local", "shared", "public"].indexOf(kind);

export const addressesIn = (interfaces: Interfaces): NetworkAddress[] =>
  Object.entries(interfaces)
    .flatMap(([name, list]) =>
      (list ?? [])
        .filter(({ internal, address }) => !internal && !onOneCable(address))
        .map(({ address }): NetworkAddress => ({ host: address, name: name.slice(0, 64), kind: kindOf(address) })),
    )
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, ADDRESSES_MAX);

export const networkAddresses = (): NetworkAddress[] => addressesIn(networkInterfaces());
