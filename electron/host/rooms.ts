/** What `host.ts` hands to the rooms of a workspace, and what it gets back. */
import type { actMethods } from "#bridge/act.ts";
import type { AuditView, auditMethods } from "#bridge/audit.ts";
import type { ArrivalView, TeamView, memberMethods } from "#bridge/member.ts";
import type { PairingView, pairingMethods } from "#bridge/pairing.ts";
import type { CardSummary, cardMethods } from "#bridge/card.ts";
import type { InviteView, inviteMethods } from "#bridge/invite.ts";
import type { PolicyView, QueueView, policyMethods } from "#bridge/policy.ts";
import type { StatusView, workspaceMethods } from "#bridge/workspace.ts";
import type { deviceMethods } from "#bridge/device.ts";
import type { evidenceMethods } from "#bridge/evidence.ts";
import type { roleMethods } from "#bridge/role.ts";
import type { WorkspaceSummary } from "#bridge/app.ts";
import type { Beat } from "./beat.ts";
import type { Enclose } from "./gate/asking.ts";
import type { Log } from "./log.ts";
import type { Authority, HandlersOf, PresentText, ProposedCall, Publisher, Shell, Tools, Workspaces } from "./seams.ts";
import type { Knows } from "#core/rules/state.ts";
import type { Clock } from "#client/ports/clock.ts";
import type { Ledger } from "./store/ledger.ts";
import type { Store } from "./store/open.ts";
import type { SettingsStore } from "./store/settings.ts";

export interface SyncRoomDeps {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly settings: SettingsStore;
  readonly shell: Shell;
  readonly clock: Clock;
  readonly log: Log;
  readonly publisher: Publisher;
  readonly tools: Tools;
  readonly enclose: Enclose;
  /** An own call as it would be executed now, or null where it is gone. */
  readonly proposed: (call: string) => ProposedCall | null;
  readonly presentText: PresentText;
  /** Name of the default model, for the status line. */
  readonly modelName: () => string | null;
  /** Whether an approval window is open now. */
  readonly popupOpen: () => boolean;
  /** Part of `workspace.forget`: stops and removes the workspace's threads on this computer. */
  readonly forgetThreads: (wid: string) => void;
  /** Part of `workspace.forget`: removes what this person accepted and filled in for the workspace's servers. */
  readonly forgetTools: (wid: string) => void;
  readonly beat: Beat;
  /** Version of this app, and the newest level that it knows; fixed but for tests. */
  readonly build?: Knows;
}
type Methods = typeof workspaceMethods &
  typeof evidenceMethods &
  typeof inviteMethods &
  typeof memberMethods &
  typeof roleMethods &
  typeof deviceMethods &
  typeof pairingMethods &
  typeof actMethods &
  typeof policyMethods &
  typeof cardMethods &
  typeof auditMethods;
export interface SyncRoom {
  readonly authority: Authority;
  readonly workspaces: Workspaces;
  readonly handlers: HandlersOf<Methods>;
  /** Signs the name in every workspace whose log says another: how many took it, and how many will when their server is reached. */
  rename(name: string): Promise<{ told: number; waiting: number }>;
  summaries(): WorkspaceSummary[];
  /** Workspaces of this computer that could not be read, and that `summaries` leaves out. */
  unread(): number;
  queues(wid: string): QueueView[];
  policy(wid: string): PolicyView;
  /** Builders of the topics that this room owns. Each throws `Refusal("no-such-workspace")`. */
  status(wid: string): StatusView;
  team(wid: string): TeamView;
  arrivals(wid: string): ArrivalView[];
  invites(wid: string): InviteView[];
  cards(wid: string): CardSummary[];
  card(wid: string, id: string): CardSummary | null;
  audit(wid: string): AuditView;
  pairing(): PairingView;
  /** Opens every kept workspace from the store, sets its catalogue, and only then begins to connect. */
  open(): Promise<void>;
  close(): Promise<void>;
}
