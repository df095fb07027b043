/**
 * A host process with one replica alone, which takes a log in small pieces and says how far it is, until it is killed.
 * Arguments: directory, file with the entries as JSON.
 */
import { readFileSync } from "node:fs";
import { LOG } from "#core/protocol/ids.ts";
import { createReplica } from "#client/copy/replica.ts";
import { platform } from "../../../electron/host/ways/platform.ts";
import { openStore } from "../../../electron/host/store/open.ts";
import { createWorkspaceStore } from "../../../electron/host/store/workspaces.ts";

const [dir = "", file = ""] = process.argv.slice(2);
const entries = JSON.parse(readFileSync(file, "utf8")) as string[];
const store = openStore({ dir });
const rows = createWorkspaceStore(store);
const [row] = rows.list();
if (row === undefined) throw new Error("no workspace to open");
const replica = createReplica({
  platform,
  monotonic: () => performance.now(),
  row,
  rows,
  write: store.write,
  now: Date.now,
  changed: () => undefined,
  halted: () => undefined,
});
const PIECE = 40;
const step = (): void => {
  const { length: from } = replica.follow(LOG);
  replica.take(LOG, entries.slice(from, from + PIECE));
  process.stdout.write(`${replica.halt()?.code ?? replica.log.seq}\n`);
  if (replica.log.seq < entries.length) setImmediate(step);
};
step();
