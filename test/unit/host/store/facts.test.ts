/** Facts in rows: what a build from before kept as sentences is read on, word by word. */
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { told } from "#bridge/told.ts";
import type { MemberId } from "#core/protocol/ids.ts";
import { keptFact, readFact, readOrNull } from "../../../../electron/host/store/facts.ts";
import { migrate } from "../../../../electron/host/store/migrate.ts";
import { migrations } from "../../../../electron/host/store/migrations/list.ts";
import { wordsOf } from "../../../helpers/worded.ts";

const SENTENCE = 'The rule "never" denies it.\nAsk Ada: it’s hers.';

test("a fact is read as it was kept, and nothing as nothing", () => {
  const fact = told("rejected", told("deciders", [["a" as MemberId, "Ada"]]), told("note", SENTENCE));
  expect(readFact(keptFact(fact))).toEqual(fact);
  expect([readOrNull(null), readOrNull("")]).toEqual([null, null]);
});

test("a row that holds no fact is told as it stands", () => {
  for (const text of [SENTENCE, "{", '{"code":"x"}', '{"code":1,"args":[]}', "null"])
    expect(wordsOf(readFact(text))).toBe(text);
});

test("the sentences of an older store keep their words, and what was never said stays nothing", () => {
  const db = new Database(":memory:");
  migrate(
    db,
    migrations.filter(({ id }) => id < 18),
  );
  db.pragma("foreign_keys = OFF");
  const call = db.prepare(
    "INSERT INTO calls (id, run, step, server, server_name, tool, args, provider_id, provider_name, state, rule, reason) VALUES (?, 'r', 1, 's', 'S', 't', '{}', 'p', 't', 'refused', ?, ?)",
  );
  call.run("said", SENTENCE, SENTENCE);
  call.run("unsaid", "", null);
  // What somebody wrote is their words, though it looks like a fact.
  const alike = keptFact(told("stopped"));
  call.run("alike", "", alike);
  db.prepare("INSERT INTO parts (message, position, kind, text, code) VALUES ('m', 0, 'error', ?, 'model-down')").run(
    SENTENCE,
  );
  db.prepare("INSERT INTO parts (message, position, kind, text) VALUES ('m', 1, 'text', ?)").run(SENTENCE);
  migrate(db, migrations);
  const row = (id: string) =>
    db.prepare("SELECT rule, reason FROM calls WHERE id = ?").get(id) as { rule: string; reason: string | null };
  expect([readOrNull(row("said").rule), readOrNull(row("said").reason)].map(wordsOf)).toEqual([SENTENCE, SENTENCE]);
  expect(wordsOf(readOrNull(row("alike").reason))).toBe(alike);
  expect(row("unsaid")).toEqual({ rule: "", reason: null });
  const parts = db.prepare("SELECT text FROM parts ORDER BY position").pluck().all() as string[];
  expect([wordsOf(readFact(parts[0] ?? "")), parts[1]]).toEqual([SENTENCE, SENTENCE]);
  db.close();
});

test("who decided over a call of an older store is still read, in its row and in a reason that named them", () => {
  const db = new Database(":memory:");
  migrate(
    db,
    migrations.filter(({ id }) => id < 19),
  );
  db.pragma("foreign_keys = OFF");
  const call = db.prepare(
    "INSERT INTO calls (id, run, step, server, server_name, tool, args, provider_id, provider_name, state, decided_by, reason) VALUES (?, 'r', 1, 's', 'S', 't', '{}', 'p', 't', 'rejected', ?, ?)",
  );
  call.run("two", "Ada and Ben", JSON.stringify({ code: "rejected", args: ["Ada and Ben", told("note", SENTENCE)] }));
  call.run("nobody", null, keptFact(told("rejected", null, null)));
  migrate(db, migrations);
  const row = (id: string) =>
    db.prepare("SELECT decided_by AS by, reason FROM calls WHERE id = ?").get(id) as {
      by: string | null;
      reason: string;
    };
  const read = (id: string) => [readOrNull(row(id).by), readOrNull(row(id).reason)].map(wordsOf);
  expect(read("two")).toEqual(["Ada and Ben", `Ada and Ben rejected this. ${SENTENCE}`]);
  expect(read("nobody")).toEqual([undefined, "An approver rejected this."]);
  db.close();
});
