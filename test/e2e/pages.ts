/** What a person does in the windows, in words of the interface: roles and names, never selectors. */
import type { Browser, BrowserContext, Locator, Page } from "@playwright/test";
import type { App } from "../../scripts/apps/app.ts";
import { expect } from "./fixtures.ts";

/** Opens somebody's app in a browser of their own. Nothing may be fetched but from this computer. */
export const openPage = async (
  browser: Browser,
  app: App,
  options: Parameters<Browser["newContext"]>[0] = {},
  prepare?: (context: BrowserContext) => Promise<unknown>,
): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 800 }, ...options });
  await onlyThisComputer(context);
  await prepare?.(context);
  const page = await context.newPage();
  await page.goto(await app.address());
  return page;
};

const onlyThisComputer = (context: BrowserContext) =>
  context.route(
    (url) => url.hostname !== "127.0.0.1",
    (route) => {
      throw new Error(`The page asked for ${route.request().url()}.`);
    },
  );

export const nameAndCreate = async (
  page: Page,
  person: string,
  workspace: string,
  serverUrl: string | null,
): Promise<void> => {
  await page.getByRole("textbox", { name: "Your name" }).fill(person);
  await page.getByRole("button", { name: "Create a workspace" }).click();
  await page.getByRole("textbox", { name: "Workspace name" }).fill(workspace);
  await page.getByRole("radio", { name: "We approve for each other" }).click();
  if (serverUrl !== null) {
    await page.getByRole("radio", { name: "At an address" }).click();
    await page.getByRole("textbox", { name: "Server address" }).fill(serverUrl);
  } else {
    // A team's server is offered to its network. The apps of a test are all on this computer.
    await pick(page.getByRole("combobox", { name: "Who can reach it" }), /Only this computer/);
  }
  await page.getByRole("button", { name: "Create workspace" }).click();
  await expect(statusLine(page)).toContainText("In sync");
};

/** Adds a server by its command line; asks approvers for some tools, and lets others run at once. */
export const addServer = async (
  page: Page,
  command: string,
  name: string,
  asked: readonly string[],
  allowed: readonly string[] = [],
): Promise<void> => {
  await section(page, "Tools").click();
  await page.getByRole("button", { name: "Add server" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Add a tool server" });
  await dialog.getByRole("textbox", { name: "Command or mcpServers JSON" }).fill(command);
  await dialog.getByRole("button", { name: "Read" }).click();
  await dialog.getByRole("textbox", { name: "Server name" }).fill(name);
  await dialog.getByRole("button", { name: "Start and list tools" }).click();
  for (const tool of asked)
    await pick(dialog.getByRole("combobox", { name: `Policy for ${tool}`, exact: true }), /^Ask/);
  for (const tool of allowed)
    await pick(dialog.getByRole("combobox", { name: `Policy for ${tool}`, exact: true }), /^Allow/);
  await dialog.getByRole("button", { name: "Add server" }).click();
  await expect(dialog).toBeHidden();
};

/** Works for a `<select>` and for a combobox that opens a list. */
export const pick = async (box: Locator, option: RegExp): Promise<void> => {
  if ((await box.evaluate((element) => element.tagName)) === "SELECT") {
    // What was made a moment ago may still be on its way to this window.
    const labels = () => box.locator("option").allTextContents();
    await expect.poll(async () => (await labels()).some((text) => option.test(text))).toBe(true);
    await box.selectOption({ label: (await labels()).find((text) => option.test(text)) ?? "" });
  } else {
    await box.click();
    await box.page().getByRole("option", { name: option }).click();
  }
};

/** Does what is signed only after a click in the shell's own window, and clicks there once that shows all of `says`. */
export const confirmed = async (
  page: Page,
  press: () => Promise<unknown>,
  button: string,
  says: readonly (string | RegExp)[] = [],
): Promise<void> => {
  const [popup] = await Promise.all([page.waitForEvent("popup"), press()]);
  for (const text of says) await expect(popup.getByRole("main")).toContainText(text);
  await popup.getByRole("button", { name: button, exact: true }).click();
  await popup.waitForEvent("close");
};

/** Servers of tests are reached on this computer alone, and the apps of a test are all on it. */
export const forHere = async (dialog: Locator): Promise<void> => {
  await dialog.getByRole("checkbox", { name: "The link is for a second app on this computer" }).click();
};

/** Makes an invite link for a Member and answers it. */
export const inviteLink = async (page: Page, person: string): Promise<string> => {
  await section(page, "Team").click();
  await page.getByRole("tab", { name: "Invites" }).click();
  await page.getByRole("button", { name: "Create invite" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Invite somebody" });
  await forHere(dialog);
  await dialog.getByRole("textbox", { name: "Who is it for" }).fill(person);
  await dialog.getByRole("button", { name: "Create link" }).click();
  const ready = page.getByRole("dialog", { name: "The invite is ready" });
  const link = await ready.getByRole("textbox", { name: "Invite link" }).inputValue();
  await expect(ready.getByRole("img", { name: "QR code of the invite link" })).toBeVisible();
  await ready.getByRole("button", { name: "Done" }).click();
  return link;
};

/** Names the person, pastes the link and stops at the confirm screen. */
export const lookAtInvite = async (page: Page, person: string, link: string): Promise<void> => {
  await page.getByRole("textbox", { name: "Your name" }).fill(person);
  await page.getByRole("button", { name: "Join with a link" }).click();
  await page.getByRole("textbox", { name: "Invite link" }).fill(link);
  await page.getByRole("button", { name: "Look at the invite" }).click();
};

export const confirmJoin = async (page: Page): Promise<void> => {
  await page.getByRole("button", { name: "Join workspace" }).click();
  await expect(statusLine(page)).toContainText("In sync");
};

export const acceptTools = async (page: Page, server: string): Promise<void> => {
  await section(page, "Tools").click();
  const region = page.getByRole("region", { name: server });
  const accept = region.getByRole("button", { name: "Accept and start" });
  await accept.click();
  await expect(accept).toBeHidden();
};

/** Waits for the empty thread: what is typed before it is there belongs to the thread before. */
export const newThread = async (page: Page): Promise<void> => {
  await sidebar(page).getByRole("button", { name: "New thread" }).click();
  await expect(page.getByRole("article")).toHaveCount(0);
};

/** `/`, the tool's name, the form, Call. */
export const callTool = async (page: Page, tool: string, values: Record<string, string>): Promise<void> => {
  await page.getByLabel("Message", { exact: true }).fill(`/${tool}`);
  await page.getByRole("option", { name: tool }).first().click();
  for (const [field, value] of Object.entries(values)) await page.getByRole("textbox", { name: field }).fill(value);
  await page.getByRole("button", { name: "Call tool" }).click();
};

export const callCard = (page: Page, tool: string, state: RegExp | string): Locator =>
  page.getByRole("article", { name: new RegExp(`${tool}: ${typeof state === "string" ? state : state.source}`) });

/** Opens the card that waits for this person in its own window. */
export const openCard = async (page: Page, tool: string): Promise<Page> => {
  await section(page, "Waiting").click();
  await page.getByRole("region", { name: "For you to decide" }).getByRole("button", { name: tool }).first().click();
  const [popup] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("button", { name: "Review and decide" }).click(),
  ]);
  await expect(popup.getByRole("heading", { level: 1 })).toContainText(tool);
  return popup;
};

/** Reads the card to its end and approves it. */
export const approve = async (popup: Page): Promise<void> => {
  const [read, yes] = [
    popup.getByRole("button", { name: "Read to the end" }),
    popup.getByRole("button", { name: "Approve and run" }),
  ];
  await expect(read.or(yes)).toBeEnabled();
  if (await read.isVisible()) await read.click();
  await yes.click();
};

/** Everything that the notices of a page say from now on: each is gone after some seconds, which a busy machine may miss. */
export const noticesOf = async (page: Page): Promise<() => Promise<string>> => {
  await page.evaluate(() => {
    const said: string[] = [];
    Reflect.set(globalThis, "noticesSaid", said);
    const look = () => said.push(document.querySelector('[aria-label="Notices"]')?.textContent ?? "");
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  return () => page.evaluate(() => (Reflect.get(globalThis, "noticesSaid") as string[]).join("\n"));
};

export const sidebar = (page: Page): Locator => page.getByRole("navigation", { name: "Workspace" });
export const statusLine = (page: Page): Locator => page.getByRole("status", { name: "Status" });
export const section = (page: Page, name: "Waiting" | "Team" | "Tools" | "Audit" | "Settings"): Locator =>
  sidebar(page).getByRole("button", { name: new RegExp(`^${name}`) });
