/**
 * A store of an older build whose rows were damaged, or hold what somebody wrote to look like something else: every step of the
 * schema takes it, no row becomes a fact that nobody said, and the rows beside it are carried over as ever.
 */
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { told } from "#bridge/told.ts";
import { factWords } from "#text/facts.ts";
import { keptFact, readOrNull } from "../../electron/host/store/facts.ts";
import { migrate } from "../../electron/host/store/migrate.ts";
import { migrations } from "../../electron/host/store/migrations/list.ts";

const FIRST_OF_FACTS = 18;
const ODD = [
  "{",
  "null",
  "[1]",
  '"rejected"',
  "{code:'rejected',args:['Ada']}",
  '{"code":"rejected"}',
  '{"code":"rejected","args":[]}',
  '{"code":"rejected","args":{}}',
  '{"code":["rejected"],"args":["Ada"]}',
  '{"code":"allowed","code":"rejected","args":["Ada","ok"]}',
  '{"__proto__":{"code":"rejected"},"args":["Ada"]}',
  `{"code":"rejected","args":[${"[".repeat(5_000)}${"]".repeat(5_000)}]}`,
  "before\u0000after",
  "half \ud800 a letter",
  "‮ turned, and \u{e0041} hidden",
  "'; DROP TABLE calls; --",
  " ",
  "x".repeat(1_000_000),
];
const GOOD = keptFact(told("stopped"));

test.each([FIRST_OF_FACTS - 1, FIRST_OF_FACTS])(
  "[T30] rows of version %i that are no facts stop no step",
  (version) => {
    const db = new Database(":memory:");
    migrate(
      db,
      migrations.filter(({ id }) => id <= version),
    );
    db.pragma("foreign_keys = OFF");
    const call = db.prepare(
      "INSERT INTO calls (id, run, step, server, server_name, tool, args, provider_id, provider_name, state, rule, reason, decided_by) VALUES (?, 'r', 1, 's', 'S', 't', '{}', 'p', 't', 'rejected', ?, ?, ?)",
    );
    const part = db.prepare("INSERT INTO parts (message, position, kind, text) VALUES ('m', ?, 'error', ?)");
    ODD.forEach((odd, at) => {
      call.run(String(at), odd, odd, odd);
      part.run(at, odd);
    });
    call.run("good", GOOD, GOOD, "Ada");
    migrate(db, migrations);
    const row = (id: string) =>
      db.prepare("SELECT rule, reason, decided_by AS by FROM calls WHERE id = ?").get(id) as Record<
        "rule" | "reason" | "by",
        string
      >;
    const errors = db.prepare("SELECT text FROM parts ORDER BY position").pluck().all() as string[];
    ODD.forEach((odd, at) => {
      const kept = row(String(at));
      for (const text of [kept.rule, kept.reason, kept.by, errors[at] ?? ""]) {
        const fact = readOrNull(text);
        if (fact === null) throw new Error(`nothing is left of ${odd.slice(0, 40)}`);
        expect(typeof factWords(fact)).toBe("string");
        // Before there were facts every text was words, whatever it looks like.
        if (version < FIRST_OF_FACTS) expect(fact.code).toBe("older-words");
      }
      // Words that were whole are told whole.
      if (version < FIRST_OF_FACTS && !/[\u0000\ud800]/.test(odd))
        expect(factWords(readOrNull(kept.rule) ?? told("stopped"))).toBe(odd);
    });
    const good = row("good");
    expect(factWords(readOrNull(good.by) ?? told("stopped"))).toBe("Ada");
    expect(readOrNull(good.reason)).toEqual(version < FIRST_OF_FACTS ? told("older-words", GOOD) : JSON.parse(GOOD));
    db.close();
  },
);
