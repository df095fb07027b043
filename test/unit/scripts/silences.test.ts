import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { findSilences } from "../../../scripts/check/silences.ts";
import { tempDir } from "../../helpers/temp.ts";

const silencesOf = (text: string): number[] => {
  const root = tempDir();
  mkdirSync(join(root, "renderer"));
  writeFileSync(join(root, "renderer/a.ts"), text);
  return findSilences(root).map(({ line }) => line);
};

test("no error vanishes from the real tree without a reason", () => {
  expect(findSilences(resolve(import.meta.dirname, "../../.."))).toEqual([]);
});

test.each([
  ["a clause that does nothing", `try { go(); } catch {}`],
  ["a clause that answers something", `const a = () => { try { return go(); } catch { return null; } };`],
  ["a clause with its reason above the work", `// Why it goes.\ntry { go(); } catch {}`],
  ["a rejection that is let go", `go().catch(() => undefined);`],
  ["a rejection with a value in its place", `const a = await go().catch(() => null);`],
  ["a rejection let go by an old function", `go().catch(function () {});`],
  ["the second half of a then", `go().then((a) => a, () => undefined);`],
  ["a reason that is about the line before", `here(); // Why here.\ngo().catch(() => undefined);`],
  ["a reason that is two lines away", `// Why it goes.\n\ngo().catch(() => undefined);`],
])("refuses %s", (_, text) => {
  expect(silencesOf(text)).toHaveLength(1);
});

test.each([
  ["a clause that looks at its error", `try { go(); } catch (error) { tell(error); }`],
  ["a clause with a reason", `try { go(); } catch {\n  // It was gone already.\n}`],
  ["a reason behind the clause", `try { go(); } catch {} // It was gone already.`],
  ["a reason above the statement", `// Nobody waits for it.\nvoid go().catch(() => undefined);`],
  ["a reason inside the function", `go().catch(() => {\n  // Nobody waits for it.\n});`],
  ["a reason behind the line", `go().catch(() => undefined); // Nobody waits for it.`],
  ["a reason above a half of a then", `go().then(\n  (a) => a,\n  // Nobody waits for it.\n  () => undefined,\n);`],
  ["a rejection that is looked at", `go().catch((error) => tell(error));`],
  ["a promise that says why", `drop(go(), "nobody waits for it");`],
  ["functions of something else", `on("a", () => undefined); list.find(() => true);`],
])("takes %s", (_, text) => {
  expect(silencesOf(text)).toEqual([]);
});

test("names the line", () => {
  expect(silencesOf(`\n\ntry {\n  go();\n} catch {\n  stop();\n}`)).toEqual([5]);
});
