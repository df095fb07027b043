/** The built pages on fixed values: deciding in the popup, what a hostile text may do, tabs, dialogs, forms and the palette. */
import type { Page } from "@playwright/test";
import { expect, test } from "vitest";
import type { CardSummary } from "#bridge/card.ts";
import type { ArrivalView, TeamView } from "#bridge/member.ts";
import type { ToolsView } from "#bridge/tool.ts";
import { values, WID } from "../../fixtures/renderer-values.ts";
import { builtPages, button, SEARCH, wrongIn } from "../../helpers/built-pages.ts";
import { told } from "#bridge/told.ts";

const { hostOf, opened } = builtPages();
/** Who waits for a role in the fixed values. */
const ELI = "e".repeat(22);

/** The page's own time stands still until it is let go. A decided card stays, so that what it says is read without hurry. */
const heldPopup = async (page: Page): Promise<void> => {
  await page.addInitScript(() => void (window.close = () => undefined));
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
};

test("[T27] the popup is accessible, holds the whole arguments, and decides nothing in its first half second", async () => {
  await opened(
    "full",
    async (view) => {
      const { page } = view;
      const { calls } = hostOf("full");
      const decisions = () => calls.filter((call) => call.method === "card.decide").length;
      const [read, reject] = [button(page, "Read to the end"), button(page, "Reject")];
      await read.waitFor();
      // Somebody types in another window while this one appears over it.
      for (const passed of [0, 499]) {
        await page.clock.runFor(passed);
        expect([await read.isDisabled(), await reject.isDisabled()]).toEqual([true, true]);
        await page.keyboard.press("a");
      }
      await page.clock.resume();
      await page.waitForFunction(
        () => document.querySelector<HTMLButtonElement>(".decide .primary")?.disabled === false,
      );
      for (const key of ["a", "Control+Enter"]) await page.keyboard.press(key);
      await page.getByRole("status").getByText("Read to the end of the arguments first").waitFor();
      expect(decisions()).toBe(0);
      expect(await page.getByRole("region", { name: "content", exact: true }).textContent()).toContain("server_59");
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("BODY");
      expect(await wrongIn(view)).toEqual([]);
      await page.getByRole("textbox", { name: "Reason" }).fill("a reason with r and a");
      expect(decisions()).toBe(0);
      await page.getByRole("textbox", { name: "Reason" }).press("Escape");
      await page.keyboard.press("r");
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("TEXTAREA");
      expect(decisions()).toBe(0);
      await reject.click();
      await page.getByRole("status").getByText("You rejected this").waitFor();
      await page.getByText("under Decided").or(page.getByText("under For")).first().waitFor();
      expect(calls.filter((call) => call.method === "card.decide").map((call) => call.params)).toEqual([
        { wid: WID, request: "r1", vote: "reject", note: "a reason with r and a" },
      ]);
    },
    `/popup.html#token=one&wid=${WID}&request=r1`,
    heldPopup,
  );
});

test("[T31] a key that is held decides nothing, and one that is pressed keeps the focus and does", async () => {
  await opened(
    "full",
    async ({ page }) => {
      const { calls } = hostOf("full");
      const before = calls.length;
      const decisions = () => calls.slice(before).filter((call) => call.method === "card.decide").length;
      const [read, approve] = [button(page, "Read to the end"), button(page, "Approve and run")];
      await page.clock.resume();
      await page.waitForFunction(
        () => document.querySelector<HTMLButtonElement>(".decide .primary")?.disabled === false,
      );
      await read.focus();
      await page.keyboard.down("Enter");
      await page.waitForFunction(
        () =>
          document.querySelector<HTMLButtonElement>(".decide .primary")?.textContent?.startsWith("Approve") === true &&
          !document.querySelector(".decide .primary")?.hasAttribute("aria-disabled"),
      );
      for (let again = 0; again < 5; again += 1) await page.keyboard.down("Enter");
      expect(await approve.evaluate((element) => element === document.activeElement)).toBe(true);
      expect(decisions()).toBe(0);
      await page.keyboard.up("Enter");
      await page.keyboard.press("Enter");
      await page.getByRole("status").getByText("You approved this").waitFor();
      expect(decisions()).toBe(1);
    },
    `/popup.html#token=one&wid=${WID}&request=r1`,
    heldPopup,
  );
});

test("a role that was promised is confirmed in a window that the click itself opens, from each place but that window", async () => {
  const given = () => hostOf("full").calls.filter(({ method }) => method === "member.givePromised").length;
  const give = (page: Page) => button(page, "Give the role Approver");
  const places = [
    async (page: Page) => {
      await button(page, "Team").click();
      const team = values("full", "team", WID) as TeamView;
      const members = team.members.map((each) => (each.name === "Ben" ? { ...each, id: ELI } : each));
      hostOf("full").send({ f: "topic", n: 1, topic: `team/${WID}`, value: { ...team, members } });
    },
    async (page: Page) => {
      await button(page, /^Waiting/).click();
      await button(page, /^Eli waits to become Approver/).click();
    },
  ];
  await opened("full", async ({ page }) => {
    for (const [index, go] of places.entries()) {
      const answer = hostOf("full").hold("member.givePromised");
      await go(page);
      const [popup] = await Promise.all([page.waitForEvent("popup"), give(page).click()]);
      const closed = popup.waitForEvent("close");
      answer();
      await closed;
      await expect.poll(given).toBe(index + 1);
    }
  });
  await opened(
    "full",
    async ({ page }) => {
      await give(page).click();
      await expect.poll(given).toBe(places.length + 1);
      expect(page.context().pages()).toHaveLength(1);
    },
    `/popup.html#token=one&wid=${WID}&request=${ELI}`,
  );
});

test("once it is answered whether somebody gets a role, neither page nor popup says that they wait", async () => {
  const [eli] = values("full", "arrivals", WID) as ArrivalView[];
  const outcome = { given: "Approver", by: "Ada", byMe: true, at: Date.now() };
  const answered = () =>
    hostOf("full").send({ f: "topic", n: 1, topic: `arrivals/${WID}`, value: [{ ...eli, outcome }] });
  const told = async (page: Page, level: number) => {
    await page.getByRole("heading", { name: "Eli waits to become Approver", level }).waitFor();
    await page.getByText(/Eli is a Guest until/).waitFor();
    answered();
    await page.getByRole("heading", { name: "Eli", exact: true, level }).waitFor();
    await page.getByText("You gave Eli the role Approver").first().waitFor();
    expect(await page.getByText(/waits to become|is a Guest until/).count()).toBe(0);
  };
  await opened("full", async ({ page }) => {
    await button(page, /^Waiting/).click();
    await button(page, /^Eli waits to become Approver/).click();
    await told(page, 2);
  });
  await opened("full", ({ page }) => told(page, 1), `/popup.html#token=one&wid=${WID}&request=${ELI}`);
});

test("whoever gets a role reads so in one notice, whichever of the two ways it comes by is the faster", async () => {
  const [eli] = values("full", "arrivals", WID) as ArrivalView[];
  const outcome = { given: "Approver", by: "Ada", byMe: false, at: Date.now() };
  const put = (more: Partial<ArrivalView>) =>
    hostOf("full").send({ f: "topic", n: 1, topic: `arrivals/${WID}`, value: [{ ...eli, me: true, ...more }] });
  const title = "Ada gave you the role Approver";
  const ways = [
    () => put({ outcome }),
    () => hostOf("full").send({ f: "notify", title, body: "It holds from now on.", card: null }),
    // What comes last shows that both were read.
    () => hostOf("full").send({ f: "notify", title: "Cleo left", body: "Harbour", card: null }),
  ];
  for (const [first, second, last] of [ways, [ways[1], ways[0], ways[2]]])
    await opened("full", async ({ page }) => {
      const notices = page.getByRole("region", { name: "Notices" });
      await button(page, "Team").click();
      put({});
      await page.getByText(/^You are a Guest until/).waitFor();
      for (const way of [first, second, last]) way?.();
      await notices.getByText("Cleo left. Harbour").waitFor();
      expect(await notices.getByText(title).allTextContents()).toEqual([`${title}. It holds from now on.`]);
    });
});

test("[T31] a model's text can run no script, load no picture, open no link by itself, and hide nothing", async () => {
  await opened("full", async ({ page }) => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.getByRole("log").evaluate((list) => list.scrollTo(0, 0));
    await page.getByText("<script>").waitFor();
    expect(await page.title()).not.toBe("owned");
    await page.getByText("pay⟨U+200B⟩⟨U+202E⟩evil").waitFor();
    expect(await page.locator(".markdown img, .markdown script, .markdown a").count()).toBe(0);
    await button(page, "the shared host").click();
    await page.getByRole("dialog").getByText("https://logs.example.com/nginx").waitFor();
    expect(asked.filter((url) => !url.startsWith(hostOf("full").origin))).toEqual([]);
  });
});

test("the one-time token leaves the address at once, and the page comes back with the one it was given", async () => {
  await opened("fresh", async ({ page }) => {
    await button(page, "Team").waitFor();
    expect(new URL(page.url()).hash).toBe("");
    expect(await page.evaluate(() => sessionStorage.getItem("bulkhead-token:/"))).toBe("again");
    await page.reload();
    await button(page, "Team").waitFor();
  });
});

test("a card is offered until it is decided, then the next one, then none", async () => {
  await opened("full", async ({ page }) => {
    const host = hostOf("full");
    const notices = page.getByRole("region", { name: "Notices" });
    const cards = values("full", "cards", WID) as CardSummary[];
    await button(page, "Tools").click();
    host.send({
      f: "notify",
      title: "Ben asks to run write_file",
      body: "filesystem",
      card: { wid: WID, request: "r1" },
    });
    await notices.getByText("Ben asks to run write_file").waitFor();
    const decided = (...requests: string[]) =>
      cards.map((card) => (requests.includes(card.request) ? { ...card, state: "used" } : card));
    host.list(`cards/${WID}`, decided("r1"));
    await notices.getByText("Cleo asks to run run_query").waitFor();
    await expect.poll(() => notices.getByText("Ben asks").count()).toBe(0);
    host.list(`cards/${WID}`, decided("r1", "r2"));
    await notices.getByRole("button", { name: "Open the card" }).waitFor({ state: "detached" });
  });
});

test("[T31] the focus is never lost: a dialog starts in its first field and goes back, and a button that is gone leaves it to its heading", async () => {
  await opened("full", async ({ page }) => {
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    await button(page, "Tools").click();
    const add = page.getByRole("button", { name: "Add server" });
    await add.focus();
    await page.keyboard.press("Enter");
    await expect
      .poll(() =>
        page
          .getByRole("textbox", { name: "Command or mcpServers JSON" })
          .evaluate((field) => field === document.activeElement),
      )
      .toBe(true);
    await page.keyboard.press("Escape");
    await expect.poll(focused).toBe("Add server");
    await page.getByRole("button", { name: "Add rule" }).press("Enter");
    await expect
      .poll(() =>
        page
          .getByRole("dialog")
          .getByRole("combobox", { name: "Server" })
          .evaluate((field) => field === document.activeElement),
      )
      .toBe(true);
    await page.keyboard.press("Escape");
    await expect.poll(focused).toBe("Add rule");
    // Whoever loses a button goes on from the heading of its place.
    await add.evaluate((element) => element.focus());
    await add.evaluate((element) => element.remove());
    await expect.poll(focused).toBe("Tools");
  });
});

test("the result of a call that the person made is not folded, an agent's is", async () => {
  await opened("full", async ({ page }) => {
    const direct = page.getByRole("article", { name: "filesystem.list_directory: Done" });
    await direct.scrollIntoViewIfNeeded();
    await direct.getByText("Approved by Cleo").waitFor();
    expect(await direct.getByRole("region", { name: "Result" }).textContent()).toBe("nginx.conf");
    await page.getByRole("log").evaluate((list) => list.scrollTo(0, 0));
    const agents = page.getByRole("article", { name: "filesystem.read_text_file: Done" });
    await agents.waitFor();
    expect(await agents.getByRole("region", { name: "Result" }).count()).toBe(0);
  });
});

test("accepting a server names the command that was on the screen, and a change meanwhile is told", async () => {
  await opened("full", async (view) => {
    const { page } = view;
    await button(page, "Tools").click();
    await button(page, "Accept and start").click();
    await page.getByRole("alert").getByText("The team changed this server while you looked at it.").waitFor();
    const { servers } = values("full", "tools", WID) as ToolsView;
    expect(hostOf("full").calls.findLast((call) => call.method === "server.accept")?.params).toEqual({
      wid: WID,
      server: "s2",
      values: {},
      launch: servers[1]?.review?.after,
    });
    expect(await wrongIn(view)).toEqual([]);
  });
});

test("a slow start is told as going on, not as a failure", async () => {
  await opened("full", async (view) => {
    const { page } = view;
    await button(page, "Tools").click();
    const all = values("full", "tools", WID) as ToolsView;
    const slow = told("tool-starting-slow", 30);
    await button(page, "Accept and start").waitFor();
    hostOf("full").send({
      f: "topic",
      n: 1,
      topic: `tools/${WID}`,
      value: {
        ...all,
        servers: all.servers.map((server) => ({ ...server, state: "starting", review: null, error: slow, tools: [] })),
      },
    });
    await page
      .getByRole("main")
      .getByRole("status")
      .getByText("Still starting. It may take up to 30 seconds.")
      .first()
      .waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
    expect(await wrongIn(view)).toEqual([]);
  });
});

test("a tab that was opened by the bare address says that it has no key, not that nothing runs", async () => {
  const before = async (page: Page) => void (await page.addInitScript(() => sessionStorage.clear()));
  await opened(
    "fresh",
    async ({ page }) => {
      await page.getByRole("heading", { name: "This tab has no key" }).waitFor();
      expect(await page.getByRole("alert").textContent()).toContain("opened without one");
    },
    "/",
    before,
  );
});

test("a tab that is not let in any more is told apart from a Bulkhead that does not answer", async () => {
  const refusing = (path: string) => async (page: Page) => {
    await page.routeWebSocket(/port/, (socket) => void socket.close());
    if (path !== "")
      await page.route("**/*", (route) => (route.request().method() === "HEAD" ? route.abort() : route.continue()));
  };
  for (const [path, heading] of [
    ["", "This tab is not let in any more"],
    ["/", "Bulkhead does not answer"],
  ] as const)
    await opened(
      "fresh",
      async ({ page }) => {
        await expect.poll(() => page.getByRole("heading", { level: 1 }).textContent()).toBe(heading);
      },
      "/#token=one",
      refusing(path),
    );
});

test("whoever leaves a dialog goes on from where they opened it", async () => {
  await opened("full", async ({ page }) => {
    await button(page, /^Team/).click();
    await button(page, /Details of Ben/).click();
    const focused = () => expect.poll(() => page.evaluate(() => document.activeElement?.textContent));
    for (const name of ["What can they do, and why?", "Let back in with a new device", "Remove member"]) {
      await button(page, name).press("Enter");
      await page.getByRole(name === "Remove member" ? "alertdialog" : "dialog").waitFor();
      await page.keyboard.press("Escape");
      await focused().toBe(name);
    }
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog", { name: "Search and commands" }).waitFor();
    await page.keyboard.press("Escape");
    await focused().toBe("Remove member");
    await page.keyboard.press("Control+k");
    await page.getByRole("option", { name: "Add a device" }).click();
    await page.getByRole("dialog", { name: "Add another computer of yours" }).waitFor();
    await page.keyboard.press("Escape");
    await focused().toBe("Remove member");
  });
});

test("a form that is sent with something wrong in it leads to that field", async () => {
  await opened("first-run", async ({ page }) => {
    await button(page, "Create a workspace").click();
    const name = page.getByLabel("Your name");
    await expect.poll(() => name.evaluate((field) => field === document.activeElement)).toBe(true);
    await name.fill("Ada");
    await button(page, "Create a workspace").click();
    await button(page, "Create workspace").click();
    const workspace = page.getByLabel("Workspace name");
    await expect.poll(() => workspace.evaluate((field) => field === document.activeElement)).toBe(true);
  });
  await opened("full", async ({ page }) => {
    await button(page, /^Team/).click();
    await page.getByRole("tab", { name: "Invites" }).click();
    await button(page, "Create invite").click();
    await page.getByLabel("Number of uses").fill("900");
    await page.getByLabel("Who is it for").focus();
    await button(page, "Create link").click();
    await expect
      .poll(() => page.getByLabel("Number of uses").evaluate((field) => field === document.activeElement))
      .toBe(true);
  });
});

test("the palette leads to what other screens offer, and the keyboard stays in the dialog that it opens", async () => {
  await opened("full", async ({ page }) => {
    const choose = async (typed: string, option: string) => {
      await page.keyboard.press("Control+k");
      await page.getByPlaceholder(SEARCH).fill(typed);
      await page.getByRole("option", { name: option }).click();
    };
    await page.getByRole("textbox", { name: "Message" }).focus();
    await choose("add a dev", "Add a device");
    const dialog = page.getByRole("dialog", { name: "Add another computer of yours" });
    await dialog.waitFor();
    await page.getByRole("dialog", { name: "Search and commands" }).waitFor({ state: "detached" });
    await page.keyboard.press("Tab");
    await expect.poll(() => dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await choose("roles", "Roles");
    await button(page, "New role").waitFor();
    await page.keyboard.press("Control+k");
    // The letters of a line's hidden name find nothing.
    await page.getByPlaceholder(SEARCH).fill("plac");
    await page.getByRole("option", { name: "Waiting" }).waitFor({ state: "detached" });
    await page.getByPlaceholder(SEARCH).fill("");
    for (const option of ["Compare with a teammate", "Export the audit", "This is another computer of mine"])
      await page.getByRole("option", { name: option }).waitFor();
  });
});

test("[T7] a right that one does not hold cannot be put into a role, and the rule stands beside it", async () => {
  await opened("full", async ({ page }) => {
    await button(page, "Team").click();
    await page.getByRole("tab", { name: "Roles" }).click();
    await button(page, "New role").click();
    const dialog = page.getByRole("dialog", { name: "New role" });
    const box = dialog.getByRole("checkbox", { name: "Configure the workspace" });
    expect([await box.isDisabled(), await dialog.getByRole("checkbox", { name: "Use tools" }).isDisabled()]).toEqual([
      true,
      false,
    ]);
    await dialog.getByText("The role Owner may not configure the workspace.").waitFor();
    await dialog.getByRole("button", { name: "Define role" }).click();
    await dialog.getByText("Give the role a name.").waitFor();
    await dialog.getByRole("textbox", { name: "Name of the role" }).fill("  Night shift ");
    await dialog.getByRole("checkbox", { name: "Use tools" }).click();
    await dialog.getByRole("button", { name: "Define role" }).click();
    await dialog.waitFor({ state: "hidden" });
    expect(
      hostOf("full")
        .calls.filter(({ method }) => method === "role.define")
        .map(({ params }) => params),
    ).toEqual([{ wid: WID, role: null, name: "Night shift", caps: ["tools.use"] }]);
  });
});
