/**
 * What a client pays for a log: folding it, verifying every signature on the way as the app does, and starting again
 * from its own store. What a start costs grows with what the workspace holds now (its people, tools and rules), so the
 * log here redefines the same twenty tool servers again and again.
 */
import { LOG } from "#core/protocol/ids.ts";
import type { WorkspaceId } from "#core/protocol/ids.ts";
import { ingestLog } from "#core/rules/fold.ts";
import type { Taken } from "#core/rules/fold.ts";
import { newLog } from "#core/rules/state.ts";
import { clientCrypto } from "#node/client-crypto.ts";
import { createAhead, newWaiting } from "#client/copy/ahead.ts";
import { copyOf } from "#client/link/copy.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { openKept } from "#client/copy/kept.ts";
import { createReplica } from "#client/copy/replica.ts";
import { platform } from "../../../electron/host/ways/platform.ts";
import { openStore } from "../../../electron/host/store/open.ts";
import { createWorkspaceStore } from "../../../electron/host/store/workspaces.ts";
import { randomId } from "../../helpers/node-crypto.ts";
import { createTeam } from "../../helpers/people.ts";
import { aimed, measured, percentile, timings } from "../measure.ts";
import type { Measured } from "../measure.ts";
import { tempFolder } from "./folder.ts";
import { keptRow } from "../../helpers/kept-row.ts";

const ENTRIES = 10_000;
const LENGTHS = [1_000, 10_000, 50_000] as const;
const SERVERS = 20;
const MINUTE = 60_000;
const ROUNDS = 3;
const STARTS = 9;

interface Recorded {
  readonly wid: WorkspaceId;
  readonly entries: readonly string[];
}

const recorded = (length: number): Recorded => {
  const team = createTeam();
  const ids = Array.from({ length: SERVERS }, randomId);
  while (team.entries.length < length) {
    // Nobody writes so much within a day.
    team.pass(MINUTE);
    const tools = [{ name: "read_file", schema: nodeCrypto.sha256(randomId()), readOnly: true, destructive: false }];
    team.given(team.ada, LOG, "tool.define", {
      id: ids[team.entries.length % SERVERS],
      name: "Files",
      launch: { kind: "stdio", command: "node", args: ["server.mjs"], env: [], vars: [] },
      tools,
      policy: null,
    });
  }
  return { wid: team.wid, entries: team.entries.map(({ text }) => text) };
};
const first = ({ wid, entries }: Recorded, length: number): Recorded => ({ wid, entries: entries.slice(0, length) });

const fold = ({ wid, entries }: Recorded): void => {
  const log = newLog(wid);
  for (const entry of entries)
    if (!ingestLog({ crypto: nodeCrypto }, log, entry, { trusted: true }).ok)
      throw new Error("the recorded log does not fold");
};

/** As the app does it: signatures of a chunk on the thread pool, then the fold, while the next chunk is under way. */
const verify = ({ wid, entries }: Recorded): Promise<void> =>
  new Promise((resolve, reject) => {
    const log = newLog(wid);
    const ahead = createAhead(clientCrypto, () => log);
    const waiting = newWaiting(entries);
    const go = (): void => {
      const count = ahead.ready(LOG, waiting, go);
      for (const entry of waiting.entries.splice(0, count))
        if (!ingestLog({ crypto: ahead.crypto }, log, entry).ok)
          return reject(new Error("the recorded log does not fold"));
      waiting.ready -= count;
      if (log.seq === entries.length) resolve();
      else if (count > 0) setImmediate(go);
    };
    go();
  });

/** A store with these entries in it, and a row to open them by. */
const shelf = ({ wid, entries }: Recorded) => {
  const folder = tempFolder();
  const store = openStore({ dir: folder.path });
  const rows = createWorkspaceStore(store);
  const row = keptRow({ wid });
  rows.add(row, 0);
  const open = () =>
    createReplica({
      platform,
      monotonic: () => performance.now(),
      row,
      rows,
      write: store.write,
      now: Date.now,
      changed: () => undefined,
      halted: () => undefined,
    });
  const fill = (): void => {
    const kept = openKept({ crypto: clientCrypto, wid, rows, write: store.write, misfit: () => undefined });
    const taken: Taken[] = [];
    for (const entry of entries) {
      const verdict = kept.ingest(LOG, entry, { trusted: true });
      if (verdict.ok) taken.push(verdict);
    }
    store.write(() => kept.keep(LOG, 1, entries, taken));
    kept.done(LOG);
    kept.save(true);
  };
  const remove = (): void => {
    store.close();
    folder.remove();
  };
  return { rows, open, fill, remove };
};

/** A replica and the copy of its channel, until both could take a next entry. */
const startMs = async (log: Recorded, refolding: boolean): Promise<number> => {
  const { rows, open, fill, remove } = shelf(log);
  fill();
  const samples = await timings(refolding ? ROUNDS : STARTS, () => {
    if (refolding) rows.dropFold(log.wid, LOG);
    const replica = open();
    copyOf(replica.follow(LOG).length).destroy();
    if (replica.log.seq !== log.entries.length) throw new Error("the start lost entries");
  });
  remove();
  return percentile(samples, 0.5);
};

const firstSyncMs = async (log: Recorded): Promise<number> => {
  const { open, remove } = shelf(log);
  const replica = open();
  const from = performance.now();
  replica.take(LOG, log.entries);
  while (replica.log.seq < log.entries.length) await new Promise((resolve) => setTimeout(resolve, 1));
  const took = performance.now() - from;
  remove();
  return took;
};

export const foldCosts = async (): Promise<Measured[]> => {
  const all = recorded(Math.max(...LENGTHS));
  const log = first(all, ENTRIES);
  const folding = percentile(await timings(ROUNDS, () => fold(log)), 0.5);
  const peer = { name: "folding them", value: folding };
  const rows = [
    measured(`folding ${ENTRIES} entries`, folding, "ms", ROUNDS),
    aimed(
      measured(
        `verifying ${ENTRIES} entries`,
        percentile(await timings(ROUNDS, () => verify(log)), 0.5),
        "ms",
        ROUNDS,
        peer,
      ),
      { at: "most", than: 8, of: "ratio" },
    ),
    measured(`first sync of ${ENTRIES} entries, verified and kept`, await firstSyncMs(log), "ms", 1, peer),
  ];
  const refolding = await startMs(log, true);
  let shortest: number | undefined;
  for (const length of LENGTHS) {
    const value = await startMs(first(all, length), false);
    shortest ??= value;
    rows.push(
      aimed(
        measured(`start from the persisted head, ${length} entries`, value, "ms", STARTS, {
          name: `${LENGTHS[0]} entries`,
          value: shortest,
        }),
        { at: "most", than: 2, of: "ratio" },
      ),
    );
    if (length === ENTRIES)
      rows.push(
        measured(`start by refolding ${ENTRIES} entries`, refolding, "ms", ROUNDS, {
          name: "from the persisted head",
          value,
        }),
      );
  }
  return rows;
};
