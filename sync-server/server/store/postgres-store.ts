/**
 * The store for several nodes over one database. Any node may sequence any workspace: an append takes an advisory lock
 * on the workspace for its transaction, compares the lengths it was judged at, and tells the others by NOTIFY. The
 * primary key is a second barrier, should the lock ever be lost.
 *
 * A connection may break after the database committed and before it said so. Such an append rejects like any other: the
 * sequencer reads the log again, and a client that sends the same bytes again gets the first result.
 */
import { randomUUID } from "node:crypto";
import pg from "pg";
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import { oneByOne } from "#core/protocol/one-by-one.ts";
import { chainPostgres } from "./migrations/0001-chain-postgres.ts";
import { appendPostgres } from "./migrations/0002-append-postgres.ts";
import { notificationsArrive } from "./postgres-echo.ts";
import { goodbye } from "./postgres-goodbye.ts";
import { listenForNudges, WORDS, writeNodeWord, writeNudge } from "./postgres-nudges.ts";
import type { Nudges } from "./postgres-nudges.ts";
import { placeOf, setBackIn } from "./postgres-place.ts";
import { guarded, isAnswer, postgresProblem } from "./postgres-problem.ts";
import { noStore, StoreProblem } from "./store.ts";
import type { ChainStore, Entries, Lengths, ReadLimit, StoredEntry } from "./store.ts";

/** Position in this list is the version; a step that was released is never edited. */
const MIGRATIONS: readonly string[] = [chainPostgres, appendPostgres];
const POLL_MS = 5_000;
const CONNECTIONS = 8;
/** A statement that takes longer is given up by the database; the driver waits a little more for a database that is gone. */
const STATEMENT_MS = 10_000;

/**
 * Said on each connection, not at its start: a pooler refuses or drops settings there that it does not know.
 * The second: a node that vanishes in the middle must not keep the workspace's lock. The third, whatever the database's
 * default is: an append must see what was committed while it waited for its lock.
 */
const SETTINGS = `set statement_timeout = ${STATEMENT_MS}; set idle_in_transaction_session_timeout = ${STATEMENT_MS}; set session characteristics as transaction isolation level read committed`;

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`; never logged. */
  readonly url: string;
  /** ms between looks for what no notification told of. */
  readonly pollMs?: number;
  readonly connections?: number;
  /** Whether the tables are made where the database has none; true where nothing is said. */
  readonly make?: boolean;
  /** ms that the first notification may take. */
  readonly echoMs?: number;
}

const createPool = (url: string, connections: number): pg.Pool => {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    keepAlive: true,
    connectionTimeoutMillis: STATEMENT_MS,
    query_timeout: STATEMENT_MS + 2_000,
    application_name: "bulkhead",
    // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it, which its types do not say
    onConnect: async (client) => void (await client.query(SETTINGS)),
  });
  // Connections that break are replaced by the pool; without listeners, idle or in use, they would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
};

/** `first` may be several statements without parameters. */
const transaction = async <T>(
  pool: pg.Pool,
  first: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> => {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    // Read committed, whatever the default is: each statement after the lock must see what was committed before it.
    await client.query(`begin isolation level read committed; ${first}`);
    const value = await work(client);
    await client.query("commit");
    return value;
  } catch (error) {
    // Only a connection that is still in step can be asked to roll back; any other is thrown away.
    const inStep = isAnswer(error) || error instanceof StoreProblem;
    const failed = inStep
      ? await client.query("rollback").then(
          () => undefined,
          (failure: Error) => failure,
        )
      : error;
    broken = failed === undefined ? undefined : failed instanceof Error ? failed : new Error("lost");
    throw error;
  } finally {
    client.release(broken);
  }
};

const migrate = (pool: pg.Pool, make: boolean): Promise<void> =>
  // Nodes that start together migrate one after the other.
  transaction(pool, "select pg_advisory_xact_lock(hashtextextended('bulkhead-migrations', 0))", async (client) => {
    await client.query(
      "create table if not exists bulkhead_version (one boolean primary key default true check (one), version integer not null)",
    );
    const found = await client.query<{ version: number }>("select version from bulkhead_version");
    const version = found.rows[0]?.version ?? 0;
    if (version === 0 && !make) throw noStore("this database");
    if (version > MIGRATIONS.length)
      throw new StoreProblem("newer", "The database was written by a newer sync server. Update this one.");
    for (const step of MIGRATIONS.slice(version)) await client.query(step);
    await client.query(
      "insert into bulkhead_version (version) values ($1) on conflict (one) do update set version = excluded.version",
      [MIGRATIONS.length],
    );
  });

/** What would make an acknowledgement a promise that the database does not keep. */
const checkSettings = async (pool: pg.Pool): Promise<void> => {
  const { rows } = await pool.query<{ encoding: string; fsync: string; commit: string; standby: boolean }>(
    "select current_setting('server_encoding') as encoding, current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, pg_is_in_recovery() as standby",
  );
  const found = rows[0];
  if (found?.standby === true)
    throw new StoreProblem("unwritable", "The database is a standby, which takes no writes. Connect to the primary.");
  if (found?.encoding !== "UTF8")
    throw new StoreProblem("unwritable", "The database does not store UTF-8. Create it with encoding UTF8.");
  if (found.fsync !== "on" || found.commit === "off")
    throw new StoreProblem(
      "unwritable",
      "The database may forget what it committed: set fsync = on, and synchronous_commit to anything but off.",
    );
};

const POOLED =
  "Notifications of the database do not come through: a pooler in transaction mode stands in between. Set it to session mode, or name the database itself in BULKHEAD_POSTGRES.";
/** A node behind such a pooler would seem to work, and hear of nothing that others store. */
const checkNotifications = async (pool: pg.Pool, url: string, within: number): Promise<void> => {
  if (!(await notificationsArrive(url, within, (channel) => pool.query(`notify ${channel}`))))
    throw new StoreProblem("unwritable", POOLED);
};

type Queries = Pick<pg.Pool, "query">;

const lengthsIn = async (from: Queries, wid: WorkspaceId, docs: readonly DocName[]): Promise<Map<DocName, number>> => {
  const { rows } = await from.query<{ doc: DocName; length: string }>(
    "select doc, length from chain_length where wid = $1 and doc = any($2)",
    [wid, docs],
  );
  return new Map([
    ...docs.map((doc): [DocName, number] => [doc, 0]),
    ...rows.map((row): [DocName, number] => [row.doc, Number(row.length)]),
  ]);
};

const entriesIn = async (from: Queries, wid: WorkspaceId, positions: Lengths): Promise<Map<DocName, string>> => {
  const { rows } = await from.query<{ doc: DocName; entry: string }>(
    `select doc, entry from unnest($2::text[], $3::bigint[]) as wanted (doc, seq)
      join chain_entry using (doc, seq) where wid = $1`,
    [wid, [...positions.keys()], [...positions.values()]],
  );
  return new Map(rows.map(({ doc, entry }) => [doc, entry]));
};

const APPEND = { name: "append", text: "select bulkhead_append($1, $2, $3, $4, $5, $6, $7) as appended" };

const READ = `select entry from (
    select seq, entry, sum(octet_length(entry)) over (order by seq) - octet_length(entry) as before
    from chain_entry where wid = $1 and doc = $2 and seq >= $3 and seq < $3 + $4
  ) page where before < $5 order by seq`;

/** A single statement commits when it is through, so this is one round trip; see the migration that makes the function. */
const appendIn = async (
  to: Queries,
  node: string,
  wid: WorkspaceId,
  batch: readonly StoredEntry[],
  judgedAt: Lengths,
): Promise<"appended" | "conflict"> => {
  const columns = [
    [...judgedAt.keys()],
    [...judgedAt.values()],
    batch.map((row) => row.doc),
    batch.map((row) => row.seq),
    batch.map((row) => row.entry),
  ];
  const { rows } = await to.query<{ appended: boolean }>({
    ...APPEND,
    values: [wid, ...columns, writeNudge(node, wid, batch.length)],
  });
  return rows[0]?.appended === true ? "appended" : "conflict";
};

const readFrom = async (
  from: Queries,
  wid: WorkspaceId,
  doc: DocName,
  seq: number,
  limit: ReadLimit,
): Promise<string[]> => {
  const { rows } = await from.query<{ entry: string }>(READ, [wid, doc, seq, limit.entries, limit.characters]);
  return rows.map((row) => row.entry);
};

/** What goes over one connection that holds the workspace. Through the pool, reads of many that hold could wait for each other. */
const entriesOver = (client: Queries, node: string, appended: (count: number) => void): Entries => ({
  append: async (wid, batch, judgedAt) => {
    const done = await appendIn(client, node, wid, batch, judgedAt);
    if (done === "appended") appended(batch.length);
    return done;
  },
  read: (wid, doc, seq, limit) => readFrom(client, wid, doc, seq, limit),
  length: async (wid, doc) => (await lengthsIn(client, wid, [doc])).get(doc) ?? 0,
  lengths: (wid, docs) => lengthsIn(client, wid, docs),
  entriesAt: (wid, positions) => entriesIn(client, wid, positions),
});

/** The lock that an append takes, taken before the work. A second one by the same connection is granted at once. */
const holdIn = <T>(pool: pg.Pool, wid: WorkspaceId, work: (client: pg.PoolClient) => Promise<T>): Promise<T> =>
  transaction(pool, "", async (client) => {
    await client.query("select pg_advisory_xact_lock(hashtextextended($1, 1))", [wid]);
    return work(client);
  });

const readSecret = async (pool: pg.Pool, name: string): Promise<string | undefined> =>
  (await pool.query<{ value: string }>("select value from secret where name = $1", [name])).rows[0]?.value;
/** Whoever must not make one throws in `make`: it is asked only where there is none. */
const keepSecret = async (pool: pg.Pool, name: string, make: () => string): Promise<string> => {
  const known = await readSecret(pool, name);
  if (known !== undefined) return known;
  await pool.query("insert into secret (name, value) values ($1, $2) on conflict (name) do nothing", [name, make()]);
  const kept = await readSecret(pool, name);
  if (kept === undefined) throw new StoreProblem("failed", "The database did not keep the server's key.");
  return kept;
};

type Listener = Parameters<ChainStore["onRemoteAppend"]>[0];
type Serving = Parameters<ChainStore["onRemoteAppend"]>[1];

/** Opens the store; rejects with `StoreProblem` where the database cannot be reached or written. */
export const openPostgresStore = async ({
  url,
  pollMs = POLL_MS,
  connections = CONNECTIONS,
  make = true,
  echoMs = STATEMENT_MS,
}: PostgresOptions): Promise<ChainStore> => {
  const node = randomUUID();
  const pool = createPool(url, connections);
  try {
    await checkSettings(pool);
    await checkNotifications(pool, url, echoMs);
    await migrate(pool, make);
  } catch (error) {
    await goodbye(pool, 2_000);
    throw postgresProblem(error);
  }
  const followers = new Map<Listener, Serving>();
  const serving = function* (): Generator<WorkspaceId> {
    for (const names of followers.values()) yield* names();
  };
  const tell = async (wid: WorkspaceId): Promise<void> => {
    for (const told of followers.keys()) await told(wid);
  };
  const hearing = new Set<(word: string) => void>();
  const said = (word: string): void => {
    for (const listener of hearing) listener(word);
  };
  const nudges: Nudges = await listenForNudges({ url, node, pollMs, serving, tell, said });
  /** One after the other: over several connections the second word could arrive before the first. */
  const inTurn = oneByOne();

  /** Counts for the next poll what `work` appended, or leaves it open where nobody knows. */
  const counted = <T>(wid: WorkspaceId, work: (appended: (count: number) => void) => Promise<T>): Promise<T> =>
    guarded(async () => {
      let added = 0;
      try {
        const value = await work((count) => (added += count));
        nudges.appended(wid, added);
        return value;
      } catch (error) {
        nudges.unsure(wid);
        throw error;
      }
    });
  const entries = entriesOver(pool, node, () => undefined);

  return {
    append: (wid, batch, judgedAt) =>
      counted(wid, (appended) => entriesOver(pool, node, appended).append(wid, batch, judgedAt)),
    read: (...which) => guarded(() => entries.read(...which)),
    length: (...which) => guarded(() => entries.length(...which)),
    lengths: (...which) => guarded(() => entries.lengths(...which)),
    entriesAt: (...which) => guarded(() => entries.entriesAt(...which)),
    hold: (wid, work) =>
      counted(wid, (appended) => holdIn(pool, wid, (client) => work(entriesOver(client, node, appended)))),
    workspaces: () =>
      guarded(async () =>
        (await pool.query<{ wid: WorkspaceId }>("select wid from chain_length where doc = 'log'")).rows.map(
          (row) => row.wid,
        ),
      ),
    kept: (name) => guarded(() => readSecret(pool, name)),
    secret: (name, make) => guarded(() => keepSecret(pool, name, make)),
    setBackAt: (now) =>
      guarded(async () => {
        const place = await placeOf(pool);
        return transaction(pool, "select pg_advisory_xact_lock(hashtextextended('bulkhead-place', 0))", (client) =>
          setBackIn(client, place, now),
        );
      }),
    onRemoteAppend: (told, names) => {
      followers.set(told, names);
      return () => followers.delete(told);
    },
    tellNodes: (word) =>
      inTurn(() =>
        guarded(
          async () => (await pool.query(`select pg_notify('${WORDS}', $1)`, [writeNodeWord(node, word)])) !== undefined,
        ),
      ),
    onNodeWord: (listener) => {
      hearing.add(listener);
      return () => hearing.delete(listener);
    },
    close: async () => {
      followers.clear();
      hearing.clear();
      await nudges.stop();
      await goodbye(pool, 2_000);
    },
  };
};
