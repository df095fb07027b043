/** Who gets a card, and where it closes. */
import { wordsOf } from "../helpers/worded.ts";
import { join } from "node:path";
import { callBecomes, callInNewThread, cardFor, decide } from "../../scripts/apps/team.ts";
import { canary, findCanaries } from "../helpers/canary.ts";
import { bring, bringAs, known } from "../helpers/world.ts";
import { expect, test } from "./fixtures.ts";

test("[T18] a card shows at every approver, closes everywhere on the decision, and never shows at Cleo who may not decide", async ({
  team: { ada, ben, wid, tool },
  world,
}) => {
  const [cleo, dora] = await Promise.all([world.person("Cleo"), world.person("Dora")]);
  await bring(ada, cleo, wid, "member");
  // An approver's invite is confirmed by an Admin where the workspace asks for it.
  await bringAs(ada, dora, wid, "approver", [ben]);

  const secret = canary("arguments");
  const thread = await callInNewThread(ben.rpc, wid, tool, "write_file", {
    path: join(world.folder, "x.txt"),
    content: secret,
  });
  const atAda = await cardFor(ada.rpc, wid);
  const atDora = await cardFor(dora.rpc, wid);
  expect(atDora.request).toBe(atAda.request);
  expect(atDora.canVote.allowed).toBe(true);
  expect((await cardFor(ben.rpc, wid)).canVote.allowed).toBe(false);
  expect((await dora.rpc.call("card.get", { wid, request: atDora.request })).args).toContain(secret);

  expect(await cleo.rpc.when("cards", wid, () => true)).toEqual([]);
  await expect(cleo.rpc.call("card.get", { wid, request: atAda.request })).rejects.toThrow();

  await decide(dora.rpc, wid, atDora.request, "approve");
  for (const { rpc } of [ada, dora, ben])
    await rpc.when("cards", wid, (cards) => cards.every((card) => card.state !== "pending"));
  await callBecomes(ben.rpc, thread, ["done"]);

  expect(await cleo.rpc.when("cards", wid, () => true)).toEqual([]);
  const cleoSaw = [
    ...world.files(cleo.app.dataDir),
    { path: "Cleo's network", bytes: Buffer.concat(cleo.net.messages().map((one) => one.bytes)) },
    { path: "Cleo's log", bytes: Buffer.from(cleo.app.output()) },
  ];
  expect(findCanaries(cleoSaw, [secret])).toEqual([]);
});

test("[T18] two approvers decide at once: the first decision stands, the other is told, and the call runs once", async ({
  team: { ada, ben, wid, tool },
  world,
}) => {
  const dora = await world.person("Dora");
  await bringAs(ada, dora, wid, "admin", [ben]);

  const thread = await callInNewThread(ben.rpc, wid, tool, "write_file", {
    path: join(world.folder, "race.txt"),
    content: "race",
  });
  const card = await cardFor(ada.rpc, wid);
  await cardFor(dora.rpc, wid);
  const outcomes = await Promise.allSettled([
    decide(ada.rpc, wid, card.request, "approve"),
    decide(dora.rpc, wid, card.request, "reject", "no"),
  ]);
  expect(outcomes.some((one) => one.status === "fulfilled")).toBe(true);
  const [mine, theirs] = await Promise.all(
    [ada, dora].map(({ rpc }) => rpc.when("cards", wid, (cards) => cards.every((one) => one.state !== "pending"))),
  );
  const stateOf = (cards: typeof mine) =>
    cards?.find((one) => one.request === card.request)?.state.replace("used", "approved");
  expect(stateOf(mine)).toBe(stateOf(theirs));
  const call = await callBecomes(ben.rpc, thread, ["done", "rejected"]);
  expect(call.state === "done").toBe(stateOf(mine) === "approved");
});

test("[T20] nobody decides their own request, the Owner included", async ({ team: { ada, ben, wid, tool }, world }) => {
  const alone = await callInNewThread(ada.rpc, wid, tool, "write_file", {
    path: join(world.folder, "own.txt"),
    content: "mine",
  });
  expect(wordsOf((await callBecomes(ada.rpc, alone, ["refused"])).reason)).toMatch(/own request/);

  const team = await ada.rpc.when("team", wid, (view) => view.members.length === 2);
  await ada.rpc.call("member.setRole", {
    wid,
    member: team.members.find((member) => !member.me)?.id ?? "",
    role: "approver",
  });
  await known([ada, ben], wid, "Ben", "approver");
  const thread = await callInNewThread(ada.rpc, wid, tool, "write_file", {
    path: join(world.folder, "own.txt"),
    content: "mine",
  });
  const card = await cardFor(ada.rpc, wid);
  expect(card.mine).toBe(true);
  expect(card.canVote.allowed).toBe(false);
  await expect(decide(ada.rpc, wid, card.request, "approve")).rejects.toThrow();
  await expect(
    ada.rpc.call("card.decide", { wid, request: card.request, vote: "approve", note: "" }),
  ).rejects.toThrow();
  await cardFor(ben.rpc, wid);
  await decide(ben.rpc, wid, card.request, "approve");
  await callBecomes(ada.rpc, thread, ["done"]);
});
