/** The built pages on fixed values: nothing shouts, lies over what is pressed next, or is off without saying why. */
import type { Page } from "@playwright/test";
import { expect, test } from "vitest";
import type { CardSummary, CardView } from "#bridge/card.ts";
import type { InviteView } from "#bridge/invite.ts";
import type { TeamView } from "#bridge/member.ts";
import { told } from "#bridge/told.ts";
import type { ToolsView } from "#bridge/tool.ts";
import type { StatusView } from "#bridge/workspace.ts";
import { actFacts } from "../../../renderer/pages/acts/act-facts.ts";
import { clockWords } from "../../../renderer/text/common.ts";
import type { MemberId } from "#core/protocol/ids.ts";
import { answers, values, WID } from "../../fixtures/renderer-values.ts";
import { builtPages, button } from "../../helpers/built-pages.ts";
import { noted } from "../../helpers/worded.ts";

const { hostOf, opened } = builtPages();
const NOT_DONE = "You did not confirm this in the window that asked, so nothing was signed.";

const show = (topic: string, value: unknown): void =>
  hostOf("full").send({ f: "topic", n: 1, topic: `${topic}/${WID}`, value });
const notices = (page: Page) => page.getByRole("region", { name: "Notices" });
const giveRole = async (page: Page): Promise<void> => {
  await page.getByRole("combobox", { name: "Role of Ben" }).click();
  await page.getByRole("option", { name: "Admin" }).click();
};
/** Sends what is confirmed in another window, where the person says no. */
const sayNo = async (page: Page, press: () => Promise<unknown>): Promise<void> => {
  await press();
  await notices(page).getByText(NOT_DONE).waitFor();
};

test("an invite that was used up or revoked tells no time left, and one that is over by time tells when", async () => {
  await opened("full", async ({ page }) => {
    const [invite] = values("full", "invites", WID) as InviteView[];
    const states = ["open", "used", "expired", "revoked"] as const;
    await button(page, "Team").click();
    await page.getByRole("tab", { name: "Invites" }).click();
    show(
      "invites",
      states.map((state) => ({ ...(invite as InviteView), id: state, label: `the ${state} one`, state })),
    );
    const times = (state: string) =>
      page
        .getByRole("row", { name: `the ${state} one` })
        .locator("time")
        .count();
    await page.getByText("the revoked one").waitFor();
    expect(await Promise.all(states.map(times))).toEqual([1, 0, 1, 0]);
    show("invites", values("full", "invites", WID));
  });
});

test("on a narrow window the columns of invites stand under each other, whatever is in them", async () => {
  await opened("full", async ({ page }) => {
    const [invite] = values("full", "invites", WID) as InviteView[];
    await page.setViewportSize({ width: 800, height: 800 });
    await button(page, "Team").click();
    await page.getByRole("tab", { name: "Invites" }).click();
    const rows = [
      { label: "Al", role: "member", state: "open" },
      { label: "Somebody with a name that goes on", role: "approver", state: "used" },
      { label: "", role: "auditor", state: "expired" },
    ];
    show(
      "invites",
      rows.map((row, index) => ({ ...(invite as InviteView), ...row, id: `r${index}` })),
    );
    await page.getByText("Somebody with a name that goes on").waitFor();
    const lefts = await page.locator(".invites tbody tr").evaluateAll((all) =>
      all.map((row) =>
        [...row.querySelectorAll("td")]
          .slice(0, -1)
          .map((cell) => Math.round(cell.getBoundingClientRect().left))
          .join(" "),
      ),
    );
    expect(lefts).toHaveLength(3);
    expect([...new Set(lefts)]).toHaveLength(1);
    show("invites", values("full", "invites", WID));
  });
});

test("what is off in a menu says why under its name", async () => {
  await opened("full", async ({ page }) => {
    const tools = values("full", "tools", WID) as ToolsView;
    await button(page, "Tools").click();
    show("tools", { ...tools, mayEdit: { allowed: false, why: noted("The role Member may not.") } });
    await page.getByText("The role Member may not.").first().waitFor();
    await button(page, "Actions for filesystem").click();
    const off = page.locator('[role=menuitem][aria-disabled="true"]');
    const reasons = await off.evaluateAll((all) => all.map((each) => each.querySelector(".menu-why")?.textContent));
    expect(reasons).toContain("The role Member may not.");
    expect(reasons.filter((reason) => reason === undefined || reason === "")).toEqual([]);
    expect(await page.getByRole("menuitem", { name: "Show log" }).locator(".menu-why").count()).toBe(0);
    show("tools", tools);
  });
});

test("whoever cancels in the window that asks is told that nothing was signed, and no failure is shown", async () => {
  await opened("full", async ({ page }) => {
    const host = hostOf("full");
    for (const method of ["member.setRole", "workspace.raise"] as const)
      host.refuse(method, told("not-confirmed", "closed"));
    await button(page, "Team").click();
    await sayNo(page, () => giveRole(page));
    expect(await page.getByRole("alert").count()).toBe(0);
    await notices(page).getByRole("button").first().click();
    await button(page, "Raise to level 2").click();
    const dialog = page.getByRole("dialog");
    await sayNo(page, () => dialog.getByRole("button", { name: "Raise to level 2" }).click());
    expect(await page.getByRole("alert").count()).toBe(0);
    // A refusal is one wherever it comes from.
    host.refuse("workspace.raise", "The rules changed meanwhile. Nothing was done.");
    await dialog.getByRole("button", { name: "Raise to level 2" }).click();
    await dialog.getByRole("alert").getByText("The rules changed meanwhile.").waitFor();
    for (const method of ["member.setRole", "workspace.raise"] as const) host.refuse(method, null);
  });
});

test("a notice lies over nothing that is pressed next in a thread, at any width", async () => {
  await opened("full", async ({ page }) => {
    hostOf("full").refuse("member.setRole", told("not-confirmed", "closed"));
    await page.getByLabel("Message", { exact: true }).waitFor();
    await button(page, "Team").click();
    await sayNo(page, () => giveRole(page));
    await page.keyboard.press("Alt+2");
    const message = page.getByLabel("Message", { exact: true });
    await message.fill("hello");
    for (const width of [1_280, 800, 400]) {
      await page.setViewportSize({ width, height: 800 });
      const send = page.getByRole("button", { name: /^Send/ });
      expect(await notices(page).getByText(NOT_DONE).isVisible()).toBe(true);
      const over = await page.evaluate(() => {
        const box = (selector: string) => document.querySelector(selector)?.getBoundingClientRect();
        const [notice, composer] = [box(".toast"), box(".composer-box")];
        return notice === undefined || composer === undefined || notice.bottom > composer.top;
      });
      expect([width, over]).toEqual([width, false]);
      await send.click({ trial: true });
    }
    hostOf("full").refuse("member.setRole", null);
  });
});

test("one's own row says who decides in one's place as said to oneself", async () => {
  await opened("full", async ({ page }) => {
    const team = values("full", "team", WID) as TeamView;
    const [me, other] = [team.members.find((each) => each.me), team.members.find((each) => !each.me)];
    await button(page, "Team").click();
    show("team", { ...team, standIns: [{ member: me?.id, to: other?.id, until: Date.now() + 3_600_000 }] });
    await page.getByText(`${other?.name ?? ""} decides in your place`).waitFor();
    expect(await page.getByText("decides in their place").count()).toBe(0);
    show("team", team);
  });
});

test("the window in which a stand-in is confirmed tells the end as the other screens do", () => {
  const [now, until] = [Date.UTC(2026, 10, 30, 12), Date.UTC(2026, 11, 4, 9, 5)];
  const { facts } = actFacts(
    { kind: "approval.delegate", workspace: "Harbour", member: ["c".repeat(22) as MemberId, "Cleo", null], until },
    now,
  );
  expect(facts.map(([, value]) => value)).toEqual(["Harbour", "Cleo", clockWords(until, now)]);
});

test("while another window waits for a yes, this one says where to look, and no longer", async () => {
  await opened("full", async ({ page }) => {
    const host = hostOf("full");
    const release = host.hold("member.setRole");
    host.refuse("member.setRole", told("not-confirmed", "closed"));
    await button(page, "Team").click();
    await giveRole(page);
    const waits = notices(page).getByText("Confirm this in the window that opened.");
    await waits.waitFor();
    await notices(page).getByRole("button", { name: "Show the window" }).click({ trial: true });
    release();
    await notices(page).getByText(NOT_DONE).waitFor();
    expect(await waits.count()).toBe(0);
    host.refuse("member.setRole", null);
  });
});

test("a notice of the system that no card tells is shown in the window where the system may not show it", async () => {
  await opened("full", async ({ page }) => {
    await page.getByLabel("Message", { exact: true }).waitFor();
    hostOf("full").send({
      f: "notify",
      title: "Ada gave you the role Admin",
      body: "It holds from now on.",
      card: null,
    });
    const told = notices(page).getByText("Ada gave you the role Admin. It holds from now on.");
    await expect.poll(() => told.count()).toBe(1);
  });
});

test("the number of a key is the place in the sidebar, and the list of keys names them in that order", async () => {
  await opened("full", async ({ page }) => {
    const side = page.getByRole("navigation", { name: "Workspace" });
    await side.getByRole("button", { name: /^Settings/ }).waitFor();
    const tops: number[] = [];
    const names: string[] = [];
    for (let n = 1; n <= 6; n++) {
      await page.keyboard.press(`Alt+${n}`);
      const current = n === 2 ? side.getByRole("heading", { name: "Mine" }) : side.locator('[aria-current="page"]');
      tops.push((await current.boundingBox())?.y ?? -1);
      names.push(n === 2 ? "Threads" : ((await current.textContent()) ?? "").replace(/[\d\s]+$/, ""));
    }
    expect(tops).toEqual(tops.toSorted((a, b) => a - b));
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).getByText(names.join(", "), { exact: true }).waitFor();
  });
});

test("a long reason is one line of the status until it is asked for, at 800 px too", async () => {
  await opened("full", async ({ page }) => {
    const host = hostOf("full");
    const why = "The connection to https://sync.example.org was closed without an answer.";
    const status = { ...(values("full", "status", WID) as StatusView), link: "offline" as const };
    host.put(`status/${WID}`, {
      ...status,
      reason: noted(why),
      also: [noted("Requests wait here and go out by themselves.")],
    });
    await page.setViewportSize({ width: 800, height: 700 });
    const line = page.getByRole("contentinfo");
    await page.getByRole("status", { name: "Status" }).getByText(why).waitFor();
    const height = async () => (await line.boundingBox())?.height ?? 0;
    await expect.poll(height).toBeLessThanOrEqual(3 * 16 + 9);
    const short = await height();
    await button(page, "Show all").click();
    await expect.poll(height).toBeGreaterThan(short);
    await button(page, "Show less").click();
    await expect.poll(height).toBe(short);
    // It goes with the reason, also when all of it was shown.
    await button(page, "Show all").click();
    host.put(`status/${WID}`, values("full", "status", WID));
    await expect.poll(() => page.getByRole("button", { name: /^Show (?:all|less)$/ }).count()).toBe(0);
    host.put(`status/${WID}`, { ...status, reason: noted("Short.") });
    await page.getByText("Short.").waitFor();
    await expect.poll(() => page.getByRole("button", { name: /^Show (?:all|less)$/ }).count()).toBe(0);
    host.put(`status/${WID}`, values("full", "status", WID));
  });
});

test("an open card shows the role that its person has now", async () => {
  await opened("full", async ({ page }) => {
    const host = hostOf("full");
    const rows = values("full", "cards", WID) as CardSummary[];
    const now = (role: string) => rows.map((row) => ({ ...row, who: { ...row.who, role } }));
    const first = answers("full", "card.get", { wid: WID, request: rows[0]?.request }) as CardView;
    await button(page, "Waiting").click();
    await button(page, "Review and decide").waitFor();
    host.answer("card.get", { ...first, who: { ...first.who, role: "Harbourmaster" } });
    host.list(`cards/${WID}`, now("Harbourmaster"));
    const roles = page.getByRole("main").getByText("Harbourmaster");
    await expect.poll(() => roles.count()).toBeGreaterThan(0);
    host.list(`cards/${WID}`, rows);
    host.answer("card.get", first);
  });
});

test("a difference has no row without words: an empty line, blanks and an empty text are named", async () => {
  await opened("full", async ({ page }) => {
    const host = hostOf("full");
    const first = answers("full", "card.get", { wid: WID, request: "r1" }) as CardView;
    host.answer("card.get", {
      ...first,
      args: '{"content":"one\\n  \\ntwo","head":""}',
      replaces: { request: "r0", args: '{"content":"one\\ntwo\\n"}' },
    });
    await button(page, "Waiting").click();
    const changed = page.getByRole("region", { name: "What changed", exact: true });
    await changed.waitFor();
    const rows = await changed.locator(".edit-line:not(.same)").allTextContents();
    expect(rows).toEqual(["+2 spaces or tabs", "\u2212empty line"]);
    expect(await changed.getByRole("region", { name: "Change of head" }).textContent()).toBe("empty text");
    host.answer("card.get", first);
  });
});

test("settings offer no switch for what always holds: no notification shows arguments", async () => {
  await opened("full", async ({ page }) => {
    await button(page, "Settings").click();
    const notify = page.getByRole("region", { name: "Notifications" });
    await notify.waitFor();
    expect(await notify.getByRole("switch").count()).toBe(2);
    expect(await notify.textContent()).toContain("never the arguments");
  });
});

test("whoever asks is named before their role, and roles of a queue are a list as people write it", async () => {
  await opened("full", async ({ page }) => {
    const tools = values("full", "tools", WID) as ToolsView;
    await button(page, "Tools").click();
    const [queue] = tools.queues;
    if (queue === undefined) throw new Error("no queue");
    const all = [{ n: 1, roles: ["owner", "admin", "approver"], members: [] }];
    show("tools", { ...tools, queues: [{ ...queue, all, steps: [] }] });
    await expect.poll(() => page.getByText("1 of Owner, Admin or Approver").count()).toBe(1);
    show("tools", tools);
    await page.goto(`${hostOf("full").origin}/popup.html#token=one&wid=${WID}&request=r1`);
    const head = page.locator(".popup-head p").first();
    await expect.poll(() => head.textContent()).toMatch(/^Ben asks/);
  });
});
