/** What a popup window is opened for, and what it may therefore do: that, and nothing else. */
import { methods } from "#bridge/contract.ts";
import { told, type Told } from "#bridge/told.ts";
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

/** Why the popup of `subject` may not call that, or null. */
export const subjectProblem = (subject: Subject, method: string, params: unknown): Told | null => {
  if (method === "member.givePromised" || method === "member.refusePromised") {
    const asked = methods[method].params.safeParse(params).data;
    return asked !== undefined && sameSubject(subject, { wid: asked.wid, request: asked.member })
      ? null
      : told("other-card", "somebody");
  }
  if (method === "card.decide") return decideProblem(subject, params);
  if (method === "pair.answer") {
    const asked = methods[method].params.safeParse(params).data;
    if (asked === undefined) return told("bad-params", "answer.added");
    return sameSubject(subject, { wid: asked.wid, pairing: asked.pairing }) ? null : told("other-card", "added");
  }
  if (method !== "act.answer") return null;
  const asked = methods[method].params.safeParse(params).data;
  if (asked === undefined) return told("bad-params", "answer.signed");
  return sameSubject(subject, { wid: asked.wid, act: asked.act }) ? null : told("other-card", "signed");
};

const decideProblem = (subject: Subject, params: unknown): Told | null => {
  if ("pairing" in subject) return told("other-card", "computer");
  if ("act" in subject) return told("other-card", "decided");
  const parsed = methods["card.decide"].params.safeParse(params);
  if (!parsed.success) return told("bad-params", "decision");
  return sameSubject(subject, { wid: parsed.data.wid, request: parsed.data.request })
    ? null
    : told("other-card", "card");
};
