/** What was approved runs once, and only that, whatever ends when. */
import { wordsOf } from "../helpers/worded.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { acceptServer, callBecomes, callInNewThread, callsOf, cardFor, decide } from "../../scripts/apps/team.ts";
import { expect, test } from "./fixtures.ts";
import { openLedger } from "./ledger.ts";

const CERTAIN = ["done", "failed", "unknown", "rejected", "canceled", "expired"] as const;

test.describe("[T19] killing Ben's agent host", () => {
  test("before the decision: the call still waits, is decided once and runs once", async ({ world }) => {
    const {
      team: { ada, ben, wid },
      ledger,
      lines,
    } = await openLedger(world);
    for (const [index, wait] of [0, 30, 150].entries()) {
      const line = `before-${index}`;
      const thread = await callInNewThread(ben.rpc, wid, ledger, "work", { line });
      await new Promise((done) => setTimeout(done, wait));
      ben.app.killHost();
      await callBecomes(ben.rpc, thread, ["waiting", "queued"]);
      const card = await cardFor(ada.rpc, wid);
      expect(lines()).not.toContain(line);
      await decide(ada.rpc, wid, card.request, "approve");
      await callBecomes(ben.rpc, thread, ["done"]);
      expect(lines().filter((one) => one === line)).toEqual([line]);
      expect(await callsOf(ben.rpc, thread)).toHaveLength(1);
      await acceptServer(ben.rpc, wid, ledger);
    }
  });

  test("around the start of the call: it ran at most once, and where that is not known it says so and does not repeat", async ({
    world,
  }) => {
    const {
      team: { ada, ben, wid },
      ledger,
      lines,
    } = await openLedger(world);
    for (const [index, wait] of [0, 15, 40, 80, 160].entries()) {
      const line = `start-${index}`;
      const thread = await callInNewThread(ben.rpc, wid, ledger, "work", { line, beforeMs: 60, afterMs: 60 });
      const card = await cardFor(ada.rpc, wid);
      await decide(ada.rpc, wid, card.request, "approve");
      await new Promise((done) => setTimeout(done, wait));
      ben.app.killHost();
      const call = await callBecomes(ben.rpc, thread, CERTAIN);
      // Long enough for a second execution to have left its line.
      await new Promise((done) => setTimeout(done, 300));
      const ran = lines().filter((one) => one === line).length;
      expect(ran).toBeLessThanOrEqual(1);
      expect(["done", "unknown"]).toContain(call.state);
      if (call.state === "done") expect(ran).toBe(1);
      else expect(wordsOf(call.reason) ?? "").not.toBe("");
      await acceptServer(ben.rpc, wid, ledger);
    }
  });

  test("while the tool runs: unknown, not repeated, and the team is told", async ({ world }) => {
    const {
      team: { ada, ben, wid },
      ledger,
      lines,
    } = await openLedger(world);
    const thread = await callInNewThread(ben.rpc, wid, ledger, "work", {
      line: "slow",
      beforeMs: 100,
      afterMs: 60_000,
    });
    const card = await cardFor(ada.rpc, wid);
    await decide(ada.rpc, wid, card.request, "approve");
    await callBecomes(ben.rpc, thread, ["running"]);
    await expect.poll(lines).toEqual(["slow"]);
    ben.app.killHost();
    const call = await callBecomes(ben.rpc, thread, ["unknown"]);
    expect(wordsOf(call.reason) ?? "").not.toBe("");
    await ada.rpc.when("cards", wid, (cards) =>
      cards.some((one) => one.request === card.request && one.state === "used"),
    );
    expect(lines()).toEqual(["slow"]);
  });

  test("after the result: nothing changes and nothing runs again", async ({ world }) => {
    const {
      team: { ada, ben, wid },
      ledger,
      lines,
    } = await openLedger(world);
    const thread = await callInNewThread(ben.rpc, wid, ledger, "work", { line: "once" });
    const card = await cardFor(ada.rpc, wid);
    await decide(ada.rpc, wid, card.request, "approve");
    await callBecomes(ben.rpc, thread, ["done"]);
    ben.app.killHost();
    const call = await callBecomes(ben.rpc, thread, ["done"]);
    expect(call.result?.text).toContain("wrote once");
    await new Promise((done) => setTimeout(done, 500));
    expect(lines()).toEqual(["once"]);
  });
});

test("[T19] power cut of the whole app while it waits: after the next start it runs what was approved meanwhile, once", async ({
  world,
}) => {
  const {
    team: { ada, ben, wid },
    ledger,
    lines,
  } = await openLedger(world);
  const thread = await callInNewThread(ben.rpc, wid, ledger, "work", { line: "meanwhile" });
  const card = await cardFor(ada.rpc, wid);
  await ben.app.crash();
  await decide(ada.rpc, wid, card.request, "approve");
  expect(lines()).toEqual([]);
  await ben.app.start();
  await ben.window();
  await callBecomes(ben.rpc, thread, ["done"]);
  expect(lines()).toEqual(["meanwhile"]);
});

test("[T19] a rejection runs nothing and its reason stands at the call", async ({ world }) => {
  const {
    team: { ada, ben, wid },
    ledger,
    lines,
  } = await openLedger(world);
  const thread = await callInNewThread(ben.rpc, wid, ledger, "work", { line: "never" });
  const card = await cardFor(ada.rpc, wid);
  await decide(ada.rpc, wid, card.request, "reject", "Use the staging folder.");
  const call = await callBecomes(ben.rpc, thread, ["rejected"]);
  expect(wordsOf(call.reason)).toContain("Use the staging folder.");
  expect(lines()).toEqual([]);
});

test("[T19] the card shows exactly the arguments that run", async ({ team: { ada, ben, wid, tool }, world }) => {
  const path = join(world.folder, "note.txt");
  const content = `line one\n\t"quoted" \\ slash é 漢字 🙂\n`;
  const args = JSON.stringify({ path, content });
  const thread = await ben.rpc.call("thread.create", { wid });
  await ben.rpc.call("thread.callTool", { thread: thread.id, server: tool, tool: "write_file", args });
  const card = await cardFor(ada.rpc, wid);
  const seen = await ada.rpc.call("card.get", { wid, request: card.request });
  expect(JSON.parse(seen.args ?? "null")).toEqual({ path, content });
  await decide(ada.rpc, wid, card.request, "approve");
  const call = await callBecomes(ben.rpc, thread.id, ["done"]);
  expect(call.args).toBe(seen.args);
  expect(readFileSync(path, "utf8")).toBe(content);
});
