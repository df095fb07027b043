import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import Sqlite from "better-sqlite3";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canary, findCanaries } from "../../helpers/canary.ts";
import { tempDir } from "../../helpers/temp.ts";

const word = canary("here");
const source = (bytes: Buffer | string) => ({ path: "planted", bytes: Buffer.from(bytes as string) });

test.each([
  ["as it is", Buffer.from(`x${word}y`)],
  ["in UTF-16", Buffer.from(`x${word}y`, "utf16le")],
  ["in hex", Buffer.from(Buffer.from(`x${word}y`).toString("hex"))],
  ["in gzip", gzipSync(`x${word}y`)],
  ["in zlib", deflateSync(`x${word}y`)],
])("finds a word %s", (_, bytes) => {
  expect(findCanaries([source(bytes)], [word])).not.toEqual([]);
});

test("finds a word in base64 and base64url wherever it starts", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 40 }),
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom("base64", "base64url"),
      (before, after, form) => {
        const text = Buffer.concat([before, Buffer.from(word), after]).toString(form as BufferEncoding);
        return findCanaries([source(text)], [word]).length > 0;
      },
    ),
  );
});

test("finds a word in a SQLite row that is spread over pages", () => {
  const file = join(tempDir(), "a.db");
  const db = new Sqlite(file);
  db.exec("create table t (x text)");
  db.prepare("insert into t values (?)").run("a".repeat(4_000) + word + "b".repeat(9_000));
  db.close();
  expect(findCanaries([{ path: file, bytes: readFileSync(file) }], [word])).not.toEqual([]);
});

test("finds nothing where nothing was planted", () => {
  expect(findCanaries([source(randomBytes(100_000))], [word])).toEqual([]);
});
