import { expect, test } from "vitest";
import type { CardSummary } from "#bridge/card.ts";
import { nextOffer, offerWordsOf, stillOpen, votedWords } from "../../../renderer/state/offer.ts";
import { listOf } from "../../helpers/list-of.ts";
import { noted } from "../../helpers/worded.ts";

const MARK = { role: "Member", joinedAt: 0, formerly: [], alike: [] };

const card = (part: Partial<CardSummary>): CardSummary => ({
  kind: "ask",
  wid: "w",
  workspace: "Harbour",
  request: "r1",
  requester: "Ben",
  who: MARK,
  serversAlike: 1,
  oneForTwo: false,
  independent: false,
  mine: false,
  server: "filesystem",
  tool: "write_file",
  queue: "Approvers",
  queueGone: false,
  state: "pending",
  requestedAt: 1,
  expiresAt: 100,
  sealed: 1,
  replacedBy: null,
  canVote: { allowed: true, why: noted("") },
  standsFor: [],
  practice: false,
  rung: { now: 0, of: 0, next: null },
  votes: [],
  thresholds: [],
  ...part,
});
const barred = { allowed: false, why: noted("You voted already.") };

test("an offer stands while its card can be decided, and while the list does not hold it yet", () => {
  expect(stillOpen(card({}))).toBe(true);
  expect(stillOpen(null)).toBe(true);
});

test("an offer goes when somebody decided its card, or when this person voted", () => {
  for (const state of ["approved", "rejected", "canceled", "expired", "used", "lapsed"] as const)
    expect(stillOpen(card({ state }))).toBe(false);
  expect(stillOpen(card({ canVote: barred }))).toBe(false);
});

test("after a decision the card that runs out first is offered next, and none that is not for this person", () => {
  const cards = [
    card({ state: "used" }),
    card({ request: "r2", expiresAt: 90 }),
    card({ request: "r3", expiresAt: 50 }),
    card({ request: "r4", expiresAt: 10, canVote: barred }),
  ];
  expect(nextOffer(listOf("cards", cards))).toEqual({
    text: null,
    card: { wid: "w", request: "r3" },
    url: null,
    blocked: false,
  });
  expect(nextOffer(listOf("cards", [card({ state: "used" })]))).toBeNull();
});

test("[T31] a notice names who asks and what, and never only that something waits", () => {
  const offer = { text: null, card: { wid: "w", request: "r1" }, url: null, blocked: false };
  expect(offerWordsOf(offer, card({}), 0, [])).toBe("Ben asks to run write_file");
  expect(offerWordsOf(offer, card({}), 1, [])).toBe("Ben asks to run write_file · 1 more card waits");
  expect(offerWordsOf(offer, card({ kind: "confirm", mine: true }), 0, [])).toBe("write_file waits for you to confirm");
  expect(offerWordsOf(offer, card({ practice: true }), 0, [])).toBe("Practice: Ben asks to run write_file");
  expect(offerWordsOf(offer, card({ who: { ...MARK, alike: [{ name: "Ben", role: "Owner" }] } }), 0, [])).toBe(
    "Ben (Member, not Ben, Owner) asks to run write_file",
  );
  expect(offerWordsOf(offer, null, 2, [])).toBe("A card waits for your decision.");
  expect(offerWordsOf({ ...offer, text: "Said by the host" }, card({}), 0, [])).toBe("Said by the host");
});

test("the page says what was decided only once the vote stands in the log, and only of this person's vote", () => {
  const vote = { member: "ada", name: "Ada", mark: MARK, tie: null, by: null, v: "reject" as const, at: 1, note: null };
  expect(votedWords(card({ canVote: barred }), "ada")).toBeNull();
  expect(votedWords(card({ votes: [vote] }), "ben")).toBeNull();
  expect(votedWords(card({ votes: [vote] }), "ada")).toBe("You rejected this: filesystem.write_file");
  // One that was cast in the place of somebody else is this person's decision too.
  expect(votedWords(card({ votes: [{ ...vote, by: { member: "cleo", name: "Cleo" } }] }), "cleo")).toBe(
    "You rejected this: filesystem.write_file",
  );
});
