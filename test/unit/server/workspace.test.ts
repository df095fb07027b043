/** A workspace as a node keeps it in memory. */
import { describe, expect, test } from "vitest";
import { ADMIN, queueDoc } from "#core/protocol/ids.ts";
import { DEFAULT_QUEUE } from "#core/rules/state.ts";
import type { ApprovalDoc } from "#core/rules/state.ts";
import { WAITING_MAX } from "#core/rules/waiting.ts";
import { loadWorkspace } from "../../../sync-server/server/order/workspace.ts";
import { createMemory } from "../../helpers/memory-store.ts";
import { crypto } from "../../helpers/node-crypto.ts";
import { createTeam, lane, makeInvite, QUEUE, requestBody } from "../../helpers/people.ts";

const loaded = async () => {
  const team = createTeam();
  const ben = team.member("Ben");
  const store = createMemory().connect();
  const rows = team.entries
    .filter(({ doc }) => doc === "log")
    .map(({ doc, text }, index) => ({ doc, seq: index + 1, entry: text }));
  await store.append(team.wid, rows, new Map());
  const workspace = await loadWorkspace(crypto, store, team.wid);
  const asks = (doc: string) =>
    workspace.judge(
      team.sign(ben, doc as never, "approval.request", requestBody()),
      { as: "device", device: ben.device, doc: lane(ben) },
      () => ({ t: team.now, a: 0 }),
    );
  return { workspace, ben, asks };
};

test("[BU4] what the person's lane has no room for is put into neither, and both stay alike", async () => {
  const { workspace, ben, asks } = await loaded();
  const lists = async () => Promise.all([workspace.chain(QUEUE), workspace.chain(lane(ben))]);
  for (let i = 0; i < WAITING_MAX; i += 1) expect((await asks(QUEUE)).rows).toHaveLength(2);
  // As if ten more of hers waited in another queue: the lane is at the end of its room before this queue is.
  const [queue, own] = (await lists()) as [ApprovalDoc, ApprovalDoc];
  queue.waiting.clear();
  own.waiting.set(ben.member, [...own.requests.keys(), ...own.requests.keys()]);
  expect(await asks(QUEUE)).toEqual({
    answer: { ok: false, code: "too-many-waiting" },
    rows: [],
    refusedBy: ["log", lane(ben)],
  });
  expect((await lists()).map(({ seq }) => seq)).toEqual([WAITING_MAX, WAITING_MAX]);
  own.waiting.clear();
  expect((await asks(QUEUE)).answer).toMatchObject({ ok: true });
  expect((await lists()).map(({ seq }) => seq)).toEqual([WAITING_MAX + 1, WAITING_MAX + 1]);
});

describe("[EP3] a name that somebody claims", () => {
  test("is refused and leaves nothing in memory, however many there are", async () => {
    const { workspace, ben, asks } = await loaded();
    for (let epoch = 2; epoch < 50; epoch += 1)
      expect((await asks(queueDoc(DEFAULT_QUEUE, epoch))).answer).toEqual({ ok: false, code: "no-such-queue" });
    expect((await asks("queue:nobody")).answer).toEqual({ ok: false, code: "no-such-queue" });
    expect(workspace.docs).toEqual(["log"]);
    expect((await asks(QUEUE)).answer).toMatchObject({ ok: true });
    expect(workspace.docs).toEqual(["log", QUEUE, lane(ben)]);
  });
});

describe("[SV76] what another node stored", () => {
  /** Ben joins and an invite that names that position is made, at a node that shares the store. */
  const elsewhere = async () => {
    const team = createTeam();
    const memory = createMemory();
    const store = memory.connect();
    const put = async (doc: string) => {
      const rows = team.entries
        .filter((each) => each.doc === doc)
        .map(({ text }, index) => ({ doc: doc as never, seq: index + 1, entry: text }))
        .slice(memory.count(team.wid, doc));
      await store.append(team.wid, rows, new Map());
    };
    await put("log");
    const workspace = await loadWorkspace(crypto, store, team.wid);
    team.member("Ben");
    const invite = makeInvite(team.ada, team.wid, team.now).jws;
    team.given(team.ada, ADMIN, "invite.create", { invite, label: "" });
    await put("log");
    await put(ADMIN);
    return { team, workspace };
  };

  test("and was read on by the way is still to be told", async () => {
    const { team, workspace } = await elsewhere();
    await workspace.chain(ADMIN);
    expect([workspace.log.seq, workspace.untold]).toEqual([team.log.seq, true]);
    workspace.told();
    expect(workspace.untold).toBe(false);
  });

  test("is known after a look: the log folded, and the length and hash of what nobody folded", async () => {
    const { team, workspace } = await elsewhere();
    expect(await workspace.look([ADMIN, QUEUE])).toEqual(["log", ADMIN]);
    expect(workspace.log.seq).toBe(team.log.seq);
    expect(workspace.tip(ADMIN)).toMatchObject({ seq: team.admin.seq, head: team.admin.head });
    expect(workspace.tip(QUEUE)).toEqual({ doc: QUEUE, seq: 0, head: "" });
    expect([workspace.docs, workspace.untold]).toEqual([["log"], true]);
  });
});
