/** The checks that every command gets before its own rules: on its envelope, its author, and the level it is written for. */
import { COMMAND_LIFE_MAX, COMMAND_TYP } from "../protocol/command.ts";
import { readCommand } from "../protocol/envelope.ts";
import type { CommandPayload, Kind, Signed } from "../protocol/command.ts";
import type { Entry } from "../protocol/entry.ts";
import type { MemberId } from "../protocol/ids.ts";
import { BUILD, PASSED_OVER_MAX } from "../protocol/levels.ts";
import type { Build } from "../protocol/levels.ts";
import { bodyAt } from "./level.ts";
import { deviceActive, roleOf } from "./may.ts";
import type { RejectCode } from "../facts/reject.ts";
import type { ReadChain, ReadLog } from "./read.ts";
import type { Deps } from "./state.ts";
import { timeOf, wasOver } from "./time.ts";

export interface IngestOptions {
  /** The entry was verified before and kept in the app's own store: signatures are not checked again. */
  readonly trusted?: boolean;
  /** A server is about to take it, and takes only kinds that it knows. */
  readonly admit?: boolean;
}

export interface Opened {
  readonly signed: Signed<CommandPayload>;
  readonly kind: Kind | null;
  readonly counter: string;
}

export const buildOf = ({ build }: Deps): Build => build ?? BUILD;
/** Whether the body of this kind is read here. */
export const isKind = (build: Build, { k, x }: CommandPayload): boolean => x && Object.hasOwn(build.kinds, k);

/** What the mark in the envelope says of a kind, against the table. */
const refusedMark = (build: Build, { k, x, b }: CommandPayload): RejectCode | undefined => {
  const row = Object.hasOwn(build.kinds, k) ? build.kinds[k] : undefined;
  if (row === undefined && x) return "newer";
  if (row !== undefined && row.critical !== x) return "malformed";
  return x || JSON.stringify(b).length <= PASSED_OVER_MAX ? undefined : "too-large";
};

/** The checks that need no author. */
export const openCommand = (
  deps: Deps,
  log: ReadLog,
  entry: Entry,
  fits: (payload: CommandPayload) => boolean,
): Opened | RejectCode => {
  const signed = readCommand(deps.crypto, entry.c);
  if (typeof signed === "string") return signed;
  const build = buildOf(deps);
  const marked = refusedMark(build, signed.payload);
  if (marked === "newer" || marked === "malformed") return marked;
  if (signed.typ !== COMMAND_TYP) return "bad-typ";
  if (marked !== undefined) return marked;
  if (signed.payload.w !== log.wid) return "wrong-workspace";
  if (!fits(signed.payload)) return "wrong-doc";
  return {
    signed,
    kind: isKind(build, signed.payload) ? (signed.payload.k as Kind) : null,
    counter: `${signed.kid} ${signed.payload.d}`,
  };
};

/** The checks after the author is known. */
export const checkFreshness = (
  deps: Deps,
  options: IngestOptions,
  log: ReadLog,
  chain: ReadChain,
  entry: Entry,
  { signed, counter }: Opened,
  position: number,
): RejectCode | undefined => {
  const { exp, n, seen, k } = signed.payload;
  if (entry.t > exp || exp > entry.t + COMMAND_LIFE_MAX) return "command-expired";
  // Who joins has seen no more than the link; their invite ends by the time of the workspace.
  if (chain === log && k !== "member.join" && wasOver(log, exp, seen[0])) return "command-expired";
  if (n <= (chain.counters.get(counter) ?? 0)) return "replay";
  if (seen[0] > position || log.hashes.at(seen[0]) !== seen[1]) return "fork-detected";
  return options.admit === true && !Object.hasOwn(buildOf(deps).kinds, k) ? "unknown-command" : undefined;
};

/** The body as the level at that position has it, or why not. */
export const bodyOf = (deps: Deps, log: ReadLog, entry: Entry, { signed }: Opened, position: number) =>
  bodyAt(log, buildOf(deps), {
    kind: signed.payload.k,
    body: signed.payload.b,
    position,
    seen: signed.payload.seen[0],
    time: timeOf(entry),
  });

/** A phone signs only what the table lets it (PH16). */
export const refusedToPhone = (deps: Deps, log: ReadLog, { signed }: Opened): RejectCode | undefined =>
  log.devices.get(signed.kid)?.kind === "phone" && buildOf(deps).kinds[signed.payload.k]?.phone !== true
    ? "not-allowed"
    : undefined;

export const author = (
  log: ReadLog,
  deps: Deps,
  { signed }: Opened,
  position: number,
  options: IngestOptions,
): { member: MemberId } | RejectCode => {
  const device = deviceActive(log, signed.kid, position);
  if (device === undefined) return "unknown-device";
  if (options.trusted !== true && !deps.crypto.verify(device.x, signed.input, signed.signature)) return "bad-signature";
  return roleOf(log, device.member, position) === null ? "not-a-member" : { member: device.member };
};
