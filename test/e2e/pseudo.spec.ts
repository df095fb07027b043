/** The app in a language that nobody speaks: what stays English was written past the texts, what is cut had room for English alone. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { readCells, splitLines } from "#core/audit/lines.ts";
import { OPEN, pseudoText as p } from "#text/pseudo.ts";
import { callBecomes, callInNewThread, cardFor, invite } from "../../scripts/apps/team.ts";
import { startModelServer } from "../helpers/model-server.ts";
import { talk, withModel } from "../helpers/talk.ts";
import { linkVia } from "../helpers/world.ts";
import { UNSEEN } from "./every-page.ts";
import { crawl, leave, lookAt, press, pressIfReady } from "./crawl.ts";
import { expect, test } from "./fixtures.ts";
import { button, field, openSpeaking, section } from "./pseudo-team.ts";
import { placeOf, unseen } from "./said-by.ts";
import { WALKS } from "./every-scene.ts";
import { onStage } from "./scenes.ts";
import { faultsOf, isForeign } from "./shown.ts";
import type { Data } from "./shown.ts";

/** What would end what the walk stands on, or only closes what was opened. */
const NOT = [
  "Close",
  "Cancel",
  "Back",
  "Done",
  "Remove member",
  "Revoke device",
  "Remove server",
  "They differ",
  "Leave this workspace",
  "Forget this workspace",
  "Delete thread",
  "Cancel call",
].map((name) => p(name));
/** Yjs for "the first entry is deleted": a sync frame with an update of no content and one deletion. */
const DELETION = new Uint8Array([0, 2, 6, 0, 1, 1, 1, 0, 1]);

const FILESYSTEM = resolve("node_modules/@modelcontextprotocol/server-filesystem/dist/index.js");

/** Sentences that the host still composes in English. This list may only shrink. */
const OF_HOST = [
  "Write the arguments as one JSON object, for example {}.",
  "You are not an active member of this workspace.",
];
const isOurs = (fault: string): boolean => !OF_HOST.some((sentence) => fault.includes(sentence));

// The last test asks what all of them together have seen.
test.describe.configure({ mode: "serial" });
const seen = new Set<string>();

const main = (page: Page) => page.getByRole("main");

test("every screen, window, notification and file of the story is seen in the made-up language, and none of its texts is cut", async ({
  world,
  browser,
}) => {
  const model = await startModelServer(() => [{ text: "12 **34** `56`\n\n| 1 | 2 |\n|---|---|\n| 3 | 4 |\n" }]);
  const speaking = await openSpeaking(world, browser, seen);
  const { ada, ben, wid, tool } = speaking.team;
  await withModel(ben, model);
  const [adas, bens] = [await speaking.open(ada), await speaking.open(ben)];
  const notices = await noticesOf(adas.page);
  const cleo = await speaking.person("Cleo");
  const cleos = await speaking.open(cleo);

  await test.step("an English text and a cut one are found", async () => {
    await cleos.page.getByRole("main").waitFor();
    await cleos.page.evaluate(
      (texts) => {
        for (const text of texts) {
          const put = document.body.appendChild(document.createElement("p"));
          put.className = "put-in";
          put.textContent = text;
          Object.assign(put.style, {
            position: "fixed",
            top: "0",
            width: "96px",
            overflow: "hidden",
            whiteSpace: "nowrap",
          });
        }
      },
      ["Hm, no", p("Cut at its end")],
    );
    const found = await faultsOf(cleos.page, cleos.data, new Set());
    expect(found).toEqual([
      "plain: p.put-in: Hm, no",
      expect.stringMatching(/^cut by p\.put-in \(beside\): p\.put-in: ⟦/),
    ]);
    // No reload: the page may not have been given the token yet with which it comes back.
    await cleos.page.evaluate(() => {
      for (const put of document.querySelectorAll(".put-in")) put.remove();
    });
  });

  await test.step("the first screen, and its ways in", async () => {
    const { page } = cleos;
    await lookAt(cleos, "first run");
    await button(page, "Create a workspace").click();
    await lookAt(cleos, "first run without a name");
    await field(page, "Your name").fill("Cleo");
    for (const [way, go] of [
      ["Create a workspace", "Create workspace"],
      ["Join with a link", "Look at the invite"],
      ["This is another computer of mine", "Look at the code"],
    ] as const) {
      await button(page, way).click();
      await lookAt(cleos, way);
      await pressIfReady(button(page, go));
      await lookAt(cleos, `${way}, empty`);
      for (const box of await page.getByRole("textbox").all()) if (await box.isEditable()) await box.fill("x");
      await pressIfReady(button(page, go));
      await lookAt(cleos, `${way}, wrong`);
      await button(page, "Back").click();
    }
  });

  await test.step("an invite above Member: before it is used, and while its role is waited for", async () => {
    const { page } = cleos;
    await button(page, "Join with a link").click();
    await field(page, "Invite link").fill(linkVia((await invite(ada.rpc, wid, { role: "approver" })).link, cleo.net));
    await button(page, "Look at the invite").click();
    await button(page, "Join workspace").waitFor();
    await lookAt(cleos, "invite");
    await button(page, "Join workspace").click();
    await page.getByRole("navigation").waitFor();
    await lookAt(cleos, "joined");
    for (const name of ["Waiting", "Team", "Tools", "Settings"]) {
      await section(page, name);
      await lookAt(cleos, `${name} of a Guest`);
    }
    await section(adas.page, "Waiting");
    await adas.page
      .getByRole("region", { name: p("To let in") })
      .getByRole("button")
      .first()
      .click();
    await lookAt(adas, "arrival");
    const window = await speaking.popup(adas, button(adas.page, "Review and decide"));
    await lookAt(window, "arrival window");
    await window.page.getByRole("button").last().click();
    await lookAt(window, "arrival window, answered");
    await window.page.close();
  });

  await test.step("a thread with its agent, and one that waits for approval", async () => {
    const chat = await ben.rpc.call("thread.create", { wid });
    await talk(ben.rpc, wid, chat.id, "Tide?");
    await ben.rpc.call("thread.rename", { thread: chat.id, title: "Tide" });
    const args = { path: join(world.folder, "1.txt"), content: "1\n2\n" };
    const asked = await callInNewThread(ben.rpc, wid, tool, "write_file", args);
    await ben.rpc.call("thread.rename", { thread: asked, title: "Quay" });
    await callBecomes(ben.rpc, asked, ["waiting"]);
    await cardFor(ada.rpc, wid);
    for (const title of ["Tide", "Quay"])
      await crawl(bens, {
        where: `thread ${title}`,
        region: main,
        not: [...NOT, p("Stop run")],
        back: async () => {
          await leave(bens.page);
          await bens.page.getByRole("navigation").getByRole("button", { name: title }).first().click();
        },
      });
    await bens.page.getByRole("textbox", { name: p("Message") }).fill("/");
    await lookAt(bens, "tool list");
    await bens.page.getByRole("option", { name: "write_file" }).first().click();
    await lookAt(bens, "tool form");
    await button(bens.page, "Call tool").click();
    await lookAt(bens, "tool form, empty");
  });

  await test.step("an invite is made, shown and listed", async () => {
    const { page } = adas;
    await section(page, "Team");
    await page.getByRole("tab", { name: p("Invites") }).click();
    await button(page, "Create invite").click();
    const dialog = page.getByRole("dialog");
    await lookAt(adas, "invite: only this computer");
    await dialog.getByRole("checkbox").first().click();
    await lookAt(adas, "invite: for whom");
    await button(dialog, "Create link").click();
    await page.getByRole("img", { name: p("QR code of the invite link") }).waitFor();
    await lookAt(adas, "invite: ready");
    await button(dialog, "Done").click();
    await lookAt(adas, "invites");
  });

  await test.step("the card in its window, and what is seen after its end", async () => {
    await section(bens.page, "Waiting");
    await lookAt(bens, "what Ben asked");
    await section(adas.page, "Waiting");
    await adas.page
      .getByRole("region", { name: p("For you to decide") })
      .getByRole("button")
      .first()
      .click();
    await lookAt(adas, "card");
    const window = await speaking.popup(adas, button(adas.page, "Review and decide"));
    await lookAt(window, "card window");
    await button(window.page, "Reject").click();
    await lookAt(window, "card window, rejected");
    await window.page.close();
    await section(bens.page, "Waiting");
    await lookAt(bens, "what Ben asked, rejected");
    await section(adas.page, "Waiting");
    await lookAt(adas, "cards, one decided");
  });

  await test.step("an own call that is confirmed, also without the network", async () => {
    const { base } = await ada.rpc.when("policy", wid, () => true);
    await ada.rpc.call("policy.change", {
      wid,
      base,
      changes: [{ kind: "effects", server: tool, effects: { create_directory: { kind: "confirm" } } }],
    });
    await callInNewThread(ada.rpc, wid, tool, "create_directory", { path: join(world.folder, "2") });
    await section(adas.page, "Waiting");
    await adas.page
      .getByRole("region", { name: p("To confirm") })
      .getByRole("button")
      .first()
      .click();
    await lookAt(adas, "own card");
    const window = await speaking.popup(adas, button(adas.page, "Review and confirm"));
    await lookAt(window, "own card window");
    await window.page.close();
    ada.net.cut();
    await expect(adas.page.getByRole("status", { name: p("Status") })).toContainText(p("Offline").slice(0, 5));
    await lookAt(adas, "offline");
    ada.net.mend();
  });

  await test.step("a second computer: the code, the number on both screens and in its window", async () => {
    const second = await speaking.open(await speaking.person("Laptop"));
    await section(adas.page, "Settings");
    await button(adas.page, "Add a device").click();
    const code = field(adas.page.getByRole("dialog"), "Code");
    await code.waitFor();
    await lookAt(adas, "pairing code");
    await field(second.page, "Your name").fill("Ada");
    await button(second.page, "This is another computer of mine").click();
    await field(second.page, "Code from your other computer").fill(await code.inputValue());
    await button(second.page, "Look at the code").click();
    await field(second.page, "Name of this computer").fill("Laptop");
    await lookAt(second, "pairing: before connecting");
    await button(second.page, "Connect").click();
    await button(adas.page, "Show the number").waitFor();
    await lookAt(second, "pairing: the number there");
    await lookAt(adas, "pairing: the number here");
    const window = await speaking.popup(adas, button(adas.page, "Show the number"));
    await lookAt(window, "pairing window");
    await button(window.page, "No, it differs").click();
    await lookAt(window, "pairing window, refused");
    await window.page.close();
    await lookAt(adas, "pairing: ended here");
    await lookAt(second, "pairing: ended there");
    await leave(adas.page);
  });

  await test.step("every section of an Owner, and whatever its buttons open", async () => {
    for (const name of ["Waiting", "Team", "Tools", "Settings", "Audit"])
      await crawl(adas, { where: name, region: main, back: () => section(adas.page, name), not: NOT });
    for (const tab of ["Roles", "Invites"])
      await crawl(adas, {
        where: tab,
        region: (page) => page.getByRole("tabpanel"),
        back: async () => {
          await section(adas.page, "Team");
          await adas.page.getByRole("tab", { name: p(tab) }).click();
        },
        not: NOT,
      });
  });

  await test.step("a tool server before it is added, and a change of the rules before it holds", async () => {
    const { page } = adas;
    await section(page, "Tools");
    await button(page, "Add server").click();
    const dialog = page.getByRole("dialog");
    await field(dialog, "Command or mcpServers JSON").fill(`"${process.execPath}" "${FILESYSTEM}" "${world.folder}"`);
    await button(dialog, "Read").click();
    await lookAt(adas, "server, read");
    await field(dialog, "Server name").fill("Quay");
    await button(dialog, "Start and list tools").click();
    await dialog.getByRole("combobox").nth(3).waitFor();
    await lookAt(adas, "server, listed");
    await leave(page);
    if (await page.getByRole("alertdialog").isVisible())
      await page.getByRole("alertdialog").getByRole("button").last().click();
    await section(page, "Tools");
    await main(page).getByRole("combobox").nth(1).click();
    await lookAt(adas, "choice of an effect");
    await page.getByRole("option").first().click();
    await lookAt(adas, "a change that is not published");
    await press(button(page, "Publish"));
    await lookAt(adas, "a change before it is published");
    await leave(page);
    await press(button(page, "Discard"));
  });

  await test.step("the frame: sidebar, palette, list of keys", async () => {
    const { page } = adas;
    const frame = (of: Page) => of.getByRole("navigation").first();
    await crawl(adas, { where: "sidebar", region: frame, back: () => section(page, "Team"), not: NOT });
    for (const key of ["Control+k", "?"]) {
      await section(page, "Team");
      await page.keyboard.press(key);
      await lookAt(adas, `key ${key}`);
    }
    await leave(page);
  });

  await test.step("a saved audit speaks as the screens do", async () => {
    const { page } = adas;
    await section(page, "Audit");
    await button(page, "Export").click();
    await page.getByRole("dialog").getByRole("combobox").selectOption("csv");
    const csv = await saved(page, button(page.getByRole("dialog"), "Save file"));
    await leave(page);
    await button(page, "Export").click();
    await page.getByRole("dialog").getByRole("combobox").selectOption("jsonl");
    const jsonl = await saved(page, button(page.getByRole("dialog"), "Save file"));
    expect(jsonl.split("\n").length).toBeGreaterThan(5);
    // Codes alone: the same file whatever is spoken here.
    expect(SENTENCE.exec(jsonl)?.[0]).toBeUndefined();
    await leave(page);
    await button(page, "Verify a file").click();
    await page
      .getByRole("dialog")
      .locator("input[type=file]")
      .setInputFiles({ name: "audit.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
    await page.getByRole("dialog").locator(".chip").first().waitFor();
    await lookAt(adas, "verified file");
    await leave(page);
    const cells = wordedIn(csv);
    expect(cells.filter((text) => text.startsWith(OPEN)).length).toBeGreaterThan(20);
    expect(foreignIn(cells, adas.data)).toEqual([]);
    const [, act = ""] = cells;
    expect(foreignIn(wordedIn(csv.replace(act, ENGLISH)), adas.data)).toEqual([ENGLISH]);
    await section(page, "Settings");
    await button(page, "Show the log").click();
    const report = await saved(page, button(page, "Save report"));
    const [about] = report.split("\n\n");
    expect(about?.split("\n").length).toBeGreaterThan(3);
    expect(foreignIn(about?.split("\n") ?? [], adas.data)).toEqual([]);
    expect(foreignIn([...(about?.split("\n") ?? []), ENGLISH], adas.data)).toEqual([ENGLISH]);
  });

  await test.step("a server that lies", async () => {
    const { page } = bens;
    await section(page, "Team");
    expect(ben.net.forge("log", DELETION)).toBeGreaterThan(0);
    await button(page, "What happened?").waitFor();
    ben.net.cut();
    await lookAt(bens, "lie");
    await button(page, "What happened?").click();
    await lookAt(bens, "lie dialog");
    const evidence = await saved(page, button(page.getByRole("dialog"), "Save as file"));
    const [first = "", ...others] = sentencesIn(evidence);
    expect(foreignIn([first, ...others], bens.data)).toEqual([]);
    expect(foreignIn(sentencesIn(evidence.replace(first, ENGLISH)), bens.data)).toEqual([ENGLISH]);
  });

  expect(found(speaking.faults).filter(isOurs)).toEqual([]);
  const told = await notices();
  expect(told.filter((text) => text.includes(OPEN)).length).toBeGreaterThan(3);
  expect(told.filter((text) => isForeign(text, adas.data))).toEqual([]);
  await model.close();
});

test("each refusal, and each state that the story does not come to, is told in the made-up language, and none is cut", async ({
  browser,
}) => {
  const faults = await onStage(browser, seen, WALKS, (name, walk) => test.step(name, walk));
  expect(found(faults)).toEqual([]);
});

test("every text of every page was seen, but for those that are named with the reason", async () => {
  const { all, missed } = await unseen(seen);
  const named = Object.entries(UNSEEN).flatMap(([file, texts]) =>
    Object.keys(texts).map((text) => placeOf(file, text)),
  );
  test.info().annotations.push({ type: "texts seen", description: `${all.length - missed.length} of ${all.length}` });
  expect(missed.filter((text) => !named.includes(text))).toEqual([]);
  // What is named and was seen is named no more.
  expect(named.filter((text) => !missed.includes(text))).toEqual([]);
});

const found = (faults: ReadonlyMap<string, string>): string[] =>
  [...faults].map(([fault, where]) => `${where}: ${fault}`);

/** Three words of prose, or what is spoken here: neither belongs in a file for programs. */
const SENTENCE = /⟦|[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}/u;

/** Put where a text of the app stands, it must be found. */
const ENGLISH = "nobody has said this";
const foreignIn = (texts: readonly string[], data: Data): string[] => texts.filter((text) => isForeign(text, data));

/** Every cell of a saved audit that is made of words: the others are codes, names and the entries themselves. */
const WORDED = ["act", "rule", "votes", "result"];
const wordedIn = (csv: string): string[] => {
  const [, head = "", ...lines] = splitLines(csv, "csv");
  const places = WORDED.map((name) => readCells(head).indexOf(name));
  expect(places).not.toContain(-1);
  return lines.flatMap((line) => places.map((at) => readCells(line)[at] ?? "")).filter((text) => text !== "");
};
const sentencesIn = (evidence: string): string[] =>
  (JSON.parse(evidence) as { pieces: { sentence: string }[] }).pieces.map(({ sentence }) => sentence);

/** What a file holds that a press saves. */
const saved = async (page: Page, pressed: Locator): Promise<string> => {
  const [file] = await Promise.all([page.waitForEvent("download"), pressed.click()]);
  return readFileSync(await file.path(), "utf8");
};

/** What the browser's own notifications say from now on. */
const noticesOf = async (page: Page): Promise<() => Promise<string[]>> => {
  await page.evaluate(() => {
    const said: string[] = [];
    class Heard {
      static permission = "granted";
      constructor(title: string, options: { body?: string }) {
        said.push(title, options.body ?? "");
      }
    }
    Reflect.set(globalThis, "Notification", Heard);
    Reflect.set(globalThis, "heard", said);
  });
  return () => page.evaluate(() => Reflect.get(globalThis, "heard") as string[]);
};
