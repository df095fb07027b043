/**
 * What a person is told of by itself: a card that became theirs to decide, once, whatever brought it and whether or not
 * the app ran at that moment. One notification each, and the popup where none is open. Notifications carry a name, a
 * tool and a server, never arguments or titles.
 *
 * Many at once, or one after the other from one person, are told of in one notification, and open no popup by
 * themselves: whoever floods would otherwise own the screen. The list and the badge show all of them, and a decision of
 * this person about somebody's request begins anew for them.
 */
import type { ReadRequest } from "#core/rules/read.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { Clock } from "#client/ports/clock.ts";
import { told as tell } from "#bridge/told.ts";
import type { Told } from "#bridge/told.ts";
import type { Shell } from "../seams.ts";
import type { AnnouncedStore } from "../store/announced.ts";
import { requestNamed } from "#client/docs/requests.ts";
import { noticeBody, noticeTitle } from "./card-view.ts";
import type { Live } from "#client/live.ts";
import { courtesy } from "./courtesy.ts";
import { createPace } from "#bridge/pace.ts";

/** A window that was asked for and has not spoken yet is on its way for this long. */
const OPENS_WITHIN_MS = 5_000;
/** Nobody's time runs out on it: the last moment that a date can name. */
const NEVER = 8_640_000_000_000_000;

export interface AnnouncementsDeps {
  readonly shell: Shell;
  readonly announced: AnnouncedStore;
  readonly clock: Pick<Clock, "monotonic">;
  readonly popupOpen: () => boolean;
  readonly find: (wid: string) => Live | undefined;
  readonly notifications: () => boolean;
  readonly canDecide: (live: Live, request: ReadRequest) => boolean;
  /** Whether an own call, or somebody who came, waits for this person. */
  readonly waits: (wid: string, id: string) => boolean;
}
/** An own call that waits for its person, with what its notification says. */
export interface OwnCall {
  readonly id: string;
  readonly title: Told;
  readonly body: Told;
}
/** More at a time are told in one: a screen has no room for them, and nobody reads them. */
const AT_ONCE = 5;
/** Of one person who asks: notifications, and popups that open by themselves. */
const NOTICES = { atOnce: 3, everyMs: 60_000 };
const POPUPS = { atOnce: 5, everyMs: 30_000 };
/** That there is more of theirs. */
const MORE = { atOnce: 1, everyMs: 300_000 };
const OWN = "own";
const NEWS = "news";

/** Something else to tell, once for ever. `card` names what is then put before the person. */
export interface News {
  readonly key: string;
  readonly title: Told;
  readonly body: Told;
  readonly card: string | null;
}
export interface Announcements {
  /** Tells of those among the waiting `requests` that this person can decide and was not told of. */
  tell(live: Live, requests: readonly ReadRequest[]): void;
  /** Tells of own calls that wait: each once while the app runs, and the first by itself where no card is being read. */
  tellOwn(live: Live, calls: readonly OwnCall[]): void;
  /** Tells of what was not told before, whether or not the app ran when it came. */
  tellOnce(live: Live, news: readonly News[]): void;
  /** Puts a card before the person. */
  show(live: Live, request: string): Promise<unknown>;
  /** This person decided about that request: whoever asked it is being answered, and floods nobody. */
  answered(live: Live, request: ReadRequest): void;
}
interface Notice {
  readonly title: Told;
  readonly body: Told;
  /** What is put before the person at a click. */
  readonly card: string | null;
  /** Who brings it about. */
  readonly from: string;
}

export const createAnnouncements = ({
  shell,
  announced,
  clock,
  popupOpen,
  find,
  notifications,
  canDecide,
  waits,
}: AnnouncementsDeps): Announcements => {
  const told = new Map<string, Set<string>>();
  /** The card that was last put before the person, and when. */
  let shown: { wid: string; request: string; at: number } | null = null;
  /** Own calls that were told, and those whose card opened by itself. After a restart they are told again: nobody else can answer. */
  const own = new Set<string>();
  const drawn = new Set<string>();

  const notices = createPace(clock, NOTICES);
  const popups = createPace(clock, POPUPS);
  const more = createPace(clock, MORE);

  /** The first of each who brings something comes before anybody's second, so that nobody is hidden behind a flood. */
  const notify = (live: Live, list: readonly Notice[]): void => {
    if (!notifications()) return;
    const nth = ({ from }: Notice, index: number): number =>
      list.slice(0, index).filter((other) => other.from === from).length;
    const due = list.map((notice, index) => ({ notice, nth: nth(notice, index) })).toSorted((a, b) => a.nth - b.nth);
    const single = due
      .map(({ notice }) => notice)
      .filter(({ from }, index) => index < AT_ONCE && (from === OWN || notices.take(`${live.wid} ${from}`)));
    for (const { title, body, card } of single)
      courtesy(
        shell.request("notify", {
          title,
          body,
          card: card === null ? null : { wid: live.wid, request: card },
        }),
      );
    const rest = list.find((notice) => !single.includes(notice));
    if (rest !== undefined && more.take(`${live.wid} ${rest.from}`))
      courtesy(
        shell.request("notify", {
          title: tell("notice.more"),
          body: tell("notice.more-where", live.log.name),
          card: null,
        }),
      );
  };
  const toldIn = (wid: string): Set<string> => {
    const known = told.get(wid) ?? new Set(announced.of(wid));
    told.set(wid, known);
    return known;
  };
  /** Kept before it is drawn: a kill in between leaves a card in the list unannounced, and none announced twice. */
  const keep = (live: Live, what: readonly { readonly request: string; readonly until: number }[]): void => {
    for (const { request } of what) toldIn(live.wid).add(request);
    try {
      announced.add(live.wid, what, live.serverNow());
    } catch (error) {
      // Where the disk is full, being told again after a restart is better than not being told.
      if (!(error instanceof Refusal)) throw error;
    }
  };
  const show = (live: Live, request: string): Promise<unknown> => {
    shown = { wid: live.wid, request, at: clock.monotonic() };
    return shell.request("popup.show", { wid: live.wid, request });
  };
  /** Whether the last shown card can still be decided, and its window was not closed. */
  const reading = (): boolean => {
    if (shown === null || !(popupOpen() || clock.monotonic() - shown.at < OPENS_WITHIN_MS)) return false;
    const live = find(shown.wid);
    if (waits(shown.wid, shown.request)) return true;
    const request = live === undefined ? undefined : requestNamed(live, shown.request);
    return live !== undefined && request !== undefined && canDecide(live, request);
  };

  return {
    tell: (live, requests) => {
      const mine = requests.filter((request) => !toldIn(live.wid).has(request.id) && canDecide(live, request));
      if (mine.length === 0) return;
      keep(
        live,
        mine.map(({ id, decideBy }) => ({ request: id, until: decideBy })),
      );
      notify(
        live,
        mine.map((request) => ({
          title: noticeTitle(live, request),
          body: noticeBody(live, request),
          card: request.id,
          from: request.requester,
        })),
      );
      // A person may be reading the card before: it stays until it is answered, and the new one waits in the list.
      const next = reading() ? undefined : mine.find(({ requester }) => popups.take(`${live.wid} ${requester}`));
      if (next !== undefined) courtesy(show(live, next.id));
    },
    tellOwn: (live, calls) => {
      const fresh = calls.filter(({ id }) => !own.has(id));
      if (fresh.length > 0)
        notify(
          live,
          fresh.map(({ id, title, body }) => ({ title, body, card: id, from: OWN })),
        );
      for (const { id } of fresh) own.add(id);
      const [next] = calls.filter(({ id }) => !drawn.has(id));
      if (next === undefined || reading()) return;
      drawn.add(next.id);
      courtesy(show(live, next.id));
    },
    tellOnce: (live, news) => {
      const fresh = news.filter(({ key }) => !toldIn(live.wid).has(key));
      if (fresh.length === 0) return;
      keep(
        live,
        fresh.map(({ key }) => ({ request: key, until: NEVER })),
      );
      notify(
        live,
        fresh.map((each) => ({ ...each, from: NEWS })),
      );
      const first = fresh.find(({ card }) => card !== null)?.card ?? null;
      if (first !== null && !reading() && popups.take(`${live.wid} ${NEWS}`)) courtesy(show(live, first));
    },
    show,
    answered: (live, { requester }) => [notices, popups].forEach((pace) => pace.forget(`${live.wid} ${requester}`)),
  };
};
