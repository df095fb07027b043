/**
 * What a server claims to have of one document, held against how much of it is verified here. Pure: each step answers the
 * claim as it is after it, at the moment that it is handed.
 *
 * A claim can be open in two ways while there is a connection: it `named` more than came, or it is `short` of what is
 * verified. Each is waited for a while. Then the first is a doubt and the second a lie.
 */
import { timeOf } from "#core/rules/time.ts";

/** A server that keeps its word sends what it named within a moment. */
export const KEEPS_WORD_MS = 30_000;
/** Heads come every 15 s. */
export const SILENT_MS = 60_000;
/** A server signs one head for all readers of a moment, and its nodes' clocks differ a little. */
const SLACK_MS = 2_000;
/** Dates that are no farther apart may come from two clocks that are right. */
const NEAR_MS = 3_600_000;

/** When something was heard, ms. */
export interface Moment {
  /** This computer's clock. */
  readonly date: number;
  /** Its monotonic time. */
  readonly at: number;
}
/** What a signed head says. */
export interface Head {
  readonly s: number;
  readonly h: string;
  /** Server's date, ms. */
  readonly t: number;
  /** How far the time of the workspace is ahead of it, ms. */
  readonly a: number;
}
export interface Claim {
  /** Monotonic time of the WELCOME; null while there is no connection. */
  readonly upSince: number | null;
  /** The longest length that was named, since when it is waited for, and the words. */
  readonly named: { readonly seq: number; readonly since: number; readonly shown: string } | null;
  /** A WELCOME or a head that is shorter than what is verified, and since when no other came, while there is a connection. */
  readonly short: { readonly since: number; readonly shown: string } | null;
  /** How long that lasted until the connection ended, ms: neither dialling nor a mere WELCOME starts it anew. */
  readonly shortFor: number;
  /** Position of the newest head of this connection that counted, -1 for none. */
  readonly shown: number;
  /** The last head that counted: time of the workspace, server's date, and own time of its arrival. */
  readonly last: { readonly time: number; readonly t: number; readonly at: number } | null;
  /** The first head that counted: what the server's clock was before anything happened to it. */
  readonly first: { readonly t: number; readonly at: number } | null;
  /** The last head that did not count. */
  readonly refused: { readonly code: "head-old" | "head-signature"; readonly shown: string } | null;
}

export const NO_CLAIM: Claim = {
  upSince: null,
  named: null,
  short: null,
  shortFor: 0,
  shown: -1,
  last: null,
  first: null,
  refused: null,
};

/** The server says that it has `seq` entries, of which `have` are verified. */
export const naming = (claim: Claim, seq: number, have: number, at: number, shown: string): Claim =>
  seq > have && seq > (claim.named?.seq ?? 0)
    ? { ...claim, named: { seq, since: claim.named?.since ?? at, shown } }
    : claim;

/** A connection began: the server says that it has `seq` entries. */
export const welcomed = (claim: Claim, seq: number, have: number, at: number, shown: string): Claim => {
  // Fewer is a history that was cut, or a backup. It is no lie yet: the server may still get it back.
  const short = seq < have ? { since: at - claim.shortFor, shown } : null;
  return naming({ ...claim, upSince: at, short }, seq, have, at, shown);
};

/** What counts of how long it was short before: nothing once it stood by a WELCOME that was not. */
const shortBefore = ({ upSince, short, shortFor }: Claim, at: number): number =>
  upSince !== null && short === null && at - upSince > KEEPS_WORD_MS ? 0 : shortFor;

export const hungUp = (claim: Claim, at: number): Claim => ({
  ...claim,
  upSince: null,
  named: null,
  short: null,
  shown: -1,
  shortFor: claim.short === null ? shortBefore(claim, at) : at - claim.short.since,
});

/** `have` are verified now: what is still to come has as long again. */
export const grown = (claim: Claim, have: number, at: number): Claim =>
  claim.named === null ? claim : { ...claim, named: claim.named.seq <= have ? null : { ...claim.named, since: at } };

/** The server took something back: what it is short of has as long again. */
export const tookBack = (claim: Claim, at: number): Claim =>
  claim.short === null ? { ...claim, shortFor: 0 } : { ...claim, short: { ...claim.short, since: at }, shortFor: 0 };

export const refusing = (claim: Claim, code: "head-old" | "head-signature", shown: string): Claim => ({
  ...claim,
  refused: { code, shown },
});

/**
 * A server whose clock was ahead and is right again: its dates are near this computer's, or where they were at first, and
 * those of the last head were not. What somebody repeats is an hour old at most, and only after such a moment.
 */
const isRightAgain = ({ last, first }: Claim, { t }: Head, { date, at }: Moment): boolean => {
  const right = [date, ...(first === null ? [] : [first.t + at - first.at])];
  return (
    last !== null && right.some((by) => Math.abs(t - by) <= NEAR_MS && Math.abs(last.t + at - last.at - by) > NEAR_MS)
  );
};
/** The same head again shows nothing: whoever heard one could repeat it for ever. */
const isNewer = (claim: Claim, head: Head, moment: Moment): boolean => {
  const { last } = claim;
  const time = timeOf(head);
  return (
    last === null ||
    time > last.time ||
    (time > last.time - SLACK_MS && moment.at - last.at < SLACK_MS) ||
    isRightAgain(claim, head, moment)
  );
};
const dated = (claim: Claim, head: Head, moment: Moment): Pick<Claim, "first" | "last"> => {
  const heard = { time: timeOf(head), t: head.t, at: moment.at };
  const first = claim.first ?? heard;
  const moves = heard.time > (claim.last?.time ?? -1) || isRightAgain({ ...claim, first }, head, moment);
  return { first, last: moves ? heard : claim.last };
};

/**
 * A signed head that agrees with all that is known; `counts` where it shows that the server is here now and has what is
 * verified. `notBefore`: what the head must not be dated before, ms.
 */
export const headed = (
  claim: Claim,
  head: Head,
  { have, notBefore, moment }: { readonly have: number; readonly notBefore: number; readonly moment: Moment },
  shown: string,
): { readonly claim: Claim; readonly counts: boolean } => {
  if (!isNewer(claim, head, moment) || timeOf(head) < notBefore)
    return { claim: refusing(claim, "head-old", shown), counts: false };
  const named = naming(claim, head.s, have, moment.at, shown);
  // A node that has just been dialled may not have heard yet what another one stored.
  if (head.s < have) {
    const short = named.short ?? { since: moment.at - shortBefore(named, moment.at), shown };
    return { claim: { ...named, short }, counts: false };
  }
  const counted = { short: null, shortFor: 0, refused: null, shown: Math.max(claim.shown, head.s) };
  return { claim: { ...named, ...counted, ...dated(claim, head, moment) }, counts: true };
};

/** Whether the server, connected now, has shown by a head that it has all that is verified here, and nothing more is named. */
export const showsAll = ({ upSince, named, short, shown }: Claim, have: number): boolean =>
  upSince !== null && named === null && short === null && shown >= have;

export const owesSome = ({ named, short }: Claim): boolean => named !== null || short !== null;

/** What it is short of and did not get back in time, in its words; or null. */
export const rolledBack = ({ upSince, short }: Claim, at: number): string | null =>
  upSince !== null && short !== null && at - short.since > KEEPS_WORD_MS ? short.shown : null;

/** What was named and did not come in time, in its words; or null. `have`: verified, or here and not verified yet. */
export const withheld = ({ upSince, named }: Claim, have: number, at: number): string | null =>
  upSince !== null && named !== null && have < named.seq && at - named.since > KEEPS_WORD_MS ? named.shown : null;

/** Why no head shows that the server is here now; or null. */
export const silent = (
  { upSince, last, refused }: Claim,
  at: number,
): { readonly code: "head-old" | "head-signature" | "frozen"; readonly shown: string } | null => {
  if (upSince === null) return null;
  if (refused?.code === "head-signature") return refused;
  return at - Math.max(upSince, last?.at ?? 0) > SILENT_MS ? (refused ?? { code: "frozen", shown: "" }) : null;
};
