/**
 * `npm run demo`: a sync server and two separate apps, Ada's and Ben's, with the real filesystem MCP server on a
 * temporary folder. Ctrl-C stops all of it and leaves nothing behind. `--smoke` ends as soon as everything runs.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as path } from "node:path";
import { startApp } from "./apps/app.ts";
import { startSyncServer } from "./apps/sync-server.ts";
import { acceptServer, addFilesystem, found, invite, join } from "./apps/team.ts";
import { say } from "./check/step.ts";
import { buildWindows } from "./e2e.ts";

const smoke = process.argv.includes("--smoke");

const main = async (): Promise<number> => {
  const stopped = untilStopped();
  if (!(await buildWindows())) return 1;
  const dir = mkdtempSync(path(tmpdir(), "bulkhead-demo-"));
  const endings: (() => Promise<void>)[] = [];
  try {
    await Promise.race([play(dir, endings), stopped]);
    if (!smoke) await stopped;
    return 0;
  } catch (error) {
    say(error instanceof Error ? error.message : "The demo could not start.");
    return 1;
  } finally {
    await Promise.all(endings.map((end) => end()));
    rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    say("Everything is stopped and the temporary folder is gone.");
  }
};

const play = async (dir: string, endings: (() => Promise<void>)[]): Promise<void> => {
  say("Starting a sync server and two apps…");
  const folder = path(dir, "shared-folder");
  mkdirSync(folder);
  writeFileSync(path(folder, "readme.txt"), "This folder is all that the tool can reach.\n");
  const server = await startSyncServer({ dataDir: path(dir, "server") });
  endings.push(() => server.down());
  const [ada, ben] = await Promise.all([
    startApp({ dataDir: path(dir, "ada") }),
    startApp({ dataDir: path(dir, "ben") }),
  ]);
  endings.push(
    () => ada.stop(),
    () => ben.stop(),
  );

  const adas = await ada.client();
  const bens = await ben.client();
  const wid = await found(adas, "Ada", "Harbour", server.url);
  const tool = await addFilesystem(adas, wid, folder);
  const { link } = await invite(adas, wid);
  await join(bens, "Ben", link);
  await acceptServer(bens, wid, tool);
  adas.close();
  bens.close();

  say("");
  say(`Ada's app:  ${await ada.address()}`);
  say(`Ben's app:  ${await ben.address()}`);
  say("");
  say("Open both. In Ben's, start a thread, type / and choose filesystem write_file. Ada gets a card and decides.");
  say(`The tool works on ${folder}`);
  if (!smoke) say("Ctrl-C stops everything and leaves nothing behind.");
};

const untilStopped = (): Promise<void> =>
  new Promise((done) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => done());
  });

process.exitCode = await main();
