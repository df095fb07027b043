/** The app itself: its person, its settings, the link that waits for the confirm screen, and what it reports of itself. */
import type { AppView, appMethods } from "#bridge/app.ts";
import type { Log } from "../log.ts";
import type { HandlersOf, Publisher } from "../seams.ts";
import type { SettingsStore } from "../store/settings.ts";
import { reportOf } from "./report.ts";

export interface AppDeps {
  /** The data folder. */
  readonly dir: string;
  readonly shell: AppView["shell"];
  readonly log: Log;
  readonly settings: SettingsStore;
  readonly publisher: Publisher;
  /** Signs the person's name in every workspace. */
  readonly rename: (name: string) => Promise<{ told: number; waiting: number }>;
}
export interface AppRoom {
  readonly handlers: HandlersOf<typeof appMethods>;
  /** A join link from outside, untrusted: it is only shown, the confirm screen decides. */
  link(url: string): void;
  pendingLink(): string | null;
}

/** A link that is longer is refused by its length when it is looked at; there is no reason to keep more of it. */
const LINK_KEPT = 65_536;

export const createApp = ({ dir, shell, log, settings, publisher, rename }: AppDeps): AppRoom => {
  let pendingLink: string | null = null;
  const keep = (link: string | null): void => {
    pendingLink = link;
    publisher.publish("app");
  };
  return {
    handlers: {
      "fault.report": ({ event, name, stack }) => {
        log.note(`window.${event}`, { code: name, frames: stack });
        return {};
      },
      "report.get": () => reportOf(dir, shell),
      "profile.set": async ({ name }) => {
        settings.setPerson(name);
        publisher.publish("app");
        return rename(name);
      },
      "settings.set": (change) => {
        settings.set(change as Partial<AppView["settings"]>);
        publisher.publish("app");
        return {};
      },
      "link.take": () => {
        keep(null);
        return {};
      },
    },
    link: (url) => keep(url.slice(0, LINK_KEPT)),
    pendingLink: () => pendingLink,
  };
};
