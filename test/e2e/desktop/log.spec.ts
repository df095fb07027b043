/** Errors that nobody expected, in real Electron: the app goes on, and its log says where they came from. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { section } from "../pages.ts";
import { expect, test } from "./fixtures.ts";

const CANARY = "canary-of-a-private-text";

test("[T23] an unexpected error in main, a window or the host is in the log with its place and without its message, and Settings shows it", async ({
  team: { ada },
  start,
}, info) => {
  await ada.app.stop();
  const desktop = await start(ada.app.dataDir);
  await expect(desktop.main.getByText("Harbour").first()).toBeVisible();
  const entries = () =>
    readFileSync(join(ada.app.dataDir, "logs/bulkhead.log"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { process: string; event: string; error?: { name: string; stack: string[] } });
  const of = (process: string, event: string) =>
    entries().filter((entry) => entry.process === process && entry.event === event);

  await desktop.electron.evaluate((_, text) => {
    const failInMain = () => {
      throw new RangeError(text);
    };
    setTimeout(failInMain);
  }, CANARY);
  await desktop.main.evaluate((text) => {
    const failInPage = () => {
      throw new TypeError(text);
    };
    setTimeout(failInPage);
    void Promise.reject(new TypeError(text));
  }, CANARY);
  const [host] = desktop.children().filter(({ line }) => /host[/\\]main/.test(line));
  await expect.poll(() => of("window", "window.error").length).toBe(1);
  process.kill(host?.pid ?? 0, "SIGKILL");
  await expect.poll(() => of("main", "host.away").length).toBe(1);
  expect(of("main", "uncaught.exception")[0]?.error).toMatchObject({ name: "RangeError" });
  expect(of("window", "window.error")[0]?.error).toMatchObject({ name: "TypeError" });
  expect(JSON.stringify(entries())).not.toContain(CANARY);

  // Main answers on, and the windows work: nothing waits for a click.
  await expect(desktop.main.getByRole("status", { name: "Status" })).toContainText("In sync");
  await section(desktop.main, "Settings").click();
  const shown = desktop.main.getByRole("region", { name: "Report a problem" });
  // The host that reads the log is the one that was just killed.
  await expect(async () => {
    await shown.getByRole("button", { name: /Show the log|Read again/ }).click();
    await expect(shown).toContainText(/"event":"host.away"/, { timeout: 1_000 });
  }).toPass();
  for (const fact of [/"event":"uncaught.exception"/, /"event":"window.error"/, /Electron \d+/, /bulkhead\.log/])
    await expect(shown).toContainText(fact);
  await expect(shown).not.toContainText(CANARY);
  await shown.scrollIntoViewIfNeeded();
  await desktop.main.screenshot({ path: info.outputPath("report.png") });
  const saved = desktop.electron.evaluate(
    ({ session }, path) =>
      new Promise<string>((done) =>
        session.defaultSession.once(
          "will-download",
          (_, item) => (item.setSavePath(path), item.once("done", (__, state) => done(state))),
        ),
      ),
    info.outputPath("report.txt"),
  );
  await desktop.main.getByRole("button", { name: "Save report" }).click();
  expect(await saved).toBe("completed");
  expect(readFileSync(info.outputPath("report.txt"), "utf8")).toContain('"event":"uncaught.exception"');
  expect(await desktop.quit()).toEqual([]);
});
