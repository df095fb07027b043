/**
 * What this computer signs for how long when its clock and the server's differ, and what is said then.
 *
 * A command ends at `exp`, by the server's dates. What is signed by the own clock alone is void where the two differ by
 * more than its life, so the server's date counts, up to an hour ahead of the own clock: a server that dates itself ahead
 * can keep a command back for an hour longer, and no more. What lives for days is counted from the earlier of the two.
 */
import type { Words } from "../ports/words.ts";
import { why } from "#core/facts/why.ts";
import { DAY } from "#core/protocol/command.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { isAboutClocks, isReject } from "#core/facts/reject.ts";
import { FAR_MS } from "./link.ts";

/** What a server that is behind still takes by the own clock: it may also be set right in between. */
const BEHIND_MS = 6 * DAY;

/** When a command ends that is signed now, for `life` ms. */
export const endOf = (own: number, server: number | null, life: number): number => {
  const earlier = Math.min(own, server ?? own);
  const from =
    life > FAR_MS || server === null
      ? earlier
      : server >= own
        ? Math.min(server, own + FAR_MS)
        : own - server <= BEHIND_MS
          ? own
          : server;
  return Math.floor(from) + life;
};

const UNITS: readonly (readonly [number, string])[] = [
  [365 * 86_400_000, "year"],
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"],
];
const lasting = (ms: number): string => {
  const [size, unit] = UNITS.find(([each]) => ms >= each - 1_000) ?? [1_000, "second"];
  const count = Math.round(ms / size);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
};
const dated = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** Two clocks that agree to this are not blamed. */
const AGREE_MS = 120_000;

/** Words for a refusal that clocks that differ may have caused, or undefined. */
export const clockWords = (words: Words, code: string, own: number, server: number | null): string | undefined => {
  const isOld = code === "command-expired";
  if (!isOld && !isAboutClocks(code)) return undefined;
  const apart = server === null ? 0 : server - own;
  if (Math.abs(apart) <= AGREE_MS) return isOld || !isReject(code) ? undefined : words(why(code));
  const both = `The server's clock says ${dated(own + apart)} and this computer's ${dated(own)}, which is ${lasting(Math.abs(apart))} ${apart > 0 ? "behind" : "ahead"}.`;
  if (code === "own-clock")
    return `${both} This computer's clock is wrong: those of others here agree with the server. Nothing was taken; set it, then try again.`;
  if (code === "server-clock")
    return `${both} The server's clock is wrong: those of others here agree with this computer. Nothing was taken; tell whoever runs the server.`;
  return `${both} One of them is wrong. Nothing was taken; check this computer's date and time, and where they are right tell whoever runs the server.`;
};

/** Throws where the clocks are too far apart for what the server says of limits to be of worth. */
export const needNearClocks = (words: Words, own: number, server: number | null): void => {
  const says =
    server !== null && Math.abs(server - own) > FAR_MS ? clockWords(words, "clocks-differ", own, server) : undefined;
  if (says !== undefined) throw new Refusal("clocks-differ", says);
};
