/** What the server stores and logs, as docs/operating.md lists it, beside what the code can. Fields of entries: test/unit/core. */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { logLine } from "../../sync-server/server/system/log.ts";
import { chain } from "../../sync-server/server/store/migrations/0001-chain.ts";
import { chainPostgres } from "../../sync-server/server/store/migrations/0001-chain-postgres.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page =
  readFileSync(`${root}docs/operating.md`, "utf8").split("## What the server holds")[1]?.split("\n## ")[0] ?? "";
const quoted = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
/** First cell of each row -> the names in its second. */
const rows = new Map(
  page
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|"))
    .map((cells) => [quoted(cells[1] ?? "")[0] ?? "", quoted(cells[2] ?? "")]),
);

test("[T25] every table and column is in the list", () => {
  const tables = [...`${chain} ${chainPostgres}`.matchAll(/create table (\w+) \(([^;]*)\)[^;]*;/g)];
  expect(tables.map((table) => table[1])).toEqual(["chain_entry", "secret", "chain_entry", "chain_length", "secret"]);
  for (const [, name = "", body = ""] of tables) {
    const columns = body
      .split("\n")
      .map((line) => line.trim().split(" ")[0] ?? "")
      .filter((word) => /^[a-z]+$/.test(word) && word !== "primary");
    for (const column of columns) expect(rows.get(name), name).toContain(column);
  }
});

test("[T25] [T23] every field and every event of the log is in the list", () => {
  const asked: string[] = [];
  const time = logLine(0, new Proxy({ event: "" }, { get: (_target, key) => void asked.push(String(key)) }));
  const list = quoted(page.split("**In the logs**")[1]?.split("Events:")[0] ?? "");
  expect(list).toEqual([...Object.keys(JSON.parse(time) as object), ...asked]);
  const sources = globSync("sync-server/{main,server/**/*}.ts", { cwd: root }).map((file) =>
    readFileSync(`${root}${file}`, "utf8"),
  );
  const events = sources.flatMap((text) =>
    [...text.matchAll(/log\(\{\s*event: ([^,]+),/g)].flatMap((match) =>
      [...(match[1] ?? "").matchAll(/"([a-z-]+)"/g)].map((name) => name[1] ?? ""),
    ),
  );
  // Two parts hand the name of an event to a function of theirs that writes the line.
  events.push(
    ...sources.flatMap((text) =>
      [...text.matchAll(/\b(?:sayOnce|fault)\("([a-z-]+)"/g)].map((match) => match[1] ?? ""),
    ),
  );
  expect(new Set(quoted(page.split("Events:")[1]?.split("\n\n")[0] ?? ""))).toEqual(new Set(events));
});
