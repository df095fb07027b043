/** Every screen on fixed values: what axe finds in both themes, and what the console complains of. */
import type { Page } from "@playwright/test";
import { expect, test } from "vitest";
import type { Scene } from "../../fixtures/renderer-values.ts";
import { builtPages, button, chooseAudit, SEARCH, wrongIn } from "../../helpers/built-pages.ts";

const { opened } = builtPages();

const invited = async (page: Page, code: string, heading: string): Promise<void> => {
  await page.getByLabel("Your name").fill("Ben");
  await button(page, "Join with a link").click();
  await page.getByLabel("Invite link").fill(`https://sync.example.com/join#${code}`);
  await button(page, "Look at the invite").click();
  await page.getByRole("heading", { name: heading }).waitFor();
};

const screens: readonly (readonly [string, Scene, (page: Page) => Promise<unknown>])[] = [
  ["first run", "first-run", (page) => button(page, "Create a workspace").waitFor()],
  ["joining", "first-run", (page) => invited(page, "x", "Join this workspace?")],
  ["coming back", "first-run", (page) => invited(page, "back", "Come back as Ben?")],
  [
    "devices",
    "full",
    async (page) => {
      await button(page, "Team").click();
      await button(page, /Details of Ada/).click();
      await button(page, /Details of Ben/).click();
      await page.getByText("came back, let in by Ada").waitFor();
    },
  ],
  [
    "raising the level",
    "full",
    async (page) => {
      await button(page, "Team").click();
      await button(page, "Raise to level 2").click();
      await page.getByRole("dialog", { name: "Raise this workspace to level 2?" }).getByText("Cleo: Laptop").waitFor();
    },
  ],
  [
    "letting in",
    "full",
    async (page) => {
      await button(page, /^Waiting/).click();
      await button(page, /Eli waits to become Approver/).click();
      await button(page, "Give the role Approver").waitFor();
    },
  ],
  [
    "letting back",
    "full",
    async (page) => {
      await button(page, "Team").click();
      await button(page, /Details of Ben/).click();
      await button(page, "Let back in with a new device").click();
      await page.getByRole("dialog", { name: "Let Ben back in with a new device?" }).waitFor();
    },
  ],
  [
    "replacing a key",
    "full",
    async (page) => {
      await button(page, "Settings").click();
      await button(page, "Replace key").click();
      await page.getByRole("alertdialog", { name: "Replace this device's key?" }).waitFor();
    },
  ],
  ["no threads", "fresh", (page) => page.getByRole("heading", { name: "No thread is open" }).waitFor()],
  [
    "no tools",
    "fresh",
    async (page) => {
      await button(page, "Tools").click();
      await page.getByRole("heading", { name: "No tool servers yet" }).waitFor();
    },
  ],
  [
    "roles",
    "full",
    async (page) => {
      await button(page, "Team").click();
      await page.getByRole("tab", { name: "Roles" }).click();
      await button(page, /Release crew/).click();
      await button(page, "Change role").waitFor();
    },
  ],
  [
    "a role being changed",
    "full",
    async (page) => {
      await button(page, "Team").click();
      await page.getByRole("tab", { name: "Roles" }).click();
      await button(page, /Release crew/).click();
      await button(page, "Change role").click();
      await page
        .getByRole("dialog", { name: "Change the role Release crew" })
        .getByRole("checkbox", { name: "Use tools", checked: true })
        .waitFor();
    },
  ],
  [
    "audit",
    "full",
    async (page) => {
      await button(page, "Audit").click();
      await page.getByRole("row").nth(5).waitFor();
    },
  ],
  [
    "one act of the audit",
    "full",
    async (page) => {
      await button(page, "Audit").click();
      await page.getByRole("table").getByRole("button").first().click();
      await page.getByRole("dialog", { name: "One act" }).getByText("Signed entry").waitFor();
    },
  ],
  [
    "a saved audit that holds",
    "full",
    async (page) => {
      await chooseAudit(page, "audit-harbour.jsonl");
      await page.getByText("its history is the one that this computer verified").waitFor();
    },
  ],
  [
    "a saved audit that does not hold",
    "full",
    async (page) => {
      await chooseAudit(page, "audit-harbour.csv");
      await page
        .getByRole("alert")
        .getByText("audit-harbour.csv, line 7: The line does not say what its entry says.")
        .waitFor();
    },
  ],
  [
    "audit refused",
    "fresh",
    async (page) => {
      await button(page, "Team").waitFor();
      await page.keyboard.press("Alt+5");
      await page.getByText("The role Member may not read the audit.").waitFor();
    },
  ],
  ["thread", "full", (page) => page.getByText("Unknown, not repeated").waitFor()],
  [
    "tool form with problems",
    "full",
    async (page) => {
      await page.getByRole("textbox", { name: "Message" }).fill("/write");
      await page.getByRole("option", { name: /write_file/ }).waitFor();
      await page.getByRole("textbox", { name: "Message" }).press("Enter");
      await button(page, "Call tool").click();
      await page.getByText("This is needed.").first().waitFor();
    },
  ],
  [
    "waiting",
    "full",
    async (page) => {
      await button(page, /^Waiting/).click();
      await button(page, "Review and decide").waitFor();
      await page.getByText("Matches the ticket.").waitFor();
    },
  ],
  [
    "a changed call",
    "full",
    async (page) => {
      await page.getByRole("region", { name: "You changed the arguments" }).scrollIntoViewIfNeeded();
      await page.getByRole("region", { name: "Change of content" }).waitFor();
    },
  ],
  [
    "changing a call from its card",
    "full",
    async (page) => {
      await button(page, /^Waiting/).click();
      await page.getByRole("region", { name: "Asked by you" }).getByRole("button", { name: "write_file" }).click();
      await button(page, "Edit").waitFor();
      await page.keyboard.press("e");
      const dialog = page.getByRole("dialog", { name: "Edit the arguments" });
      await dialog.getByRole("textbox", { name: "path" }).fill("/srv/app/other.conf");
      await dialog.getByRole("region", { name: "Change of path" }).waitFor();
    },
  ],
  [
    "team",
    "full",
    async (page) => {
      await button(page, "Team").click();
      await button(page, "Details of Ben").click();
      await button(page, "What can they do, and why?").click();
      await page.getByText("Write private threads", { exact: true }).waitFor();
    },
  ],
  [
    "invite",
    "full",
    async (page) => {
      await button(page, "Team").click();
      await page.getByRole("tab", { name: "Invites" }).click();
      await button(page, "Show link").click();
      await page.getByRole("img", { name: "QR code of the invite link" }).waitFor();
    },
  ],
  [
    "tools",
    "full",
    async (page) => {
      await button(page, "Tools").click();
      await button(page, "Accept and start").waitFor();
    },
  ],
  [
    "queue editor",
    "full",
    async (page) => {
      await button(page, "Tools").click();
      await button(page, "Edit queue Approvers").click();
      await button(page, "Add a step").click();
      await button(page, "Save queue").click();
      await page.getByText("Choose at least one role or person in each group.").waitFor();
    },
  ],
  [
    "rule editor",
    "full",
    async (page) => {
      await button(page, "Tools").click();
      await button(page, /^Edit rule: write_file of filesystem runs/).click();
      await page
        .getByText(
          "While a stricter rule stands, this changes nothing: “Every tool of every server for Guest is never run.”",
        )
        .waitFor();
    },
  ],
  [
    "trying rules",
    "full",
    async (page) => {
      await button(page, "Tools").click();
      await button(page, "Which rule decides?").click();
      await page.getByRole("dialog").getByRole("button", { name: "Find the rule" }).click();
      await page.getByText("Also fit, and are less strict").waitFor();
    },
  ],
  [
    "practice",
    "full",
    async (page) => {
      await button(page, "Tools").click();
      await button(page, "Try queue Approvers").click();
      await page.getByText("Practice: nothing will run").waitFor();
    },
  ],
  [
    "standing in",
    "full",
    async (page) => {
      await button(page, /^Waiting/).click();
      await button(page, "Let somebody decide in your place").click();
      await page.getByRole("radio", { name: "Cleo" }).waitFor();
    },
  ],
  [
    "settings",
    "full",
    async (page) => {
      await button(page, "Settings").click();
      await page.getByRole("switch", { name: "Work offline" }).waitFor();
    },
  ],
  [
    "palette",
    "full",
    async (page) => {
      await page.getByRole("textbox", { name: "Message" }).press("Control+k");
      await page.getByPlaceholder(SEARCH).fill("upload");
      await page.getByText("so uploads over").waitFor();
    },
  ],
];

test.each(screens)(
  "%s: axe finds nothing in either theme, and the security policy is never broken",
  async (_, scene, reach) => {
    await opened(scene, async (view) => {
      await reach(view.page);
      expect(await wrongIn(view)).toEqual([]);
      await view.page.emulateMedia({ colorScheme: "dark" });
      expect(await wrongIn(view, "dark")).toEqual([]);
    });
  },
);
