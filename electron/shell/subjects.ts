/** What a popup window is opened for, and what it may therefore do: that, and nothing else. */
import { methods } from "#bridge/contract.ts";
import type { Code } from "#bridge/answer.ts";
import type { ActName } from "./acts.ts";

export interface Card {
  readonly wid: string;
  readonly request: string;
}
/** A pairing whose number is compared. */
export interface PairingName {
  readonly wid: string;
  readonly pairing: string;
}
export type Subject = Card | PairingName | ActName;

/** Methods that need the click of exactly that window. */
export const isClick = (method: unknown): boolean =>
  method === "card.decide" || method === "pair.answer" || method === "act.answer";

const idOf = (subject: Subject): readonly [of: string, id: string] =>
  "request" in subject
    ? ["request", subject.request]
    : "pairing" in subject
      ? ["pairing", subject.pairing]
      : ["act", subject.act];

export const sameSubject = (a: Subject, b: Subject): boolean => a.wid === b.wid && idOf(a).join() === idOf(b).join();

const other = (rest: string): Code => ({ code: "other-card", message: `This window was opened for ${rest}` });

/** Why the popup of `subject` may not call that, or null. */
export const subjectProblem = (subject: Subject, method: string, params: unknown): Code | null => {
  if (method === "member.givePromised" || method === "member.refusePromised") {
    const asked = methods[method].params.safeParse(params).data;
    return asked !== undefined && sameSubject(subject, { wid: asked.wid, request: asked.member })
      ? null
      : other("somebody else, so nothing was changed.");
  }
  if (method === "card.decide") return decideProblem(subject, params);
  if (method === "pair.answer") {
    const asked = methods[method].params.safeParse(params).data;
    if (asked === undefined)
      return { code: "bad-params", message: "The answer is not of a known shape, so nothing was added." };
    return sameSubject(subject, { wid: asked.wid, pairing: asked.pairing })
      ? null
      : other("something else, so nothing was added.");
  }
  if (method !== "act.answer") return null;
  const asked = methods[method].params.safeParse(params).data;
  if (asked === undefined)
    return { code: "bad-params", message: "The answer is not of a known shape, so nothing was signed." };
  return sameSubject(subject, { wid: asked.wid, act: asked.act })
    ? null
    : other("something else, so nothing was signed.");
};

const decideProblem = (subject: Subject, params: unknown): Code | null => {
  if ("pairing" in subject) return other("another computer of yours, so nothing was decided.");
  if ("act" in subject) return other("something else, so nothing was decided.");
  const parsed = methods["card.decide"].params.safeParse(params);
  if (!parsed.success)
    return { code: "bad-params", message: "The decision is not of a known shape, so nothing was decided." };
  return sameSubject(subject, { wid: parsed.data.wid, request: parsed.data.request })
    ? null
    : { code: "other-card", message: "This approval window was opened for another card, so nothing was decided." };
};
