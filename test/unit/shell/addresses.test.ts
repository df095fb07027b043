/** Which addresses of a computer are offered to others, and in which order. */
import { expect, test } from "vitest";
import { addressesIn } from "../../../electron/shell/addresses.ts";

const one = (address: string, internal = false) => ({
  address,
  family: address.includes(":") ? ("IPv6" as const) : ("IPv4" as const),
  internal,
});

test("[T37] what reaches nobody is not offered, and the likeliest stands first", () => {
  const found = addressesIn({
    lo: [one("127.0.0.1", true), one("::1", true)],
    docker0: [one("172.17.0.1")],
    eth0: [
      one("fe80::1"),
      one("169.254.3.4"),
      one("2001:db8::5"),
      one("203.0.113.9"),
      one("192.168.1.20"),
      one("fd00::2"),
    ],
    tailscale0: [one("100.101.102.103")],
  });
  expect(found.map(({ host, kind, name }) => [host, kind, name])).toEqual([
    ["192.168.1.20", "local", "eth0"],
    ["100.101.102.103", "shared", "tailscale0"],
    ["203.0.113.9", "public", "eth0"],
    ["fd00::2", "local", "eth0"],
    ["2001:db8::5", "public", "eth0"],
    ["172.17.0.1", "local", "docker0"],
  ]);
  expect(addressesIn({ lo: [one("127.0.0.1", true)] })).toEqual([]);
});
