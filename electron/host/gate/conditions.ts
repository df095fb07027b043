/**
 * Conditions of policy rules on arguments. Every answer is one of three: `unclear` means that the argument cannot be
 * judged, and counts against the call: it never makes an allowing rule fit, and always makes a stricter one fit.
 * Pure, but for `Links`, which the caller hands in.
 */
import { told } from "#bridge/told.ts";
import type { Told } from "#bridge/told.ts";
import type { Condition } from "#core/protocol/command.ts";
import { losesDigits } from "#bridge/decimal.ts";
import { equal } from "./equality.ts";
import { areHosts, hostIn } from "./hosts.ts";
import { isPlain, nameOf, type Fit } from "./likeness.ts";
import { isUnder, normalPath, type Links } from "./paths.ts";
import { isForPlaces, matching } from "./patterns.ts";

const LEAVES_MAX = 1_000;

/**
 * Whether the condition holds certainly (`loose: false`: for a rule that allows) or perhaps (`loose: true`: for one that
 * asks or denies).
 *
 * @param links only where the paths are those of this computer
 */
export const holds = (condition: Condition, args: unknown, loose: boolean, links?: Links): boolean => {
  const found = leavesAt(args, condition.path.split("."), true);
  if (found.length > LEAVES_MAX) return loose;
  const fits = found.map((leaf) => fitOf(leaf, condition, links));
  if (loose) return fits.some((fit) => fit !== "no");
  return fits.length > 0 && fits.every((fit) => fit === "yes");
};

/** A value that the rule may speak about. `sure` where its name is written as in the rule, letter for letter. */
interface Leaf {
  readonly value: unknown;
  readonly sure: boolean;
}

const fitOf = ({ value, sure }: Leaf, condition: Condition, links: Links | undefined): Fit => {
  const fit = OPS[condition.op](value, condition.value, links);
  // Which of two alike names a server reads is its own affair: with a second one nothing is certain.
  return fit === "yes" && !sure ? "unclear" : fit;
};

/** Values at a dotted path. A list on the way stands for each of its items; what is not there gives nothing. */
const leavesAt = (value: unknown, path: readonly string[], sure: boolean): Leaf[] => {
  if (Array.isArray(value)) return value.flatMap((item) => leavesAt(item, path, sure));
  if (path.length === 0) return [{ value, sure }];
  // Some servers read an object that comes as a text. What stands in it is not looked at: it cannot be judged.
  if (typeof value === "string" && /^\s*[[{]/.test(value)) return [{ value: {}, sure: false }];
  if (typeof value !== "object" || value === null) return [];
  const names = path.map((_, i) => path.slice(0, i + 1).join(".")).map((name) => ({ name, like: nameOf(name) }));
  return Object.entries(value).flatMap(([key, each]) =>
    readingsOf(key, names).flatMap(({ used, exact }) => leavesAt(each, path.slice(used), sure && exact)),
  );
};

/**
 * How many parts of the path a key could stand for. A key with dots in it is one more reading, never a replacement; so is
 * one that differs in case, form or marks alone; and numbers as keys make an object a list.
 */
const readingsOf = (
  key: string,
  names: readonly { readonly name: string; readonly like: string }[],
): { readonly used: number; readonly exact: boolean }[] => {
  const like = nameOf(key);
  const found = names.flatMap(({ name, like: wanted }, i) =>
    key === name || (wanted !== "" && like === wanted) ? [{ used: i + 1, exact: key === name }] : [],
  );
  return found.length === 0 && /^\d+$/.test(key) ? [{ used: 0, exact: false }] : found;
};

const OPS: Record<Condition["op"], (leaf: unknown, value: string, links: Links | undefined) => Fit> = {
  equals: (leaf, value) => equal(leaf, value),
  under: (leaf, value, links) => (typeof leaf === "string" ? isUnder(leaf, value, links) : "unclear"),
  "host-in": (leaf, value) => (typeof leaf === "string" ? hostIn(leaf, value) : "unclear"),
  "at-most": (leaf, value) => atMost(leaf, value),
  matches: (leaf, value) => (typeof leaf === "string" ? matching(leaf, value) : "unclear"),
};

const isAmount = (value: string): boolean => /^-?[0-9]+(?:\.[0-9]+)?$/.test(value.trim()) && !losesDigits(value.trim());

/** An amount below nothing often means "without limit": it is certain only where the limit lies below nothing too. */
const atMost = (leaf: unknown, value: string): Fit => {
  const limit = Number(value);
  if (!isAmount(value) || typeof leaf !== "number" || !Number.isFinite(leaf)) return "unclear";
  if (leaf > limit) return "no";
  return leaf < 0 && limit >= 0 ? "unclear" : "yes";
};

/** Why a condition could never be judged as its author means it, or null: it would silently never allow, or always be strict. */
export const conditionProblem = ({ path, op, value }: Condition): Told | null => {
  if (path.split(".").includes("")) return told("path-names-nothing", path);
  return PROBLEMS[op](value);
};

const PROBLEMS: Record<Condition["op"], (value: string) => Told | null> = {
  equals: (value) => (value.trim() === value && isPlain(value.replaceAll("\\", "/")) ? null : told("text-not-plain")),
  under: (value) => (normalPath(value) === null ? told("folder-unclear", value) : null),
  "host-in": (value) => (areHosts(value) ? null : told("hosts-unclear")),
  "at-most": (value) => (isAmount(value) ? null : told("amount-unclear", value)),
  matches: (value) => patternProblem(value),
};

const patternProblem = (value: string): Told | null => {
  if (value === "") return told("pattern-empty");
  if (/^\*+$/.test(value)) return told("pattern-fits-all");
  if (isForPlaces(value)) return told("pattern-for-place");
  return isPlain(value) ? null : told("pattern-not-plain");
};
