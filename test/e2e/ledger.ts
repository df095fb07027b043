/** A team with a tool that shows how often it ran. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { acceptServer, addServer, scriptServer } from "../../scripts/apps/team.ts";
import type { Team, World } from "../helpers/world.ts";
import { openTeam } from "../helpers/world.ts";

export interface Place {
  readonly team: Team;
  readonly ledger: string;
  lines(): string[];
}

/** A team with a tool that leaves a line for every execution. */
export const openLedger = async (world: World): Promise<Place> => {
  const team = await openTeam(world);
  const file = join(world.dir, "ledger.txt");
  const ledger = await addServer(
    team.ada.rpc,
    team.wid,
    "ledger",
    scriptServer(resolve("test/fixtures/ledger-mcp.mjs"), file),
  );
  await acceptServer(team.ben.rpc, team.wid, ledger);
  return {
    team,
    ledger,
    lines: () => (existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : []),
  };
};
