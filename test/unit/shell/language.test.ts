/** One language for all parts of an app: the shell tells its own to the pages that it serves and to what it starts. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { LANGUAGE_VARIABLE } from "#text/words.ts";
import { tempDir } from "../../helpers/temp.ts";

test.each([
  [undefined, "en"],
  ["xx", "en"],
  ["en-XA", "en-XA"],
])("a shell that was asked for the language %s speaks %s, and so do its windows and its host", async (asked, tag) => {
  vi.stubEnv(LANGUAGE_VARIABLE, asked);
  vi.resetModules();
  const { readAssets } = await import("../../../electron/shell/assets.ts");
  const { hostEnvironment } = await import("../../../electron/shell/host-env.ts");
  const root = tempDir();
  writeFileSync(join(root, "index.html"), `<!doctype html>\n<html lang="en">\n</html>\n`);
  const page = readAssets(root).find("/index.html", ["/index.html"]);
  const env = hostEnvironment({}, { data: "/d", kind: "browser", detail: "x" });
  vi.unstubAllEnvs();
  vi.resetModules();
  expect(page?.bytes.toString()).toContain(`<html lang="${tag}">`);
  expect(env[LANGUAGE_VARIABLE]).toBe(tag);
});
