/**
 * What a call passes before its handler, in this order: there is such a method, it is open to this kind of window, its
 * parameters are of its shape, and this person holds the right that its row names. A handler asks only where the right
 * depends on what it is used on.
 */
import type { Verdict } from "#bridge/answer.ts";
import { isMethod, methods, opens, type Method } from "#bridge/contract.ts";
import type { MethodRow } from "#bridge/method.ts";
import type { WindowKind } from "#bridge/shell-port.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { Capability } from "#core/protocol/capabilities.ts";
import { factWords } from "#text/facts.ts";
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
  if (!isMethod(method)) throw badRequest("There is no such request.");
  const row: MethodRow<z.ZodType, z.ZodType> = methods[method];
  if (!opens(row, window)) throw new Refusal("wrong-window", WRONG_WINDOW[window]);
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
  const stays = ofThread || capability === "threads.create";
  throw new Refusal("not-allowed", stays ? `${factWords(why)} ${STAYS}` : factWords(why));
};

const STAYS = "What is here stays readable; an Admin can give you another role.";
const WRONG_WINDOW: Readonly<Record<WindowKind, string>> = {
  popup: "This cannot be done from the approval window. Open Bulkhead.",
  main: "This is done in the approval window, after its confirmation. Open the card there.",
};

export const badRequest = (message: string): Refusal => new Refusal("bad-request", message);
/** Too much of something is said as that: nobody can shorten what is only “not valid”. */
const invalid = (issue: z.core.$ZodIssue | undefined): Refusal => {
  // Only our own checks of a name write words of their own.
  if (issue?.code === "custom") return new Refusal("bad-name", issue.message);
  const place = placeOf(issue?.path);
  if (issue?.code !== "too_big" || issue.origin !== "string")
    return badRequest(`This request is not valid (${place}).`);
  return badRequest(
    `This is too long (${place}): at most ${issue.maximum.toLocaleString("en")} characters. Nothing was done; shorten it, then try again.`,
  );
};
/** The first name of the path is ours; deeper ones can be what the window sent. */
const placeOf = (path: readonly PropertyKey[] | undefined): string => String(path?.[0] ?? "its fields");
