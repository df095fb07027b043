/** One person with two computers: the code, the number on both screens, and what follows to the second one. */
import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";
import { callBecomes, callInNewThread, cardFor, found } from "../../scripts/apps/team.ts";
import type { Person, World } from "../helpers/world.ts";
import { expect, test } from "./fixtures.ts";
import { complaintsOf, look } from "./look.ts";
import { noticesOf, openPage, section, sidebar, statusLine } from "./pages.ts";

const addDevice = (page: Page) => page.getByRole("dialog");

/** Opens the dialog in Team and answers the code. */
const codeFrom = async (page: Page): Promise<string> => {
  await section(page, "Team").click();
  await page.getByRole("button", { name: /Details of Ada/ }).click();
  await page.getByRole("button", { name: "Add a device" }).click();
  await expect(addDevice(page).getByRole("img", { name: "QR code for your other computer" })).toBeVisible();
  return addDevice(page).getByRole("textbox", { name: "Code" }).inputValue();
};
/** On the new computer, up to the number. */
const arriveWith = async (page: Page, code: string): Promise<string> => {
  await page.getByRole("button", { name: "This is another computer of mine" }).click();
  await page.getByRole("textbox", { name: "Code from your other computer" }).fill(code);
  await page.getByRole("button", { name: "Look at the code" }).click();
  await page.getByRole("textbox", { name: "Name of this computer" }).fill("Ada's laptop");
  await page.getByRole("button", { name: "Connect" }).click();
  return numberOn(page);
};
const numberOn = async (page: Page): Promise<string> => {
  const number = page.getByText(/^\d{3} \d{3}$/);
  await expect(number).toBeVisible();
  return (await number.textContent()) ?? "";
};
const openNumber = async (page: Page): Promise<Page> => {
  const [popup] = await Promise.all([
    page.waitForEvent("popup"),
    addDevice(page).getByRole("button", { name: "Show the number" }).click(),
  ]);
  await expect(popup.getByRole("heading", { name: "Is this the number on your other computer?" })).toBeVisible();
  return popup;
};

/** A second computer of Ada, paired over the windows. */
const pairOver = async (
  world: World,
  browser: Browser,
  ada: Person,
): Promise<{ second: Person; page: Page; first: Page }> => {
  const second = await world.person("Laptop");
  const [first, page] = [await openPage(browser, ada.app), await openPage(browser, second.app)];
  const there = await arriveWith(page, await codeFrom(first));
  const popup = await openNumber(first);
  expect(await numberOn(popup)).toBe(there);
  await popup.getByRole("button", { name: "Add this computer" }).click();
  await addDevice(first).getByRole("button", { name: "Done" }).click();
  await expect(statusLine(page)).toContainText("In sync");
  return { second, page, first };
};

for (const theme of ["light", "dark"] as const) {
  test(`[T24] a second computer is added by a code and a number, in ${theme}, and brings no memory with it`, async ({
    world,
    browser,
  }) => {
    const ada = await world.person("Ada");
    const wid = await found(ada.rpc, "Ada", "Harbour", ada.net.url);
    const thread = await ada.rpc.call("thread.create", { wid });
    await ada.rpc.call("thread.rename", { thread: thread.id, title: "Tide tables of the north" });
    const second = await world.person("Laptop");
    const [here, there] = [
      await openPage(browser, ada.app, { colorScheme: theme }),
      await openPage(browser, second.app, { colorScheme: theme }),
    ];
    const complaints = [here, there].map(complaintsOf);

    await expect(there.getByRole("button", { name: "This is another computer of mine" })).toBeVisible();
    const code = await codeFrom(here);
    await look(here, "pair-code", theme);
    await there.getByRole("button", { name: "This is another computer of mine" }).click();
    await look(there, "pair-paste", theme);
    await there.getByRole("textbox", { name: "Code from your other computer" }).fill(code);
    await there.getByRole("button", { name: "Look at the code" }).click();
    await expect(there.getByRole("main")).toContainText(ada.net.url);
    await there.getByRole("textbox", { name: "Name of this computer" }).fill("Ada's laptop");
    await look(there, "pair-confirm", theme);
    await there.getByRole("button", { name: "Connect" }).click();
    const number = await numberOn(there);
    await expect(there.getByRole("main")).toContainText("Harbour");
    await look(there, "pair-number", theme);
    await expect(addDevice(here)).toContainText("“Ada's laptop” shows a number");
    await look(here, "pair-compare", theme);

    const popup = await openNumber(here);
    await popup.setViewportSize({ width: 440, height: 560 });
    expect(await numberOn(popup)).toBe(number);
    await expect(popup.getByRole("main")).toContainText("Ada's laptop");
    await expect(popup.getByRole("button", { name: "Add this computer" })).toBeEnabled();
    await look(popup, "pair-popup", theme);
    const said = await noticesOf(there);
    await popup.getByRole("button", { name: "Add this computer" }).click();
    await expect.poll(said).toContain("This computer is now a device of yours in Harbour.");
    await expect(addDevice(here)).toContainText("is now a device of yours");
    await look(here, "pair-done", theme);
    await addDevice(here).getByRole("button", { name: "Done" }).click();

    await expect(statusLine(there)).toContainText("In sync");
    await section(there, "Team").click();
    await there.getByRole("button", { name: /Details of Ada/ }).click();
    await expect(there.getByText("Device 2")).toBeVisible();
    await look(there, "pair-team", theme);
    await expect(sidebar(here)).toContainText("Tide tables of the north");
    await expect(sidebar(there)).not.toContainText("Tide tables");
    expect(complaints.flat()).toEqual([]);
  });
}

test("[T15] a number that differs adds nothing, both screens say so, and the code is spent", async ({
  world,
  browser,
}) => {
  const [ada, second] = [await world.person("Ada"), await world.person("Laptop")];
  const wid = await found(ada.rpc, "Ada", "Harbour", ada.net.url);
  const [here, there] = [await openPage(browser, ada.app), await openPage(browser, second.app)];
  const code = await codeFrom(here);
  await arriveWith(there, code);
  const popup = await openNumber(here);
  await popup.getByRole("button", { name: "No, it differs" }).click();
  await expect(addDevice(here).getByRole("alert")).toContainText("nothing was added");
  await expect(there.getByRole("alert")).toContainText("nothing was added");
  await look(here, "pair-ended", "light");
  await look(there, "pair-refused", "light");
  await there.getByRole("button", { name: "Use another code" }).click();
  await there.getByRole("textbox", { name: "Code from your other computer" }).fill(code);
  await there.getByRole("button", { name: "Look at the code" }).click();
  await there.getByRole("button", { name: "Connect" }).click();
  await expect(there.getByRole("alert").first()).toContainText("Nobody waits for this code");
  const team = await ada.rpc.when("team", wid, () => true);
  expect(team.members[0]?.devices).toHaveLength(1);
});

test("[T28] a link that opens the app with a code names the server, and connects only after a click", async ({
  world,
  browser,
}) => {
  const ada = await world.person("Ada");
  await found(ada.rpc, "Ada", "Harbour", ada.net.url);
  const here = await openPage(browser, ada.app);
  const code = await codeFrom(here);
  const second = await world.person("Laptop", { link: code });
  const there = await openPage(browser, second.app);
  await expect(there.getByRole("heading", { name: "Connect this computer?" })).toBeVisible();
  await expect(there.getByRole("main")).toContainText(ada.net.url);
  await expect(addDevice(here).getByRole("textbox", { name: "Code" })).toBeVisible();
  await there.getByRole("button", { name: "Not now" }).click();
  await expect(there.getByRole("button", { name: "Create a workspace" })).toBeVisible();
});

test("[T18] a card shows on both computers of an approver, and the decision on one closes it on the other", async ({
  team: { ada, ben, wid, tool },
  world,
  browser,
}) => {
  const { second, page, first } = await pairOver(world, browser, ada);
  const thread = await callInNewThread(ben.rpc, wid, tool, "write_file", {
    path: join(world.folder, "two.txt"),
    content: "two",
  });
  const [here, there] = await Promise.all([cardFor(ada.rpc, wid), cardFor(second.rpc, wid)]);
  expect(here.request).toBe(there.request);
  for (const each of [first, page]) await expect(section(each, "Waiting")).toHaveAccessibleName(/1/);
  const popup = await second.rpc.popup(wid, there.request);
  await popup.call("card.decide", { wid, request: there.request, vote: "approve", note: "" });
  popup.close();
  await callBecomes(ben.rpc, thread, ["done"]);
  for (const each of [first, page]) await expect(section(each, "Waiting")).not.toHaveAccessibleName(/\d/);
});
