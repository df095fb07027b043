/** The window in which a person decides. */
import { join } from "node:path";
import { callBecomes, callInNewThread, cardFor } from "../../scripts/apps/team.ts";
import { expect, test } from "./fixtures.ts";
import { approve, openCard, openPage, section } from "./pages.ts";

test("[T27] a 10 kB command is fully readable, with requester, thread, tool, server, rule, votes and time left, until it is answered", async ({
  team: { ada, ben, wid, tool },
  world,
  browser,
}) => {
  const lines = Array.from(
    { length: 200 },
    (_, index) => `${String(index).padStart(4, "0")} kubectl apply -f manifest-${index} --server-side --prune`,
  );
  const content = `${lines.join("\n")}\nLAST LINE OF THE COMMAND`;
  expect(content.length).toBeGreaterThan(10_000);
  const thread = await callInNewThread(ben.rpc, wid, tool, "write_file", {
    path: join(world.folder, "run.sh"),
    content,
  });
  await ben.rpc.call("thread.rename", { thread, title: "Secret plans of Ben" });
  const page = await openPage(browser, ada.app);
  const popup = await openCard(page, "write_file");
  const main = popup.getByRole("main");
  for (const fact of [
    "Ben",
    "filesystem",
    "write_file",
    /private/i,
    /rule/i,
    /0 of 1/,
    /\d h left/,
    join(world.folder, "run.sh"),
  ])
    await expect(main).toContainText(fact);
  await expect(main).not.toContainText("Secret plans of Ben");

  const argument = popup.getByRole("region", { name: "content" });
  for (const part of [lines[0] ?? "", lines[100] ?? "", "LAST LINE OF THE COMMAND"])
    await expect(argument).toContainText(part);
  const end = popup.getByText("LAST LINE OF THE COMMAND");
  await end.evaluate((element) => element.scrollIntoView({ block: "end" }));
  await argument.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(argument).toBeInViewport();
  expect(
    await argument.evaluate((element) => element.scrollTop + element.clientHeight >= element.scrollHeight - 2),
  ).toBe(true);
  await expect(
    popup.getByRole("button", { name: "Read to the end" }).or(popup.getByRole("button", { name: "Approve and run" })),
  ).toBeInViewport();

  await popup.reload().catch(() => undefined);
  await popup.waitForTimeout(3_000);
  expect(popup.isClosed()).toBe(false);
  await approve(popup);
  const call = await callBecomes(ben.rpc, thread, ["done"]);
  expect(JSON.parse(call.args)).toMatchObject({ content });
});

test("[T27] arguments that look like something else are shown as they are", async ({
  team: { ada, ben, wid, tool },
  world,
  browser,
}) => {
  const tricky = "<b>bold</b> ![x](http://127.0.0.1/x.png)\u202E gpj.exe \u200B&amp; \u0007end";
  await callInNewThread(ben.rpc, wid, tool, "write_file", { path: join(world.folder, "t.txt"), content: tricky });
  const page = await openPage(browser, ada.app);
  const popup = await openCard(page, "write_file");
  await expect(popup.getByRole("main")).toContainText("<b>bold</b>");
  await expect(popup.locator("img, b")).toHaveCount(0);
  const shown = (await popup.getByRole("main").textContent()) ?? "";
  expect(shown).not.toContain("\u202E");
  expect(shown).not.toContain("\u200B");
});

test("[T18] [T27] a card that is rejected in its window closes at the other window too", async ({
  team: { ada, ben, wid, tool },
  world,
  browser,
}) => {
  const thread = await callInNewThread(ben.rpc, wid, tool, "write_file", {
    path: join(world.folder, "k.txt"),
    content: "k",
  });
  const card = await cardFor(ada.rpc, wid);
  const page = await openPage(browser, ada.app);
  const popup = await openCard(page, "write_file");
  await popup.getByRole("button", { name: "Reject" }).click();
  expect(JSON.stringify((await callBecomes(ben.rpc, thread, ["rejected"])).decidedBy)).toContain("Ada");
  await expect(section(page, "Waiting")).not.toHaveAccessibleName(/\d/);
  await ada.rpc.when("cards", wid, (cards) =>
    cards.every((one) => one.request !== card.request || one.state === "rejected"),
  );
});
