/** The topics of workspaces, built from the folds on demand. */
import type { ArrivalView, TeamView } from "#bridge/member.ts";
import type { CardSummary } from "#bridge/card.ts";
import type { InviteView } from "#bridge/invite.ts";
import type { PolicyView, QueueView } from "#bridge/policy.ts";
import type { StatusView } from "#bridge/workspace.ts";
import type { Verdict } from "#bridge/answer.ts";
import { factWords } from "#text/facts.ts";
import { told } from "#bridge/told.ts";
import type { WorkspaceSummary } from "#bridge/app.ts";
import type { Knows } from "#core/rules/state.ts";
import { MINUTE } from "#core/protocol/command.ts";
import { roleNamed, roleOf } from "#core/rules/may.ts";
import { arrivalViews } from "../cards/arrivals.ts";
import type { Cards } from "../cards/cards.ts";
import { mayEdit, queueViews } from "../policy/catalogue.ts";
import type { Invites } from "../team/invites.ts";
import type { Live } from "#client/live.ts";
import { canPair } from "../pairing/offer.ts";
import type { Tools } from "../seams.ts";
import { policyView } from "../policy/rules.ts";
import { schemasOf } from "../policy/schemas.ts";
import { teamView } from "../team/team-view.ts";
import { othersWhoDecide } from "../policy/unnamed.ts";

/** Each throws `Refusal("no-such-workspace")` for an id that this app does not have. */
export interface WorkspaceViews {
  status(wid: string): StatusView;
  team(wid: string): TeamView;
  arrivals(wid: string): ArrivalView[];
  invites(wid: string): InviteView[];
  cards(wid: string): CardSummary[];
  card(wid: string, id: string): CardSummary | null;
  queues(wid: string): QueueView[];
  policy(wid: string): PolicyView;
  mayEdit(wid: string): Verdict;
  summaries(): WorkspaceSummary[];
}

export interface ViewDeps {
  readonly live: (wid: string) => Live;
  readonly lives: () => readonly Live[];
  readonly cards: Cards;
  readonly invites: Invites;
  readonly modelName: () => string | null;
  readonly build: Knows;
  readonly tools: Pick<Tools, "find">;
}

export const createWorkspaceViews = ({
  live,
  lives,
  cards,
  invites,
  modelName,
  tools,
  build,
}: ViewDeps): WorkspaceViews => ({
  status: (wid) => {
    const of = live(wid);
    const lie = of.replica.lie();
    const wentOn = of.replica.wentOn();
    const link = of.link();
    return {
      wid,
      link: link.link,
      since: link.since,
      reason: link.reason,
      also: [...link.also],
      // To the minute: the same end is read off two clocks each time.
      ...(link.link === "update-app" ? { toolsUntil: Math.round(of.leaseEnds() / MINUTE) * MINUTE } : {}),
      ...(lie === null ? {} : { lie }),
      ...(wentOn === null ? {} : { wentOn }),
      queued: of.outbox.waiting(),
      mayApprove: othersWhoDecide(of).length,
      serverAhead: of.serverAhead(),
      canPair: canPair(of),
      model: modelName(),
    };
  },
  team: (wid) => teamView(live(wid), build),
  arrivals: (wid) => arrivalViews(live(wid)),
  invites: (wid) => invites.views(live(wid)),
  cards: (wid) => cards.summaries(live(wid)),
  card: (wid, id) => cards.one(live(wid), id),
  queues: (wid) => queueViews(live(wid)),
  policy: (wid) => policyView(live(wid), schemasOf(tools, wid)),
  mayEdit: (wid) => mayEdit(live(wid)),
  summaries: () =>
    lives().map((of) => {
      const role = roleOf(of.log, of.me);
      return {
        wid: of.wid,
        name: nameOrWaiting(of),
        server: of.server(),
        waiting: cards.waiting(of),
        role: role === null ? null : (roleNamed(of.log, role)?.name ?? role),
      };
    }),
});

/** Before the first entry of the log is here, nothing is known about the workspace. */
export const nameOrWaiting = ({ log }: Live): string =>
  log.name === "" ? factWords(told("place.not-loaded")) : log.name;
