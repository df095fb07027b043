/**
 * Whom an address counts for. A household or a rented machine gets a whole IPv6 network of 2^64 addresses, so one of
 * them stands for all: limits for each single address would be limits for nobody.
 */
import { isIP } from "node:net";

/** The four numbers of a dotted end, as the two groups that it stands for. */
const groupsIn = (part: string): number[] =>
  part.split(":").flatMap((group) => {
    if (group === "") return [];
    if (!group.includes(".")) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
    return [a * 256 + b, c * 256 + d];
  });

const isMapped = (groups: readonly number[]): boolean =>
  groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xff_ff;

/** An IPv4 address as it is, also where it is written as IPv6; of any other IPv6 address its first 64 bits. */
export const networkOf = (address: string): string => {
  if (isIP(address) !== 6) return address;
  const [before = "", after = ""] = (address.split("%")[0] ?? "").split("::");
  const [head, tail] = [groupsIn(before), groupsIn(after)];
  const groups = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
  if (isMapped(groups))
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join(".");
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
};
