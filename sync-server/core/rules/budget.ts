/**
 * How much one person, with all their devices, may write into what everybody keeps for ever. Each budget is a store of
 * units that an entry takes from and time fills again, so that within any span of time no more than `holds` and what came
 * back meanwhile is taken. Time is that of entries, and a jump of it harms nobody: forwards it fills a store at most, and
 * after one backwards, time only starts to count anew.
 *
 * What can only make things safer and is bounded by itself costs nothing: closing a device, removing somebody, leaving,
 * withdrawing, ending a delegation, canceling, voting once.
 */
import { DAY, MINUTE } from "../protocol/command.ts";
import type { Kind } from "../protocol/command.ts";
import type { MemberId } from "../protocol/ids.ts";
import type { ReadChain } from "./read.ts";
import type { Chain } from "./state.ts";

export interface Budget {
  readonly name: string;
  /** Units of a full store. */
  readonly holds: number;
  /** Time in which one unit comes back, ms. */
  readonly unitMs: number;
}
/** What anybody may do for themselves, whatever their role. */
export const OWN: Budget = { name: "own", holds: 40, unitMs: DAY / 40 };
/** What needs a right over the workspace: founding a team of fifty with two hundred tools takes less than half of it. */
export const ACTS: Budget = { name: "acts", holds: 2_000, unitMs: DAY / 2_000 };
/** People let in, by whose invite they came. */
export const JOINS: Budget = { name: "joins", holds: 200, unitMs: DAY / 200 };
/** Invites announced. */
export const INVITES: Budget = { name: "invites", holds: 200, unitMs: DAY / 200 };
/** Requests in one queue, and in one lane. */
export const ASKS: Budget = { name: "asks", holds: 240, unitMs: MINUTE };

/** So long a command, in characters, costs one unit more. */
const UNIT_SIZE = 16_384;
export const unitsOf = (size: number): number => 1 + Math.floor(size / UNIT_SIZE);

/** Time until a store is full again, ms, as of a time: what is kept for each budget and person. */
export type Spent = readonly [owed: number, at: number];

const keyOf = (budget: Budget, member: MemberId): string => `${budget.name} ${member}`;
const owed = (chain: ReadChain, budget: Budget, member: MemberId, time: number): number => {
  const [before, at] = chain.spent.get(keyOf(budget, member)) ?? [0, time];
  return Math.max(0, before - Math.max(0, time - at));
};

export const affords = (chain: ReadChain, budget: Budget, member: MemberId, units: number, time: number): boolean =>
  owed(chain, budget, member, time) + units * budget.unitMs <= budget.holds * budget.unitMs;

/** Takes the units; ask `affords` first. */
export const spend = (chain: Chain, budget: Budget, member: MemberId, units: number, time: number): void =>
  void chain.spent.set(keyOf(budget, member), [owed(chain, budget, member, time) + units * budget.unitMs, time]);

/** A device stays in everybody's log for ever, so it costs more than a word. */
const DEVICE_UNITS = 3;
const own = (units: number) => ({ budget: OWN, units });
const act = { budget: ACTS, units: 1 };
/** Kinds of the log that cost something. What is missing here is bounded by itself. */
const COSTS: Partial<Record<Kind, { readonly budget: Budget; readonly units: number }>> = {
  "member.rename": own(1),
  "device.knows": own(1),
  "device.add": own(DEVICE_UNITS),
  "device.rotate": own(DEVICE_UNITS),
  "approval.delegate": own(1),
  "workspace.level": act,
  "member.role": act,
  "role.define": act,
  "invite.revoke": act,
  "tool.define": act,
  "tool.accept": act,
  "policy.set": act,
  "server.key": act,
  checkpoint: act,
  "epoch.open": act,
};
export interface Cost {
  readonly budget: Budget;
  readonly units: number;
}
/** What a command of that many characters costs its author in the log, or null. */
export const costInLog = (kind: Kind, size: number): Cost | null => {
  const cost = COSTS[kind];
  return cost === undefined ? null : { budget: cost.budget, units: cost.units + unitsOf(size) - 1 };
};
