/** The built pages in a real browser, on fixed values: every screen, both themes, what axe finds, and what a hostile text may do. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type Browser, type Page } from "@playwright/test";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ThreadView } from "#bridge/thread-views.ts";
import type { CardSummary, StatusView, ToolsView } from "#bridge/views.ts";
import { needChromium } from "../../../scripts/browser.ts";
import { startRendererHost, type RendererHost } from "../../fixtures/renderer-host.ts";
import { values, WID, type Scene } from "../../fixtures/renderer-values.ts";
import { settled } from "../../helpers/settled-page.ts";
import { PATIENCE_MS } from "../../helpers/wait.ts";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
/** Starting a browser, beside whatever else a machine does. */
const LAUNCH_MS = 300_000;
const folder = mkdtempSync(join(tmpdir(), "bulkhead-pages-"));
const hosts = new Map<Scene, RendererHost>();
let browser: Browser;

beforeAll(async () => {
  await build({ configFile: new URL("../../../vite.config.ts", import.meta.url).pathname, build: { outDir: folder }, logLevel: "error" });
  for (const scene of ["first-run", "fresh", "full"] as const) hosts.set(scene, await startRendererHost(folder, scene));
  browser = await chromium.launch({ executablePath: needChromium(), args: FLAGS, timeout: LAUNCH_MS });
});

afterAll(async () => {
  await browser.close();
  for (const host of hosts.values()) await host.close();
  rmSync(folder, { recursive: true, force: true });
});

const hostOf = (scene: Scene): RendererHost => {
  const host = hosts.get(scene);
  if (host === undefined) throw new Error(`no host for ${scene}`);
  return host;
};

interface Opened {
  readonly page: Page;
  /** What the page's console said was wrong. */
  readonly complaints: string[];
}

const opened = async (scene: Scene, use: (opened: Opened) => Promise<void>, path = "/#token=one", prepare: (page: Page) => Promise<void> = () => Promise.resolve()): Promise<void> => {
  const context = await browser.newContext({ colorScheme: "light", viewport: { width: 1_280, height: 800 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  try {
    await prepare(page);
    await page.goto(hostOf(scene).origin + path);
    await use({ page, complaints });
  } finally {
    await context.close();
  }
};

const SEARCH = "Search threads and messages, or type a command";
const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first();

const chooseAudit = async (page: Page, name: string): Promise<void> => {
  await button(page, "Audit").click();
  await button(page, "Verify a file").click();
  await page.getByLabel("File", { exact: true }).setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from("line\n".repeat(60_000)) });
};
const screens: readonly (readonly [string, Scene, (page: Page) => Promise<unknown>])[] = [
  ["first run", "first-run", (page) => button(page, "Create a workspace").waitFor()],
  ["joining", "first-run", async (page) => {
    await page.getByLabel("Your name").fill("Ben");
    await button(page, "Join with a link").click();
    await page.getByLabel("Invite link").fill("https://sync.example.com/join#x");
    await button(page, "Look at the invite").click();
    await page.getByRole("heading", { name: "Join this workspace?" }).waitFor();
  }],
  ["coming back", "first-run", async (page) => {
    await page.getByLabel("Your name").fill("Ben");
    await button(page, "Join with a link").click();
    await page.getByLabel("Invite link").fill("https://sync.example.com/join#back");
    await button(page, "Look at the invite").click();
    await page.getByRole("heading", { name: "Come back as Ben?" }).waitFor();
  }],
  ["devices", "full", async (page) => {
    await button(page, "Team").click();
    await button(page, /Details of Ada/).click();
    await button(page, /Details of Ben/).click();
    await page.getByText("came back, let in by Ada").waitFor();
  }],
  ["letting in", "full", async (page) => {
    await button(page, /^Waiting/).click();
    await button(page, /Eli waits to become Approver/).click();
    await button(page, "Give the role Approver").waitFor();
  }],
  ["letting back", "full", async (page) => {
    await button(page, "Team").click();
    await button(page, /Details of Ben/).click();
    await button(page, "Let back in with a new device").click();
    await page.getByRole("dialog", { name: "Let Ben back in with a new device?" }).waitFor();
  }],
  ["replacing a key", "full", async (page) => {
    await button(page, "Settings").click();
    await button(page, "Replace key").click();
    await page.getByRole("alertdialog", { name: "Replace this device's key?" }).waitFor();
  }],
  ["no threads", "fresh", (page) => page.getByRole("heading", { name: "No thread is open" }).waitFor()],
  ["no tools", "fresh", async (page) => {
    await button(page, "Tools").click();
    await page.getByRole("heading", { name: "No tool servers yet" }).waitFor();
  }],
  ["roles", "full", async (page) => {
    await button(page, "Team").click();
    await page.getByRole("tab", { name: "Roles" }).click();
    await button(page, /Release crew/).click();
    await button(page, "Change role").waitFor();
  }],
  ["a role being changed", "full", async (page) => {
    await button(page, "Team").click();
    await page.getByRole("tab", { name: "Roles" }).click();
    await button(page, /Release crew/).click();
    await button(page, "Change role").click();
    await page.getByRole("dialog", { name: "Change the role Release crew" }).getByRole("checkbox", { name: "Use tools", checked: true }).waitFor();
  }],
  ["audit", "full", async (page) => {
    await button(page, "Audit").click();
    await page.getByRole("row").nth(5).waitFor();
  }],
  ["one act of the audit", "full", async (page) => {
    await button(page, "Audit").click();
    await page.getByRole("table").getByRole("button").first().click();
    await page.getByRole("dialog", { name: "One act" }).getByText("Signed entry").waitFor();
  }],
  ["a saved audit that holds", "full", async (page) => {
    await chooseAudit(page, "audit-harbour.jsonl");
    await page.getByText("its history is the one that this computer verified").waitFor();
  }],
  ["a saved audit that does not hold", "full", async (page) => {
    await chooseAudit(page, "audit-harbour.csv");
    await page.getByRole("alert").getByText("audit-harbour.csv, line 7: The line does not say what its entry says.").waitFor();
  }],
  ["audit refused", "fresh", async (page) => {
    await button(page, "Team").waitFor();
    await page.keyboard.press("Alt+6");
    await page.getByText("The role Member may not read the audit.").waitFor();
  }],
  ["thread", "full", (page) => page.getByText("Unknown, not repeated").waitFor()],
  ["tool form with problems", "full", async (page) => {
    await page.getByRole("textbox", { name: "Message" }).fill("/write");
    await page.getByRole("option", { name: /write_file/ }).waitFor();
    await page.getByRole("textbox", { name: "Message" }).press("Enter");
    await button(page, "Call tool").click();
    await page.getByText("This is needed.").first().waitFor();
  }],
  ["waiting", "full", async (page) => {
    await button(page, /^Waiting/).click();
    await button(page, "Review and decide").waitFor();
    await page.getByText("Matches the ticket.").waitFor();
  }],
  ["a changed call", "full", async (page) => {
    await page.getByRole("region", { name: "You changed the arguments" }).scrollIntoViewIfNeeded();
    await page.getByRole("region", { name: "Change of content" }).waitFor();
  }],
  ["changing a call from its card", "full", async (page) => {
    await button(page, /^Waiting/).click();
    await page.getByRole("region", { name: "Asked by you" }).getByRole("button", { name: "write_file" }).click();
    await button(page, "Edit").waitFor();
    await page.keyboard.press("e");
    const dialog = page.getByRole("dialog", { name: "Edit the arguments" });
    await dialog.getByRole("textbox", { name: "path" }).fill("/srv/app/other.conf");
    await dialog.getByRole("region", { name: "Change of path" }).waitFor();
  }],
  ["team", "full", async (page) => {
    await button(page, "Team").click();
    await button(page, "Details of Ben").click();
    await button(page, "What can they do, and why?").click();
    await page.getByText("Write private threads", { exact: true }).waitFor();
  }],
  ["invite", "full", async (page) => {
    await button(page, "Team").click();
    await page.getByRole("tab", { name: "Invites" }).click();
    await button(page, "Show link").click();
    await page.getByRole("img", { name: "QR code of the invite link" }).waitFor();
  }],
  ["tools", "full", async (page) => {
    await button(page, "Tools").click();
    await button(page, "Accept and start").waitFor();
  }],
  ["queue editor", "full", async (page) => {
    await button(page, "Tools").click();
    await button(page, "Edit queue Approvers").click();
    await button(page, "Add a step").click();
    await button(page, "Save queue").click();
    await page.getByText("Choose at least one role or person in each group.").waitFor();
  }],
  ["rule editor", "full", async (page) => {
    await button(page, "Tools").click();
    await button(page, /^Edit rule: write_file of filesystem runs/).click();
    await page.getByText("While a stricter rule stands, this changes nothing").waitFor();
  }],
  ["trying rules", "full", async (page) => {
    await button(page, "Tools").click();
    await button(page, "Which rule decides?").click();
    await page.getByRole("dialog").getByRole("button", { name: "Find the rule" }).click();
    await page.getByText("Also fit, and are less strict").waitFor();
  }],
  ["practice", "full", async (page) => {
    await button(page, "Tools").click();
    await button(page, "Try queue Approvers").click();
    await page.getByText("Practice: nothing will run").waitFor();
  }],
  ["standing in", "full", async (page) => {
    await button(page, /^Waiting/).click();
    await button(page, "Let somebody decide in your place").click();
    await page.getByRole("radio", { name: "Cleo" }).waitFor();
  }],
  ["settings", "full", async (page) => {
    await button(page, "Settings").click();
    await page.getByRole("switch", { name: "Work offline" }).waitFor();
  }],
  ["palette", "full", async (page) => {
    await page.getByRole("textbox", { name: "Message" }).press("Control+k");
    await page.getByPlaceholder(SEARCH).fill("upload");
    await page.getByText("so uploads over").waitFor();
  }],
];

/** What axe finds and what the console complained of. Only colours differ between the themes, so dark is judged by contrast alone. */
const wrongIn = async ({ page, complaints }: Opened, theme: "light" | "dark" = "light"): Promise<string[]> => {
  await settled(page, theme);
  const axe = new AxeBuilder({ page });
  const { violations } = await (theme === "light" ? axe : axe.withRules(["color-contrast"])).analyze();
  return [...violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(" ")).join(", ")}`), ...complaints];
};

test.each(screens)("%s: axe finds nothing in either theme, and the security policy is never broken", async (_, scene, reach) => {
  await opened(scene, async (view) => {
    await reach(view.page);
    expect(await wrongIn(view)).toEqual([]);
    await view.page.emulateMedia({ colorScheme: "dark" });
    expect(await wrongIn(view, "dark")).toEqual([]);
  });
});

/** The page's own time stands still until it is let go. A decided card stays, so that what it says is read without hurry. */
const heldPopup = async (page: Page): Promise<void> => {
  await page.addInitScript(() => void (window.close = () => undefined));
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
};

test("[T27] the popup is accessible, holds the whole arguments, and decides nothing in its first half second", async () => {
  await opened("full", async (view) => {
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
    await page.waitForFunction(() => document.querySelector<HTMLButtonElement>(".decide .primary")?.disabled === false);
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
    expect(calls.filter((call) => call.method === "card.decide").map((call) => call.params)).toEqual([{ wid: WID, request: "r1", vote: "reject", note: "a reason with r and a" }]);
  }, `/popup.html#token=one&wid=${WID}&request=r1`, heldPopup);
});

test("[T31] a key that is held decides nothing, and one that is pressed keeps the focus and does", async () => {
  await opened("full", async ({ page }) => {
    const { calls } = hostOf("full");
    const before = calls.length;
    const decisions = () => calls.slice(before).filter((call) => call.method === "card.decide").length;
    const [read, approve] = [button(page, "Read to the end"), button(page, "Approve and run")];
    await page.clock.resume();
    await page.waitForFunction(() => document.querySelector<HTMLButtonElement>(".decide .primary")?.disabled === false);
    await read.focus();
    await page.keyboard.down("Enter");
    await page.waitForFunction(() => document.querySelector<HTMLButtonElement>(".decide .primary")?.textContent?.startsWith("Approve") === true && !document.querySelector(".decide .primary")?.hasAttribute("aria-disabled"));
    for (let again = 0; again < 5; again += 1) await page.keyboard.down("Enter");
    expect(await approve.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(decisions()).toBe(0);
    await page.keyboard.up("Enter");
    await page.keyboard.press("Enter");
    await page.getByRole("status").getByText("You approved this").waitFor();
    expect(decisions()).toBe(1);
  }, `/popup.html#token=one&wid=${WID}&request=r1`, heldPopup);
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
    host.send({ f: "notify", title: "Ben asks to run write_file", body: "filesystem", card: { wid: WID, request: "r1" } });
    await notices.getByText("Ben asks to run write_file").waitFor();
    const decided = (...requests: string[]) => cards.map((card) => (requests.includes(card.request) ? { ...card, state: "used" } : card));
    host.send({ f: "topic", n: 1, topic: `cards/${WID}`, value: decided("r1") });
    await notices.getByText("Cleo asks to run run_query").waitFor();
    await expect.poll(() => notices.getByText("Ben asks").count()).toBe(0);
    host.send({ f: "topic", n: 2, topic: `cards/${WID}`, value: decided("r1", "r2") });
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
    await expect.poll(() => page.getByRole("textbox", { name: "Command or mcpServers JSON" }).evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.press("Escape");
    await expect.poll(focused).toBe("Add server");
    await page.getByRole("button", { name: "Add rule" }).press("Enter");
    await expect.poll(() => page.getByRole("dialog").getByRole("combobox", { name: "Server" }).evaluate((field) => field === document.activeElement)).toBe(true);
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
    expect(hostOf("full").calls.findLast((call) => call.method === "server.accept")?.params).toEqual({ wid: WID, server: "s2", values: {}, launch: servers[1]?.review?.after });
    expect(await wrongIn(view)).toEqual([]);
  });
});

test("a slow start is told as going on, not as a failure", async () => {
  await opened("full", async (view) => {
    const { page } = view;
    await button(page, "Tools").click();
    const all = values("full", "tools", WID) as ToolsView;
    const slow = { code: "tool-starting-slow", message: "The server is still starting." };
    await button(page, "Accept and start").waitFor();
    hostOf("full").send({ f: "topic", n: 1, topic: `tools/${WID}`, value: { ...all, servers: all.servers.map((server) => ({ ...server, state: "starting", review: null, error: slow, tools: [] })) } });
    await page.getByRole("main").getByRole("status").getByText("The server is still starting.").first().waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
    expect(await wrongIn(view)).toEqual([]);
  });
});

test("a tab that was opened by the bare address says that it has no key, not that nothing runs", async () => {
  const before = async (page: Page) => void (await page.addInitScript(() => sessionStorage.clear()));
  await opened("fresh", async ({ page }) => {
    await page.getByRole("heading", { name: "This tab has no key" }).waitFor();
    expect(await page.getByRole("alert").textContent()).toContain("opened without one");
  }, "/", before);
});

test("a tab that is not let in any more is told apart from a Bulkhead that does not answer", async () => {
  const refusing = (path: string) => async (page: Page) => {
    await page.routeWebSocket(/port/, (socket) => void socket.close());
    if (path !== "") await page.route("**/*", (route) => (route.request().method() === "HEAD" ? route.abort() : route.continue()));
  };
  for (const [path, heading] of [["", "This tab is not let in any more"], ["/", "Bulkhead does not answer"]] as const)
    await opened("fresh", async ({ page }) => {
      await expect.poll(() => page.getByRole("heading", { level: 1 }).textContent()).toBe(heading);
    }, "/#token=one", refusing(path));
});

test("[T31] with a clock that is hours off, time limits and the times of acts are told by the server's, the status line says which clock, and a card that is over cannot be decided", async () => {
  await opened("full", async ({ page }) => {
    const status = values("full", "status", WID) as StatusView;
    const card = (values("full", "cards", WID) as CardSummary[])[0] as CardSummary;
    const hours = (n: number) => n * 3_600_000;
    const ahead = -hours(9);
    const shown = { ...card, state: "pending" as const, mine: false, canVote: { allowed: true, rule: "" }, requestedAt: Date.now() + ahead - 60_000 * 3, expiresAt: Date.now() + ahead + hours(7.9) };
    await button(page, /Waiting/).click();
    hostOf("full").send({ f: "topic", n: 1, topic: `status/${WID}`, value: { ...status, serverAhead: ahead } });
    hostOf("full").send({ f: "topic", n: 1, topic: `cards/${WID}`, value: [shown] });
    await page.getByText("8 h", { exact: true }).first().waitFor();
    await page.getByText("3 min ago").first().waitFor();
    await page.getByRole("status", { name: "Status" }).getByText(/this computer's clock is 9 h ahead of the sync server's/).waitFor();
    const review = button(page, "Review and decide");
    await review.waitFor();
    // By the clock of this computer it is over too, but that is not the one that counts.
    hostOf("full").send({ f: "topic", n: 1, topic: `cards/${WID}`, value: [{ ...shown, expiresAt: Date.now() + ahead - 1_000 }] });
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
    hostOf("full").send({ f: "topic", n: 1, topic: `status/${WID}`, value: { ...status, link: "offline", canPair: { allowed: false, rule } } });
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
    const says = (value: Partial<StatusView>) => hostOf("full").send({ f: "topic", n: 1, topic: `status/${WID}`, value: { ...status, ...value } });
    const line = page.getByRole("status", { name: "Status" });
    await line.getByText("In sync").waitFor();
    says({ link: "withheld", lie: "withheld", reason: { code: "withheld", message: "The server says that there is more and does not send it." } });
    await line.getByText("The server does not do what it said: approved calls wait, the rest works").waitFor();
    await button(page, "What happened?").click();
    const dialog = page.getByRole("dialog", { name: "The server does not do what it said" });
    await dialog.getByText("The server says that there is more and does not send it.").first().waitFor();
    const read = (await dialog.textContent()) ?? "";
    for (const words of ["Running what was approved, until the server does what it said", "Your threads, their search and your drafts", "It goes on by itself as soon as the server does what it said."]) expect(read).toContain(words);
    for (const words of ["cannot be trusted", "Asking for approval, deciding", "If the server does it again"]) expect(read).not.toContain(words);
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
    const note = "The provider asked to wait 20 seconds.";
    await button(page, "Stop run").waitFor();
    hostOf("full").send({ f: "topic", n: 1, topic: "thread/t1", value: { ...thread, run: thread.run === null ? null : { ...thread.run, note } } });
    await page.getByRole("status").getByText(note).waitFor();
    await expect.poll(() => page.getByRole("complementary", { name: "Context panel" }).textContent()).toContain(note);
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
    await expect.poll(() => page.getByLabel("Number of uses").evaluate((field) => field === document.activeElement)).toBe(true);
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
    for (const option of ["Compare with a teammate", "Export the audit", "This is another computer of mine"]) await page.getByRole("option", { name: option }).waitFor();
  });
});

test("[T7] a right that one does not hold cannot be put into a role, and the rule stands beside it", async () => {
  await opened("full", async ({ page }) => {
    await button(page, "Team").click();
    await page.getByRole("tab", { name: "Roles" }).click();
    await button(page, "New role").click();
    const dialog = page.getByRole("dialog", { name: "New role" });
    const box = dialog.getByRole("checkbox", { name: "Configure the workspace" });
    expect([await box.isDisabled(), await dialog.getByRole("checkbox", { name: "Use tools" }).isDisabled()]).toEqual([true, false]);
    await dialog.getByText("The role Owner may not configure the workspace.").waitFor();
    await dialog.getByRole("button", { name: "Define role" }).click();
    await dialog.getByText("Give the role a name.").waitFor();
    await dialog.getByRole("textbox", { name: "Name of the role" }).fill("  Night shift ");
    await dialog.getByRole("checkbox", { name: "Use tools" }).click();
    await dialog.getByRole("button", { name: "Define role" }).click();
    await dialog.waitFor({ state: "hidden" });
    expect(hostOf("full").calls.filter(({ method }) => method === "role.define").map(({ params }) => params)).toEqual([{ wid: WID, role: null, name: "Night shift", caps: ["tools.use"] }]);
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
    await page.getByLabel("File", { exact: true }).setInputFiles({ name: "audit.jsonl", mimeType: "text/plain", buffer: Buffer.from("é\n".repeat(70_000)) });
    await page.getByText("its history is the one that this computer verified").waitFor();
    const pieces = sent().slice(before).flatMap(({ method, params }) => (method === "audit.checkAdd" ? [(params as { text: string }).text] : []));
    expect([pieces.join(""), pieces.length]).toEqual(["é\n".repeat(70_000), 2]);
  });
});
