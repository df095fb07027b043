/** Requests for approval as cards, their decision, and practice. */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { Verdict } from "./answer.ts";
import { Told } from "./told.ts";
import { PersonMark, TieView } from "./member.ts";
import { wid, id, done } from "./fields.ts";
import { listHead } from "./list.ts";
import { NOTE_MAX, PRACTICE_ARGS_MAX } from "./limits.ts";
import { method, topic } from "./method.ts";

/** `by` cast it in the place of `member`; null where people voted themselves. */
export const VoteView = z.strictObject({
  member: z.string(),
  name: z.string(),
  mark: PersonMark,
  tie: TieView.nullable(),
  by: z.strictObject({ member: z.string(), name: z.string() }).nullable(),
  v: z.enum(["approve", "reject"]),
  at: z.number(),
  note: z.string().nullable(),
});

export const CardSummary = z.strictObject({
  /** `confirm`: an own call that this person confirms on the computer that runs it; its id is the hash of its bytes. */
  kind: z.enum(["ask", "confirm"]),
  wid: z.string(),
  workspace: z.string(),
  request: z.string(),
  requester: z.string(),
  who: PersonMark,
  mine: z.boolean(),
  server: z.string(),
  /** How many tool servers of the team have a name that could be taken for this one, itself included. */
  serversAlike: z.number(),
  tool: z.string(),
  queue: z.string(),
  /** It was taken out of the policy since. */
  queueGone: z.boolean(),
  /** How votes are counted: see the queue. */
  oneForTwo: z.boolean(),
  independent: z.boolean(),
  state: z.enum(["pending", "approved", "rejected", "canceled", "replaced", "practiced", "expired", "used", "lapsed"]),
  requestedAt: z.number(),
  expiresAt: z.number(),
  /** How often the arguments were sealed: again whenever somebody came who may decide. */
  sealed: z.number(),
  /** The request that took its place after an edit. */
  replacedBy: z.string().nullable(),
  canVote: Verdict,
  /** Names of the people in whose place my vote would count, besides or instead of my own. */
  standsFor: z.array(z.string()),
  /** Made to try the flow: it can be decided and never runs. */
  practice: z.boolean(),
  /** Rung of escalation in force, from 0 (the first people asked) to `of`; who decides from when on, where that is still to come. */
  rung: z.strictObject({
    now: z.number(),
    of: z.number(),
    next: z
      .strictObject({ at: z.number(), all: z.array(z.strictObject({ n: z.number(), who: z.array(z.string()) })) })
      .nullable(),
  }),
  votes: z.array(VoteView),
  thresholds: z.array(z.strictObject({ need: z.number(), have: z.number(), who: z.array(z.string()) })),
});
export type CardSummary = DeepReadonly<z.infer<typeof CardSummary>>;

export const WHY_MAX = 500;

/** Most of a file that is read for a card, bytes. */
export const PRESENT_MAX = 262_144;

/** The text of a file before a call that would write it. */
export const Before = z.strictObject({
  /** Name of the argument that holds the new text. */
  argument: z.string().max(200),
  /** As the call names it. */
  path: z.string().max(1_024),
  text: z.string().max(PRESENT_MAX),
  /** The file goes on after `text`. */
  cut: z.boolean(),
});
export type Before = DeepReadonly<z.infer<typeof Before>>;

export const CardView = z.strictObject({
  ...CardSummary.shape,
  /** What asks. */
  rule: Told,
  /** Exact text that would be executed, or null where this device was not given the key, with the reason. */
  args: z.string().nullable(),
  argsProblem: Told.nullable(),
  /** The request whose place this one takes after an edit, with its arguments where this device can open them. */
  replaces: z.strictObject({ request: z.string(), args: z.string().nullable() }).nullable(),
  /** The requester's own words, which nobody checked, or null where there are none. */
  why: z.string().nullable(),
  /** The file that the call names, as the requester's app read it when this was asked. Not checked either. */
  before: Before.nullable(),
  /** What should have been enclosed and is not shown. */
  enclosureProblem: Told.nullable(),
});
export type CardView = DeepReadonly<z.infer<typeof CardView>>;

export const cardMethods = {
  "card.get": method({
    params: z.strictObject({ wid, request: id }),
    result: CardView,
    windows: ["main", "popup"],
    needs: { in: "handler", because: "who opens a card depends on its request" },
  }),
  /** Only the popup window: a vote is signed after a confirmation that the shell itself draws. */
  "card.decide": method({
    params: z.strictObject({ wid, request: id, vote: z.enum(["approve", "reject"]), note: z.string().max(NOTE_MAX) }),
    result: done,
    windows: ["popup"],
    needs: { in: "handler", because: "whose vote counts depends on the request, its queue and its rung" },
  }),
  /** The reason that somebody began to write, kept in memory until the card is decided. Null only asks for it. */
  "card.reason": method({
    params: z.strictObject({ wid, request: id, reason: z.string().max(NOTE_MAX).nullable() }),
    result: z.strictObject({ reason: z.string() }),
    windows: ["main", "popup"],
    needs: { none: "here" },
  }),
  /** Asks the shell to draw the card in the popup window. */
  "card.show": method({
    params: z.strictObject({ wid, request: id }),
    result: done,
    windows: ["main"],
    needs: { in: "handler", because: "who opens a card depends on its request" },
  }),
  "practice.ask": method({
    /** A request to try the flow: it can be decided and never runs. `server` null asks with a built-in example. */
    params: z.strictObject({
      wid,
      queue: id,
      server: id.nullable(),
      tool: z.string().max(200),
      args: z.string().max(PRACTICE_ARGS_MAX),
      why: z.string().max(WHY_MAX).optional(),
    }),
    result: z.strictObject({ request: id }),
    windows: ["main"],
    needs: "tools.use",
  }),
  "practice.withdraw": method({
    params: z.strictObject({ wid, request: id }),
    result: done,
    windows: ["main"],
    needs: { none: "self" },
  }),
};

export const cardTopics = {
  cards: topic({
    of: "workspace",
    value: listHead(CardSummary),
    windows: ["main", "popup"],
    needs: { in: "handler", because: "who sees a card depends on its request" },
  }),
};
