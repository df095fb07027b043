/** What holds for everybody is looked at before it does: no key and no first click publishes anything, and it can be taken back. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { bringAs } from "../helpers/world.ts";
import { expect, test } from "./fixtures.ts";
import { complaintsOf, look } from "./look.ts";
import { confirmed, noticesOf, openPage, pick, section } from "./pages.ts";

const MCP = resolve("test/fixtures/mcp/server.mjs");
const PICTURES = resolve("test-results/pictures");
const picture = async (page: Page, name: string): Promise<void> => {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `rules-${name}.png`), animations: "disabled" });
};
const lookAt = async (page: Page, name: string): Promise<void> => {
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await look(page, name, theme);
  }
};
const files = (page: Page): Locator => page.getByRole("region", { name: "filesystem" });
const policyFor = (page: Page, tool: string): Locator =>
  files(page).getByRole("combobox", { name: `Policy for ${tool}`, exact: true });
const bar = (page: Page): Locator => page.getByRole("region", { name: "Changes that are not published" });
const notices = (page: Page): Locator => page.getByRole("region", { name: "Notices" });

test("[T20] a new rule is empty: Save stays off until something is chosen, and what it would do is said as it then is", async ({
  team: { ada, ben, wid },
  browser,
}) => {
  const page = await openPage(browser, ada.app);
  await section(page, "Tools").click();
  await page.getByRole("button", { name: "Add rule" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a rule" });
  const save = dialog.getByRole("button", { name: "Save rule" });
  await expect(save).toBeDisabled();
  await dialog.getByRole("checkbox", { name: "Owner" }).press("Enter");
  await pick(dialog.getByRole("combobox", { name: "Then" }), /^Deny/);
  await expect(save).toBeDisabled();
  await lookAt(page, "rule-new");
  await pick(dialog.getByRole("combobox", { name: "Server" }), /^Every server$/);
  const does = dialog.getByRole("region", { name: "What this does for everybody" });
  await expect(does).toContainText(/14 tools change.* to Deny, for Ada and Ben\./);
  await expect(save).toBeEnabled();
  await lookAt(page, "rule-preview");
  const said = (await does.textContent()) ?? "";
  // Everything is asked once more.
  await save.click();
  const again = page.getByRole("alertdialog", { name: "Publish this for everybody?" });
  await expect(again).toContainText("every tool of every server, for everybody");
  await picture(page, "again");
  await again.getByRole("button", { name: "Cancel" }).click();
  expect((await ada.rpc.when("policy", wid, () => true)).rules.every((rule) => rule.server !== null)).toBe(true);
  await save.click();
  await again.getByRole("button", { name: "Publish for everybody" }).click();
  await expect(dialog).toBeHidden();
  await ben.rpc.when("tools", wid, (view) =>
    view.servers.every(({ tools }) => tools.every(({ effect }) => effect.kind === "deny")),
  );
  expect(said).toContain("14 tools change");

  // The notice says what was done, and takes it back.
  await expect(notices(page)).toContainText("14 tools change");
  await expect(files(page)).toContainText("Now Deny, by a stricter rule: Every tool of every server is never run.");
  await picture(page, "overruled");
  await notices(page).getByRole("button", { name: "Undo" }).click();
  await expect(notices(page)).toContainText("Taken back.");
  await ben.rpc.when("tools", wid, (view) =>
    view.servers.every(({ tools }) => tools.some(({ effect }) => effect.kind !== "deny")),
  );
  await expect(files(page)).not.toContainText("by a stricter rule");
});

test("[T20] an arrow key on a closed control publishes nothing, and picks gather into one act that a key takes back", async ({
  team: { ada, wid },
  browser,
}) => {
  const page = await openPage(browser, ada.app);
  const complaints = complaintsOf(page);
  await section(page, "Tools").click();
  const { base } = await ada.rpc.when("policy", wid, (policy) => policy.rules.length > 0);
  const write = policyFor(page, "write_file");
  await expect(write).toContainText("Ask Approvers");
  await write.focus();
  for (const key of ["ArrowDown", "Escape", "ArrowUp", "Escape", "a", "d", "Tab"]) await page.keyboard.press(key);
  await expect(write).toContainText("Ask Approvers");
  await expect(bar(page)).toHaveCount(0);

  await write.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("listbox")).toBeVisible();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await expect(write).toBeFocused();
  await expect(bar(page)).toContainText("1 change, not published yet");
  await expect(bar(page)).toContainText("write_file changes from Ask Approvers to Allow, for Ada and Ben.");
  await pick(policyFor(page, "edit_file"), /^Deny/);
  await expect(bar(page)).toContainText("2 changes, not published yet");
  // They stay while somebody looks at another page, and nothing was signed.
  await section(page, "Team").click();
  await section(page, "Tools").click();
  await expect(bar(page)).toContainText("2 changes, not published yet");
  await expect(bar(page)).toContainText("2 tools change");
  expect((await ada.rpc.when("policy", wid, () => true)).base).toBe(base);
  await lookAt(page, "rules-bar");
  await page.setViewportSize({ width: 800, height: 600 });
  await picture(page, "bar-narrow");
  await page.setViewportSize({ width: 1_440, height: 900 });

  await bar(page).getByRole("button", { name: "Publish" }).click();
  const again = page.getByRole("alertdialog", { name: "Publish this for everybody?" });
  await expect(again).toContainText("from Ask Approvers to Allow");
  await again.getByRole("button", { name: "Publish for everybody" }).click();
  await expect(bar(page)).toHaveCount(0);
  const now = await ada.rpc.when(
    "tools",
    wid,
    (view) =>
      view.servers[0]?.tools.some(({ name, effect }) => name === "write_file" && effect.kind === "allow") === true,
  );
  expect(now.servers[0]?.tools.find(({ name }) => name === "edit_file")?.effect.kind).toBe("deny");
  await expect(notices(page).getByRole("button", { name: "Undo" })).toBeVisible();
  await picture(page, "undo");
  await page.keyboard.press("ControlOrMeta+z");
  await expect(notices(page)).toContainText("Taken back.");
  await expect(write).toContainText("Ask Approvers");
  expect(complaints).toEqual([]);
});

test("[T20] what somebody else changed meanwhile is told by name, the draft stays, and undoing over it is refused in words", async ({
  team,
  world,
  browser,
}) => {
  const { ada, ben, wid, tool } = team;
  const cleo = await world.person("Cleo");
  await bringAs(ada, cleo, wid, "admin", [ben]);
  const page = await openPage(browser, ada.app);
  await section(page, "Tools").click();
  await pick(policyFor(page, "write_file"), /^Deny/);
  await expect(bar(page)).toContainText("1 change, not published yet");
  const { base } = await cleo.rpc.when("policy", wid, () => true);
  await cleo.rpc.call("policy.change", {
    wid,
    base,
    changes: [{ kind: "effects", server: tool, effects: { move_file: { kind: "deny" } } }],
  });
  await expect(bar(page)).toContainText("Cleo changed the rules while you were here. move_file changes from");
  await expect(bar(page).getByRole("button", { name: "Publish" })).toBeDisabled();
  await lookAt(page, "rules-meanwhile");
  await bar(page).getByRole("button", { name: "Go on with the rules that hold now" }).click();
  await bar(page).getByRole("button", { name: "Publish" }).click();
  await ben.rpc.when("tools", wid, (view) =>
    ["write_file", "move_file"].every((name) =>
      view.servers[0]?.tools.some((each) => each.name === name && each.effect.kind === "deny"),
    ),
  );

  const mine = await ada.rpc.when("policy", wid, (policy) =>
    policy.rules.some(({ tools, effect }) => effect.kind === "deny" && tools.includes("write_file")),
  );
  await cleo.rpc.when("policy", wid, (policy) => policy.base === mine.base);
  await cleo.rpc.call("policy.change", {
    wid,
    base: mine.base,
    changes: [{ kind: "effects", server: tool, effects: { edit_file: { kind: "deny" } } }],
  });
  await ada.rpc.when(
    "tools",
    wid,
    (view) => view.servers[0]?.tools.some((each) => each.name === "edit_file" && each.effect.kind === "deny") === true,
  );
  await notices(page).getByRole("button", { name: "Undo" }).click();
  await expect(notices(page)).toContainText("Cleo changed the rules since, so this cannot be undone any more.");
});

test("[T20] an argument is chosen from the tool's schema; a slip is refused, and an old rule that fits nothing says so", async ({
  team: { ada, wid, tool },
  browser,
}) => {
  const page = await openPage(browser, ada.app);
  await section(page, "Tools").click();
  await page.getByRole("button", { name: "Add rule" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a rule" });
  await pick(dialog.getByRole("combobox", { name: "Server" }), /^filesystem$/);
  await pick(dialog.getByRole("combobox", { name: "Tools" }), /^Only these$/);
  await dialog.getByRole("checkbox", { name: "write_file" }).check();
  await pick(dialog.getByRole("combobox", { name: "Then" }), /^Deny/);
  await dialog.getByRole("button", { name: "Add condition" }).click();
  await pick(dialog.getByRole("combobox", { name: "Argument 1" }), /^Another name$/);
  await dialog.getByRole("textbox", { name: "Name of argument 1" }).fill("pth");
  await pick(dialog.getByRole("combobox", { name: "Comparison 1" }), /is a path under/);
  await dialog.getByRole("textbox", { name: "Value 1" }).fill("/srv");
  await expect(dialog).toContainText("write_file of filesystem has no argument named “pth”; did you mean “path”?");
  await lookAt(page, "rule-slip");
  await pick(dialog.getByRole("combobox", { name: "Argument 1" }), /^path · text$/);
  await expect(dialog.getByRole("region", { name: "What this does for everybody" })).toContainText(
    "New, where its conditions hold: write_file of filesystem is never run when path is under /srv.",
  );
  await picture(page, "conditions");
  await dialog.getByRole("button", { name: "Save rule" }).click();
  await expect(dialog).toBeHidden();
  // Two tools stay two when the rule is opened again.
  const { base } = await ada.rpc.when("policy", wid, (policy) => policy.rules.some(({ args }) => args.length > 0));
  const two = {
    id: null,
    server: tool,
    tools: ["write_file", "edit_file"],
    except: false,
    args: [],
    roles: ["guest"],
    effect: { kind: "deny" } as const,
  };
  await ada.rpc.call("policy.change", { wid, base, changes: [{ kind: "rule", rule: two }] });
  const rules = page.getByRole("region", { name: "Rules" });
  await rules.getByRole("button", { name: /^Edit rule: write_file or edit_file of filesystem for Guest/ }).click();
  const edit = page.getByRole("dialog", { name: "Edit rule" });
  for (const name of ["write_file", "edit_file"]) await expect(edit.getByRole("checkbox", { name })).toBeChecked();
  // As it stands it changes nothing.
  await expect(edit.getByRole("region", { name: "What this does for everybody" })).toContainText("Nothing changes");
  await expect(edit.getByRole("button", { name: "Save rule" })).toBeDisabled();
  await edit.getByRole("button", { name: "Cancel" }).click();
  await page.setViewportSize({ width: 1_440, height: 900 });
  await rules.getByRole("button", { name: /^Edit rule: write_file or edit_file/ }).scrollIntoViewIfNeeded();
  await lookAt(page, "rules-list");
});

test("[T20] a server of 200 tools is added with Deny for all of them, which it stays; its buttons are always in sight", async ({
  team: { ada, ben, wid },
  browser,
}) => {
  const page = await openPage(browser, ada.app);
  await section(page, "Tools").click();
  const dialog = page.getByRole("dialog", { name: "Add a tool server" });
  const list = async (count: number): Promise<void> => {
    await page.getByRole("button", { name: "Add server" }).first().click();
    await dialog
      .getByRole("textbox", { name: "Command or mcpServers JSON" })
      .fill(`"${process.execPath}" "${MCP}" many ${count}`);
    await dialog.getByRole("button", { name: "Read" }).click();
    await dialog.getByRole("textbox", { name: "Server name" }).fill("many");
    await dialog.getByRole("button", { name: "Start and list tools" }).click();
  };
  await list(257);
  await expect(dialog.getByRole("alert")).toContainText(
    "This server has 257 tools; a workspace takes 256 of one server. Nothing was added.",
  );
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await list(14);
  for (const width of [1_440, 800]) {
    await page.setViewportSize({ width, height: width === 800 ? 600 : 900 });
    await expect(dialog.getByRole("button", { name: "Add server" })).toBeInViewport({ ratio: 1 });
  }
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await list(200);
  await pick(dialog.getByRole("combobox", { name: "Set all tools" }), /^Deny$/);
  for (const width of [1_440, 800]) {
    await page.setViewportSize({ width, height: width === 800 ? 600 : 900 });
    await expect(dialog.getByRole("button", { name: "Add server" })).toBeInViewport({ ratio: 1 });
    await lookAt(page, `add-200-${width}`);
  }
  await dialog.getByRole("button", { name: "Add server" }).click();
  await expect(dialog).toBeHidden();
  const theirs = await ben.rpc.when("policy", wid, (policy) => policy.servers.some(({ name }) => name === "many"));
  const many = theirs.servers.find(({ name }) => name === "many");
  expect(many?.tools).toHaveLength(200);
  const found = await ben.rpc.call("policy.try", {
    wid,
    server: many?.id ?? "",
    tool: "tool_199",
    role: "owner",
    args: "{}",
  });
  expect(found.effect.kind).toBe("deny");
});

test("[T20] a role is given by a press and a click in the shell's window, never by a key on a closed list, and can be taken back", async ({
  team: { ada, ben, wid },
  browser,
}) => {
  const page = await openPage(browser, ada.app);
  await section(page, "Team").click();
  const role = page.getByRole("combobox", { name: "Role of Ben" });
  const said = await noticesOf(page);
  await role.focus();
  for (const key of ["a", "ArrowDown", "Escape"]) await page.keyboard.press(key);
  await expect(role).toContainText("Member");
  const give = () => pick(role, /^Approver$/);
  await confirmed(page, give, "Cancel", ["Give Ben the role Approver?", "Harbour"]);
  await expect(notices(page)).toContainText("You did not confirm this");
  await expect(role).toContainText("Member");
  const [left] = await Promise.all([page.waitForEvent("popup"), give()]);
  await expect(left.getByRole("heading", { name: "Give Ben the role Approver?" })).toBeVisible();
  await picture(left, "confirm-role");
  await left.close();
  await expect(role).toBeEnabled();
  const unchanged = await ben.rpc.when("team", wid, () => true);
  expect(unchanged.members.find(({ me }) => me)?.role).toBe("member");
  await confirmed(page, give, "Give this role");
  await expect(notices(page)).toContainText("Ben is Approver now");
  await ben.rpc.when("team", wid, (view) => view.members.some((member) => member.me && member.role === "approver"));
  await notices(page).getByRole("button", { name: "Undo" }).click();
  await expect(notices(page)).toContainText("Ben is Member now");
  await ben.rpc.when("team", wid, (view) => view.members.some((member) => member.me && member.role === "member"));
  expect(new Set((await said()).match(/Ben is \w+ now/g))).toEqual(
    new Set(["Ben is Approver now", "Ben is Member now"]),
  );
});
