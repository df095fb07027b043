/**
 * What this computer signs for how long when its clock and the server's differ, and what is said then.
 *
 * A command ends at `exp`, by the server's dates. What is signed by the own clock alone is void where the two differ by
 * more than its life, so the server's date counts, up to an hour ahead of the own clock: a server that dates itself ahead
 * can keep a command back for an hour longer, and no more. What lives for days is counted from the earlier of the two.
 */
import { why } from "#core/facts/why.ts";
import type { Why } from "#core/facts/why.ts";
import { DAY, MINUTE } from "#core/protocol/command.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { isAboutClocks, isReject } from "#core/facts/reject.ts";
import type { RejectCode } from "#core/facts/reject.ts";
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

/** Two clocks that agree to this are not blamed. */
const AGREE_MS = 120_000;

/** To the minute, so that it reads the same from one look to the next. */
const toMinute = (ms: number): number => Math.round(ms / MINUTE) * MINUTE;
const apartFact = (code: RejectCode, own: number, apart: number): Why =>
  why("clocks-apart", code, toMinute(own), toMinute(own) + toMinute(apart));

/** A refusal that clocks that differ may have caused, or undefined. */
export const clockFact = (code: string, own: number, server: number | null): Why | undefined => {
  if (!isReject(code) || (code !== "command-expired" && !isAboutClocks(code))) return undefined;
  const apart = server === null ? 0 : server - own;
  if (Math.abs(apart) <= AGREE_MS) return code === "command-expired" ? undefined : why(code);
  return apartFact(code, own, apart);
};

/** Throws where the clocks are too far apart for what the server says of limits to be of worth. */
export const needNearClocks = (own: number, server: number | null): void => {
  if (server !== null && Math.abs(server - own) > FAR_MS)
    throw new Refusal(apartFact("clocks-differ", own, server - own));
};
