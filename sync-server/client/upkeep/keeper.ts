/**
 * What keeps a workspace light for years, done by whichever app may and finds it due: the next epoch of a queue or a lane
 * that grew long, a checkpoint of the log, and the server's key where its founding could not record it. Two apps that do it
 * at once are one too many: the second is told `stale` and looks again. Each also says what it knows itself.
 */
import { DAY } from "#core/protocol/command.ts";
import { docArgument, docBase, laneDoc, LOG, queueDoc } from "#core/protocol/ids.ts";
import type { DocName, MemberId } from "#core/protocol/ids.ts";
import { epochAt, may, policyAt } from "#core/rules/may.ts";
import type { ReadRequest } from "#core/rules/read.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { WorkspaceStore } from "../ports/store.ts";
import { checkpointDue, signCheckpoint } from "./checkpoints.ts";
import type { CheckpointDeps } from "./checkpoints.ts";
import type { Live } from "../live.ts";
import { createKnowing } from "./knowing.ts";
import type { Knows } from "#core/rules/state.ts";
import { tellServerKey } from "./server-key.ts";

/** So many fold in a moment and are some megabytes where each has long arguments. */
export const EPOCH_REQUESTS = 500;
/** In a quiet workspace the sealed arguments of old requests need not be carried to every new device for years. */
export const EPOCH_LIFE_MS = 30 * DAY;
/** How often it is looked at. */
const EVERY_MS = 60_000;

export interface KeeperDeps {
  readonly platform: CheckpointDeps;
  readonly live: Live;
  readonly rows: WorkspaceStore;
  readonly clock: { monotonic(): number };
  /** What this app is, for the log. */
  readonly build: Knows;
}
export interface Keeper {
  /** Called often. */
  look(): void;
}

export const createKeeper = ({ platform, live, rows, clock, build }: KeeperDeps): Keeper => {
  const knowing = createKnowing(live, build);
  let lookedAt = -EVERY_MS;
  let working = false;

  const work = async (): Promise<void> => {
    await knowing.tell();
    await tellServerKey(live, rows);
    if (checkpointDue(live)) await signCheckpoint(platform, live);
    for (const doc of dueEpochs(live)) await live.outbox.now("epoch.open", LOG, { doc, n: epochAt(live.log, doc) + 1 });
  };
  return {
    look: () => {
      if (working || clock.monotonic() - lookedAt < EVERY_MS || live.link().link !== "in-sync") return;
      lookedAt = clock.monotonic();
      working = true;
      work()
        .catch((error: unknown) => {
          // Somebody was faster, or the connection is gone: it is looked at again.
          if (!(error instanceof Refusal)) throw error;
        })
        .finally(() => {
          working = false;
        });
    },
  };
};

/** Queues and lanes whose next epoch is due, for somebody who may open it. */
export const dueEpochs = (live: Live): DocName[] => {
  const { log, me } = live;
  if (!may(log, me, "workspace.configure").allowed) return [];
  const now = live.serverNow();
  const requests = live.docs.queues().flatMap((queue) => [...queue.requests.values()]);
  const due = (base: DocName, of: readonly ReadRequest[]): boolean => {
    const since = openedAt(live, base);
    const held = of.filter((request) => request.at >= since);
    const oldest = held.reduce((earliest, request) => Math.min(earliest, request.at), now);
    return held.length >= EPOCH_REQUESTS || now - oldest >= EPOCH_LIFE_MS;
  };
  const queues = policyAt(log)
    .queues.map(({ id }) => queueDoc(id))
    .filter((base) =>
      due(
        base,
        requests.filter((request) => docBase(request.doc) === base),
      ),
    );
  // Nobody reads another's lane: what is in it is known from the queues.
  const lanes = [...log.members.keys()]
    .map((member) => laneDoc(member))
    .filter((base) =>
      due(
        base,
        requests.filter((request) => request.requester === (docArgument(base) as MemberId)),
      ),
    );
  return [...queues, ...lanes];
};

/** Server time at which the newest epoch began; 0 for the first. */
const openedAt = ({ log, replica }: Live, base: DocName): number => {
  const opened = log.epochs.get(base)?.at(-1);
  return opened === undefined ? 0 : replica.timeOf(opened[0]);
};
