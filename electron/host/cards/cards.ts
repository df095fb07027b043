/**
 * Cards: approval requests for this person to decide, and the attention they get. A vote is signed by the shell, and
 * only after its own popup confirmed it.
 */
import { told, type Told } from "#bridge/told.ts";
import { COPIES_MAX } from "#core/rules/approval.ts";
import { standing } from "#core/rules/waiting.ts";
import type { DeviceId, DocName, Hash } from "#core/protocol/ids.ts";
import { isSameDevice } from "#core/rules/may.ts";
import type { ReadRequest } from "#core/rules/read.ts";
import type { CardSummary, CardView } from "#bridge/card.ts";
import type { Verdict } from "#bridge/answer.ts";
import { NOTHING, readOpened } from "../gate/enclosure.ts";
import type { Enclosure } from "../gate/enclosure.ts";
import { fitsMark } from "../gate/practice.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { refusalOf, toldOf } from "#bridge/refused.ts";
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
import { personOf } from "../people/names.ts";
import type { ConfirmCards } from "./confirm-cards.ts";
import { createNotes, sealNote } from "../gate/notes.ts";
import { refusalFact } from "#client/link/outbox.ts";
import type { Settled } from "#client/link/outbox.ts";
import { unseal } from "#client/keys/sealed.ts";
import { courtesy } from "./courtesy.ts";

const ANSWER_WITHIN_MS = 10_000;

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

type Opened =
  | { readonly args: string; readonly problem: null; readonly enclosure: Enclosure; readonly leftOut: Told | null }
  | { readonly args: null; readonly problem: Told };

export const createCards = (deps: CardsDeps): Cards => {
  const { shell, rows, publisher, own } = deps;
  const notes = createNotes(shell, (wid, request) => publisher.publish("cards", wid, [request]));
  const answers = new Map<string, (code: string | null) => void>();
  /** Requests whose sealed text was opened here, and is what was signed. */
  const opens = new WeakSet<ReadRequest>();

  const verdict = (live: Live, request: ReadRequest): Verdict =>
    canVote(live, request, rows.outboxOf(live.wid, request.id));
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

  /** The arguments from whichever sealed text names this device. One that opens and is not what was signed outweighs those that stay shut. */
  const opened = async (live: Live, request: ReadRequest): Promise<Opened> => {
    const problems: Told[] = [];
    for (const sealed of [request.jwe, ...request.copies]) {
      const found = await openedFrom(live, request, sealed);
      if (found.problem === null) {
        opens.add(request);
        return found;
      }
      problems.push(found.problem);
    }
    return {
      args: null,
      problem:
        problems.find(({ code }) => code === "args-mismatch") ??
        copiesUsedUp(live, request, problems) ??
        (problems[0] as Told),
    };
  };
  const openedFrom = async (live: Live, request: ReadRequest, sealed: string): Promise<Opened> => {
    try {
      const read = readOpened(await unseal(shell, sealed), request.callHash);
      const text = read?.call ?? null;
      const fits =
        read !== null &&
        text !== null &&
        text.workspace === live.wid &&
        text.requester === request.requester &&
        isSameDevice(live.log, text.device as DeviceId, request.device) &&
        text.tool === request.tool &&
        fitsMark(live, request, text);
      if (fits)
        return {
          args: text.args,
          problem: null,
          enclosure: { why: read.why, before: read.before },
          leftOut: read.problem,
        };
      return {
        args: null,
        problem: told("args-mismatch", personOf(live.log, request.requester)),
      };
    } catch (error) {
      return {
        args: null,
        problem: error instanceof Refusal ? toldOf(error) : told("args-unopened"),
      };
    }
  };

  /** The request that this one takes the place of. Only whom both were shown can compare them. */
  const replacedBy = async (live: Live, { replaces }: ReadRequest): Promise<CardView["replaces"]> => {
    if (replaces === null) return null;
    const before = requestNamed(live, replaces);
    const shows = before !== undefined && canOpen(live, before).allowed;
    return { request: replaces, args: shows ? (await opened(live, before)).args : null };
  };

  const decide = async (live: Live, id: string, vote: "approve" | "reject", note: string): Promise<void> => {
    const request = named(live, id);
    const may = verdict(live, request);
    if (!may.allowed) throw refusalOf(may.why);
    // What the person has read on the card is not opened a second time.
    const problem = opens.has(request) ? null : (await opened(live, request)).problem;
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
    const code = await answered(command, rows, live.wid, answers);
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
      const found = await opened(live, request);
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
      const waits = answers.get(command);
      if (waits !== undefined) waits(code);
      else if (code !== null)
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

/** Why nothing will be sealed to this device any more, where it was left out of a request that waits and takes no further copy. */
const copiesUsedUp = (live: Live, request: ReadRequest, problems: readonly Told[]): Told | null => {
  if (
    request.copies.length < COPIES_MAX ||
    standing(request, live.serverNow()) !== "pending" ||
    problems.some(({ code }) => code !== "not-sealed-for-device")
  )
    return null;
  return told(
    "copies-used-up",
    COPIES_MAX,
    request.requester === live.me ? null : personOf(live.log, request.requester),
  );
};
/** What the server said to a vote, or null where it took it or did not answer soon: then it is sent again later. */
const answered = (
  command: Hash,
  rows: WorkspaceStore,
  wid: string,
  answers: Map<string, (code: string | null) => void>,
): Promise<string | null> =>
  new Promise((resolve) => {
    const end = (code: string | null): void => {
      clearTimeout(timer);
      answers.delete(command);
      resolve(code);
    };
    const timer = setTimeout(() => end(null), ANSWER_WITHIN_MS);
    answers.set(command, end);
    const row = rows.outboxRow(wid, command);
    if (row !== null && row.state !== "waiting") end(row.code);
  });
