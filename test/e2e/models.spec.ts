/** Where the text of a thread goes, as the composer says it and as the endpoints hear it; and what it says of failures. */
import { canary } from "../helpers/canary.ts";
import { startModelServer } from "../helpers/model-server.ts";
import { talk } from "../helpers/talk.ts";
import type { Person } from "../helpers/world.ts";
import { expect, test } from "./fixtures.ts";
import { complaintsOf, look } from "./look.ts";
import { openPage, section, sidebar, statusLine } from "./pages.ts";

const addModel = async (
  { rpc }: Person,
  name: string,
  url: string,
  kind: "ollama" | "openai-compatible" = "openai-compatible",
): Promise<string> =>
  (await rpc.call("model.add", { kind, name, model: "scripted", baseUrl: `${url}/v1`, key: null })).id;

test("[T40] a thread whose model is removed sends nothing until its person chooses another one, and then it does", async ({
  team: { ben, wid },
  browser,
}) => {
  const [near, far] = [
    await startModelServer(() => [{ text: "Near answer." }]),
    await startModelServer(() => [{ text: "Far answer." }]),
  ];
  const [history, later] = [canary("history"), canary("later")];
  const nearId = await addModel(ben, "Near", near.url, "ollama");
  await addModel(ben, "Far", far.url);
  await ben.rpc.when("models", null, (view) =>
    view.models.some((each) => each.id === nearId && each.place.kind === "here"),
  );
  const thread = await ben.rpc.call("thread.create", { wid });
  await talk(ben.rpc, wid, thread.id, `Remember ${history}`);
  await ben.rpc.call("thread.rename", { thread: thread.id, title: "Plans" });

  const page = await openPage(browser, ben.app);
  await sidebar(page)
    .getByRole("button", { name: /^Plans/ })
    .click();
  await expect(page.getByRole("button", { name: "Runs on this computer, says Ollama" })).toBeVisible();
  await expect(statusLine(page)).toContainText("Near");
  await section(page, "Settings").click();
  await page.getByRole("button", { name: "Actions for Near" }).click();
  await page.getByRole("menuitem", { name: "Remove model" }).click();
  await expect(page.getByRole("alertdialog")).toContainText("have no model until you choose one");
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove model" }).click();
  await expect(page.getByRole("main").getByText("Near", { exact: true })).toBeHidden();
  await page.getByRole("button", { name: "Actions for Far" }).click();
  await page.getByRole("menuitem", { name: "Make default" }).click();

  await sidebar(page)
    .getByRole("button", { name: /^Plans/ })
    .click();
  const pick = page.getByRole("button", { name: "Model of this thread: Choose a model" });
  await expect(pick).toBeVisible();
  await expect(page.getByText("The model of this thread was removed.")).toBeVisible();
  const box = page.getByLabel("Message", { exact: true });
  await box.fill(`And ${later}`);
  await box.press("Enter");
  await expect(
    page.getByText("No model answers in this thread, so nothing was sent. Your text is kept."),
  ).toBeVisible();
  await expect(ben.rpc.call("thread.send", { thread: thread.id, text: "And more" })).rejects.toThrow(
    /nothing was sent/,
  );
  expect(far.requests).toEqual([]);

  await pick.click();
  await page.getByRole("menuitem", { name: /^Far/ }).click();
  await expect(page.getByRole("button", { name: "If you send: goes to a program on this computer" })).toBeVisible();
  expect(far.requests).toEqual([]);
  await box.press("Enter");
  await expect(page.getByRole("log", { name: "Messages" })).toContainText("Far answer.");
  expect(far.requests.map((request) => [history, later].map((word) => request.body.includes(word)))).toEqual([
    [true, true],
  ]);
  await Promise.all([near.close(), far.close()]);
});

test("[T40] a model that begins to run somewhere else is told of before it hears anything", async ({
  team: { ben, wid },
  browser,
}) => {
  const listed: { remote_host?: string } = {};
  const model = await startModelServer(() => [{ text: "An answer." }], {
    tags: () => ({ models: [{ name: "scripted", ...listed }] }),
  });
  const word = canary("moved");
  const id = await addModel(ben, "Local", model.url, "ollama");
  await ben.rpc.when("models", null, (view) =>
    view.models.some((each) => each.id === id && each.place.kind === "here"),
  );
  const thread = await ben.rpc.call("thread.create", { wid });
  await ben.rpc.call("thread.rename", { thread: thread.id, title: "Plans" });
  const page = await openPage(browser, ben.app);
  await sidebar(page)
    .getByRole("button", { name: /^Plans/ })
    .click();
  await expect(page.getByRole("button", { name: "Runs on this computer, says Ollama" })).toBeVisible();
  listed.remote_host = "https://ollama.com:443";
  const box = page.getByLabel("Message", { exact: true });
  await box.fill(`Remember ${word}`);
  await box.press("Enter");
  const messages = page.getByRole("log", { name: "Messages" });
  await expect(messages).toContainText("Nothing was sent: the text of this thread would now go to ollama.com");
  await expect(
    page.getByRole("button", { name: "Leaves this computer if you send: goes to ollama.com" }),
  ).toBeVisible();
  expect(model.requests).toEqual([]);
  await messages.getByRole("button", { name: "Try again" }).click();
  await expect(messages).toContainText("An answer.");
  expect(model.requests.map((request) => request.body.includes(word))).toEqual([true]);
  await model.close();
});

test("a failure is told in the provider's own words, and a cut answer as cut", async ({
  team: { ben, wid },
  browser,
}) => {
  const replies = [
    { status: 403, body: JSON.stringify({ error: { message: "Country, region, or territory not supported" } }) },
    [{ text: "First, second, wh" }, { finish: "length" }],
  ] as const;
  const model = await startModelServer((index) => replies[index] ?? [{ text: "…ole." }]);
  await addModel(ben, "Scripted", model.url);
  const thread = await ben.rpc.call("thread.create", { wid });
  await ben.rpc.call("thread.rename", { thread: thread.id, title: "Count" });
  const page = await openPage(browser, ben.app);
  await sidebar(page)
    .getByRole("button", { name: /^Count/ })
    .click();
  const box = page.getByLabel("Message", { exact: true });
  const messages = page.getByRole("log", { name: "Messages" });
  await box.fill("Count");
  await box.press("Enter");
  await expect(messages).toContainText(
    "refuses this request (error 403). It said: “Country, region, or territory not supported”",
  );
  await messages.getByRole("button", { name: "Try again" }).click();
  await expect(messages).toContainText("First, second, wh");
  await expect(messages).toContainText(
    "This answer was cut at the output limit of Scripted. Write “go on” to have the rest.",
  );
  await box.fill("go on");
  await box.press("Enter");
  await expect(messages).toContainText("…ole.");
  expect(model.requests.at(-1)?.body).toContain("First, second, wh");
  await model.close();
});

for (const [theme, width] of [
  ["light", 1_280],
  ["dark", 1_280],
  ["light", 400],
] as const) {
  test(`where text goes in ${theme} at ${width} has no violation and no complaint`, async ({
    team: { ben, wid },
    browser,
  }) => {
    const model = await startModelServer(() => [{ text: "An answer." }], {
      tags: () => ({ models: [{ name: "scripted" }, { name: "gpt-oss:120b-cloud" }] }),
    });
    await addModel(ben, "Local Llama", model.url, "ollama");
    const gateway = await addModel(ben, "Gateway", model.url);
    await ben.rpc.call("model.add", {
      kind: "ollama",
      name: "gpt-oss:120b-cloud",
      model: "gpt-oss:120b-cloud",
      baseUrl: model.url,
      key: null,
    });
    await ben.rpc.call("model.add", {
      kind: "openai-compatible",
      name: "Team endpoint",
      model: "large-2",
      baseUrl: "https://llm.example.com/v1",
      key: null,
    });
    const thread = await ben.rpc.call("thread.create", { wid });
    await ben.rpc.call("thread.rename", { thread: thread.id, title: "Plans" });
    const page = await openPage(browser, ben.app, { colorScheme: theme });
    const complaints = complaintsOf(page);
    await ben.rpc.call("thread.setModel", { thread: thread.id, model: gateway });
    await sidebar(page)
      .getByRole("button", { name: /^Plans/ })
      .click();
    await page.setViewportSize({ width, height: 800 });
    await page.getByRole("button", { name: "If you send: goes to a program on this computer" }).click();
    await look(page, `goes-${width}`, theme);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /^Model of this thread/ }).click();
    await expect(page.getByRole("menuitem", { name: /^Local Llama.*runs here/ })).toBeVisible();
    await page.screenshot({ path: `test-results/pictures/model-pick-${width}-${theme}.png` });
    await page.keyboard.press("Escape");
    await ben.rpc.call("model.remove", { model: gateway });
    await expect(page.getByText("No model is chosen for this thread.")).toBeVisible();
    await look(page, `model-gone-${width}`, theme);
    if (width > 600) {
      await section(page, "Settings").click();
      await expect(page.getByText("goes to ollama.com").first()).toBeVisible();
      await look(page, `models-${width}`, theme);
    }
    expect(complaints).toEqual([]);
    await model.close();
  });
}
