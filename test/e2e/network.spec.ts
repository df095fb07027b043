/** Ben pulls the plug. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { callBecomes, callInNewThread, callsOf, cardFor, decide } from "../../scripts/apps/team.ts";
import { startModelServer } from "../helpers/model-server.ts";
import { talk, withModel } from "../helpers/talk.ts";
import { expect, test } from "./fixtures.ts";

test("[T26] with the network cut, threads, search and ungated tools work, gated calls queue, and reconnecting delivers once", async ({
  team: { ada, ben, wid, tool },
  world,
}) => {
  writeFileSync(join(world.folder, "here.txt"), "still readable");
  const model = await startModelServer(() => [{ text: "The lighthouse stands." }]);
  await withModel(ben, model);
  ben.net.cut();
  await ben.rpc.when("status", wid, (status) => status.link === "offline" || status.link === "connecting");

  const reading = await callInNewThread(ben.rpc, wid, tool, "read_text_file", { path: join(world.folder, "here.txt") });
  expect((await callBecomes(ben.rpc, reading, ["done"])).result?.text).toContain("still readable");
  const chat = await ben.rpc.call("thread.create", { wid });
  await talk(ben.rpc, wid, chat.id, "What of the harbour?");
  const hits = await ben.rpc.call("search", { wid, query: "lighthouse" });
  expect(hits.map((hit) => hit.threadId)).toContain(chat.id);

  const target = join(world.folder, "later.txt");
  const writing = await callInNewThread(ben.rpc, wid, tool, "write_file", { path: target, content: "after the storm" });
  await callBecomes(ben.rpc, writing, ["queued"]);
  const status = await ben.rpc.when("status", wid, (now) => now.queued > 0);
  expect(status.link).not.toBe("in-sync");
  expect(existsSync(target)).toBe(false);

  await world.server.crash();
  ben.net.mend();
  await ben.rpc.when("status", wid, (now) => now.link === "in-sync" && now.queued === 0);
  const card = await cardFor(ada.rpc, wid);
  const cards = await ada.rpc.when("cards", wid, () => true);
  expect(cards.filter((one) => one.state === "pending")).toHaveLength(1);

  await decide(ada.rpc, wid, card.request, "approve");
  await callBecomes(ben.rpc, writing, ["done"]);
  expect(readFileSync(target, "utf8")).toBe("after the storm");
  expect(await callsOf(ben.rpc, writing)).toHaveLength(1);
  await model.close();
});

test("[T26] a decision made while the requester is cut off reaches them on reconnect and runs once", async ({
  team: { ada, ben, wid, tool },
  world,
}) => {
  const target = join(world.folder, "decided.txt");
  const thread = await callInNewThread(ben.rpc, wid, tool, "write_file", { path: target, content: "decided" });
  const card = await cardFor(ada.rpc, wid);
  ben.net.stall();
  await decide(ada.rpc, wid, card.request, "approve");
  await ada.rpc.when("cards", wid, (cards) =>
    cards.some((one) => one.request === card.request && one.state === "approved"),
  );
  expect(existsSync(target)).toBe(false);
  ben.net.cut();
  ben.net.mend();
  await callBecomes(ben.rpc, thread, ["done"]);
  expect(readFileSync(target, "utf8")).toBe("decided");
});

test("[T26] the sync server is killed and comes back: nobody loses anything and the status line says which", async ({
  team: { ada, ben, wid, tool },
  world,
}) => {
  const thread = await callInNewThread(ben.rpc, wid, tool, "write_file", {
    path: join(world.folder, "a.txt"),
    content: "a",
  });
  const card = await cardFor(ada.rpc, wid);
  await world.server.child().kill();
  await Promise.all(
    [ada, ben].map(({ rpc }) =>
      rpc.when("status", wid, (status) => status.link === "offline" || status.link === "connecting"),
    ),
  );
  await world.server.up();
  await Promise.all([ada, ben].map(({ rpc }) => rpc.when("status", wid, (status) => status.link === "in-sync")));
  await decide(ada.rpc, wid, card.request, "approve");
  await callBecomes(ben.rpc, thread, ["done"]);
});

test("[T26] a call canceled while queued never reaches anybody", async ({ team: { ada, ben, wid, tool }, world }) => {
  ben.net.cut();
  const thread = await callInNewThread(ben.rpc, wid, tool, "write_file", {
    path: join(world.folder, "no.txt"),
    content: "no",
  });
  const call = await callBecomes(ben.rpc, thread, ["queued"]);
  await ben.rpc.call("call.cancel", { thread, call: call.id });
  await callBecomes(ben.rpc, thread, ["canceled"]);
  ben.net.mend();
  await ben.rpc.when("status", wid, (now) => now.link === "in-sync" && now.queued === 0);
  const cards = await ada.rpc.when("cards", wid, () => true);
  expect(cards.filter((one) => one.state === "pending")).toEqual([]);
  expect(existsSync(join(world.folder, "no.txt"))).toBe(false);
});
