/**
 * Whether this database was put back from a copy. Beside the entries stands where they lie: the numbers of the database
 * and of the table, the cluster and its timeline. A dump that is restored makes the table anew, a base backup and a standby that takes over
 * begin another timeline, and then what is written does not fit any more. What cannot be seen so is a snapshot of a disk.
 */
import type pg from "pg";

const PLACE = "place";
const SET_BACK = "set-back-at";

export const placeOf = async (pool: Pick<pg.Pool, "query">): Promise<string> => {
  const { rows } = await pool.query<{ oid: string }>(
    "select (select oid from pg_database where datname = current_database())::text || ' ' || ('chain_entry'::regclass)::oid::text as oid",
  );
  const cluster = await pool
    .query<{ cluster: string }>(
      "select system_identifier::text || ' ' || (select timeline_id from pg_control_checkpoint())::text as cluster from pg_control_system()",
    )
    // Some providers let nobody ask.
    .catch(() => ({ rows: [] }));
  return `${rows[0]?.oid ?? ""} ${cluster.rows[0]?.cluster ?? ""}`;
};

/** Call while no other node asks. Answers when the copy was first seen, ms, or null. */
export const setBackIn = async (client: Pick<pg.Pool, "query">, place: string, now: number): Promise<number | null> => {
  const keep = (name: string, value: string): Promise<unknown> =>
    client.query(
      "insert into secret (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value",
      [name, value],
    );
  const { rows } = await client.query<{ name: string; value: string }>(
    "select name, value from secret where name = any($1)",
    [[PLACE, SET_BACK]],
  );
  const of = (name: string): string | undefined => rows.find((row) => row.name === name)?.value;
  if (of(PLACE) !== place) await keep(PLACE, place);
  if (of(PLACE) === undefined || of(PLACE) === place) return of(SET_BACK) === undefined ? null : Number(of(SET_BACK));
  await keep(SET_BACK, String(now));
  return now;
};
