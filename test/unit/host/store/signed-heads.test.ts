/** Which heads of the server are kept: enough to give much back in small runs, and no more. */
import { expect, onTestFinished, test } from "vitest";
import { openStore } from "../../../../electron/host/store/open.ts";
import { createWorkspaceStore } from "../../../../electron/host/store/workspaces.ts";
import { tempDir } from "../../../helpers/temp.ts";

const row = {
  member: "ada",
  device: "key",
  nextDevice: null,
  server: "http://127.0.0.1:4700",
  embedded: null,
  paused: false,
  halt: null,
  pin: [1, "pin"] as const,
};

test("[GV1] of each list the newest head is kept, and the last of each hundred entries; they go with the workspace", () => {
  const store = openStore({ dir: tempDir() });
  onTestFinished(() => store.close());
  const rows = createWorkspaceStore(store);
  for (const wid of ["w", "v"]) rows.add({ ...row, wid }, 1);
  for (const seq of [1, 2, 99, 100, 101, 150, 150, 200, 201, 470, 512])
    rows.addSignedHead("w", { doc: "log", seq, jws: `head ${seq}` });
  rows.addSignedHead("w", { doc: "admin", seq: 3, jws: "other list" });
  rows.addSignedHead("v", { doc: "log", seq: 3, jws: "other workspace" });
  expect(rows.signedHeads("w").map(({ doc, seq }) => `${doc} ${seq}`)).toEqual([
    "admin 3",
    "log 100",
    "log 200",
    "log 201",
    "log 470",
    "log 512",
  ]);
  // The same position with a later date.
  rows.addSignedHead("w", { doc: "log", seq: 512, jws: "newer" });
  expect(rows.signedHeads("w").at(-1)).toEqual({ doc: "log", seq: 512, jws: "newer" });
  rows.remove("w");
  expect([rows.signedHeads("w"), rows.signedHeads("v")]).toMatchObject([[], [{ jws: "other workspace" }]]);
});
