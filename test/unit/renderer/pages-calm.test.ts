/** The built pages on fixed values: what is over, off or one's own is said as it is. */
import { expect, test } from "vitest";
import type { InviteView } from "#bridge/invite.ts";
import type { TeamView } from "#bridge/member.ts";
import type { ToolsView } from "#bridge/tool.ts";
import { actFacts } from "../../../renderer/pages/acts/act-facts.ts";
import { clockWords } from "../../../renderer/text/common.ts";
import { values, WID } from "../../fixtures/renderer-values.ts";
import { builtPages, button } from "../../helpers/built-pages.ts";
import { noted } from "../../helpers/worded.ts";

const { hostOf, opened } = builtPages();

const show = (topic: string, value: unknown): void =>
  hostOf("full").send({ f: "topic", n: 1, topic: `${topic}/${WID}`, value });

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
  const { facts } = actFacts({ kind: "approval.delegate", workspace: "Harbour", member: "Cleo", until }, now);
  expect(facts.map(([, value]) => value)).toEqual(["Harbour", "Cleo", clockWords(until, now)]);
});
