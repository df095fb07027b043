import type { workspaceMethods } from "#bridge/workspace.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { why } from "#core/facts/why.ts";
import type { Clock } from "#client/ports/clock.ts";
import type { HandlersOf, Publisher, Shell } from "../seams.ts";
import type { WorkspaceRow, WorkspaceStore } from "#client/ports/store.ts";
import { signCheckpoint } from "#client/upkeep/checkpoints.ts";
import type { Knows } from "#core/rules/state.ts";
import { raise } from "../team/level.ts";
import { found, whereToFound } from "./founding.ts";
import { startEmbedded } from "./lives.ts";
import type { Lives } from "./lives.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { tellServerKey } from "#client/upkeep/server-key.ts";
import { letReach, reachOf } from "./reach.ts";
import { foundWith } from "../policy/unnamed.ts";
import type { Live } from "#client/live.ts";
import type { Keyring } from "#client/keys/signer.ts";

export interface WorkspaceHandlerDeps {
  readonly lives: Lives;
  readonly rows: WorkspaceStore;
  readonly shell: Shell;
  readonly clock: Clock;
  readonly publisher: Publisher;
  readonly keys: () => Promise<Keyring>;
  /** Name of the person. Throws `Refusal("no-name")` before it was given. */
  readonly person: () => string;
  readonly forget: (wid: string) => void;
  readonly build: Knows;
}

const LOADED_WITHIN_MS = 10_000;

/** The methods `workspace.*`. */
export const createWorkspaceHandlers = (deps: WorkspaceHandlerDeps): HandlersOf<typeof workspaceMethods> => {
  const { lives } = deps;

  const open = async (row: WorkspaceRow): Promise<Live> => {
    const live = lives.open(row);
    live.start();
    await live.reached(1, LOADED_WITHIN_MS);
    // From here on heads must carry this key. Where it does not work now, the keeper tells it.
    await tellServerKey(live, deps.rows).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
    });
    return live;
  };

  return {
    "workspace.create": async ({ name, server, unnamed }) => {
      const person = deps.person();
      const keys = await deps.keys();
      const embedded = server.kind === "embedded" ? server.reach : null;
      const where =
        server.kind === "embedded"
          ? { server: await startEmbedded(deps.shell, server.reach), seed: null }
          : whereToFound(server.url);
      const founded = await found(
        { rows: deps.rows, signer: keys.signer(keys.first()), clock: deps.clock },
        name,
        person,
        where,
        embedded,
      );
      const live = await open(founded);
      return { wid: founded.wid, problem: await foundWith(live, unnamed) };
    },
    "workspace.forget": ({ wid }) => {
      deps.forget(wid);
      return {};
    },
    "workspace.checkpoint": async ({ wid }) => {
      await signCheckpoint({ crypto: nodeCrypto }, lives.get(wid));
      return {};
    },
    "workspace.raise": async ({ wid, ...step }) => {
      await raise(lives.get(wid), deps.build, step);
      return {};
    },
    "workspace.reconnect": async ({ wid }) => {
      const live = lives.get(wid);
      const row = deps.rows.list().find((item) => item.wid === wid);
      if (row?.paused === true) throw new Refusal(why("paused-first"));
      if (row !== undefined && row.embedded !== null) {
        const url = await startEmbedded(deps.shell, row.embedded, { orHere: true });
        if (url !== live.server()) live.move(url);
      }
      live.reconnect();
      return {};
    },
    "workspace.reach": ({ wid }) => reachOf(deps, wid),
    "workspace.letReach": async ({ wid, host }) => ({ server: await letReach(deps, wid, host) }),
    "workspace.pause": ({ wid, paused }) => {
      lives.get(wid).pause(paused);
      return {};
    },
  };
};
