/** The built pages on fixed values: what stands on a screen is true now, the focus stays, and only what one may do is offered. */
import { globSync, readFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "vitest";
import type { CardSummary } from "#bridge/card.ts";
import type { Method } from "#bridge/contract.ts";
import type { TeamView } from "#bridge/member.ts";
import type { ToolsView } from "#bridge/tool.ts";
import { values, WID } from "../../fixtures/renderer-values.ts";
import { builtPages, button } from "../../helpers/built-pages.ts";
import { noted } from "../../helpers/worded.ts";

const { hostOf, opened } = builtPages();
const REFUSED = "The rules changed meanwhile. Nothing was done.";

/** Sends, reads the refusal, changes something, and answers whether it is gone. */
const refusedOnce = async (page: Page, method: Method, send: () => Promise<void>, change: () => Promise<void>) => {
  hostOf("full").refuse(method, REFUSED);
  await send();
  await page.getByRole("alert").getByText(REFUSED).waitFor();
  await change();
  await page.getByText(REFUSED).waitFor({ state: "detached" });
  hostOf("full").refuse(method, null);
};
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent);
const type = (field: Locator) => async () => field.press("x");

test("[T39] what was refused is not said any more once something was changed: text, choice, box, and arguments of a call", async () => {
  await opened("full", async ({ page }) => {
    const message = page.getByLabel("Message", { exact: true });
    await message.fill("hello");
    await refusedOnce(page, "thread.send", () => message.press("Enter"), type(message));

    await page.getByRole("log").hover();
    const waiting = page.getByRole("article", { name: "filesystem.write_file: Waiting for approval" });
    const turn = async () => {
      if (!(await waiting.isVisible())) await page.mouse.wheel(0, -200);
      return waiting.isVisible();
    };
    await expect.poll(turn, { interval: 250 }).toBe(true);
    await waiting.getByRole("button", { name: "Edit" }).click();
    const path = page.getByRole("dialog").getByRole("textbox", { name: "Arguments as JSON" });
    await path.fill('{"path":"/srv/other"}');
    await refusedOnce(page, "call.edit", () => button(page, "Ask again with these").click(), type(path));
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();

    await button(page, "Settings").click();
    const name = page.getByRole("textbox", { name: "Your name" });
    await name.fill("Adele");
    await refusedOnce(page, "profile.set", () => button(page, "Save name").click(), type(name));

    await button(page, "Team").click();
    await page.getByRole("tab", { name: "Invites" }).click();
    await button(page, "Create invite").click();
    const invite = page.getByRole("dialog", { name: "Invite somebody" });
    await refusedOnce(
      page,
      "invite.create",
      () => invite.getByRole("button", { name: "Create link" }).click(),
      async () => void (await invite.getByRole("combobox", { name: "Role" }).selectOption("approver")),
    );
    await page.keyboard.press("Escape");
    await page
      .getByRole("button", { name: "Throw away" })
      .or(page.getByRole("tab", { name: "Roles" }))
      .first()
      .click();

    await page.getByRole("tab", { name: "Roles" }).click();
    await button(page, "New role").click();
    const role = page.getByRole("dialog", { name: "New role" });
    await role.getByRole("textbox", { name: "Name of the role" }).fill("Crew");
    await refusedOnce(
      page,
      "role.define",
      () => role.getByRole("button", { name: "Define role" }).click(),
      () => role.getByRole("checkbox").first().click(),
    );
  });
});

test("[T39] every form takes a refusal back on a change: no screen with something to fill in forgets it", () => {
  const FIELD = /<(?:TextField|Pick|CheckField|ArgumentFields|textarea|RadioRows|CodeField|EnvFields)\b/;
  const forms = globSync("renderer/**/*.tsx").filter((file) => {
    const text = readFileSync(file, "utf8");
    return /useAction\("inline"\)/.test(text) && FIELD.test(text);
  });
  expect(forms.length).toBeGreaterThan(15);
  const forgets = forms.filter((file) => !/<(?:DialogForm|StepForm)\b|\bclear\b/.test(readFileSync(file, "utf8")));
  expect(forgets).toEqual([]);
});

for (const by of ["keyboard", "pointer"] as const)
  test(`[T31] whoever leaves a dialog that a menu opened is back at the menu, by ${by}`, async () => {
    await opened("full", async ({ page }) => {
      await button(page, "Stop run").waitFor();
      const menu = button(page, "Thread actions");
      const open = async (item: string) => {
        if (by === "pointer") await menu.click();
        else await menu.press("Enter");
        const entry = page.getByRole("menuitem", { name: item });
        if (by === "pointer") await entry.click();
        else await entry.press("Enter");
      };
      await open("Rename");
      await page.getByRole("dialog").getByRole("textbox").press("Enter");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await expect.poll(() => focused(page)).toBe("Thread actions");
      await open("Rename");
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await expect.poll(() => focused(page)).toBe("Thread actions");
      await open("Delete");
      await page.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click();
      await page.getByRole("alertdialog").waitFor({ state: "detached" });
      await expect.poll(() => focused(page)).toBe("Thread actions");
    });
  });

test("[T31] a button that has nothing more to do leaves the focus to the field of its form", async () => {
  await opened("full", async ({ page }) => {
    await button(page, "Settings").click();
    const name = page.getByRole("textbox", { name: "Your name" });
    await name.fill("Adele");
    const save = button(page, "Save name");
    await save.focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => hostOf("full").calls.some(({ method }) => method === "profile.set")).toBe(true);
    const app = values("full", "app", "") as { person: object };
    hostOf("full").send({
      f: "topic",
      n: 1,
      topic: "app",
      value: { ...app, person: { ...app.person, name: "Adele" } },
    });
    await expect.poll(() => save.isDisabled()).toBe(true);
    await expect.poll(() => name.evaluate((field) => field === document.activeElement)).toBe(true);
    hostOf("full").send({ f: "topic", n: 2, topic: "app", value: app });
  });
});

test("[T26] while the host starts or does not answer, the status line says that alone, and nothing lies over the page", async () => {
  await opened("full", async ({ page }) => {
    const line = page.getByRole("status", { name: "Status" });
    await line.getByText("In sync").waitFor();
    hostOf("full").send({ f: "host", state: "starting", error: null });
    await line.getByText("Starting the agent host").waitFor();
    expect((await line.textContent())?.trim()).toBe("Starting the agent host · nothing is sent until it answers");
    expect(await page.getByText("Starting the agent host").count()).toBe(1);
    hostOf("full").send({ f: "host", state: "ready", error: null });
    await line.getByText("In sync").waitFor();
    hostOf("full").away(true);
    try {
      await line.getByText("No answer from Bulkhead").waitFor();
      expect(await line.textContent()).not.toContain("In sync");
    } finally {
      hostOf("full").away(false);
    }
  });
});

test("[T5] the palette offers only what this person may do: a Member finds no audit, no invite and no way to add a server", async () => {
  await opened("full", async ({ page }) => {
    const team = values("full", "team", WID) as TeamView;
    const tools = values("full", "tools", WID) as ToolsView;
    const offers = async (): Promise<string[]> => {
      await page.keyboard.press("Control+k");
      const texts = await page
        .getByRole("dialog", { name: "Search and commands" })
        .getByRole("option")
        .allTextContents();
      await page.keyboard.press("Escape");
      return ["Audit", "Invite somebody", "Add a tool server", "Export the audit"].filter((each) =>
        texts.includes(each),
      );
    };
    await button(page, "Stop run").waitFor();
    await expect.poll(offers).toEqual(["Audit", "Invite somebody", "Add a tool server", "Export the audit"]);
    const no = { allowed: false, why: noted("The role Member may not.") };
    const mine = { ...team.mine, "audit.read": no, "audit.export": no, "members.invite": no };
    hostOf("full").send({ f: "topic", n: 1, topic: `team/${WID}`, value: { ...team, mine } });
    hostOf("full").send({ f: "topic", n: 2, topic: `tools/${WID}`, value: { ...tools, mayEdit: no } });
    await expect.poll(offers).toEqual([]);
    hostOf("full").send({ f: "topic", n: 3, topic: `team/${WID}`, value: team });
    hostOf("full").send({ f: "topic", n: 4, topic: `tools/${WID}`, value: tools });
  });
});

test("the command that adds a server opens its dialog", async () => {
  await opened("full", async ({ page }) => {
    await button(page, "Stop run").waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("option", { name: "Add a tool server" }).click();
    const dialog = page.getByRole("dialog", { name: "Add a tool server" });
    await dialog.waitFor();
    expect(await dialog.getByRole("textbox").count()).toBe(1);
  });
});

test("roles of the same rights say what differs", async () => {
  await opened("full", async ({ page }) => {
    await button(page, "Team").click();
    await page.getByRole("tab", { name: "Roles" }).click();
    const rows = page.getByRole("list", { name: "Roles" }).getByRole("listitem");
    const [owner, admin] = [rows.filter({ hasText: "Owner" }).first(), rows.filter({ hasText: "Admin" }).first()];
    expect(await owner.textContent()).toContain("and 3 of its own");
    expect(await admin.textContent()).not.toContain("of its own");
    await admin.getByRole("button").first().click();
    await admin.getByText("Only an Owner gives and takes the roles Owner and Admin").waitFor();
  });
});

test("the audit names workspaces, devices and queues: no id stands where a name is known", async () => {
  await opened("full", async ({ page }) => {
    await button(page, "Audit").click();
    const dialog = page.getByRole("dialog");
    const text = async (until: string): Promise<string> => {
      await dialog.getByText(until).first().waitFor();
      const found = (await dialog.textContent()) ?? "";
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      return found;
    };
    await button(page, "Heads").click();
    const heads = await text("the member log");
    expect(heads).toContain("Harbour");
    expect(heads).not.toContain(WID);
    await page.getByRole("table", { name: "Acts, newest first" }).getByRole("button").first().click();
    const act = await text("Signed entry");
    expect(act).not.toContain("d".repeat(22));
    await button(page, "Verify a file").click();
    await page
      .getByLabel("File", { exact: true })
      .setInputFiles({ name: "audit.jsonl", mimeType: "text/plain", buffer: Buffer.from("line\n") });
    const verified = await text("to compare aloud");
    expect(verified).toContain("Harbour");
    expect(verified).not.toContain(WID);
  });
});

test("a refused workspace says why within the window, also where the window is low", async () => {
  await opened("first-run", async ({ page }) => {
    await page.setViewportSize({ width: 1_280, height: 640 });
    await page.getByRole("textbox", { name: "Your name" }).fill("Ada");
    await button(page, "Create a workspace").click();
    await page.getByRole("textbox", { name: "Workspace name" }).fill("Harbour");
    await page.getByRole("radio", { name: "Just me for now" }).click();
    await page.getByRole("textbox", { name: "Workspace name" }).focus();
    hostOf("first-run").refuse("workspace.create", REFUSED);
    await page.keyboard.press("Enter");
    const alert = page.getByRole("alert").filter({ hasText: REFUSED });
    await alert.waitFor();
    const bottom = async () => {
      const box = await alert.boundingBox();
      return box === null ? Infinity : box.y + box.height;
    };
    await expect.poll(bottom).toBeLessThanOrEqual(640);
    hostOf("first-run").refuse("workspace.create", null);
  });
});

test("on a narrow window nothing in a row of the team lies over its neighbour, and all of it lies in the row", async () => {
  await opened("full", async ({ page }) => {
    await page.setViewportSize({ width: 800, height: 800 });
    await button(page, "Team").click();
    await page.getByText("Ada decides in their place").waitFor();
    const crowded = await page.getByRole("list", { name: "Members" }).evaluate((list) => {
      const found: string[] = [];
      for (const row of list.querySelectorAll(".row-line")) {
        const boxes = [...row.querySelectorAll("button.row-main *, .row-bits, .role-pick")].map((element) => ({
          element,
          box: element.getBoundingClientRect(),
        }));
        const { right } = row.getBoundingClientRect();
        const [bits] = boxes.filter(({ element }) => element.matches(".row-bits"));
        for (const { element, box } of boxes) {
          const main = element.closest("button.row-main") !== null;
          if (box.right > right + 1) found.push(`${element.textContent} leaves its row`);
          if (main && bits !== undefined && box.right > bits.box.left) found.push(`${element.textContent} runs on`);
        }
      }
      return found;
    });
    expect(crowded).toEqual([]);
  });
});

test("with hundreds of cards the page draws those in view, and scrolling and keys reach the others", async () => {
  const [card] = values("full", "cards", WID) as CardSummary[];
  const cards = Array.from({ length: 400 }, (_, index) => ({
    ...(card as CardSummary),
    request: `many-${index}`,
    tool: `tool_${index}`,
    // Half of them wait for this person, half for others.
    canVote: { allowed: index < 200, why: noted("") },
    expiresAt: (card as CardSummary).expiresAt + index,
  }));
  hostOf("full").list(`cards/${WID}`, cards);
  try {
    await opened("full", async ({ page }) => {
      await button(page, /^Waiting/).click();
      const rows = page.locator("main [data-list] button[data-item]");
      const others = page.getByRole("region", { name: "For others to decide" });
      await page
        .getByRole("button", { name: /tool_0$|tool_0\b/ })
        .first()
        .waitFor();
      expect(await rows.count()).toBeLessThan(120);
      await rows.first().focus();
      // A row at a time, so that each is passed.
      const down = async () => {
        await page.keyboard.press("ArrowDown");
        return page.evaluate(() => document.activeElement?.textContent);
      };
      await expect.poll(down, { interval: 20 }).toContain("tool_40");
      const end = page.getByRole("button", { name: /tool_399/ });
      await page.locator(".split-scroll").hover();
      const turn = async () => {
        if (!(await end.isVisible())) await page.mouse.wheel(0, 4_000);
        return end.isVisible();
      };
      await expect.poll(turn, { interval: 100 }).toBe(true);
      expect(await rows.count()).toBeLessThan(120);
      // Groups stand one below the other: no row of one lies over a row of the next.
      const tops = await rows.evaluateAll((all) => all.map((row) => Math.round(row.getBoundingClientRect().top)));
      expect(tops).toEqual(tops.toSorted((a, b) => a - b));
      expect(new Set(tops).size).toBe(tops.length);
      expect(await others.count()).toBe(1);
    });
  } finally {
    hostOf("full").list(`cards/${WID}`, values("full", "cards", WID) as CardSummary[]);
  }
});
