/**
 * Cards: approval requests for this person to decide, and the attention they get. A vote is signed by the shell, and
 * only after its own popup confirmed it.
 */
import { told, type Told } from "#bridge/told.ts";
import { standing } from "#core/rules/waiting.ts";
import type { DocName } from "#core/protocol/ids.ts";
import type { ReadRequest } from "#core/rules/read.ts";
import type { CardSummary, CardView } from "#bridge/card.ts";
import type { Verdict } from "#bridge/answer.ts";
import { NOTHING } from "../gate/enclosure.ts";
import { refusalOf } from "#bridge/refused.ts";
import type { Clock } from "#client/ports/clock.ts";
import type { Publisher, Shell } from "../seams.ts";
import { rejected } from "../seams.ts";
import type { AnnouncedStore } from "../store/announced.ts";
import type { WorkspaceStore } from "#client/ports/store.ts";
import { createAnnouncements } from "./announcements.ts";
import { createCardChanges } from "./card-changes.ts";
import { arrivalNews, isArrival, toLetIn } from "./arrivals.ts";
import { requestNamed, requestsOf } from "#client/docs/requests.ts";
import { askedBy, canOpen, canVote, cardSummary, shownRequests } from "./card-view.ts";
import type { Live } from "#client/live.ts";
import type { ConfirmCards } from "./confirm-cards.ts";
import { createNotes, sealNote } from "../gate/notes.ts";
import { refusalFact } from "#client/link/outbox.ts";
import type { Settled } from "#client/link/outbox.ts";
import { courtesy } from "./courtesy.ts";
import { createOpening } from "./opening.ts";
import { createVoteAnswers } from "./vote-answers.ts";

export interface CardsDeps {
  readonly shell: Shell;
  readonly rows: WorkspaceStore;
  readonly announced: AnnouncedStore;
  readonly publisher: Publisher;
  readonly clock: Pick<Clock, "monotonic">;
  readonly popupOpen: () => boolean;
  readonly lives: () => readonly Live[];
  readonly notifications: () => boolean;
  readonly own: ConfirmCards;
  /** After what is under way now. */
  readonly soon: (work: () => void) => void;
}
export interface Cards {
  summaries(live: Live): CardSummary[];
  /** One of them by its id, or null. */
  one(live: Live, id: string): CardSummary | null;
  /** How many this person can decide now. */
  waiting(live: Live): number;
  get(live: Live, request: string): Promise<CardView>;
  decide(live: Live, request: string, vote: "approve" | "reject", note: string): Promise<void>;
  show(live: Live, request: string): Promise<void>;
  /** Entries of a queue or lane arrived from the server. */
  arrived(live: Live, doc: DocName): void;
  settled(live: Live, result: Settled): void;
  /** An own call began or ceased to wait for its person. */
  ownMoved(live: Live): void;
  /** Counts again. */
  recount(): void;
  /** Tells of what time alone brought, and of what came while the app was closed or the computer slept. */
  look(live: Live): void;
}

export const createCards = (deps: CardsDeps): Cards => {
  const { shell, rows, publisher, own } = deps;
  const notes = createNotes(shell, (wid, request) => publisher.publish("cards", wid, [request]));
  const answers = createVoteAnswers(rows);
  const opening = createOpening(shell);

  const verdict = (live: Live, request: ReadRequest): Verdict =>
    canVote(live, request, () => rows.outboxOf(live.wid, request.id));
  const changes = createCardChanges({ ...deps, canDecide: (live, request) => verdict(live, request).allowed });
  const find = (wid: string): Live | undefined => deps.lives().find((each) => each.wid === wid);
  const letsIn = (live: Live | undefined, id: string): boolean =>
    live !== undefined && toLetIn(live).some((member) => member.id === id);
  const announcements = createAnnouncements({
    ...deps,
    find,
    canDecide: (live, request) => verdict(live, request).allowed,
    waits: (wid, id) => letsIn(find(wid), id) || own.waiting(wid).some(({ hash }) => hash === id),
  });
  const tellOwn = (live: Live): void =>
    announcements.tellOwn(
      live,
      own.waiting(live.wid).map((confirm) => ({ id: confirm.hash, ...own.title(live, confirm) })),
    );
  const named = (live: Live, id: string): ReadRequest => {
    const request = requestNamed(live, id);
    if (request === undefined) throw rejected("no-such-request");
    return request;
  };
  /** One whose card this person may see. */
  const shownTo = (live: Live, id: string): ReadRequest => {
    const request = named(live, id);
    const open = canOpen(live, request);
    if (!open.allowed) throw refusalOf(open.why);
    return request;
  };
  const summary = (live: Live, request: ReadRequest): CardSummary =>
    cardSummary(live, request, verdict(live, request), (sealed) => notes.of(live.wid, request.id, sealed) ?? null);

  /** The request that this one takes the place of. Only whom both were shown can compare them. */
  const replacedBy = async (live: Live, { replaces }: ReadRequest): Promise<CardView["replaces"]> => {
    if (replaces === null) return null;
    const before = requestNamed(live, replaces);
    const shows = before !== undefined && canOpen(live, before).allowed;
    return { request: replaces, args: shows ? (await opening.open(live, before)).args : null };
  };

  const decide = async (live: Live, id: string, vote: "approve" | "reject", note: string): Promise<void> => {
    const request = named(live, id);
    const may = verdict(live, request);
    if (!may.allowed) throw refusalOf(may.why);
    // What the person has read on the card is not opened a second time.
    const problem = opening.wasOpened(request) ? null : (await opening.open(live, request)).problem;
    if (problem !== null && (vote === "approve" || problem.code === "args-mismatch")) throw refusalOf(problem);
    const sealed = await sealNote(live, request, note);
    const command = await live.outbox.later(
      "approval.vote",
      request.doc,
      { request: request.id, v: vote, note: sealed },
      { request: request.id },
    );
    announcements.answered(live, request);
    changes.touch(live, [request.id]);
    if (live.link().link !== "in-sync") return;
    const code = await answers.to(live.wid, command);
    if (code !== null) throw refusalOf(refusalFact(code));
  };

  /** The copy of a list that is behind the server may show as open what was decided meanwhile, so it tells of nothing. */
  const current = (live: Live, doc?: DocName): ReadRequest[] => {
    const docs = new Map<DocName, boolean>();
    const isCurrent = (of: DocName): boolean => {
      const known = docs.get(of) ?? live.current(of);
      docs.set(of, known);
      return known;
    };
    return requestsOf(live).filter(
      (request) =>
        (doc === undefined || request.doc === doc) &&
        standing(request, live.serverNow()) === "pending" &&
        isCurrent(request.doc),
    );
  };

  return {
    summaries: (live) => [...own.summaries(live), ...shownRequests(live).map((request) => summary(live, request))],
    one: (live, id) => {
      if (own.has(live.wid, id)) return own.summaries(live).find(({ request }) => request === id) ?? null;
      const request = requestNamed(live, id);
      return request !== undefined && changes.shows(live, id) ? summary(live, request) : null;
    },
    waiting: changes.waiting,
    get: async (live, id) => {
      if (own.has(live.wid, id)) return own.get(live, id);
      const request = shownTo(live, id);
      const found = await opening.open(live, request);
      const { args, problem } = found;
      const { why, before } = found.problem === null ? found.enclosure : NOTHING;
      const card = summary(live, request);
      const barred = problem?.code === "args-mismatch" ? { allowed: false, why: problem as Told } : card.canVote;
      return {
        ...card,
        canVote: barred,
        rule: askedBy(live.log, request),
        args,
        argsProblem: problem,
        replaces: await replacedBy(live, request),
        why,
        before,
        enclosureProblem: found.problem === null ? found.leftOut : null,
      };
    },
    decide: (live, id, vote, note) =>
      own.has(live.wid, id) ? own.decide(live, id, vote, note) : decide(live, id, vote, note),
    show: async (live, id) =>
      void (await announcements.show(live, isArrival(live, id) || own.has(live.wid, id) ? id : shownTo(live, id).id)),
    arrived: (live, doc) => {
      changes.look(live, doc);
      // Windows that show the list hear first: what a person is told of by itself is kept before, and that takes the disk.
      if (doc.startsWith("queue:")) deps.soon(() => announcements.tell(live, current(live, doc)));
    },
    settled: (live, { command, kind, request, code }) => {
      if (request !== null) changes.touch(live, [request]);
      if (kind !== "approval.vote") return;
      if (!answers.came(command, code) && code !== null)
        courtesy(
          shell.request("notify", {
            title: told("notice.no-effect"),
            body: told("notice.no-effect-why", refusalFact(code), live.log.name),
            card: null,
          }),
        );
    },
    recount: changes.recount,
    ownMoved: (live) => {
      changes.touch(live, []);
      tellOwn(live);
    },
    look: (live) => {
      tellOwn(live);
      if (!live.fresh()) return;
      announcements.tell(live, current(live));
      announcements.tellOnce(live, arrivalNews(live));
    },
  };
};
