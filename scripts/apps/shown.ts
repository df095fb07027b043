/** What a window without a page was shown beside answers, values and lists. */
import type { ShownAct } from "#bridge/act.ts";
import type { ToWindow } from "#bridge/frames.ts";
import { ThreadEvent } from "#bridge/thread.ts";

export interface Notice {
  readonly title: string;
  readonly body: string;
}
type ShowingFrame = Extract<ToWindow, { f: "thread" | "popup" | "act" | "session" | "notify" | "badge" | "pairing" }>;

export interface ShownParts {
  /** With which this window connected. */
  readonly token: string;
  /** Confirms in the window at that address, if it is one in which something is confirmed; answers what it showed. */
  readonly confirm: (url: string) => Promise<readonly ShownAct[]>;
}
export interface ShownSoFar {
  take(frame: ShowingFrame): void;
  events(): readonly ThreadEvent[];
  notices(): readonly Notice[];
  badge(): number;
  /** Addresses of windows that the shell opened, the oldest first. */
  popups(): readonly string[];
  pairing(): { readonly name: string; readonly number: string } | undefined;
  confirmed(): readonly ShownAct[];
  act(): ShownAct | undefined;
  /** The token with which it connects again. */
  session(): string;
}

export const createShown = ({ token, confirm }: ShownParts): ShownSoFar => {
  const events: ThreadEvent[] = [];
  const popups: string[] = [];
  const confirmed: ShownAct[] = [];
  const notices: Notice[] = [];
  let pairing: { readonly name: string; readonly number: string } | undefined;
  let act: ShownAct | undefined;
  let badge = 0;
  let session = token;
  return {
    take: (frame) => {
      if (frame.f === "thread") events.push(ThreadEvent.parse(frame.event));
      else if (frame.f === "popup") {
        popups.push(frame.url);
        void confirm(frame.url).then((shown) => confirmed.push(...shown));
      } else if (frame.f === "act") act = frame.act ?? undefined;
      else if (frame.f === "session") session = frame.token;
      else if (frame.f === "notify") notices.push({ title: frame.title, body: frame.body });
      else if (frame.f === "badge") badge = frame.waiting;
      else pairing = { name: frame.name, number: frame.number };
    },
    events: () => events,
    notices: () => notices,
    badge: () => badge,
    popups: () => popups,
    pairing: () => pairing,
    confirmed: () => confirmed,
    act: () => act,
    session: () => session,
  };
};
