/** Ada's app goes over into Electron, and Ben asks: her card is open. */
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { callInNewThread } from "../../../scripts/apps/team.ts";
import type { Team, World } from "../../helpers/world.ts";
import type { Desktop } from "./desktop-app.ts";
import { expect } from "./fixtures.ts";

interface Asked {
  readonly team: Team;
  readonly world: World;
  readonly start: (dataDir: string) => Promise<Desktop>;
}
export interface CardOnDesk {
  readonly desktop: Desktop;
  readonly popup: Page;
  /** Where Ben's call would write, and his thread. */
  readonly path: string;
  readonly thread: string;
}

export const cardOnDesk = async (
  { team: { ada, ben, wid, tool }, world, start }: Asked,
  file: string,
  content: string,
): Promise<CardOnDesk> => {
  ada.rpc.close();
  await ada.app.stop();
  const desktop = await start(ada.app.dataDir);
  await expect(desktop.main.getByText("Harbour").first()).toBeVisible();
  const path = join(world.folder, file);
  const thread = await callInNewThread(ben.rpc, wid, tool, "write_file", { path, content });
  const popup = await desktop.popup();
  await expect(popup.getByRole("main")).toContainText("write_file");
  return { desktop, popup, path, thread };
};
