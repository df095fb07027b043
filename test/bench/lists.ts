/** What one change of a long list costs: bytes to a window that shows it, and time of the agent host. */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { openStore } from "../../electron/host/store/open.ts";
import { createThreadStore } from "../../electron/host/store/threads.ts";
import { decide, found } from "../../scripts/apps/team.ts";
import { openWorld } from "../helpers/world.ts";
import type { Person } from "../helpers/world.ts";
import { crowd } from "./crowd.ts";
import { aimed, measured, percentile } from "./measure.ts";
import type { Measured } from "./measure.ts";

const VOTES = 40;
const THREADS = 2_000;
const RENAMES = 40;
/** Until a host has done what follows from a change. */
const QUIET_MS = 250;

export const lists = async (): Promise<Measured[]> => [...(await votes()), ...(await renames())];

/** Ada decides practice requests of many people, one after the other, while some 500 wait. */
const votes = async (): Promise<Measured[]> => {
  const world = await openWorld();
  try {
    const ada = await world.person("Ada");
    const wid = await found(ada.rpc, "Ada", "Harbour", ada.net.url);
    const ids = await crowd(world.dir, ada, wid);
    await ada.rpc.when("app", null, (app) => (app.workspaces[0]?.waiting ?? 0) > ids.length - 20);
    await ada.rpc.when("cards", wid, () => true);
    const costs = await costsOf(ada, VOTES, (index) => decide(ada.rpc, wid, ids[index * 7] ?? "", "approve"));
    return rowsOf(`a vote with ${ids.length} cards that wait`, costs);
  } finally {
    await world.close();
  }
};

const renames = async (): Promise<Measured[]> => {
  const world = await openWorld();
  try {
    const ada = await world.person("Ada");
    const wid = await found(ada.rpc, "Ada", "Harbour", ada.net.url);
    await ada.app.stop();
    const store = openStore({ dir: ada.app.dataDir });
    const own = createThreadStore(store);
    store.write(() => {
      for (let index = 0; index < THREADS; index++)
        own.add({ id: `thread-${index}`, wid, title: `A thread about something, number ${index}`, at: index + 1 });
    });
    store.close();
    await ada.app.start();
    await ada.window();
    await ada.rpc.when("threads", wid, (all) => all.length > 0);
    const costs = await costsOf(ada, RENAMES, (index) =>
      ada.rpc.call("thread.rename", { thread: `thread-${index * 3}`, title: `Another title, number ${index}` }),
    );
    return rowsOf(`a rename among ${THREADS.toLocaleString("en")} threads`, costs);
  } finally {
    await world.close();
  }
};

interface Cost {
  readonly bytes: number;
  readonly ms: number;
}

/** What the work and everything that follows from it cost; what the host does anyway in that time is taken off. */
export const costsOf = async (
  person: Person,
  rounds: number,
  work: (index: number) => Promise<unknown>,
): Promise<Cost[]> => {
  const pid = person.app.hostPid() ?? 0;
  const idle = await costOf(person, pid, () => sleep(5_000));
  const each = (idle.ms / (5_000 + QUIET_MS)) * QUIET_MS;
  const costs: Cost[] = [];
  for (let index = 0; index < rounds; index++) {
    const { bytes, ms } = await costOf(person, pid, () => work(index));
    costs.push({ bytes, ms: Math.max(0, ms - each) });
  }
  return costs;
};

const costOf = async (person: Person, pid: number, work: () => Promise<unknown>): Promise<Cost> => {
  const [ms, bytes] = [cpuOf(pid), person.rpc.received()];
  await work();
  await sleep(QUIET_MS);
  return { bytes: person.rpc.received() - bytes, ms: cpuOf(pid) - ms };
};

/** Milliseconds that the process's main thread ran, where the system says it; NaN elsewhere. */
const cpuOf = (pid: number): number => {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1_000_000;
  } catch {
    return Number.NaN;
  }
};

export const rowsOf = (name: string, costs: readonly Cost[]): Measured[] => {
  const bytes = costs.map((cost) => cost.bytes / 1_000);
  const ms = costs.map((cost) => cost.ms);
  return [
    aimed(measured(`${name}: sent to a window p50`, percentile(bytes, 0.5), "kB", costs.length), {
      at: "most",
      than: 4,
      of: "value",
    }),
    measured(`${name}: host time p50`, percentile(ms, 0.5), "ms", costs.length),
    measured(`${name}: host time p99`, percentile(ms, 0.99), "ms", costs.length),
  ];
};
