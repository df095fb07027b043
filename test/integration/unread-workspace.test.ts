import { expect, test } from "vitest";
import type { AppView } from "#bridge/app.ts";
import type { MemberId, WorkspaceId } from "#core/protocol/ids.ts";
import { deviceIdOf } from "#core/protocol/crypto.ts";
import { createWorkspaceStore } from "../../electron/host/store/workspaces.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { openTestHost } from "../helpers/host.ts";

const id = (letter: string): string => letter.repeat(22);

test("the app starts with the workspaces that can be read, and says how many cannot", async () => {
  const host = await openTestHost("Ada", async (store, shell) => {
    const { x } = (await shell.request("keys.get", {})) as { x: string };
    const device = deviceIdOf(nodeCrypto, x);
    const rows = createWorkspaceStore(store);
    for (const letter of ["v", "w", "x"])
      rows.add(
        {
          wid: id(letter) as WorkspaceId,
          member: id("m") as MemberId,
          device,
          nextDevice: null,
          server: "http://127.0.0.1:1",
          embedded: null,
          paused: false,
          halt: null,
          pin: [0, ""],
        },
        1,
      );
    store.db.prepare("UPDATE workspaces SET member = 'ada' WHERE wid = ?").run(id("w"));
  });
  const app = (await host.call("watch", { topic: "app" })) as AppView;
  expect(app.workspaces.map(({ wid }) => wid)).toEqual([id("v"), id("x")]);
  expect(app.unread).toBe(1);
  const events = host.lines.map((line) => JSON.parse(line) as { event: string; what?: string });
  expect(events.filter(({ event }) => event === "row.unreadable")).toEqual([
    expect.objectContaining({ what: "workspaces" }),
  ]);
});
