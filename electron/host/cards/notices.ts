/** What everybody in a team is told once, when the entry that says it arrives. */
import type { Taken } from "#core/rules/fold.ts";
import type { Shell } from "../seams.ts";
import { cameBack } from "../team/device-view.ts";
import type { Live } from "#client/live.ts";
import { told } from "#bridge/told.ts";
import { courtesy } from "./courtesy.ts";

export interface Notices {
  /** Entries of the log were verified and kept. */
  arrived(live: Live, taken: readonly Taken[]): void;
  /** The server shows again all that was verified here. */
  wentOn(live: Live): void;
}

/** Somebody who comes back closes all their older devices: a stolen link would look the same, so nobody may miss it. */
export const createNotices = (shell: Shell, wanted: () => boolean): Notices => ({
  wentOn: ({ log }) => {
    if (!wanted()) return;
    courtesy(
      shell.request("notify", {
        title: told("notice.goes-on"),
        body: told("notice.goes-on-why", log.name),
        card: null,
      }),
    );
  },
  arrived: (live, taken) => {
    if (!wanted() || !taken.some(({ kind }) => kind === "member.join")) return;
    const arrivals = new Set<string>(taken.map(({ device }) => device));
    for (const { device, name, by } of cameBack(live)) {
      if (!arrivals.has(device)) continue;
      // Drawing it is a courtesy: the Team page says it for ever.
      courtesy(
        shell.request("notify", {
          title: told("notice.came-back", name),
          body: told("notice.let-in-by", by, live.log.name),
          card: null,
        }),
      );
    }
  },
});
