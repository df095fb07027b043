/** Resident memory of the agent host and the sync server, idle and with 50 clients. */
import { execFileSync } from "node:child_process";
import { connectModified } from "../helpers/modified-client.ts";
import { openTeam, openWorld } from "../helpers/world.ts";
import { measured } from "./measure.ts";
import type { Measured } from "./measure.ts";

const CLIENTS = 50;

export const memory = async (): Promise<Measured[]> => {
  const world = await openWorld();
  try {
    const { ada, ben, wid } = await openTeam(world);
    await settle();
    const host = megabytes(ada.app.hostPid() ?? 0);
    const shell = megabytes(ada.app.child().pid);
    const idle = megabytes(world.server.child().pid);
    const clients = await Promise.all(
      Array.from({ length: CLIENTS }, () => connectModified(ben.net.url, wid, "log", ben.app.dataDir)),
    );
    await settle();
    const busy = megabytes(world.server.child().pid);
    for (const client of clients) client.close();
    return [
      measured("agent host, idle", host, "MB", 1),
      measured("browser shell, idle", shell, "MB", 1),
      measured("sync server, 2 clients", idle, "MB", 1),
      measured(`sync server, ${CLIENTS} clients more`, busy, "MB", 1, { name: "2 clients", value: idle }),
    ];
  } finally {
    await world.close();
  }
};

const settle = () => new Promise((done) => setTimeout(done, 1_500));

/** Resident set of a process, in MB. */
export const megabytes = (pid: number): number =>
  Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" }).trim()) / 1_024;
