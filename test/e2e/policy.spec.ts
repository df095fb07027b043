/** The approval policy as people use it: somebody stands in, steps climb, practice, and rules by arguments. */
import { wordsOf } from "../helpers/worded.ts";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import { callBecomes, callInNewThread, cardFor } from "../../scripts/apps/team.ts";
import { bringAs } from "../helpers/world.ts";
import type { Person, Team, World } from "../helpers/world.ts";
import { expect, test } from "./fixtures.ts";
import { look } from "./look.ts";
import { approve, confirmed, openCard, openPage, pick, section, sidebar } from "./pages.ts";
import { factWords } from "#text/facts.ts";

const PICTURES = resolve("test-results/pictures");
const picture = async (page: Page, name: string): Promise<void> => {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `policy-${name}.png`), animations: "disabled" });
};

/** The same in both themes, with nothing in it that keeps somebody out. */
const lookAt = async (page: Page, name: string): Promise<void> => {
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await look(page, name, theme);
  }
};

/** Brings Cleo and gives her the role Approver. */
const withCleo = async ({ ada, ben, wid }: Team, world: World): Promise<Person> => {
  const cleo = await world.person("Cleo");
  await bringAs(ada, cleo, wid, "approver", [ben]);
  return cleo;
};
/** In the queue's editor: one vote of Cleo's alone is asked first. */
const askCleoFirst = async (page: Page): Promise<void> => {
  await section(page, "Tools").click();
  await page.getByRole("button", { name: "Edit queue Approvers" }).click();
  const first = page.getByRole("group", { name: "Votes needed in group 1", exact: true });
  for (const role of ["Owner", "Admin", "Approver"])
    await first.getByRole("checkbox", { name: role, exact: true }).uncheck();
  await first.getByRole("checkbox", { name: "Cleo" }).check();
};

test("[T20] steps are written in the queue's editor, refused where they could not come, and told on the call and the card", async ({
  team,
  world,
  browser,
}) => {
  const { ada, ben, wid, tool } = team;
  const cleo = await withCleo(team, world);
  const page = await openPage(browser, ada.app);
  await askCleoFirst(page);
  const dialog = page.getByRole("dialog", { name: "Edit queue Approvers" });
  await dialog.getByRole("button", { name: "Add a step" }).click();
  await expect(dialog).toContainText("Silence never approves.");
  await dialog
    .getByRole("group", { name: "Step 2: votes needed in group 1" })
    .getByRole("checkbox", { name: "Owner", exact: true })
    .check();
  await dialog.getByLabel("Step 2 begins after", { exact: true }).fill("2");
  await pick(dialog.getByLabel("Unit of: Step 2 begins after"), /^hours$/);
  await dialog.getByLabel("Denied if undecided after", { exact: true }).fill("1");
  await pick(dialog.getByLabel("Unit of: Denied if undecided after"), /^hours$/);
  await dialog.getByRole("button", { name: "Save queue" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Step 2 must begin before the request is denied.");
  await pick(dialog.getByLabel("Unit of: Denied if undecided after"), /^days$/);
  await picture(page, "steps");
  await dialog.getByRole("button", { name: "Save queue" }).click();
  await page
    .getByRole("alertdialog", { name: "Publish this for everybody?" })
    .getByRole("button", { name: "Publish for everybody" })
    .click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("region", { name: "Who approves" })).toContainText(
    "1 of Cleo · after 2 h: 1 of Owner instead",
  );
  await ben.rpc.when("tools", wid, (view) => view.queues[0]?.steps.length === 1);

  const thread = await callInNewThread(ben.rpc, wid, tool, "write_file", {
    path: join(world.folder, "a.txt"),
    content: "a",
  });
  await callBecomes(ben.rpc, thread, ["waiting"]);
  await cardFor(cleo.rpc, wid);
  expect(await ada.rpc.when("cards", wid, () => true)).toEqual([]);
  const bens = await openPage(browser, ben.app);
  await sidebar(bens)
    .getByRole("button", { name: /write_file/ })
    .first()
    .click();
  await expect(bens.getByRole("article", { name: /Waiting for approval/ })).toContainText(
    /Step 1 of 2 · from .+ it needs 1 of Owner · denied at .+ if nobody decides/,
  );
  await picture(bens, "call");
  const popup = await openCard(await openPage(browser, cleo.app), "write_file");
  await expect(popup.getByText(/Step 1 of 2/)).toBeVisible();
  await approve(popup);
  await callBecomes(ben.rpc, thread, ["done"]);
});

test("[T20] [T27] somebody stands in for another: named in the window, seen by the team, told on the card and in the votes, and ended", async ({
  team,
  world,
  browser,
}) => {
  const { ada, ben, wid, tool } = team;
  const cleo = await withCleo(team, world);
  const [adas, cleos] = [await openPage(browser, ada.app), await openPage(browser, cleo.app)];
  await askCleoFirst(adas);
  await adas.getByRole("button", { name: "Save queue" }).click();
  await adas
    .getByRole("alertdialog", { name: "Publish this for everybody?" })
    .getByRole("button", { name: "Publish for everybody" })
    .click();
  await ben.rpc.when("tools", wid, (view) => view.queues[0]?.all[0]?.members.length === 1);

  await section(cleos, "Waiting").click();
  await cleos.getByRole("button", { name: "Let somebody decide in your place" }).click();
  const dialog = cleos.getByRole("dialog", { name: "Who decides in your place?" });
  await expect(dialog.getByRole("radio", { name: /^Ben/ })).toBeDisabled();
  await expect(dialog).toContainText("The role Member may not decide approvals.");
  await dialog.getByRole("radio", { name: "Ada" }).check();
  await picture(cleos, "stand-in");
  const give = () => dialog.getByRole("button", { name: "Let them decide" }).click();
  await confirmed(cleos, give, "Let them decide", ["Let Ada decide in your place?", "Harbour", "Until"]);
  await expect(cleos.getByText(/^Ada decides in your place until/)).toBeVisible();
  await section(adas, "Waiting").click();
  await expect(adas.getByText(/^You stand in for Cleo until/)).toBeVisible();
  const bens = await openPage(browser, ben.app);
  await section(bens, "Team").click();
  await expect(bens.getByText("Ada decides in their place")).toBeVisible();
  await expect(bens.getByText("stands in for Cleo")).toBeVisible();
  await picture(bens, "team");

  const thread = await callInNewThread(ben.rpc, wid, tool, "write_file", {
    path: join(world.folder, "b.txt"),
    content: "b",
  });
  const popup = await openCard(adas, "write_file");
  await expect(popup.getByText(/Your vote also counts in the place of Cleo/)).toBeVisible();
  await popup.getByRole("button", { name: "Why me?" }).click();
  await expect(popup.getByText(/You stand in for Cleo\./)).toBeVisible();
  await popup.keyboard.press("Escape");
  await approve(popup);
  await callBecomes(ben.rpc, thread, ["done"]);
  await section(bens, "Waiting").click();
  await expect(bens.getByText("Ada approved in the place of Cleo")).toBeVisible();
  await picture(bens, "votes");

  await cleos.getByRole("button", { name: "End now" }).click();
  await expect(adas.getByText(/^You stand in for Cleo/)).toBeHidden();
});

test("[T20] [T27] practice in two apps is marked on every card and in the popup, and runs nothing", async ({
  team: { ada, ben, wid },
  browser,
}) => {
  const [adas, bens] = [await openPage(browser, ada.app), await openPage(browser, ben.app)];
  await section(bens, "Tools").click();
  await bens.getByRole("button", { name: "Try queue Approvers" }).click();
  const dialog = bens.getByRole("dialog", { name: "Practice with Approvers" });
  await pick(dialog.getByRole("combobox", { name: "Tool" }), /write_file/);
  await picture(bens, "practice");
  await dialog.getByRole("button", { name: "Send practice request" }).click();
  const asked = bens.getByRole("region", { name: "Asked by you" });
  await expect(asked.getByText("Practice", { exact: true })).toBeVisible();
  await expect(bens.getByText("Practice: nothing will run, whatever is decided.")).toBeVisible();
  await expect(bens.getByRole("button", { name: "Withdraw" })).toBeVisible();

  const popup = await openCard(adas, "write_file");
  await expect(popup.getByText("Practice: nothing will run, whatever is decided.")).toBeVisible();
  await expect(popup.getByText("This is practice.")).toBeVisible();
  await expect(popup.getByRole("button", { name: "Approve and run" })).toHaveCount(0);
  await expect(popup.getByRole("button", { name: "Approve (practice)" })).toBeEnabled();
  await popup.setViewportSize({ width: 440, height: 560 });
  await picture(popup, "practice-popup");
  await popup.getByRole("button", { name: "Approve (practice)" }).click();
  await expect(bens.getByText("Approved in practice").first()).toBeVisible();
  await picture(bens, "practiced");
  const cards = await ben.rpc.when("cards", wid, (all) => all.some((card) => card.state === "practiced"));
  expect(cards.map(({ practice, state }) => [practice, state])).toEqual([[true, "practiced"]]);
  expect(await ben.rpc.when("threads", wid, () => true)).toEqual([]);
});

test("[T20] one person alone practises the whole flow", async ({ team: { ada }, browser }) => {
  const adas = await openPage(browser, ada.app);
  await section(adas, "Tools").click();
  await adas.getByRole("button", { name: "Try queue Approvers" }).click();
  await adas.getByRole("button", { name: "Send practice request" }).click();
  const popup = await openCard(adas, "example");
  await popup.getByRole("textbox", { name: "Reason" }).fill("only trying");
  await popup.getByRole("button", { name: "Reject" }).click();
  await expect(adas.getByRole("region", { name: "Decided" })).toContainText("Practice");
  await expect(adas.getByText("only trying")).toBeVisible();
});

test("[T20] a rule by argument and role is written, tried out, and decides at another person's app", async ({
  team: { ada, ben, wid, tool },
  world,
  browser,
}) => {
  const page = await openPage(browser, ada.app);
  await section(page, "Tools").click();
  await page.getByRole("button", { name: "Add rule" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a rule" });
  await pick(dialog.getByRole("combobox", { name: "Server" }), /^filesystem$/);
  await pick(dialog.getByRole("combobox", { name: "Tools" }), /^Only these$/);
  await dialog.getByRole("checkbox", { name: "write_file" }).check();
  await pick(dialog.getByRole("combobox", { name: "Then" }), /^Deny$/);
  await dialog.getByRole("button", { name: "Add condition" }).click();
  await pick(dialog.getByRole("combobox", { name: "Argument 1" }), /^path · text$/);
  await pick(dialog.getByRole("combobox", { name: "Comparison 1" }), /is a path under/);
  await dialog.getByRole("textbox", { name: "Value 1" }).fill("secret");
  await dialog.getByRole("checkbox", { name: "Member" }).check();
  await expect(dialog.getByRole("alert")).toContainText("could mean different folders");
  await expect(dialog.getByRole("button", { name: "Save rule" })).toBeDisabled();
  const folder = join(world.folder, "secret");
  await dialog.getByRole("textbox", { name: "Value 1" }).fill(folder);
  await picture(page, "rule");
  await dialog.getByRole("button", { name: "Save rule" }).click();
  await expect(dialog).toBeHidden();
  const words = `write_file of filesystem for Member is never run when path is under ${folder}.`;
  await expect(page.getByRole("region", { name: "Rules" })).toContainText(words);

  await page.getByRole("region", { name: "Rules" }).getByRole("button", { name: "Which rule decides?" }).click();
  const trying = page.getByRole("dialog", { name: "Which rule decides?" });
  await pick(trying.getByRole("combobox", { name: "Tool" }), /write_file/);
  await pick(trying.getByRole("combobox", { name: "Role of whoever asks" }), /^Member$/);
  await trying
    .getByRole("textbox", { name: "Arguments" })
    .fill(JSON.stringify({ path: join(folder, "x"), content: "" }));
  await trying.getByRole("button", { name: "Find the rule" }).click();
  await expect(trying.getByRole("status")).toContainText(words);
  await picture(page, "try");
  await trying.getByRole("button", { name: "Close" }).first().click();

  await ben.rpc.when("policy", wid, (policy) => policy.rules.some((rule) => factWords(rule.told) === words));
  const denied = await callInNewThread(ben.rpc, wid, tool, "write_file", { path: join(folder, "x"), content: "" });
  expect(wordsOf((await callBecomes(ben.rpc, denied, ["refused"])).reason)).toContain(words);
  const asked = await callInNewThread(ben.rpc, wid, tool, "write_file", { path: join(world.folder, "y"), content: "" });
  await callBecomes(ben.rpc, asked, ["waiting"]);
});

test("[PO6] [T14] a queue is removed on the screen: first what stands in the way, then what follows, and the audit keeps it by name", async ({
  team: { ada, ben, wid, tool },
  world,
  browser,
}) => {
  const page = await openPage(browser, ada.app);
  await section(page, "Tools").click();
  const queues = page.getByRole("region", { name: "Who approves" });
  await queues.getByRole("button", { name: "Add queue" }).click();
  const editor = page.getByRole("dialog", { name: "Add a queue" });
  await editor.getByRole("textbox", { name: "Queue name" }).fill("Owners");
  await editor
    .getByRole("group", { name: "Votes needed in group 1", exact: true })
    .getByRole("checkbox", { name: "Owner", exact: true })
    .check();
  await editor.getByRole("button", { name: "Save queue" }).click();
  await expect(editor).toBeHidden();
  const waits = await callInNewThread(ben.rpc, wid, tool, "write_file", {
    path: join(world.folder, "r.txt"),
    content: "r",
  });
  await callBecomes(ben.rpc, waits, ["waiting"]);
  await cardFor(ada.rpc, wid);

  await queues.getByRole("button", { name: "Remove queue Approvers" }).click();
  const stays = page.getByRole("dialog", { name: "The queue Approvers stays for now" });
  await expect(stays).toContainText("still ask");
  await expect(stays.getByRole("list", { name: "Rules that ask it" })).toContainText("asks Approvers.");
  await lookAt(page, "queue-stays");
  await stays.getByRole("button", { name: "Close" }).last().click();
  await expect(queues.getByRole("button", { name: "Remove queue Approvers" })).toBeFocused();
  const { rules } = await ada.rpc.when("policy", wid, (view) => view.queues.length === 2);
  for (let left = rules.length; left > 0; left -= 1) {
    const { base, rules: all } = await ada.rpc.when("policy", wid, (view) => view.rules.length === left);
    await ada.rpc.call("policy.change", { wid, base, changes: [{ kind: "remove-rule", rule: all[0]?.id ?? "" }] });
  }

  await queues.getByRole("button", { name: "Remove queue Approvers" }).click();
  const question = page.getByRole("alertdialog", { name: "Remove the queue Approvers?" });
  await expect(question).toContainText("Calls that no rule names ask Owners instead.");
  await expect(question).toContainText("1 request waits in it. Whoever asked must ask again.");
  await lookAt(page, "queue-remove");
  await question.getByRole("button", { name: "Remove queue" }).click();
  await expect(question).toBeHidden();
  await expect(queues.getByRole("listitem")).toHaveCount(1);

  await section(page, "Audit").click();
  await expect(page.getByRole("button", { name: /Ben asked to run write_file/ })).toBeVisible();
  await page.getByRole("button", { name: "Heads" }).click();
  await expect(page.getByRole("dialog", { name: "Heads of the audit" })).toContainText("the queue Approvers");
  // Its id is not given again, so that the new one's approvers read nothing of the old one.
  await page.keyboard.press("Escape");
  await section(page, "Tools").click();
  await queues.getByRole("button", { name: "Add queue" }).click();
  await editor.getByRole("textbox", { name: "Queue name" }).fill("Approvers");
  await editor
    .getByRole("group", { name: "Votes needed in group 1", exact: true })
    .getByRole("checkbox", { name: "Approver", exact: true })
    .check();
  await editor.getByRole("button", { name: "Save queue" }).click();
  await expect(editor).toBeHidden();
  const now = await ben.rpc.when("policy", wid, (view) => view.queues.length === 2);
  expect([now.queues.map(({ id }) => id), now.removedQueues]).toEqual([
    ["owners", "approvers-2"],
    [{ id: "approvers", name: "Approvers" }],
  ]);
});
