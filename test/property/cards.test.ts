/**
 * Whatever is asked, voted, withdrawn, renamed or delegated, and whatever time passes: the list of cards that follows
 * what changed is the one that is built anew, and so is the number of cards that wait.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ListChange } from "#bridge/list.ts";
import { lists, type ListShape } from "#bridge/lists.ts";
import type { CardSummary } from "#bridge/card.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { Hash } from "#core/protocol/ids.ts";
import { policyPosition } from "#core/rules/may.ts";
import type { Live } from "#client/live.ts";
import type { OutboxRow } from "#client/ports/store.ts";
import { createCards } from "../../electron/host/cards/cards.ts";
import { RECENT } from "../../electron/host/cards/card-view.ts";
import type { CardsDeps } from "../../electron/host/cards/cards.ts";
import { createLists } from "../../electron/host/rpc/lists.ts";
import { createRows } from "../../electron/host/rpc/rows.ts";
import type { Topic } from "../../electron/host/rpc/topics.ts";
import type { Shell } from "../../electron/host/seams.ts";
import type { Confirm } from "../../electron/host/store/confirms.ts";
import { createTeam, QUEUE, queueOf, requestBody } from "../helpers/people.ts";
import type { Person } from "../helpers/people.ts";
import { noted } from "../helpers/worded.ts";

const MINUTE = 60_000;
interface Step {
  readonly kind: (typeof KINDS)[number];
  readonly who: number;
  readonly which: number;
  readonly yes: boolean;
}
const KINDS = [
  "ask",
  "ask",
  "ask",
  "ask",
  "vote",
  "vote",
  "vote",
  "cancel",
  "wait",
  "wait",
  "wait long",
  "rename",
  "role",
  "delegate",
  "policy",
  "run out",
  "queue a vote",
  "own call",
  "answer own",
  "rewind",
] as const;
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...KINDS),
  who: fc.nat({ max: 3 }),
  which: fc.nat({ max: 200 }),
  yes: fc.boolean(),
});
const topic: Topic = { name: "cards/w", kind: "cards", argument: "w" };

/** `full`: as many cards are over as lists show, so that each further one pushes another out. */
const world = (full: boolean) => {
  const team = createTeam();
  const people: Person[] = [
    team.ada,
    team.member("Ben"),
    team.member("Cleo", "approver"),
    team.member("Dora", "approver"),
  ];
  const asked: Hash[] = [];
  const outbox = new Map<string, OutboxRow[]>();
  const own: Confirm[] = [];
  const setPolicy = (independent: boolean): void =>
    void team.send(team.ada, LOG, "policy.set", {
      base: policyPosition(team.log),
      unnamed: "ask",
      rules: [],
      queues: [
        queueOf("approvers", [{ n: independent ? 2 : 1, roles: ["approver", "owner"] }], {
          practice: true,
          independent,
          decideMs: 90 * MINUTE,
          useMs: 30 * MINUTE,
          steps: [{ afterMs: 20 * MINUTE, all: [{ n: 1, roles: ["approver", "owner", "member"], members: [] }] }],
        }),
      ],
    });
  setPolicy(false);
  if (full) {
    const first = team.given(team.ada, QUEUE, "approval.request", requestBody());
    const request = team.queue.requests.get(first);
    for (let n = 0; request !== undefined && n < RECENT; n += 1)
      team.queue.requests.set(`old-${n}` as Hash, {
        ...request,
        id: `old-${n}` as Hash,
        state: "canceled",
        at: request.at - n,
      });
  }
  const me = team.ada.member;
  const live = {
    wid: "w",
    log: team.log,
    me,
    serverNow: () => team.now,
    serverAhead: () => 0,
    active: () => true,
    fresh: () => true,
    current: () => true,
    link: () => ({ link: "in-sync" }),
    replica: { halt: () => null },
    docs: { queues: () => [team.queue], lanes: () => [] },
  } as unknown as Live;
  return { team, people, asked, outbox, own, setPolicy, live };
};
type World = ReturnType<typeof world>;

const roomOf = ({ live, outbox, own }: World) => {
  const due = new Set<() => void>();
  const events: ListChange[] = [];
  const listed = createLists({
    emit: (event) => event.kind === "changes" && events.push(...event.changes),
    failed: (_kind, error) => {
      throw error;
    },
    timers: { soon: (work) => void due.add(work), later: (_ms, work) => (due.add(work), () => undefined) },
  });
  const ownCards = {
    has: (_wid: string, id: string) => own.some(({ hash }) => hash === id),
    waiting: () => own.filter(({ state }) => state === "confirming"),
    states: () => new Map(own.map(({ hash, state }) => [hash, state])),
    summaries: () =>
      own.map(
        ({ hash, state, askedAt }) =>
          ({
            kind: "confirm",
            request: hash,
            state: state === "confirming" ? "pending" : state,
            mine: true,
            requestedAt: askedAt,
            expiresAt: askedAt + 1,
            canVote: { allowed: state === "confirming", why: noted("") },
          }) as CardSummary,
      ),
    title: () => ({ title: "", body: "" }),
  };
  const badges: number[] = [];
  const cards = createCards({
    soon: (work: () => void) => work(),
    shell: {
      request: (method: string, params: { waiting: number }) => (
        method === "badge" && badges.push(params.waiting),
        Promise.resolve({})
      ),
    } as unknown as Shell,
    rows: { outboxOf: (_wid: string, request: string) => outbox.get(request) ?? [] },
    announced: { of: () => [], add: () => undefined },
    publisher: {
      publish: (kind: string, wid?: string, keys?: readonly string[]) =>
        kind === "cards" && listed.touch("cards", wid, keys),
    },
    clock: { monotonic: () => 0 },
    popupOpen: () => true,
    lives: () => [live],
    notifications: () => false,
    own: ownCards,
  } as unknown as CardsDeps);
  listed.provide("cards", { all: () => cards.summaries(live), one: (_wid, id) => cards.one(live, id) });
  const flush = (): void => {
    while (due.size > 0) {
      const work = [...due];
      due.clear();
      work.forEach((each) => each());
    }
  };
  return { cards, listed, flush, badges };
};

/** Does one thing to the workspace and tells the cards of it as the room does. */
const act = (of: World, { cards }: ReturnType<typeof roomOf>, { kind, who, which, yes }: Step): void => {
  const { team, people, asked, outbox, own, live } = of;
  const by = people[who] as Person;
  const request = asked[which % Math.max(1, asked.length)];
  const inQueue = (name: string, body: unknown): void => {
    const taken = team.send(by, QUEUE, name, body);
    if (taken.ok && name === "approval.request") asked.push(taken.command);
    cards.arrived(live, QUEUE);
  };
  const inLog = (from: Person, name: string, body: unknown): void => {
    team.send(from, LOG, name, body);
    cards.recount();
  };
  const pass = (ms: number): void => {
    team.pass(ms);
    cards.recount();
  };
  if (kind === "ask") inQueue("approval.request", requestBody({ practice: yes, ttlMs: (1 + (which % 80)) * MINUTE }));
  if (kind === "wait") pass((1 + (which % 12)) * MINUTE);
  if (kind === "wait long") pass(which * 6 * 60 * MINUTE);
  if (kind === "policy") {
    of.setPolicy(yes);
    cards.recount();
  }
  if (kind === "rename") inLog(by, "member.rename", { name: `${by.name} ${which % 3}` });
  if (kind === "role")
    inLog(team.ada, "member.role", {
      member: (people[1 + (which % 3)] as Person).member,
      from: yes ? "approver" : "member",
      to: yes ? "member" : "approver",
    });
  if (kind === "delegate")
    inLog(by, "approval.delegate", { to: (people[which % 4] as Person).member, until: team.now + 30 * MINUTE });
  if (kind === "own call")
    own.push({
      hash: `own-${own.length}`,
      call: `call-${own.length}`,
      state: "confirming",
      askedAt: which,
    } as unknown as Confirm);
  if (kind === "answer own" && own.length > 0)
    own[which % own.length] = { ...(own[which % own.length] as Confirm), state: yes ? "approved" : "rejected" };
  if (kind === "own call" || kind === "answer own") cards.ownMoved(live);
  if (request === undefined) return;
  // Approved, and not used in time.
  if (kind === "run out") {
    const latest = asked.at(-1);
    team.send(people[3] as Person, QUEUE, "approval.vote", { request: latest, v: "approve", note: null });
    cards.arrived(live, QUEUE);
    pass(40 * MINUTE);
  }
  if (kind === "vote") inQueue("approval.vote", { request, v: yes ? "approve" : "reject", note: null });
  if (kind === "cancel") inQueue("approval.cancel", { request });
  if (kind === "queue a vote") {
    const row = {
      command: "c",
      kind: "approval.vote",
      state: yes ? "waiting" : "refused",
      code: yes ? null : "expired",
    };
    outbox.set(request, [row as unknown as OutboxRow]);
    cards.settled(live, { command: "c", kind: "approval.vote", request, code: null });
  }
  // The server showed another state, and this copy took it: the same request is another object.
  if (kind === "rewind") {
    const found = team.queue.requests.get(request);
    if (found !== undefined) team.queue.requests.set(request, { ...found, votes: [...found.votes].slice(0, 1) });
    cards.arrived(live, QUEUE);
  }
};

test("[T18] the cards that windows follow are the cards as they are built anew, after whatever happened", () => {
  const shape = lists.cards as ListShape<CardSummary>;
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.boolean(), fc.array(step, { minLength: 5, maxLength: 80 }), (full, steps) => {
      const of = world(full);
      const room = roomOf(of);
      room.cards.recount();
      room.listed.head(topic);
      for (const each of steps) {
        act(of, room, each);
        room.flush();
        const anew = createRows(shape, room.cards.summaries(of.live));
        const rows = anew.slice(0, 10_000);
        expect(room.listed.page(topic, 0, 10_000).rows).toEqual(rows);
        expect(room.listed.head(topic).counts).toEqual(anew.counts());
        const counts = anew.counts();
        const waiting = (counts["toConfirm"] ?? 0) + (counts["toDecide"] ?? 0);
        expect([room.cards.waiting(of.live), room.badges.at(-1)]).toEqual([waiting, waiting]);
        for (const row of rows) seen.add(`${row.kind} ${row.state}`);
      }
    }),
    { numRuns: 200 },
  );
  // Control: the steps reach what the list tells apart.
  for (const state of [
    "ask pending",
    "ask approved",
    "ask rejected",
    "ask canceled",
    "ask expired",
    "ask practiced",
    "ask lapsed",
    "confirm pending",
    "confirm approved",
  ])
    expect([state, seen.has(state)]).toEqual([state, true]);
});
