/** What somebody types is never lost and never swallowed: drafts, forms, messages during a run, limits, files, dialogs. */
import type { Browser, Page } from "@playwright/test";
import { callBecomes, cardFor, decide } from "../../scripts/apps/team.ts";
import { startModelServer, type ModelServer } from "../helpers/model-server.ts";
import { known, type Person } from "../helpers/world.ts";
import { expect, test } from "./fixtures.ts";
import { look } from "./look.ts";
import { callCard, callTool, newThread, openPage, section, sidebar } from "./pages.ts";

const message = (page: Page) => page.getByLabel("Message", { exact: true });
const form = (page: Page) => page.getByRole("form", { name: /write_file/ });
const threads = (page: Page) => sidebar(page).getByRole("listitem").getByRole("button");
const log = (page: Page) => page.getByRole("log", { name: "Messages" });

/** Ben with a thread of his own on the screen, and a model that answers as scripted. */
const opened = async (
  browser: Browser,
  ben: Person,
  model: ModelServer | null = null,
  colorScheme: "light" | "dark" = "light",
): Promise<Page> => {
  if (model !== null)
    await ben.rpc.call("model.add", {
      kind: "openai-compatible",
      name: "Local",
      model: "scripted",
      baseUrl: `${model.url}/v1`,
      key: null,
    });
  const page = await openPage(browser, ben.app, { colorScheme });
  await newThread(page);
  return page;
};
const fillForm = async (page: Page, content: string) => {
  await message(page).fill("/write_file");
  await page.keyboard.press("Enter");
  await form(page).getByRole("textbox", { name: "content" }).fill(content);
};
/** Far more than a browser's own editing takes quickly: set as a whole, and told to the page as typing is. */
const give = (page: Page, line: string, times: number) =>
  message(page).evaluate(
    (box, [one, count]) => {
      Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")?.set?.call(box, one.repeat(count));
      box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    },
    [line, times] as const,
  );
/** The window's own word that the host has it: nothing is under way any more. */
const draftOf = async (ben: Person, wid: string) => {
  const [thread] = await ben.rpc.when("threads", wid, (all) => all.length > 0);
  return ben.rpc.call("thread.draft", { thread: thread?.id ?? "" });
};

test.describe("drafts", () => {
  for (const way of [
    "Escape",
    "Cancel",
    "Choose another tool",
    "another thread",
    "a reload",
    "a restart of the app",
  ] as const)
    test(`[T39] what was typed into a tool's form survives ${way}`, async ({ team: { ben, wid }, browser }) => {
      let page = await opened(browser, ben);
      await message(page).fill("/write_file");
      await page.keyboard.press("Enter");
      // Chosen by keyboard, the form has the focus: what is typed goes into its first field.
      await page.keyboard.type("/srv/notes.txt");
      await expect(form(page).getByRole("textbox", { name: "path" })).toHaveValue("/srv/notes.txt");
      await form(page).getByRole("textbox", { name: "content" }).fill("half a thought");
      if (way === "Escape") await page.keyboard.press("Escape");
      if (way === "Cancel" || way === "Choose another tool")
        await form(page).getByRole("button", { name: way }).click();
      if (way === "another thread") {
        await sidebar(page).getByRole("button", { name: "New thread" }).first().click();
        await message(page).fill("elsewhere");
        await threads(page).last().click();
      }
      if (way === "a reload") await page.reload();
      if (way === "a restart of the app") {
        await expect.poll(async () => JSON.stringify(await draftOf(ben, wid))).toContain("half a thought");
        await page.context().close();
        await ben.app.crash();
        await ben.app.start();
        await ben.window();
        page = await openPage(browser, ben.app);
        await threads(page).click();
      }
      if (way === "Escape" || way === "Cancel" || way === "Choose another tool") {
        await expect(form(page)).toBeHidden();
        await page.getByRole("button", { name: "Go on with the call of filesystem.write_file" }).click();
      }
      await expect(form(page).getByRole("textbox", { name: "path" })).toHaveValue("/srv/notes.txt");
      await expect(form(page).getByRole("textbox", { name: "content" })).toHaveValue("half a thought");
    });

  test("[T39] a form in which nothing was typed leaves nothing behind, and two unfinished calls stand side by side", async ({
    team: { ben },
    browser,
  }) => {
    const page = await opened(browser, ben);
    await message(page).fill("/write_file");
    await page.keyboard.press("Enter");
    await expect(form(page)).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("list", { name: "Unfinished calls" })).toBeHidden();
    await fillForm(page, "kept");
    await page.keyboard.press("Escape");
    await message(page).fill("/read_text_file");
    await page.keyboard.press("Enter");
    await page.keyboard.type("a.txt");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("list", { name: "Unfinished calls" }).getByRole("listitem")).toHaveText([
      /write_file/,
      /read_text_file/,
    ]);
    await page.getByRole("button", { name: "Discard the unfinished call of filesystem.read_text_file" }).click();
    await expect(page.getByRole("list", { name: "Unfinished calls" }).getByRole("listitem")).toHaveText([/write_file/]);
  });

  test("[T39] a reload right after the last key brings the newest text, and fields changed to JSON and back keep theirs", async ({
    team: { ben },
    browser,
  }) => {
    const page = await opened(browser, ben);
    await message(page).pressSequentially("the newest word");
    await page.reload();
    await expect(message(page)).toHaveValue("the newest word");
    await fillForm(page, "kept");
    await form(page).getByRole("button", { name: "Edit as JSON" }).click();
    await expect(form(page).getByRole("textbox", { name: "Arguments as JSON" })).toHaveValue(/kept/);
    await form(page).getByRole("textbox", { name: "Arguments as JSON" }).fill('{"path":"a","content":"as JSON"}');
    await page.reload();
    await form(page).getByRole("button", { name: "Edit as fields" }).click();
    await expect(form(page).getByRole("textbox", { name: "content" })).toHaveValue("as JSON");
  });

  test("[T39] of two windows the one typed in last wins, and the other text is offered", async ({
    team: { ben, wid },
    browser,
  }) => {
    const first = await opened(browser, ben);
    const second = await first.context().newPage();
    await second.goto(await ben.app.address());
    await threads(second).click();
    await expect(message(second)).toHaveValue("");
    await message(first).fill("from the first window");
    await expect.poll(async () => (await draftOf(ben, wid)).draft.text).toBe("from the first window");
    // The second window has not heard of it: it was never left and came back to.
    await message(second).evaluate((box) =>
      box.ownerDocument.defaultView?.addEventListener("focus", (event) => event.stopImmediatePropagation(), true),
    );
    await message(second).fill("from the second window");
    await expect.poll(async () => (await draftOf(ben, wid)).draft.text).toBe("from the second window");
    await expect(second.getByText("Another window wrote this here:")).toBeVisible();
    await expect(second.getByText("from the first window")).toBeVisible();
    await second.getByRole("button", { name: "Use this text" }).click();
    await expect(message(second)).toHaveValue("from the first window");
    await expect(second.getByText("from the second window")).toBeVisible();
    await second.getByRole("button", { name: "Put away" }).click();
    await expect(second.getByText("from the second window")).toBeHidden();
  });
});

test.describe("Enter", () => {
  test("[T39] without a model it says so, leads on, and keeps the text", async ({ team: { ben }, browser }) => {
    const page = await opened(browser, ben);
    await message(page).fill("Hello, what can you do?");
    await page.keyboard.press("Enter");
    const alert = page.getByRole("alert").filter({ hasText: "No model answers in this thread" });
    await expect(alert).toContainText("Your text is kept");
    await expect(message(page)).toHaveValue("Hello, what can you do?");
    await page.getByRole("main").getByRole("button", { name: "Connect a model" }).click();
    await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  });

  test("[T39] while a call waits for approval messages wait in sight, one is taken back, a restart keeps the other, and the model reads it after the call", async ({
    team: { ada, ben, wid },
    world,
    browser,
  }) => {
    const bodies: string[] = [];
    const model = await startModelServer((index, body) => {
      bodies.push(JSON.stringify(body));
      return index === 0
        ? [{ call: { name: "filesystem__write_file", args: { path: `${world.folder}/a.txt`, content: "a" } } }]
        : [{ text: "I have read it." }];
    });
    let page = await opened(browser, ben, model);
    await message(page).fill("Write it");
    await page.keyboard.press("Enter");
    await expect(callCard(page, "write_file", "Waiting for approval")).toBeVisible();
    await message(page).fill("and then rest");
    await page.keyboard.press("Enter");
    await expect(message(page)).toHaveValue("");
    await message(page).fill("no, forget this");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    const unread = (on: Page) => on.getByRole("list", { name: "Messages that the agent has not read yet" });
    await expect(unread(page).getByRole("listitem")).toHaveText([/and then rest/, /no, forget this/]);
    await expect(page.getByText("The agent reads this at its next step.")).toBeVisible();
    await unread(page).getByRole("listitem").last().getByRole("button", { name: "Take back" }).click();
    await expect(message(page)).toHaveValue("no, forget this");
    await expect(unread(page).getByRole("listitem")).toHaveText([/and then rest/]);

    await page.context().close();
    await ben.app.crash();
    await ben.app.start();
    await ben.window();
    page = await openPage(browser, ben.app);
    await threads(page).click();
    await expect(unread(page).getByRole("listitem")).toHaveText([/and then rest/]);
    const card = await cardFor(ada.rpc, wid);
    await decide(ada.rpc, wid, card.request, "reject", "Not today");
    await expect(log(page)).toContainText("I have read it.");
    await expect(unread(page)).toBeHidden();
    await expect(log(page).getByRole("article", { name: "You" })).toHaveText([/Write it/, /and then rest/]);
    const last = bodies.at(-1) ?? "";
    expect(last.indexOf("Not today")).toBeLessThan(last.indexOf("and then rest"));
    expect(bodies.join("")).not.toContain("forget this");
    await model.close();
  });

  test("[T39] stopping the run loses no message: it stays in sight and is sent on", async ({
    team: { ben },
    world,
    browser,
  }) => {
    const model = await startModelServer((index) =>
      index === 0
        ? [{ call: { name: "filesystem__write_file", args: { path: `${world.folder}/a.txt`, content: "a" } } }]
        : [{ text: "Now then." }],
    );
    const page = await opened(browser, ben, model);
    await message(page).fill("Write it");
    await page.keyboard.press("Enter");
    await expect(callCard(page, "write_file", "Waiting for approval")).toBeVisible();
    await message(page).fill("do it otherwise");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Stop run" }).click();
    await expect(page.getByText("The run ended before the agent read this.")).toBeVisible();
    await page.getByRole("button", { name: "Send now" }).click();
    await expect(log(page)).toContainText("Now then.");
    await expect(log(page)).toContainText("do it otherwise");
    await model.close();
  });

  test("[T39] a text that begins with / is a message unless a tool is clearly meant, and the list says what Enter does", async ({
    team: { ben },
    browser,
  }) => {
    const model = await startModelServer(() => [{ text: "Noted." }]);
    const page = await opened(browser, ben, model);
    await message(page).fill("/write");
    await expect(page.getByText("Enter opens filesystem.write_file")).toBeVisible();
    for (const text of ["/etc/hosts has a wrong entry", "/write file"]) {
      await message(page).fill(text);
      await expect(page.getByText(/Enter sends this as a message/)).toBeVisible();
      await page.keyboard.press("Enter");
      await expect(log(page)).toContainText(text);
      await expect(message(page)).toHaveValue("");
    }
    // Moved to, a tool is what Enter takes.
    await message(page).fill("/write file");
    await page.keyboard.press("ArrowDown");
    await expect(page.getByText("Enter opens filesystem.write_file")).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(form(page)).toBeVisible();
    await model.close();
  });

  test("[T39] what cannot be sent stays where it is, and it is said why", async ({
    team: { ada, ben, wid },
    browser,
  }) => {
    const model = await startModelServer(() => [{ text: "Here I am." }]);
    const page = await opened(browser, ben, model);
    const alert = page.getByRole("alert").filter({ hasText: "Not sent, your text is kept." });
    await message(page).fill("Are you there?");
    const bens = (await ada.rpc.when("team", wid, () => true)).members.find((member) => member.name === "Ben");
    await ada.rpc.call("member.setRole", { wid, member: bens?.id ?? "", role: "guest" });
    await known([ben], wid, "Ben", "guest");
    await page.keyboard.press("Enter");
    await expect(alert).toContainText("What is here stays readable");
    await expect(message(page)).toHaveValue("Are you there?");
    // Neither when nobody is there to take it.
    await ben.app.crash();
    await page.keyboard.press("Enter");
    await expect(alert).toContainText("The agent host is not connected to this window");
    await expect(message(page)).toHaveValue("Are you there?");
    await model.close();
  });
});

test.describe("sizes", () => {
  test("[T39] the limit is said while typing, and one megabyte tears down nothing and is kept", async ({
    team: { ben, wid },
    browser,
  }) => {
    const model = await startModelServer(() => [{ text: "Read." }]);
    const page = await opened(browser, ben, model);
    await message(page).fill("x".repeat(190_000));
    await expect(page.getByText("190,000 of 200,000 characters")).toBeVisible();
    await message(page).fill("x".repeat(212_000));
    await expect(page.getByRole("alert")).toContainText("212,000 of 200,000 characters. Shorten it by 12,000");
    await page.keyboard.press("Enter");
    await expect(message(page)).toHaveValue(/x{1000}/);
    // Each letter is two bytes on the wire.
    await give(page, `${"ж".repeat(98)}\n`, 10_000);
    await expect.poll(async () => (await draftOf(ben, wid)).draft.text.length).toBe(990_000);
    await expect(page.getByText(/Starting the agent host|No answer from Bulkhead/)).toBeHidden();
    await give(page, `${"y".repeat(99)}\n`, 11_000);
    await expect(page.getByText(/longer than 1,000,000 characters, so it is only on this screen/)).toBeVisible();
    await expect(page.getByText(/not connected|not valid/)).toBeHidden();
    await message(page).fill("short again");
    await page.keyboard.press("Enter");
    await expect(log(page)).toContainText("Read.");
    await model.close();
  });

  test("[T39] arguments that are too long say so before the call, in the form and in the edit of a call", async ({
    team: { ben },
    world,
    browser,
  }) => {
    const page = await opened(browser, ben);
    await fillForm(page, "z".repeat(70_000));
    await form(page).getByRole("textbox", { name: "path" }).fill(`${world.folder}/big.txt`);
    await expect(form(page).getByRole("alert")).toContainText(/70,\d\d\d of 65,536 characters/);
    await expect(form(page).getByRole("button", { name: "Call tool" })).toBeDisabled();
    await form(page).getByRole("textbox", { name: "content" }).fill("small");
    await form(page).getByRole("button", { name: "Call tool" }).click();
    await callCard(page, "write_file", "Waiting for approval").getByRole("button", { name: "Edit" }).click();
    const dialog = page.getByRole("dialog", { name: "Edit the arguments" });
    await dialog.getByRole("textbox", { name: "content" }).fill("z".repeat(70_000));
    await expect(dialog.getByRole("alert")).toContainText(/70,\d\d\d of 65,536 characters/);
  });
});

test("[T39] a pasted picture and a dropped file are refused in words, and the window stays", async ({
  team: { ben },
  browser,
}) => {
  const page = await opened(browser, ben);
  await message(page).fill("before");
  const give = (kind: "paste" | "drop") =>
    page.evaluate((what) => {
      const data = new DataTransfer();
      data.items.add(new File(["x"], "shot.png", { type: "image/png" }));
      const target = what === "paste" ? document.activeElement : document.querySelector("main");
      const event =
        what === "paste"
          ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
          : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
      return target?.dispatchEvent(event) === false;
    }, kind);
  expect(await give("paste")).toBe(true);
  await expect(page.getByRole("alert").filter({ hasText: "A picture or file cannot be sent yet" })).toBeVisible();
  expect(await give("drop")).toBe(true);
  await expect(page.getByRole("alert").filter({ hasText: "Files cannot be sent yet" })).toBeVisible();
  await expect(message(page)).toHaveValue("before");
});

test.describe("afterwards", () => {
  test("[T39] the arguments of a rejected call are taken up again, changed or not", async ({
    team: { ada, ben, wid },
    world,
    browser,
  }) => {
    const page = await opened(browser, ben);
    await callTool(page, "write_file", { path: `${world.folder}/a.txt`, content: "carefully written" });
    const card = await cardFor(ada.rpc, wid);
    await decide(ada.rpc, wid, card.request, "reject", "Not there");
    await callCard(page, "write_file", "Rejected").getByRole("button", { name: "Use again" }).click();
    await expect(form(page).getByRole("textbox", { name: "content" })).toHaveValue("carefully written");
    await form(page).getByRole("textbox", { name: "path" }).fill(`${world.folder}/b.txt`);
    await form(page).getByRole("button", { name: "Call tool" }).click();
    const again = await cardFor(ada.rpc, wid, (each) => each.request !== card.request && each.state === "pending");
    expect((await ada.rpc.call("card.get", { wid, request: again.request })).args).toContain("carefully written");
  });

  test("[T39] an edit outlives the rejection of its call, and opens as a new one", async ({
    team: { ada, ben, wid },
    world,
    browser,
  }) => {
    const page = await opened(browser, ben);
    await callTool(page, "write_file", { path: `${world.folder}/a.txt`, content: "one" });
    const [thread] = await ben.rpc.when("threads", wid, (all) => all.length > 0);
    await callCard(page, "write_file", "Waiting for approval").getByRole("button", { name: "Edit" }).click();
    const dialog = page.getByRole("dialog", { name: "Edit the arguments" });
    await dialog.getByRole("textbox", { name: "content" }).fill("a long change");
    const card = await cardFor(ada.rpc, wid);
    await decide(ada.rpc, wid, card.request, "reject", "No");
    await callBecomes(ben.rpc, thread?.id ?? "", ["rejected"]);
    await expect(dialog).toContainText("What you typed is still here.");
    await dialog.getByRole("button", { name: "Open as a new call" }).click();
    await expect(form(page).getByRole("textbox", { name: "content" })).toHaveValue("a long change");
  });
});

test("[T39] a dialog asks before Esc, a press beside it or its cross throws typed text away, and says nothing where nothing was typed", async ({
  team: { ada },
  browser,
}) => {
  const page = await openPage(browser, ada.app);
  await section(page, "Tools").click();
  await page.getByRole("button", { name: "Add server" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Add a tool server" });
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: "Add server" }).first().click();
  const box = dialog.getByRole("textbox", { name: "Command or mcpServers JSON" });
  await box.fill("a long pasted command");
  const question = page.getByRole("alertdialog", { name: "Discard what you typed?" });
  for (const leave of [
    () => page.keyboard.press("Escape"),
    () => page.mouse.click(5, 5),
    () => dialog.getByRole("button", { name: "Close" }).click(),
  ]) {
    await leave();
    await expect(question).toBeVisible();
    await question.getByRole("button", { name: "Keep writing" }).click();
    await expect(question).toBeHidden();
    await expect(box).toHaveValue("a long pasted command");
  }
  await page.keyboard.press("Escape");
  for (const leave of ["press", "Esc"] as const) {
    await expect(question).toBeVisible();
    await inTheInstantAfter(page, leave);
    await question.getByRole("button", { name: "Keep writing" }).click();
  }
  await question.getByRole("button", { name: "Discard" }).click();
  await expect(dialog).toBeHidden();
});

/** Presses beside the dialog, or Esc, in the very moment in which the question has gone. */
const inTheInstantAfter = (page: Page, leave: "press" | "Esc"): Promise<void> =>
  page.evaluate((how) => {
    const press = (): void => {
      const wiring = { bubbles: true, cancelable: true, button: 0, clientX: 5, clientY: 5 };
      const scrim = document.elementFromPoint(5, 5);
      scrim?.dispatchEvent(new PointerEvent("pointerdown", wiring));
      scrim?.dispatchEvent(new PointerEvent("pointerup", wiring));
      scrim?.dispatchEvent(new MouseEvent("click", wiring));
    };
    const escape = (): void => {
      const wiring = { key: "Escape", bubbles: true, cancelable: true };
      (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", wiring));
    };
    new MutationObserver((_, watch) => {
      if (document.querySelector("[role=alertdialog]") !== null) return;
      watch.disconnect();
      if (how === "press") press();
      else escape();
    }).observe(document.body, { childList: true });
  }, leave);

for (const theme of ["light", "dark"] as const)
  test(`[T39] what waits around the composer, ${theme}: axe finds nothing, wide and narrow`, async ({
    team: { ben },
    world,
    browser,
  }) => {
    const model = await startModelServer(() => [
      { call: { name: "filesystem__write_file", args: { path: `${world.folder}/a.txt`, content: "a" } } },
    ]);
    const page = await opened(browser, ben, model, theme);
    await fillForm(page, "half a thought");
    await look(page, "typed-form", theme);
    await page.keyboard.press("Escape");
    await message(page).fill("Write it");
    await page.keyboard.press("Enter");
    await expect(callCard(page, "write_file", "Waiting for approval")).toBeVisible();
    await message(page).fill("and then rest");
    await page.keyboard.press("Enter");
    await message(page).fill("x".repeat(212_000));
    await look(page, "typed-composer", theme);
    await page.setViewportSize({ width: 800, height: 600 });
    await look(page, "typed-composer-narrow", theme);
    await message(page).fill("/etc/hosts has a wrong entry");
    await look(page, "typed-slash", theme);
    await message(page).fill("/write");
    await look(page, "typed-list", theme);
    await section(page, "Team").click();
    await model.close();
  });
