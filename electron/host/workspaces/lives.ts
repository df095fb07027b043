/** The workspaces that this app has, opened from the store and wired to the rooms that follow them. */
import type { Knows } from "#core/rules/state.ts";
import type { Taken } from "#core/rules/fold.ts";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { BUILD } from "#core/protocol/levels.ts";
import { z } from "zod";
import { nameInLine } from "../people/names.ts";
import { platform } from "../ways/platform.ts";
import type { Gate } from "../gate/gate.ts";
import { createClicks } from "../team/clicks.ts";
import { createLease } from "#client/keys/lease.ts";
import type { SteadyClock } from "#client/keys/steady-clock.ts";
import type { Log } from "../log.ts";
import { Refusal, type Fact } from "#core/facts/refusal.ts";
import { refused } from "#bridge/refused.ts";
import type { Clock } from "#client/ports/clock.ts";
import type { Publisher, Shell, Tools } from "../seams.ts";
import type { Store } from "../store/open.ts";
import type { WorkspaceRow, WorkspaceStore } from "#client/ports/store.ts";
import type { Audits } from "../audit/audits.ts";
import type { Cards } from "../cards/cards.ts";
import { BEGIN_FROM, beginWith } from "#client/link/begin.ts";
import { catalogueOf } from "../policy/catalogue.ts";
import { createKeeper } from "#client/upkeep/keeper.ts";
import type { Keeper } from "#client/upkeep/keeper.ts";
import { createLive } from "#client/live.ts";
import type { Live } from "#client/live.ts";
import type { Notices } from "../cards/notices.ts";
import type { Keyring } from "#client/keys/signer.ts";
import { isSameButSending, isSameStatus, statusSeen } from "./status-seen.ts";
import type { StatusSeen } from "./status-seen.ts";

export interface LivesDeps {
  readonly store: Store;
  readonly rows: WorkspaceStore;
  readonly shell: Shell;
  readonly clock: Clock;
  readonly steady: SteadyClock;
  readonly publisher: Publisher;
  readonly log: Log;
  readonly tools: Tools;
  readonly keys: () => Keyring;
  readonly build: Knows;
  readonly notices: Notices;
  readonly gate: () => Gate;
  readonly cards: () => Cards;
  readonly audits: () => Pick<Audits, "arrived" | "forget">;
}
export interface Lives {
  all(): readonly Live[];
  /** Who keeps the workspace from growing without end. */
  keeper(live: Live): Keeper;
  find(wid: string): Live | null;
  /** Throws `Refusal("no-such-workspace")`. */
  get(wid: string): Live;
  /** Folds what the store has; does not connect. One of that id that is open is closed first. */
  open(row: WorkspaceRow): Live;
  /** As `open`, of a workspace that is new here: begins with a checkpoint where the log is long and the link proves one. */
  begin(row: WorkspaceRow): Promise<Live>;
  /** Connects; starts the embedded server first where the workspace lives on it. */
  connect(live: Live, embedded: WorkspaceRow["embedded"]): Promise<void>;
  /** Closes it, and stops its servers. */
  forget(wid: string): void;
  close(): void;
}

const Started = z.looseObject({ url: z.string() });
/** Starts the server inside the app and answers its origin. Rejects with the shell's `Refusal`. */
export const startEmbedded = async (
  shell: Shell,
  reach: "computer" | "network",
  how: { readonly address?: string; readonly orHere?: boolean } = {},
): Promise<string> => {
  const started = Started.safeParse(await shell.request("server.start", { reach, ...how }));
  if (!started.success) throw refused("server-failed");
  return started.data.url;
};

export const createLives = (deps: LivesDeps): Lives => {
  const { store, rows, shell, clock, publisher, log } = deps;
  const lives = new Map<string, Live>();
  const catalogues = new Map<string, string>();
  const keepers = new WeakMap<Live, Keeper>();

  const publish = (wid: string, ...kinds: string[]): void => {
    for (const kind of kinds) publisher.publish(kind, wid);
  };
  const tellTools = (live: Live): void => {
    const entries = catalogueOf(live.log);
    const text = JSON.stringify(entries);
    if (catalogues.get(live.wid) === text) return;
    catalogues.set(live.wid, text);
    deps.tools.setCatalogue(live.wid, entries);
  };
  const changed = (wid: string, doc: DocName, taken: readonly Taken[]): void => {
    const live = lives.get(wid);
    if (live === undefined) return;
    if (doc === LOG) {
      tellTools(live);
      deps.notices.arrived(live, taken);
      publish(wid, "team", "arrivals", "invites", "tools", "policy");
      publisher.publish("app");
      deps.gate().look(wid);
      deps.cards().recount();
    } else if (doc === ADMIN) publish(wid, "invites");
    else {
      deps.gate().look(wid);
      deps.cards().arrived(live, doc);
    }
    deps.audits().arrived(wid);
    const halt = live.replica.halt();
    if (halt !== null) log.note("replica.halted", { code: halt.code });
  };

  const open = (row: WorkspaceRow): Live => {
    const { wid } = row;
    lives.get(wid)?.close();
    let seen: StatusSeen | null = null;
    const live = createLive({
      platform,
      build: { ...BUILD, knows: deps.build.knows },
      nameInLine,
      row,
      rows,
      write: store.write,
      keys: deps.keys(),
      clock,
      lease: createLease(wid, rows, deps.steady),
      confirmed: createClicks(shell),
      on: {
        changed: (doc, taken) => changed(wid, doc, taken),
        status: () => {
          const now = lives.get(wid);
          const [before, next] = [seen, now === undefined ? null : statusSeen(now)];
          if (isSameStatus(before, next)) return;
          seen = next;
          publish(wid, "status");
          // An approved call that waited for a young head may go now.
          deps.gate().look(wid);
          if (!isSameButSending(before, next) && now?.fresh() === true) deps.cards().look(now);
        },
        wentOn: () => {
          log.note("replica.went-on", {});
          const now = lives.get(wid);
          if (now !== undefined) deps.notices.wentOn(now);
        },
        whole: () => publish(wid, "audit", "team"),
        moved: (from, to) => deps.gate().moved(wid, from, to),
        settled: (result) => {
          const now = lives.get(wid);
          if (now === undefined) return;
          deps.gate().settled(wid, result);
          deps.cards().settled(now, result);
        },
      },
    });
    lives.set(wid, live);
    tellTools(live);
    publisher.publish("app");
    return live;
  };

  /** Keeps the state that a checkpoint signed, where the server shows one that the link proves; answers a lie. */
  const begun = async (row: WorkspaceRow): Promise<{ readonly code: string; readonly shown: string } | null> => {
    const { wid, server, pin } = row;
    const known = rows.entries(wid, LOG, 1, 1).length > 0 || rows.begun(wid) !== undefined;
    if (known || pin[0] < BEGIN_FROM) return null;
    const auth = (nonce: string): Promise<string> =>
      deps.keys().signer(row.device).auth({ w: wid, d: LOG, nonce, aud: server, as: "device" });
    const beginning = await beginWith({ platform, server, wid, pin, auth, knows: deps.build.knows });
    if (beginning.kind === "state") rows.begin(wid, beginning);
    return beginning.kind === "lie" ? beginning : null;
  };

  return {
    keeper: (live) => {
      const known = keepers.get(live) ?? createKeeper({ platform, live, rows, clock, build: deps.build });
      keepers.set(live, known);
      return known;
    },
    all: () => [...lives.values()],
    find: (wid) => lives.get(wid) ?? null,
    get: (wid) => {
      const live = lives.get(wid);
      if (live === undefined) throw refused("no-such-workspace");
      return live;
    },
    open,
    begin: async (row) => {
      const lie = await begun(row);
      const live = open(row);
      if (lie !== null) live.replica.suspect(LOG, lie.code, lie.shown);
      return live;
    },
    connect: async (live, embedded) => {
      let unserved: Fact | null = null;
      if (embedded !== null) {
        // Where the server inside the app does not start, the workspace is offline like with any other server, and says why.
        try {
          const url = await startEmbedded(shell, embedded, { orHere: true });
          if (url !== live.server()) live.move(url);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          unserved = error.view;
        }
      }
      if (lives.get(live.wid) === live) live.start(unserved);
    },
    forget: (wid) => {
      lives.get(wid)?.close();
      lives.delete(wid);
      catalogues.delete(wid);
      deps.audits().forget(wid);
      deps.tools.setCatalogue(wid, []);
      publisher.publish("app");
      deps.cards().recount();
    },
    close: () => {
      for (const live of lives.values()) live.close();
      lives.clear();
    },
  };
};
