/** Whether notifications come through to a connection that listens. A pooler in transaction mode takes LISTEN, and drops what follows. */
import { randomUUID } from "node:crypto";
import pg from "pg";
import { goodbye } from "./postgres-goodbye.ts";

export const notificationsArrive = async (
  url: string,
  within: number,
  notify: (channel: string) => Promise<unknown>,
): Promise<boolean> => {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: within,
    query_timeout: within,
    application_name: "bulkhead-echo",
  });
  client.on("error", () => undefined);
  const channel = `bulkhead_echo_${randomUUID().replaceAll("-", "")}`;
  const heard = new Promise<true>((resolve) => client.on("notification", () => resolve(true)));
  let late: NodeJS.Timeout | undefined;
  try {
    await client.connect();
    await client.query(`listen ${channel}`);
    await notify(channel);
    return await Promise.race([
      heard,
      new Promise<false>((resolve) => (late = setTimeout(() => resolve(false), within))),
    ]);
  } finally {
    clearTimeout(late);
    await goodbye(client, 1_000);
  }
};
