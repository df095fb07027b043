/** A workspace as a node keeps it in memory. */
import { describe, expect, test } from "vitest";
import { queueDoc } from "#core/ids.ts";
import { DEFAULT_QUEUE } from "#core/state.ts";
import { loadWorkspace } from "../../../sync-server/server/workspace.ts";
import { createMemory } from "../../helpers/memory-store.ts";
import { crypto } from "../../helpers/node-crypto.ts";
import { createTeam, lane, QUEUE, requestBody } from "../../helpers/people.ts";

const loaded = async () => {
  const team = createTeam();
  const ben = team.member("Ben");
  const store = createMemory().connect();
  const rows = team.entries.filter(({ doc }) => doc === "log").map(({ doc, text }, index) => ({ doc, seq: index + 1, entry: text }));
  await store.append(team.wid, rows, new Map());
  const workspace = await loadWorkspace(crypto, store, team.wid);
  const asks = (doc: string) => workspace.judge(team.sign(ben, doc as never, "approval.request", requestBody()), { as: "device", device: ben.device, doc: lane(ben) }, team.now);
  return { workspace, ben, asks };
};

describe("[EP3] a name that somebody claims", () => {
  test("is refused and leaves nothing in memory, however many there are", async () => {
    const { workspace, ben, asks } = await loaded();
    for (let epoch = 2; epoch < 50; epoch += 1) expect((await asks(queueDoc(DEFAULT_QUEUE, epoch))).answer).toEqual({ ok: false, code: "no-such-queue" });
    expect((await asks("queue:nobody")).answer).toEqual({ ok: false, code: "no-such-queue" });
    expect(workspace.docs).toEqual(["log"]);
    expect((await asks(QUEUE)).answer).toMatchObject({ ok: true });
    expect(workspace.docs).toEqual(["log", QUEUE, lane(ben)]);
  });
});
