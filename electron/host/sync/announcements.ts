/**
 * What a person is told of by itself: a card that became theirs to decide, once, whatever brought it and whether or not
 * the app ran at that moment. One notification each, and the popup where none is open. Notifications carry a name, a
 * tool and a server, never arguments or titles.
 */
import type { Request } from "#core/state.ts";
import { Refusal } from "../seams.ts";
import type { Clock, Shell } from "../seams.ts";
import type { AnnouncedStore } from "../store/announced.ts";
import { noticeBody, noticeTitle, requestNamed } from "./card-view.ts";
import type { Live } from "./live.ts";

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
  readonly canDecide: (live: Live, request: Request) => boolean;
  /** Whether an own call, or somebody who came, waits for this person. */
  readonly waits: (wid: string, id: string) => boolean;
}
/** An own call that waits for its person, with the words of its notification. */
export interface OwnCall {
  readonly id: string;
  readonly title: string;
  readonly body: string;
}
/** Something else to tell, once for ever. `card` names what is then put before the person. */
export interface News {
  readonly key: string;
  readonly title: string;
  readonly body: string;
  readonly card: string | null;
}
export interface Announcements {
  /** Tells of those among the waiting `requests` that this person can decide and was not told of. */
  tell(live: Live, requests: readonly Request[]): void;
  /** Tells of own calls that wait: each once while the app runs, and the first by itself where no card is being read. */
  tellOwn(live: Live, calls: readonly OwnCall[]): void;
  /** Tells of what was not told before, whether or not the app ran when it came. */
  tellOnce(live: Live, news: readonly News[]): void;
  /** Puts a card before the person. */
  show(live: Live, request: string): Promise<unknown>;
}

export const createAnnouncements = ({ shell, announced, clock, popupOpen, find, notifications, canDecide, waits }: AnnouncementsDeps): Announcements => {
  const told = new Map<string, Set<string>>();
  /** The card that was last put before the person, and when. */
  let shown: { wid: string; request: string; at: number } | null = null;
  /** Own calls that were told, and those whose card opened by itself. After a restart they are told again: nobody else can answer. */
  const own = new Set<string>();
  const drawn = new Set<string>();

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
      const [first] = mine;
      if (first === undefined) return;
      keep(live, mine.map(({ id, decideBy }) => ({ request: id, until: decideBy })));
      if (notifications()) for (const request of mine) courtesy(shell.request("notify", { title: noticeTitle(live, request), body: noticeBody(live, request), card: { wid: live.wid, request: request.id } }));
      // A person may be reading the card before: it stays until it is answered, and the new one waits in the list.
      if (!reading()) courtesy(show(live, first.id));
    },
    tellOwn: (live, calls) => {
      const fresh = calls.filter(({ id }) => !own.has(id));
      if (notifications()) for (const { id, title, body } of fresh) courtesy(shell.request("notify", { title, body, card: { wid: live.wid, request: id } }));
      for (const { id } of fresh) own.add(id);
      const [next] = calls.filter(({ id }) => !drawn.has(id));
      if (next === undefined || reading()) return;
      drawn.add(next.id);
      courtesy(show(live, next.id));
    },
    tellOnce: (live, news) => {
      const fresh = news.filter(({ key }) => !toldIn(live.wid).has(key));
      if (fresh.length === 0) return;
      keep(live, fresh.map(({ key }) => ({ request: key, until: NEVER })));
      if (notifications()) for (const { title, body, card } of fresh) courtesy(shell.request("notify", { title: title.slice(0, 200), body: body.slice(0, 500), card: card === null ? null : { wid: live.wid, request: card } }));
      const first = fresh.find(({ card }) => card !== null)?.card ?? null;
      if (first !== null && !reading()) courtesy(show(live, first));
    },
    show,
  };
};

/** What the shell draws is a courtesy: where it cannot, the card is still in the list. */
export const courtesy = (drawn: Promise<unknown>): void => void drawn.catch(() => undefined);
