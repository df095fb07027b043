/** Which heads of the server are kept: enough to give much back in small runs, and no more. */
import { expect, onTestFinished, test } from "vitest";
import { openStore } from "../../../../electron/host/store/open.ts";
import { createWorkspaceStore } from "../../../../electron/host/store/workspaces.ts";
import { tempDir } from "../../../helpers/temp.ts";
import { keptRow } from "../../../helpers/kept-row.ts";
import { ADMIN, LOG } from "#core/protocol/ids.ts";

test("[GV1] of each list the newest head is kept, and the last of each hundred entries; they go with the workspace", () => {
  const store = openStore({ dir: tempDir() });
  onTestFinished(() => store.close());
  const rows = createWorkspaceStore(store);
  for (const wid of ["w", "v"]) rows.add(keptRow({ wid }), 1);
  for (const seq of [1, 2, 99, 100, 101, 150, 150, 200, 201, 470, 512])
    rows.addSignedHead("w", { doc: LOG, seq, jws: `head ${seq}` });
  rows.addSignedHead("w", { doc: ADMIN, seq: 3, jws: "other list" });
  rows.addSignedHead("v", { doc: LOG, seq: 3, jws: "other workspace" });
  expect(rows.signedHeads("w").map(({ doc, seq }) => `${doc} ${seq}`)).toEqual([
    "admin 3",
    "log 100",
    "log 200",
    "log 201",
    "log 470",
    "log 512",
  ]);
  // The same position with a later date.
  rows.addSignedHead("w", { doc: LOG, seq: 512, jws: "newer" });
  expect(rows.signedHeads("w").at(-1)).toEqual({ doc: LOG, seq: 512, jws: "newer" });
  rows.remove("w");
  expect([rows.signedHeads("w"), rows.signedHeads("v")]).toMatchObject([[], [{ jws: "other workspace" }]]);
});
