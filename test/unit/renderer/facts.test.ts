/** Words of facts: every code has a sentence, no argument is lost on the way, no id is shown, and a language is values. */
import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { REJECTS } from "#core/facts/reject.ts";
import { why } from "#core/facts/why.ts";
import type { Person } from "#core/facts/why.ts";
import type { Told } from "#bridge/told.ts";
import { CAPABILITY_WORDS } from "#text/capability-words.ts";
import { factWords, ownWords, resultWords, rowWords } from "#text/facts.ts";
import { ENGLISH } from "#text/language.ts";
import type { Language } from "#text/language.ts";
import { SENTENCES } from "#text/sentences.ts";
import type { Sentences } from "#text/sentences.ts";
import { WORDS_BY_ROOM } from "#text/room-words.ts";
import type { Speaker } from "#text/speaker.ts";
import { ada, crew, FACTS, rule, SAMPLES } from "./fact-samples/every-fact.ts";

const leaves = (value: unknown): readonly unknown[] =>
  typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [value];

/** Marks everything that a language does, so that a sentence which does it by hand is seen. */
const marked: Language = {
  ...ENGLISH,
  number: (n) => `«${n}»`,
  count: (n, one, many) => `«${n}» ${n === 1 ? one : many}`,
  all: (items) => items.join(" «and» "),
  any: (items) => items.join(" «or» "),
  moment: (ms) => `«${ms}»`,
  date: (ms) => `«${ms}»`,
  length: (ms) => `«${ms}»`,
};
const readsWhole = (fact: Told, text: string): void => {
  for (const leaf of leaves(fact.args)) {
    if (typeof leaf === "number" && leaf !== 0) expect(text).toContain(`«${leaf}»`);
    else if (typeof leaf === "string" && leaf.startsWith("N")) expect(text).toContain(leaf);
    else if (typeof leaf === "string" && Object.hasOwn(CAPABILITY_WORDS, leaf))
      expect(text).toContain(CAPABILITY_WORDS[leaf as keyof typeof CAPABILITY_WORDS]);
  }
  expect(text).not.toMatch(/\bid[a-z]+\b/);
};

describe("[FC1] [FC2] words of facts", () => {
  test.each(FACTS)("$code: no argument is lost, no id is shown, and it fits its place", (fact) => {
    const text = factWords(fact, marked);
    expect(Object.hasOwn(SENTENCES, fact.code)).toBe(true);
    readsWhole(fact, text);
    expect(text).not.toMatch(/undefined|null|\[object|!|Oops/);
    expect(text.length).toBeLessThanOrEqual(Object.hasOwn(SAMPLES, fact.code) ? 280 : 600);
    if (
      !/^(act\.|votes$|clock-was-ahead$|list\.|line-name$|deciders$|notice\.|misfit|place\.|ignored\.)/.test(fact.code)
    )
      expect(text).toMatch(/^[A-Z“«N].*[.”:]$/s);
  });

  test("what is said to somebody about themself says you, and a failed start names nothing that only an added server has", () => {
    const aboutThem = FACTS.filter((fact) => /this person/i.test(factWords(fact)));
    expect(aboutThem.map(({ code }) => code)).toContain("queue-names");
    for (const fact of aboutThem)
      expect([fact.code, ownWords(fact)]).toEqual([fact.code, expect.stringMatching(/\byou/i)]);
    for (const fact of FACTS) expect(ownWords(fact)).not.toMatch(/this person/i);
    const starts = FACTS.filter(({ code }) =>
      /^tool-(command-|start-timeout|server-flooded|server-auth|value-unsendable)/.test(code),
    );
    expect(starts.length).toBeGreaterThan(6);
    for (const fact of starts)
      expect([fact.code, factWords(fact)]).toEqual([fact.code, expect.not.stringMatching(/restart|menu/i)]);
  });

  test("no two rooms have a code of the same name, so no sentence stands in for another", () => {
    const codes = [...Object.keys(SAMPLES), ...REJECTS, ...Object.values(WORDS_BY_ROOM).flatMap(Object.keys)];
    expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
    expect(codes.length).toBe(Object.keys(SENTENCES).length);
  });

  test("a fact inside a fact is worded by the same language", () => {
    const speaking = { ...SENTENCES, "not-active": (language: Speaker) => language.say(why("may-leave")) };
    expect(factWords(why("not-active"), marked, speaking)).toBe("Everybody may leave.");
  });

  test("what a sentence leaves out is seen (control)", () => {
    const [fact] = FACTS.filter(({ code }) => code === "act.role");
    expect(fact).toBeDefined();
    if (fact === undefined) return;
    expect(() => readsWhole(fact, "gave NAda the role NCrew")).toThrow("NOther");
    expect(() => readsWhole(fact, "gave NAda the role NCrew instead of NOther (idother)")).toThrow();
  });

  test("what was not known where it stood is told in words and not as nothing", () => {
    const gone: Person = ["idgone" as never, ""];
    expect(factWords(why("act.removed", gone))).toBe("removed somebody unknown");
    expect(factWords(why("rule", { ...rule, server: ["ids" as never, ""], args: [], roles: [] }))).toBe(
      "Every tool but Nread or Nwrite of a removed server asks NDeploys.",
    );
  });

  test("a code of a newer version is shown as it is, also one that every object has", () => {
    for (const code of ["later.thing", "toString", "__proto__"])
      expect(factWords({ code, args: [] } as unknown as Told)).toBe(code);
  });

  test("a second language is other values: no sentence of the first is left in it", () => {
    const pseudo = Object.fromEntries(
      Object.keys(SENTENCES).map((code) => [
        code,
        (_: Language, ...args: readonly unknown[]) => `⟦${code} ${args.length}⟧`,
      ]),
    ) as unknown as Sentences;
    for (const fact of FACTS) expect(factWords(fact, marked, pseudo)).toBe(`⟦${fact.code} ${fact.args.length}⟧`);
  });
});

test("a list, a count and a number are written by the language", () => {
  expect([ENGLISH.all([]), ENGLISH.all(["a"]), ENGLISH.all(["a", "b"]), ENGLISH.any(["a", "b", "c"])]).toEqual([
    "",
    "a",
    "a and b",
    "a, b or c",
  ]);
  expect([ENGLISH.count(1, "act", "acts"), ENGLISH.count(2_000, "act", "acts"), ENGLISH.number(1_234_567)]).toEqual([
    "1 act",
    "2,000 acts",
    "1,234,567",
  ]);
  expect([ENGLISH.length(0), ENGLISH.length(1_000), ENGLISH.length(7_200_000)]).toEqual([
    "0 milliseconds",
    "1 second",
    "2 hours",
  ]);
});

test("[AU1] a row in a file is told with what stood beside it, and with times that are the same everywhere", () => {
  expect(
    rowWords({
      act: why("act.delegated", ada, 0),
      rule: [why("role-may", crew, "approvals.decide"), why("own-affair")],
      votes: why("votes", [[1, 2]], 0, 1, 1),
      result: "error",
      setBack: 7_200_000,
    }),
  ).toEqual({
    act: "named NAda to decide in their place until 1970-01-01T00:00:00.000Z (the server's clock had been 2 hours ahead until here)",
    rule: "The role NCrew may decide approvals. Everybody may do this with what is their own.",
    votes: "approvals 1 of 2, rejections 0 of 1",
    result: "failed",
  });
  expect([resultWords("approved"), resultWords("toString")]).toEqual(["approved", "toString"]);
});

test("numbers and dates are written in one place, so that a language is one value", () => {
  const files = globSync("renderer/**/*.{ts,tsx}");
  expect(files.length).toBeGreaterThan(150);
  const places = files.filter((file) => /\.toLocale\w*String\(|new Intl\./.test(readFileSync(file, "utf8")));
  expect(places).toEqual(["renderer/text/language.ts"]);
});
