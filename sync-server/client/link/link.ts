/**
 * What the connection of one workspace is worth right now: what the server was last heard to say, its final word where
 * there was one, and what of it the status line says.
 */
import type { ReadLog } from "#core/rules/read.ts";
import { CLOSE } from "#core/protocol/wire.ts";
import type { Fact } from "#core/facts/refusal.ts";
import { why } from "#core/facts/why.ts";
import type { Says } from "../ports/says.ts";
import { LEASE_ENDED } from "../keys/lease.ts";
import type { Lease } from "../keys/lease.ts";
import type { Clock } from "../ports/clock.ts";
import type { Trouble } from "#core/facts/trouble.ts";
import type { Head } from "../copy/claim.ts";
import { closeFacts, elsewhereFacts, offlineFacts } from "./link-facts.ts";
import { isSame } from "#core/protocol/same.ts";

/** An approval runs only while the server's newest head is younger than this. */
export const FRESH_MS = 60_000;

/** What two clocks that are right may differ by, with the way of a message between them. */
const USUAL_MS = 5_000;
/** How far ahead of this computer's the server's clock counts. */
export const FAR_MS = 3_600_000;

/** Which promise holds of a workspace right now. */
export type LinkWord =
  | "in-sync"
  | "connecting"
  | "offline"
  | "refused"
  | "out"
  | "tampered"
  | "withheld"
  | "update-app";
export interface LinkState {
  readonly link: LinkWord;
  readonly since: number;
  readonly reason: Fact | null;
  /** What stands after the reason. */
  readonly also: readonly Fact[];
}
export interface LinkFacts {
  readonly clock: Clock;
  readonly log: ReadLog;
  readonly lease: Lease;
  /** Why this computer is not part of the workspace, by what is verified here. */
  readonly out: () => Fact | null;
  readonly halt: () => Fact | null;
  /** Why approved calls wait although the connection stands. */
  readonly doubt: () => Fact | null;
  /** What this app gave back to a server that had lost it. */
  readonly given: () => Fact | null;
  /** Why the server does not take yet what waits here. */
  readonly held: () => Says | null;
  /** Whether the server named something of this person's that it has not sent. */
  readonly owes: () => boolean;
  readonly paused: () => boolean;
  /** Why the server inside this app did not start, or null. */
  readonly unserved: () => Fact | null;
  readonly server: () => string;
}
export interface Link {
  /** The log's socket was welcomed. */
  welcomed(): void;
  /** A head of the log that can be believed. */
  head(seen: Head): void;
  /**
   * The log's socket ended and will be tried again. `trouble` is why, where that is known; `answered` the status of HTTP that
   * came instead of a socket.
   */
  down(garbled: boolean, trouble?: Trouble | null, answered?: number | null): void;
  /** The log's socket was closed with a code that the provider takes as final. */
  refuse(code: number): void;
  /** Refused, and not tried again yet. */
  refused(): boolean;
  /** The log's socket stands: the server let this computer in. */
  in(): boolean;
  /** It is tried again; what the server said stands until something else is known. */
  again(): void;
  /** The connection was ended here. */
  cut(): void;
  /** As at the start: nothing was tried yet. */
  reset(): void;
  /** Whether the verified log is what the server showed within the last minute. */
  fresh(): boolean;
  /** Time of the workspace, by which limits end, ms: never far ahead of what passed here since the newest entry. */
  serverNow(): number;
  /** Server's date as far as it was heard, or null, ms. */
  serverDate(): number | null;
  /** How far the server's clock is ahead of this computer's, ms: to the second, and 0 below what clocks usually differ by. */
  serverAhead(): number;
  /** Whether waiting a moment may help. */
  hopeful(): boolean;
  /** What the status line says, kept until `look` finds that it reads differently. */
  shown(): LinkState;
  look(): void;
}

interface HeadSeen extends Omit<Head, "h"> {
  /** Own monotonic time. */
  readonly at: number;
}

/** What the line says now; the first of `says` is the reason. */
interface Present {
  readonly link: LinkWord;
  readonly says: readonly Fact[];
}
const only = (fact: Fact | null): readonly Fact[] => (fact === null ? [] : [fact]);

/** Connections in a row that were ended over what the server sent. */
const GARBLED_MAX = 3;

export const createLink = ({
  clock,
  log,
  lease,
  out,
  halt,
  doubt,
  given,
  held,
  owes,
  paused,
  unserved,
  server,
}: LinkFacts): Link => {
  let head: HeadSeen | null = null;
  let up = false;
  let tried = false;
  let garbled = 0;
  let trouble: Trouble | null = null;
  let refusal: { readonly link: "refused" | "update-app"; readonly says: Says } | null = null;
  let resting = false;
  let answered: number | null = null;
  /** The newest entry known, and own time when it was first known. */
  let newest = { time: 0, at: 0 };
  let shown: LinkState = { link: "connecting", since: clock.now(), reason: null, also: [] };

  const fresh = (): boolean =>
    up &&
    halt() === null &&
    doubt() === null &&
    !owes() &&
    head !== null &&
    clock.monotonic() - head.at < FRESH_MS &&
    log.seq >= head.s;
  const present = (): Present => {
    const gone = out();
    if (gone !== null) return { link: "out", says: [gone] };
    const halted = halt();
    // What halts and is neither is the own disk.
    if (halted !== null)
      return {
        link: halted.code === "update-app" || halted.code === "tampered" ? halted.code : "offline",
        says: [halted],
      };
    const ended: readonly Fact[] = lease.ended() ? [LEASE_ENDED] : [];
    if (refusal !== null && !paused()) return { link: refusal.link, says: [...refusal.says, ...ended] };
    if (paused()) return { link: "offline", says: [why("paused"), ...ended] };
    if (fresh()) return { link: "in-sync", says: held() ?? only(given()) };
    const doubted = up ? doubt() : null;
    if (doubted !== null) return { link: "withheld", says: [doubted] };
    if (garbled >= GARBLED_MAX) return { link: "offline", says: ended.length > 0 ? ended : [why("unreadable")] };
    if (up || !tried) return { link: "connecting", says: ended };
    return { link: "offline", says: ended.length > 0 ? ended : away() };
  };
  const away = (): Says => {
    const own = unserved();
    if (own !== null) return [own];
    return answered === null ? offlineFacts(server(), trouble) : elsewhereFacts(answered, server());
  };
  const serverDate = (): number | null => (head === null ? null : head.t + (clock.monotonic() - head.at));
  /** As far as this computer knows by itself. A server's clock that is far ahead for a moment must not end what waits here. */
  const ownTime = (): number => {
    const at = clock.monotonic();
    if (log.time > newest.time) newest = { time: log.time, at };
    return Math.max(clock.now() + log.ahead, newest.time + (at - newest.at));
  };
  const cut = (): void => {
    up = false;
    head = null;
  };

  return {
    welcomed: () => {
      up = true;
      trouble = null;
      refusal = null;
    },
    head: ({ s, t, a }) => {
      garbled = 0;
      head = { s, t, a, at: clock.monotonic() };
    },
    down: (over, because = null, status = null) => {
      trouble = because;
      answered = status;
      garbled = over ? garbled + 1 : garbled;
      tried = !up;
      refusal = null;
      cut();
    },
    refuse: (code) => {
      up = false;
      resting = true;
      refusal =
        code === CLOSE.protocolTooOld
          ? { link: "update-app", says: [why("app-too-old")] }
          : { link: "refused", says: closeFacts(code, server()) };
    },
    refused: () => resting,
    in: () => up,
    again: () => {
      resting = false;
    },
    cut,
    reset: () => {
      cut();
      refusal = null;
      resting = false;
      garbled = 0;
      answered = null;
      tried = false;
    },
    fresh,
    serverNow: () =>
      Math.max(log.time, head === null ? ownTime() : Math.min((serverDate() ?? 0) + head.a, ownTime() + FAR_MS)),
    serverDate,
    serverAhead: () => {
      const ahead = (serverDate() ?? clock.now()) - clock.now();
      return Math.abs(ahead) < USUAL_MS ? 0 : Math.round(ahead / 1_000) * 1_000;
    },
    hopeful: () => ["in-sync", "connecting"].includes(present().link),
    shown: () => shown,
    look: () => {
      if (fresh()) lease.renew();
      const { link, says } = present();
      const [reason = null, ...also] = says;
      const next = { link, reason, also: also as readonly Fact[] };
      if (!isSame(next, { link: shown.link, reason: shown.reason, also: shown.also }))
        shown = { ...next, since: clock.now() };
    },
  };
};
