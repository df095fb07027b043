/** What a durable commit costs on this disk: the part of a write that no other program can save. */
import { generateServerKey } from "../../../sync-server/server/system/server-key.ts";
import { openSqliteStore } from "../../../sync-server/server/store/sqlite-store.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { WorkspaceId } from "#core/protocol/ids.ts";
import { measured, percentile, timings } from "../measure.ts";
import type { Measured } from "../measure.ts";
import { tempFolder } from "./folder.ts";

const ROUNDS = 300;
const ENTRY = "x".repeat(1_000);

export const commits = async (): Promise<Measured[]> => {
  const folder = tempFolder();
  const store = openSqliteStore(folder.path);
  try {
    await store.secret("server-key", generateServerKey);
    let seq = 0;
    const samples = await timings(ROUNDS, () =>
      store.append(
        "W".repeat(22) as WorkspaceId,
        [{ doc: LOG, seq: (seq += 1), entry: ENTRY }],
        new Map([[LOG, seq - 1]]),
      ),
    );
    return [
      measured("a durable commit of one entry, p50", percentile(samples, 0.5), "ms", ROUNDS),
      measured("a durable commit of one entry, p95", percentile(samples, 0.95), "ms", ROUNDS),
    ];
  } finally {
    await store.close();
    folder.remove();
  }
};
