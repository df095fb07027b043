/** From where a workspace's server can be reached, and letting others reach the one inside this app. */
import { z } from "zod";
import { isHere } from "#bridge/here.ts";
import { NetworkAddress, type ReachView } from "#bridge/workspace.ts";
import { refused } from "#bridge/refused.ts";
import { told } from "#bridge/told.ts";
import type { Publisher, Shell } from "../seams.ts";
import type { WorkspaceStore } from "#client/ports/store.ts";
import { startEmbedded } from "./lives.ts";
import type { Lives } from "./lives.ts";

export interface ReachDeps {
  readonly lives: Pick<Lives, "get" | "find">;
  readonly rows: Pick<WorkspaceStore, "list" | "setEmbedded">;
  readonly shell: Shell;
  readonly publisher: Publisher;
}

const Addresses = z.looseObject({ addresses: z.array(NetworkAddress) });
export const reachOf = async ({ lives, rows, shell }: ReachDeps, wid: string): Promise<ReachView> => {
  const server = lives.get(wid).server();
  const embedded = rows.list().find((row) => row.wid === wid)?.embedded ?? null;
  const addresses = embedded === null ? [] : Addresses.parse(await shell.request("server.addresses", {})).addresses;
  return {
    server,
    here: isHere(server),
    embedded,
    addresses,
    problem: embedded !== null && addresses.length === 0 ? told("no-network") : null,
  };
};

/** The server inside the app serves every workspace that lives on it, so all of them have the new address. */
export const letReach = async (
  { lives, rows, shell, publisher }: ReachDeps,
  wid: string,
  address: string,
): Promise<string> => {
  lives.get(wid);
  const on = rows.list().filter(({ embedded }) => embedded !== null);
  if (!on.some((row) => row.wid === wid)) throw refused("server-elsewhere-run");
  const url = await startEmbedded(shell, "network", { address });
  rows.setEmbedded(wid, "network");
  for (const row of on) {
    const live = lives.find(row.wid);
    if (live === null) continue;
    live.move(url);
    live.start();
    for (const topic of ["invites", "status"]) publisher.publish(topic, row.wid);
  }
  publisher.publish("app");
  return url;
};
