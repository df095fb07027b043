/** What a person sees of a server that lies, and how two people compare their histories. */
import { readFileSync } from "node:fs";
import { expect, test } from "./fixtures.ts";
import { look } from "./look.ts";
import { noticesOf, openPage, section, statusLine } from "./pages.ts";

/** Yjs for "the first entry is deleted": a sync frame with an update of no content and one deletion. */
const DELETION = new Uint8Array([0, 2, 6, 0, 1, 1, 1, 0, 1]);

test("[T15] two people read the same words, and whoever finds other words stops approvals", async ({
  team: { ada, ben },
  browser,
}) => {
  const [adas, bens] = [
    await openPage(browser, ada.app, { colorScheme: "light" }),
    await openPage(browser, ben.app, { colorScheme: "dark" }),
  ];
  const read: string[][] = [];
  for (const page of [adas, bens]) {
    await section(page, "Team").click();
    await page.getByRole("button", { name: "Compare with a teammate" }).click();
    const words = page.getByRole("list", { name: /^Words at entry \d+$/ });
    await expect(words.getByRole("listitem")).toHaveCount(8);
    read.push(await words.getByRole("listitem").allTextContents());
  }
  expect(read[0]).toEqual(read[1]);
  await look(adas, "compare", "light");
  await look(bens, "compare", "dark");
  const dialog = adas.getByRole("dialog", { name: "Compare with a teammate" });
  await dialog.getByRole("textbox", { name: "At entry" }).fill("1");
  await expect(adas.getByRole("list", { name: "Words at entry 1", exact: true })).toBeVisible();
  expect(
    await adas.getByRole("list", { name: "Words at entry 1", exact: true }).getByRole("listitem").allTextContents(),
  ).not.toEqual(read[0]);
  await dialog.getByRole("textbox", { name: "At entry" }).fill("9999");
  await expect(dialog.getByRole("button", { name: "They match" })).toBeDisabled();
  await dialog.getByRole("textbox", { name: "At entry" }).fill("2");
  const said = await noticesOf(adas);
  await dialog.getByRole("button", { name: "They match" }).click();
  await expect.poll(said).toContain("You both have the same history up to entry 2");
  await expect(statusLine(adas)).toContainText("In sync");

  await bens
    .getByRole("dialog", { name: "Compare with a teammate" })
    .getByRole("button", { name: "They differ" })
    .click();
  await bens.getByRole("alertdialog").getByRole("button", { name: "Stop approvals" }).click();
  await expect(statusLine(bens)).toContainText("cannot be trusted");
});

for (const theme of ["light", "dark"] as const) {
  test(`[T15] a server that removes an entry: what it did, what still works, what to do, and the evidence as a file (${theme})`, async ({
    team: { ben },
    browser,
  }) => {
    const page = await openPage(browser, ben.app, { colorScheme: theme });
    await expect(statusLine(page)).toContainText("In sync");
    expect(ben.net.forge("log", DELETION)).toBeGreaterThan(0);
    await expect(statusLine(page)).toContainText("The server's copy cannot be trusted");
    // The server lied once: what it shows next would end this.
    ben.net.cut();
    await page.getByRole("button", { name: "What happened?" }).click();
    const dialog = page.getByRole("dialog", { name: "The server's copy cannot be trusted" });
    await expect(dialog.getByRole("row").nth(1)).toContainText("The server removed entries that it had sent before.");
    for (const words of [
      "Still works",
      "Your threads, their search and your drafts",
      "Stopped",
      "Tell the person who runs the server",
    ])
      await expect(dialog).toContainText(words);
    await look(page, "lie", theme);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      dialog.getByRole("button", { name: "Save as file" }).click(),
    ]);
    const file = JSON.parse(readFileSync(await download.path(), "utf8")) as {
      format: string;
      pieces: { code: string }[];
    };
    expect(file).toMatchObject({ format: "bulkhead-evidence-v1", pieces: [{ code: "deletion" }] });
    // Nobody does anything: the app looks again, and what was found can still be seen.
    ben.net.mend();
    const over = page.getByRole("dialog", { name: "The server shows everything again" });
    await expect(over).toBeVisible({ timeout: 60_000 });
    for (const words of ["The server removed entries that it had sent before.", "this app went on by itself"])
      await expect(over.getByRole("table")).toContainText(words);
    await expect(over.getByRole("button", { name: "Reconnect" })).toBeHidden();
    await look(page, "lie-over", theme);
    await page.keyboard.press("Escape");
    await expect(statusLine(page)).toContainText("In sync");
    await expect(statusLine(page)).toContainText("went on by itself");
    await page.getByRole("button", { name: "What happened?" }).click();
    await expect(over).toBeVisible();
  });
}
