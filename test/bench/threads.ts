/** A thread of 10,000 messages and a search over 100,000, through the RPC that a window uses. */
import Sqlite from "better-sqlite3";
import { join } from "node:path";
import { createMessageStore } from "../../electron/host/store/messages.ts";
import { openStore } from "../../electron/host/store/open.ts";
import { createRunStore } from "../../electron/host/store/runs.ts";
import { createThreadStore } from "../../electron/host/store/threads.ts";
import { found } from "../../scripts/apps/team.ts";
import { openWorld } from "../helpers/world.ts";
import type { Person } from "../helpers/world.ts";
import { measured, percentile, timings } from "./measure.ts";
import type { Measured } from "./measure.ts";

const LONG_THREAD = 10_000;
const ALL_MESSAGES = 100_000;
const ROUNDS = 50;
const PAGE = 50;
const WORDS = [
  "anchor",
  "ballast",
  "cargo",
  "deck",
  "engine",
  "fender",
  "galley",
  "harbour",
  "inlet",
  "jetty",
  "keel",
  "ledger",
  "mast",
  "nautical",
  "oakum",
  "port",
  "quay",
  "rudder",
  "sail",
  "tide",
];

export const threads = async (): Promise<Measured[]> => {
  const world = await openWorld();
  try {
    const ada = await world.person("Ada");
    const wid = await found(ada.rpc, "Ada", "Harbour", ada.net.url);
    await ada.app.stop();
    fill(ada.app.dataDir, wid);
    await ada.app.start();
    await ada.window();
    return [...(await opening(ada)), ...(await searching(ada, wid))];
  } finally {
    await world.close();
  }
};

const opening = async (ada: Person): Promise<Measured[]> => {
  const samples = await timings(ROUNDS, async () => {
    await Promise.all([
      ada.rpc.call("thread.page", { thread: "long", before: null, limit: PAGE }),
      ada.rpc.call("watch", { topic: "thread/long" }),
    ]);
    await ada.rpc.call("unwatch", { topic: "thread/long" });
  });
  const db = new Sqlite(join(ada.app.dataDir, "bulkhead.db"), { readonly: true });
  const select = db.prepare(
    "select m.*, p.* from messages m join parts p on p.message = m.id where m.thread = 'long' order by m.seq desc limit ?",
  );
  const plain = await timings(ROUNDS, () => select.all(PAGE));
  db.close();
  return [
    measured(
      `open a thread of ${LONG_THREAD.toLocaleString("en")} messages p50`,
      percentile(samples, 0.5),
      "ms",
      ROUNDS,
      { name: "plain SQL for one page", value: percentile(plain, 0.5) },
    ),
  ];
};

const searching = async (ada: Person, wid: string): Promise<Measured[]> => {
  const queries = WORDS.slice(0, 10).map((word, index) => `${word} ${WORDS[19 - index] ?? ""} ${index * 7_919}`);
  const of = (round: number) => queries[Math.max(0, round) % queries.length] ?? "";
  const samples = await timings(ROUNDS, (round) => ada.rpc.call("search", { wid, query: of(round) }));
  const db = new Sqlite(join(ada.app.dataDir, "bulkhead.db"), { readonly: true });
  const like = db.prepare("select id from parts where text like ? and text like ? and text like ? limit 50");
  const plain = await timings(10, (round) =>
    like.all(
      ...of(round)
        .split(" ")
        .map((word) => `%${word}%`),
    ),
  );
  db.close();
  const name = `search ${ALL_MESSAGES.toLocaleString("en")} messages`;
  const peer = { name: "SQL LIKE on the same rows", value: percentile(plain, 0.5) };
  return [
    measured(`${name} p50`, percentile(samples, 0.5), "ms", ROUNDS, peer),
    measured(`${name} p99`, percentile(samples, 0.99), "ms", ROUNDS),
  ];
};

/** Written through the store's own room while the app is closed. */
const fill = (dir: string, wid: string): void => {
  const store = openStore({ dir });
  const messages = createMessageStore(store, createRunStore(store));
  const own = createThreadStore(store);
  const at = Date.now();
  store.write(() => {
    for (let index = 0; index < ALL_MESSAGES; index++) {
      const thread = index < LONG_THREAD ? "long" : `thread-${Math.floor(index / 500)}`;
      if (own.get(thread) === null) own.add({ id: thread, wid, title: thread, at });
      const id = `message-${index}`;
      messages.add({
        id,
        thread,
        at,
        author: index % 2 === 0 ? "person" : "agent",
        run: null,
        step: null,
        streaming: false,
      });
      messages.addPart(id, { kind: "text", text: textOf(index), final: true });
    }
  });
  store.close();
};

/** About 300 characters, different in every message, the same in every run. */
const textOf = (index: number): string =>
  Array.from(
    { length: 40 },
    (_, position) => WORDS[(index * 31 + position * position * 7 + (index >> 3)) % WORDS.length],
  ).join(" ") + ` ${index}`;
