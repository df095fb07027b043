import { expect, test } from "vitest";
import type { DeviceId, MemberId, WorkspaceId } from "#core/protocol/ids.ts";
import { openStore } from "../../../../electron/host/store/open.ts";
import { createWorkspaceStore } from "../../../../electron/host/store/workspaces.ts";
import { tempDir } from "../../../helpers/temp.ts";

const id = (letter: string): string => letter.repeat(22);

test("ids come out of the store as what they name, and a text that names nothing is told as damage", () => {
  const store = openStore({ dir: tempDir() });
  const rows = createWorkspaceStore(store);
  const row = {
    wid: id("w") as WorkspaceId,
    member: id("m") as MemberId,
    device: id("d") as DeviceId,
    nextDevice: null,
    server: "https://sync.test",
    embedded: null,
    paused: false,
    halt: null,
    pin: [0, ""],
  } as const;
  rows.add(row, 1);
  expect(rows.list()).toEqual([row]);
  store.db.prepare("UPDATE workspaces SET member = 'ada'").run();
  expect(rows.list()).toEqual([]);
  expect(rows.unread()).toBe(1);
  store.close();
});
