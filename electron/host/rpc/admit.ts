/**
 * What a call passes before its handler, in this order: there is such a method, it is open to this kind of window, its
 * parameters are of its shape, and this person holds the right that its row names. A handler asks only where the right
 * depends on what it is used on.
 */
import type { Verdict } from "#bridge/answer.ts";
import { isMethod, methods, opens, type Method } from "#bridge/contract.ts";
import type { MethodRow } from "#bridge/method.ts";
import type { WindowKind } from "#bridge/shell-port.ts";
import type { Refusal } from "#core/facts/refusal.ts";
import { refusalOf, refused } from "#bridge/refused.ts";
import type { Told } from "#bridge/told.ts";
import type { Capability } from "#core/protocol/capabilities.ts";
import type { z } from "zod";

/** Whom the server asks about rights. Both throw `Refusal` where what they are asked about is not on this computer. */
export interface Rights {
  /** Whether this person may do that at the newest verified position, and the rule that says so. */
  may(wid: string, capability: Capability): Verdict;
  workspaceOf(thread: string): string;
}
export interface Admitted {
  readonly method: Method;
  readonly params: unknown;
}

/** Throws `Refusal`; nothing was done then. */
export const admit = (rights: Rights, window: WindowKind, method: string, given: unknown): Admitted => {
  if (!isMethod(method)) throw refused("bad-request", "method", "");
  const row: MethodRow<z.ZodType, z.ZodType> = methods[method];
  if (!opens(row, window)) throw refused("wrong-window", window);
  const { success, data: params, error } = row.params.safeParse(given);
  if (!success) throw invalid(error.issues[0]);
  for (const capability of askedOf(row)) mustHold(rights, params as Place, capability);
  return { method, params };
};

const askedOf = ({ needs }: Pick<MethodRow<z.ZodType, z.ZodType>, "needs">): readonly Capability[] => {
  if (typeof needs === "string") return [needs];
  return "none" in needs || "in" in needs ? [] : needs;
};

/** A row that names a right has one of these parameters, or does not compile. */
type Place = { readonly wid: string } | { readonly thread: string };
const mustHold = ({ may, workspaceOf }: Rights, place: Place, capability: Capability): void => {
  const ofThread = "thread" in place;
  const { allowed, why } = may(ofThread ? workspaceOf(place.thread) : place.wid, capability);
  if (allowed) return;
  throw refused("not-permitted", why, ofThread || capability === "threads.create");
};

/** Too much of something is said as that: nobody can shorten what is only “not valid”. */
const invalid = (issue: z.core.$ZodIssue | undefined): Refusal => {
  // Only our own checks of a name say more.
  if (issue?.code === "custom") return refusalOf(issue.params?.["problem"] as Told);
  const place = placeOf(issue?.path);
  if (issue?.code !== "too_big" || issue.origin !== "string") return refused("bad-request", "value", place);
  return refused("too-long", place, Number(issue.maximum));
};
/** The first name of the path is ours; deeper ones can be what the window sent. */
const placeOf = (path: readonly PropertyKey[] | undefined): string => String(path?.[0] ?? "its fields");
