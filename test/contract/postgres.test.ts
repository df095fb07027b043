/** The store on PostgreSQL: the common contract, and what only a database that is shared and goes away must show. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import { openPostgresStore } from "../../sync-server/server/store/postgres-store.ts";
import { StoreProblem } from "../../sync-server/server/store/store.ts";
import type { ChainStore } from "../../sync-server/server/store/store.ts";
import { READY_MS, startPostgres } from "../helpers/postgres.ts";
import type { Postgres } from "../helpers/postgres.ts";
import { storeContract } from "./store-contract.ts";

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, READY_MS);
afterAll(() => postgres.remove());

storeContract("PostgreSQL", () => {
  let url: Promise<string> | undefined;
  return { open: async () => openPostgresStore({ url: await (url ??= postgres.database()) }) };
});

const wid = "W".repeat(22) as WorkspaceId;
const log = "log" as DocName;
const row = (seq: number) => ({ doc: log, seq, entry: `log ${seq}` });
const add = (store: ChainStore, seq: number) => store.append(wid, [row(seq)], new Map([[log, seq - 1]]));
const all = { entries: 1_000, characters: 1_000_000 };

const connect = async (url: string, pollMs = 60_000, connections = 8): Promise<ChainStore> => {
  const store = await openPostgresStore({ url, pollMs, connections });
  onTestFinished(() => store.close());
  return store;
};
/** A node that serves the workspace, and how often it was told to look again. */
const follow = (store: ChainStore) => {
  const seen = { told: 0, fails: false };
  store.onRemoteAppend(
    async () => {
      seen.told += 1;
      if (seen.fails) throw new StoreProblem("failed", "It cannot be read now.");
    },
    () => [wid],
  );
  return seen;
};
const listeners = "from pg_stat_activity where application_name = 'bulkhead-nudges' and datname = current_database()";
/** Resolves when every node has polled since now and dealt with what it found. */
const polled = async (url: string): Promise<void> => {
  // Each begins when the one before it is through.
  for (let polls = 0; polls < 2; polls += 1) {
    const since = String((await postgres.query(url, "select clock_timestamp()::text as at"))[0]?.["at"]);
    await expect
      .poll(
        async () =>
          (await postgres.query(url, `select bool_and(query_start > '${since}') as done ${listeners}`))[0]?.["done"],
      )
      .toBe(true);
  }
};
/** Resolves when polls find nothing new any more. */
const quiet = (url: string, seen: { readonly told: number }): Promise<void> =>
  expect
    .poll(async () => {
      const at = seen.told;
      await polled(url);
      return seen.told - at;
    })
    .toBe(0);

test.each(["read committed", "serializable"])(
  "[ST11] of appends at two nodes at once one wins each place, and the other hears of it, where the database's default is %s",
  async (isolation) => {
    const url = await postgres.database();
    await postgres.query(
      url,
      `alter database ${new URL(url).pathname.slice(1)} set default_transaction_isolation = '${isolation}'`,
    );
    const [one, two] = [await connect(url), await connect(url)];
    const told = follow(two);
    const answers: string[] = [];
    for (let seq = 1; seq <= 20; seq += 1) answers.push(...(await Promise.all([add(one, seq), add(two, seq)])).sort());
    expect(answers).toEqual(Array.from({ length: 20 }, () => ["appended", "conflict"]).flat());
    expect(await one.read(wid, log, 1, all)).toEqual(Array.from({ length: 20 }, (_, i) => `log ${i + 1}`));
    const before = told.told;
    await add(one, 21);
    await expect.poll(() => told.told).toBeGreaterThan(before);
  },
);

test("[ST19] while one node holds a workspace no other appends to it; what it stored is there when the hold ends, and nothing of it where it breaks off", async () => {
  const url = await postgres.database();
  const [one, two] = [await connect(url), await connect(url)];
  await add(one, 1);
  const told = follow(two);
  const order: string[] = [];
  let theirs: Promise<string> | undefined;
  await one.hold(wid, async (held) => {
    theirs = two.append(wid, [row(2)], new Map([[log, 1]])).finally(() => order.push("theirs"));
    // Another workspace is nobody's business.
    expect(await two.append("X".repeat(22) as WorkspaceId, [row(1)], new Map([[log, 0]]))).toBe("appended");
    expect(await held.lengths(wid, [log, "admin" as DocName])).toEqual(
      new Map([
        [log, 1],
        ["admin", 0],
      ]),
    );
    expect(await held.append(wid, [row(2)], new Map([[log, 1]]))).toBe("appended");
    expect(await two.length(wid, log)).toBe(1);
    order.push("mine");
  });
  expect(await two.read(wid, log, 1, all)).toEqual(["log 1", "log 2"]);
  expect(await theirs).toBe("conflict");
  expect(order).toEqual(["mine", "theirs"]);
  await expect.poll(() => told.told).toBeGreaterThan(0);
  const broken = one.hold(wid, async (held) => {
    await held.append(wid, [row(3)], new Map([[log, 2]]));
    throw new StoreProblem("behind", "It breaks off.");
  });
  await expect(broken).rejects.toMatchObject({ code: "behind" });
  expect(await two.length(wid, log)).toBe(2);
  expect(await add(two, 3)).toBe("appended");
});

test("[ST19] nodes that hold in turn wait for each other, also more workspaces than there are connections", async () => {
  const url = await postgres.database();
  const [one, two] = [await connect(url, 60_000, 3), await connect(url, 60_000, 3)];
  const many = Array.from({ length: 8 }, (_, i) => String(i).padStart(22, "w") as WorkspaceId);
  const addOne = (store: ChainStore, at: WorkspaceId) =>
    store.hold(at, async (held) => {
      const length = await held.length(at, log);
      return held.append(at, [row(length + 1)], new Map([[log, length]]));
    });
  const done = await Promise.all(many.flatMap((at) => [one, two, one, two].map((store) => addOne(store, at))));
  expect(new Set(done)).toEqual(new Set(["appended"]));
  for (const at of many) expect(await one.read(at, log, 1, all)).toEqual(["log 1", "log 2", "log 3", "log 4"]);
});

test("[ST12] a node finds what was appended while its notifications were cut, also where the first look fails", async () => {
  const url = await postgres.database();
  const [one, two] = [await connect(url, 100), await connect(url, 100)];
  await add(one, 1);
  const seen = follow(two);
  await expect.poll(() => seen.told).toBeGreaterThan(0);
  await quiet(url, seen);
  const before = seen.told;
  seen.fails = true;
  // The other node's nudges never arrive: they are written by hand without any.
  await postgres.query(
    url,
    `insert into chain_entry values ('${wid}', 'log', 2, 'log 2'); update chain_length set length = 2`,
  );
  await expect.poll(() => seen.told).toBeGreaterThan(before + 1);
  seen.fails = false;
  await quiet(url, seen);
});

test("[ST12] after its listening connection broke a node listens again, and looks at all it serves", async () => {
  const url = await postgres.database();
  const [one, two] = [await connect(url), await connect(url)];
  const seen = follow(two);
  await postgres.query(url, `select pg_terminate_backend(pid) ${listeners}`);
  await add(one, 1);
  await expect.poll(() => seen.told).toBeGreaterThan(0);
  await expect
    .poll(async () => (await postgres.query(url, `select count(*)::int as n ${listeners}`))[0]?.["n"])
    .toBe(2);
  const before = seen.told;
  await add(one, 2);
  await expect.poll(() => seen.told).toBeGreaterThan(before);
});

test("[ST13] its own appends and nudges it heard send nobody to look again", async () => {
  const url = await postgres.database();
  const [one, two] = [await connect(url, 60), await connect(url, 60)];
  await add(one, 1);
  const [mine, others] = [follow(one), follow(two)];
  // The first poll knows nothing yet, and tells.
  await expect.poll(() => Math.min(mine.told, others.told)).toBeGreaterThan(0);
  let seq = 1;
  const toldByOne = async (): Promise<{ mine: number; others: number }> => {
    await polled(url);
    const before = { mine: mine.told, others: others.told };
    await add(one, (seq += 1));
    await expect.poll(() => others.told).toBeGreaterThan(before.others);
    await polled(url);
    return { mine: mine.told - before.mine, others: others.told - before.others };
  };
  // A poll may fall between a commit and its counting, and then tells once more: not each time.
  for (let rounds = 0; rounds < 3; rounds += 1) await expect.poll(toldByOne).toEqual({ mine: 0, others: 1 });
});

test(
  "[ST14] while the database is gone everything is refused; when it is back what was appended is there and nodes go on",
  { timeout: 2 * READY_MS },
  async () => {
    const url = await postgres.database();
    const [one, two] = [await connect(url, 200), await connect(url, 200)];
    await add(one, 1);
    const seen = follow(two);
    await postgres.kill();
    await expect(add(one, 2)).rejects.toMatchObject({ name: "StoreProblem", code: "failed" });
    await expect(two.read(wid, log, 1, all)).rejects.toMatchObject({ name: "StoreProblem", code: "failed" });
    await postgres.start();
    await expect.poll(() => add(one, 2).catch(() => "refused")).toBe("appended");
    expect(await two.read(wid, log, 1, all)).toEqual(["log 1", "log 2"]);
    const before = seen.told;
    await add(one, 3);
    await expect.poll(() => seen.told).toBeGreaterThan(before);
  },
);

test("[ST15] nodes that open an empty database together make its tables once and share one key", async () => {
  const url = await postgres.database();
  const stores = await Promise.all([1, 2, 3, 4].map(() => connect(url)));
  const secrets = await Promise.all(stores.map((store, i) => store.secret("server-key", () => `key ${i}`)));
  expect(new Set(secrets).size).toBe(1);
});

describe("[ST16] a database that cannot be used is refused with a sentence that holds no part of its address", () => {
  const cases: [string, (url: URL) => Promise<void> | void, string, RegExp][] = [
    ["a wrong password", (url) => void (url.password = "wrong-secret"), "unwritable", /refused this account/],
    ["no such database", (url) => void (url.pathname = "/nowhere"), "unwritable", /no database of the name/],
    ["nothing listens there", (url) => void (url.port = "1"), "failed", /does not answer: nothing listens/],
    [
      "written by a newer server",
      (url) =>
        postgres
          .query(
            url.href,
            "create table bulkhead_version (one boolean primary key, version integer); insert into bulkhead_version values (true, 99)",
          )
          .then(() => undefined),
      "newer",
      /newer sync server/,
    ],
    [
      "commits that may be forgotten",
      (url) =>
        postgres
          .query(url.href, `alter database ${url.pathname.slice(1)} set synchronous_commit = off`)
          .then(() => undefined),
      "unwritable",
      /may forget what it committed/,
    ],
    [
      "read only",
      (url) =>
        postgres
          .query(url.href, `alter database ${url.pathname.slice(1)} set default_transaction_read_only = on`)
          .then(() => undefined),
      "unwritable",
      /takes no writes now/,
    ],
  ];
  test.each(cases)("%s", async (_title, spoil, code, sentence) => {
    const url = new URL(await postgres.database());
    const secret = url.password;
    await spoil(url);
    const failure = await openPostgresStore({ url: url.href }).then(
      () => undefined,
      (error: unknown) => error as StoreProblem,
    );
    expect(failure).toBeInstanceOf(StoreProblem);
    expect(failure?.code).toBe(code);
    expect(failure?.message).toMatch(sentence);
    for (const part of [secret, url.password, url.username, url.hostname])
      expect(failure?.message.toLowerCase()).not.toContain(`${part} `);
  });
});

test("[ST17] what one node says the others hear in order and it itself does not, also after the connection broke", async () => {
  const url = await postgres.database();
  const [one, two, three] = [await connect(url), await connect(url), await connect(url)];
  const heard: string[][] = [[], [], []];
  for (const [i, store] of [one, two, three].entries()) store.onNodeWord((word) => heard[i]?.push(word));
  const words = Array.from({ length: 30 }, (_, i) => `${i} ${"a".repeat(i % 3 === 0 ? 5_000 : 1)}`);
  expect(await Promise.all(words.map((word) => one.tellNodes(word)))).toEqual(words.map(() => true));
  await expect.poll(() => heard[1]?.length).toBe(30);
  await expect.poll(() => heard[2]?.length).toBe(30);
  expect(heard).toEqual([[], words, words]);
  await postgres.query(url, `select pg_terminate_backend(pid) ${listeners}`);
  await expect
    .poll(async () => {
      await one.tellNodes("again");
      return heard[1]?.includes("again");
    })
    .toBe(true);
});
