/** Four people at one real sync server: Ada (Owner), Ben (Member), Cleo and Dora (Approvers). */
import { joinWith, openApp, startServerProcess, teamAt } from "./app.ts";
import type { App, ServerProcess } from "./app.ts";

export interface Four {
  readonly server: ServerProcess;
  readonly wid: string;
  readonly ada: App;
  readonly ben: App;
  readonly cleo: App;
  readonly dora: App;
}

export const startFour = async (): Promise<Four> => {
  const server = await startServerProcess();
  const { wid, ada, ben } = await teamAt(server);
  const cleo = await openApp("Cleo");
  const dora = await openApp("Dora");
  await joinWith(ada, cleo, wid, "approver");
  await joinWith(ada, dora, wid, "approver");
  return { server, wid, ada, ben, cleo, dora };
};
