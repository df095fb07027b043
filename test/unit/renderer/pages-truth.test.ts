/** The built pages on fixed values: what they say of the server, the clock, who may decide, and of long and large audits. */
import { told } from "#bridge/told.ts";
import { expect, test } from "vitest";
import type { AppView } from "#bridge/app.ts";
import type { ThreadView } from "#bridge/thread.ts";
import type { CardSummary } from "#bridge/card.ts";
import type { TeamView } from "#bridge/member.ts";
import type { StatusView } from "#bridge/workspace.ts";
import { values, WID } from "../../fixtures/renderer-values.ts";
import { clockWords } from "../../../renderer/text/common.ts";
import { builtPages, button, chooseAudit, SEARCH, wrongIn } from "../../helpers/built-pages.ts";
import { noted } from "../../helpers/worded.ts";

const { hostOf, opened } = builtPages();

test("[T31] with a clock that is hours off, time limits and the times of acts are told by the server's, the status line says which clock, and a card that is over cannot be decided", async () => {
  await opened("full", async ({ page }) => {
    const status = values("full", "status", WID) as StatusView;
    const card = (values("full", "cards", WID) as CardSummary[])[0] as CardSummary;
    const hours = (n: number) => n * 3_600_000;
    const ahead = -hours(9);
    const shown = {
      ...card,
      state: "pending" as const,
      mine: false,
      canVote: { allowed: true, why: noted("") },
      requestedAt: Date.now() + ahead - 60_000 * 3,
      expiresAt: Date.now() + ahead + hours(7.9),
    };
    await button(page, /Waiting/).click();
    hostOf("full").send({ f: "topic", n: 1, topic: `status/${WID}`, value: { ...status, serverAhead: ahead } });
    hostOf("full").list(`cards/${WID}`, [shown]);
    await page.getByText("8 h", { exact: true }).first().waitFor();
    await page.getByText("3 min ago").first().waitFor();
    await page
      .getByRole("status", { name: "Status" })
      .getByText(/this computer's clock is 9 h ahead of the sync server's/)
      .waitFor();
    const review = button(page, "Review and decide");
    await review.waitFor();
    // By the clock of this computer it is over too, but that is not the one that counts.
    hostOf("full").list(`cards/${WID}`, [{ ...shown, expiresAt: Date.now() + ahead - 1_000 }]);
    await expect.poll(() => review.count()).toBe(0);
    hostOf("full").send({ f: "topic", n: 1, topic: `status/${WID}`, value: status });
    await page.getByText(/clock is 9 h/).waitFor({ state: "detached" });
  });
});

test("who may approve is not called there, and offline it is told as of the last contact", async () => {
  await opened("full", async ({ page }) => {
    const status = values("full", "status", WID) as StatusView;
    const line = page.getByRole("status", { name: "Status" });
    await line.getByText("3 may approve", { exact: true }).waitFor();
    hostOf("full").send({ f: "topic", n: 1, topic: `status/${WID}`, value: { ...status, link: "offline" } });
    await expect.poll(() => line.textContent()).toContain("3 may approve, as of the last contact");
    hostOf("full").send({ f: "topic", n: 1, topic: `status/${WID}`, value: status });
  });
});

test("a call that nobody else may approve says so and leads to an invite for an approver", async () => {
  await opened("full", async ({ page }) => {
    const status = values("full", "status", WID) as StatusView;
    const waiting = page.getByRole("article", { name: "filesystem.write_file: Waiting for approval" });
    await button(page, "Stop run").waitFor();
    await page.getByRole("log").hover();
    // A page that still fills goes to its end again, so a turn of the wheel may be lost.
    const turn = async () => {
      if (!(await waiting.isVisible())) await page.mouse.wheel(0, -200);
      return waiting.isVisible();
    };
    await expect.poll(turn, { interval: 250 }).toBe(true);
    expect(await waiting.getByRole("button", { name: "Invite an approver" }).count()).toBe(0);
    hostOf("full").send({ f: "topic", n: 1, topic: `status/${WID}`, value: { ...status, mayApprove: 0 } });
    await waiting.getByRole("button", { name: "Invite an approver" }).click();
    expect(await page.getByRole("dialog").getByRole("combobox", { name: "Role" }).inputValue()).toBe("approver");
  });
});

test("adding a computer is off while the server cannot be reached, and says why, in Team, in Settings and in the palette", async () => {
  await opened("full", async ({ page }) => {
    const status = values("full", "status", WID) as StatusView;
    const rule = "A new computer is added over the server, and it cannot be reached now.";
    const add = page.getByRole("button", { name: "Add a device" });
    await button(page, "Team").click();
    await button(page, /Details of Ada/).click();
    await add.waitFor();
    expect(await add.isEnabled()).toBe(true);
    hostOf("full").send({
      f: "topic",
      n: 1,
      topic: `status/${WID}`,
      value: { ...status, link: "offline", canPair: { allowed: false, why: noted(rule) } },
    });
    await page.getByText(rule).waitFor();
    expect(await add.isDisabled()).toBe(true);
    await button(page, "Settings").click();
    await page.getByText(rule).waitFor();
    expect(await add.isDisabled()).toBe(true);
    await page.keyboard.press("Control+K");
    await page.getByRole("option", { name: "Compare with a teammate" }).waitFor();
    expect(await page.getByRole("option", { name: "Add a device" }).count()).toBe(0);
    hostOf("full").send({ f: "topic", n: 1, topic: `status/${WID}`, value: status });
    await page.getByRole("option", { name: "Add a device" }).waitFor();
  });
});

test("[T15] a server that announces more than it sends: what waits, what goes on, and that nothing is proven yet", async () => {
  await opened("full", async (view) => {
    const { page } = view;
    const status = values("full", "status", WID) as StatusView;
    const says = (value: Partial<StatusView>) =>
      hostOf("full").send({ f: "topic", n: 1, topic: `status/${WID}`, value: { ...status, ...value } });
    const line = page.getByRole("status", { name: "Status" });
    await line.getByText("In sync").waitFor();
    says({
      link: "withheld",
      lie: "withheld",
      reason: told("withheld"),
    });
    await line.getByText("The server does not do what it said: approved calls wait, the rest works").waitFor();
    await button(page, "What happened?").click();
    const dialog = page.getByRole("dialog", { name: "The server does not do what it said" });
    await dialog.getByText("The server says that there is more and does not send it.").first().waitFor();
    const read = (await dialog.textContent()) ?? "";
    for (const words of [
      "Running what was approved, until the server does what it said",
      "Your threads, their search and your drafts",
      "It goes on by itself as soon as the server does what it said.",
    ])
      expect(read).toContain(words);
    for (const words of ["cannot be trusted", "Asking for approval, deciding", "If the server does it again"])
      expect(read).not.toContain(words);
    expect(await wrongIn(view)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await wrongIn(view, "dark")).toEqual([]);
    await page.emulateMedia({ colorScheme: "light" });
    says({});
    await line.getByText("In sync").waitFor();
    await dialog.waitFor({ state: "detached" });
    expect(await button(page, "What happened?").count()).toBe(0);
  });
});

test("a run says why it does not move", async () => {
  await opened("full", async ({ page }) => {
    const thread = values("full", "thread", "t1") as ThreadView;
    const note = told("model-again", true, 20_000);
    const text = "Trying again in 20 seconds.";
    await button(page, "Stop run").waitFor();
    hostOf("full").send({
      f: "topic",
      n: 1,
      topic: "thread/t1",
      value: { ...thread, run: thread.run === null ? null : { ...thread.run, note } },
    });
    await page.getByRole("status").getByText(text).waitFor();
    await expect.poll(() => page.getByRole("complementary", { name: "Context panel" }).textContent()).toContain(text);
  });
});

test("a run that just began tells no time, and one that goes on tells how long", async () => {
  await opened("full", async ({ page }) => {
    const thread = values("full", "thread", "t1") as ThreadView;
    const panel = page.getByRole("complementary", { name: "Context panel" });
    const began = (step: number, ago: number) =>
      hostOf("full").send({
        f: "topic",
        n: 1,
        topic: "thread/t1",
        value: { ...thread, run: { id: "run", state: "waiting", step, since: Date.now() - ago } },
      });
    await button(page, "Stop run").waitFor();
    began(4, 7_200_000);
    await expect.poll(() => panel.textContent()).toContain("Waiting for approval, step 4 2 h");
    began(5, -60_000);
    await expect.poll(() => panel.textContent()).toMatch(/Waiting for approval, step 5 ?Tools/);
  });
});

test("[T14] an audit of 10,000 acts keeps few rows in the page, loads what is scrolled to, and opens it", async () => {
  await opened("full", async ({ page, complaints }) => {
    await button(page, "Audit").click();
    const table = page.getByRole("table", { name: "Acts, newest first" });
    await table.getByRole("row").nth(3).waitFor();
    expect(await table.getAttribute("aria-rowcount")).toBe("10001");
    const scroller = table.getByRole("rowgroup");
    for (const share of [0.5, 1, 0.25]) {
      await scroller.evaluate((element, part) => {
        element.scrollTop = (element.scrollHeight - element.clientHeight) * part;
      }, share);
      await page.waitForFunction(() => document.querySelectorAll("[role=row][aria-busy]").length === 0);
      expect(await table.getByRole("row").count()).toBeLessThan(80);
    }
    const last = table.locator('[aria-rowindex="10001"]').getByRole("button");
    const toTheEnd = async () => {
      await scroller.evaluate((element) => {
        element.scrollTop = element.scrollHeight;
      });
      return last.count();
    };
    await expect.poll(toTheEnd).toBe(1);
    await last.click();
    await page.getByRole("dialog", { name: "One act" }).getByText("Entry 1 of the member log").waitFor();
    expect(complaints).toEqual([]);
  });
});

test("of an audit that is open only what came since is asked for with each act", async () => {
  await opened("full", async ({ page }) => {
    await button(page, "Audit").click();
    await page.getByRole("table", { name: "Acts, newest first" }).getByRole("row").nth(3).waitFor();
    const asked = (): unknown[] =>
      hostOf("full").calls.flatMap(({ method, params }) =>
        method === "audit.page" ? [(params as { from: number | null }).from] : [],
      );
    const before = asked().length;
    const audit = values("full", "audit", WID) as { rows: number };
    const value = { ...audit, rows: audit.rows + 1, version: `${audit.rows + 1}.0` };
    hostOf("full").send({ f: "topic", n: 1, topic: `audit/${WID}`, value });
    await expect.poll(() => asked().slice(before)).toEqual([audit.rows]);
    hostOf("full").send({ f: "topic", n: 2, topic: `audit/${WID}`, value: audit });
  });
});

test("[T25] a file that is too large or no audit is refused before a byte of it is sent, and one that fits goes in pieces", async () => {
  await opened("full", async ({ page }) => {
    const sent = () => hostOf("full").calls.filter(({ method }) => method.startsWith("audit.check"));
    const before = sent().length;
    await chooseAudit(page, "notes.txt");
    await page.getByRole("alert").getByText("must end in .jsonl or .csv").waitFor();
    await page.evaluate(() => {
      const input = document.querySelector<HTMLInputElement>('input[type="file"]');
      const files = new DataTransfer();
      files.items.add(new File([new Uint8Array(32_000_001)], "audit.jsonl"));
      if (input !== null) input.files = files.files;
      input?.dispatchEvent(new Event("change", { bubbles: true }));
    });
    await page.getByRole("alert").getByText("larger than 32 MB").waitFor();
    expect(sent()).toHaveLength(before);
    await page
      .getByLabel("File", { exact: true })
      .setInputFiles({ name: "audit.jsonl", mimeType: "text/plain", buffer: Buffer.from("é\n".repeat(70_000)) });
    await page.getByText("its history is the one that this computer verified").waitFor();
    const pieces = sent()
      .slice(before)
      .flatMap(({ method, params }) => (method === "audit.checkAdd" ? [(params as { text: string }).text] : []));
    expect([pieces.join(""), pieces.length]).toEqual(["é\n".repeat(70_000), 2]);
  });
});

test("LV2 LV3 raising the level names every device that stays behind and sends the step that was shown, and is offered to an Owner whose app knows more", async () => {
  await opened("full", async ({ page }) => {
    const team = values("full", "team", WID) as TeamView;
    const show = (level: Partial<TeamView["level"]>): void =>
      hostOf("full").send({
        f: "topic",
        n: 1,
        topic: `team/${WID}`,
        value: { ...team, level: { ...team.level, ...level } },
      });
    await button(page, "Team").click();
    await page.getByText("Format of this workspace: level 1").waitFor();
    // In the list itself, before anybody opens a row.
    const rows = page.getByRole("list", { name: "Members" }).getByRole("listitem");
    expect(await rows.filter({ hasText: "1 to update" }).count()).toBe(2);
    expect(await rows.first().textContent()).not.toContain("to update");
    await button(page, "Raise to level 2").click();
    const dialog = page.getByRole("dialog", { name: "Raise this workspace to level 2?" });
    expect(await dialog.getByRole("listitem").allTextContents()).toEqual([
      "Ben: Device 1 (has not said its version yet)",
      "Cleo: Laptop (Bulkhead 0.1.0)",
    ]);
    await dialog.getByRole("button", { name: "Raise to level 2" }).click();
    await dialog.waitFor({ state: "detached" });
    expect(hostOf("full").calls.filter(({ method }) => method === "workspace.raise")).toEqual([
      { method: "workspace.raise", params: { wid: WID, from: 1, to: 2 } },
    ]);
    for (const level of [{ next: null }, { mayRaise: false }]) {
      show(level);
      await expect.poll(() => page.getByRole("button", { name: "Raise to level 2" }).count()).toBe(0);
      await page.getByText("Format of this workspace: level 1").waitFor();
      show({});
      await button(page, "Raise to level 2").waitFor();
    }
  });
});

test("LV5 an app that is too old says what happened, what goes on, and until when tools run here", async () => {
  await opened("full", async ({ page, complaints }) => {
    const status = values("full", "status", WID) as StatusView;
    const show = (more: Partial<StatusView>): void =>
      hostOf("full").send({ f: "topic", n: 1, topic: `status/${WID}`, value: { ...status, ...more } });
    await page.getByRole("status", { name: "Status" }).getByText("In sync").waitFor();
    expect(await page.getByRole("button", { name: "What this means" }).count()).toBe(0);
    const toolsUntil = Date.now() + 3 * 86_400_000;
    show({ link: "update-app", toolsUntil });
    await button(page, "What this means").click();
    const dialog = page.getByRole("dialog", { name: "Update Bulkhead on this computer" });
    await dialog.getByText(`run here until ${clockWords(toolsUntil, Date.now())}`).waitFor();
    expect(await wrongIn({ page, complaints })).toEqual([]);
    show({ link: "update-app", toolsUntil: Date.now() - 1 });
    await dialog.getByText("Tools do not run here any more").waitFor();
    show({});
    await dialog.waitFor({ state: "detached" });
  });
});

test("a thread that is opened from elsewhere comes into view in the list, and then the list stays where it is scrolled", async () => {
  await opened("full", async ({ page }) => {
    await page.setViewportSize({ width: 1_280, height: 400 });
    const row = page.locator(".thread-row", { hasText: "Nginx body size" });
    const seen = () =>
      row.evaluate((element) => {
        const [own, list] = [element, element.closest(".side-threads")].map((each) => each?.getBoundingClientRect());
        return own !== undefined && list !== undefined && own.top >= list.top - 1 && own.bottom <= list.bottom + 1;
      });
    const toEnd = () => page.locator(".side-threads").evaluate((list) => (list.scrollTop = list.scrollHeight));
    await page.locator(".thread-row", { hasText: "Onboarding text" }).click();
    await toEnd();
    await expect.poll(seen).toBe(false);
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder(SEARCH).fill("nginx body");
    await page.getByRole("option", { name: "Nginx body size" }).first().click();
    await page.getByRole("heading", { name: "Nginx body size" }).waitFor();
    await expect.poll(seen).toBe(true);
    await toEnd();
    await button(page, "Hide context panel").click();
    await button(page, "Show context panel").waitFor();
    expect(await seen()).toBe(false);
  });
});

test("what was refused about the arguments of a call is gone once they are others", async () => {
  await opened("full", async ({ page }) => {
    await page.getByRole("textbox", { name: "Message" }).fill("/read_text");
    await page.getByRole("option", { name: /read_text_file/ }).click();
    await page.getByRole("textbox", { name: "path" }).fill("refused");
    await button(page, "Call tool").click();
    await page.getByText("Nothing was called.").waitFor();
    await page.getByRole("textbox", { name: "path" }).fill("other");
    await expect.poll(() => page.getByText("Nothing was called.").count()).toBe(0);
  });
});

test("a workspace that could not be read is told once, before a first run that would look as if all were lost", async () => {
  await opened("first-run", async (view) => {
    const { page } = view;
    // What the page asked for itself has come, so that it comes after nothing that is sent here.
    await button(page, /Create a workspace/).waitFor();
    const app = values("first-run", "app", "") as AppView;
    hostOf("first-run").send({ f: "topic", n: 1, topic: "app", value: { ...app, unread: 1 } });
    const dialog = page.getByRole("dialog", { name: "One workspace could not be read" });
    await dialog.getByText("It is kept as it is").waitFor();
    expect(await wrongIn(view)).toEqual([]);
    await button(page, "Go on").click();
    await dialog.waitFor({ state: "detached" });
    hostOf("first-run").send({ f: "topic", n: 2, topic: "app", value: { ...app, unread: 1 } });
    await button(page, /Create a workspace/).waitFor();
    expect(await dialog.count()).toBe(0);
  });
});
