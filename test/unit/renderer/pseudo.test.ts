/** The made-up language, and how a language is chosen. */
import { readdirSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { factWords } from "#text/facts.ts";
import { ENGLISH } from "#text/language.ts";
import { OPEN, PSEUDO, pseudo, pseudoText, SHUT } from "#text/pseudo.ts";
import { SENTENCES } from "#text/sentences.ts";
import { LANGUAGE_VARIABLE, textsFor, words } from "#text/words.ts";
import { FACTS } from "./fact-samples/every-fact.ts";

const TEXTS = new URL("../../../renderer/text/", import.meta.url);

test("a text is accented, in brackets and longer by two fifths", () => {
  const text = "Only on this computer";
  const other = pseudoText(text);
  expect(other.startsWith(OPEN) && other.endsWith(SHUT)).toBe(true);
  expect(other).not.toMatch(/[A-Za-z]/);
  expect(other.length).toBeGreaterThan(text.length * 1.4);
});

test("what a sentence is given stays as it is, also where it asks for it", () => {
  const sentences = pseudo({
    asks: (name: string) => `${name} asks, and nobody answers`,
    named: (id: string, nameOf: (id: string) => string) => `the queue ${nameOf(id)}`,
    listed: (names: readonly string[]) => `the order of ${names.join(" and ")}`,
  });
  expect(sentences.asks("Ada")).toMatch(/^⟦Ada [^A-Za-z]+⟧$/);
  expect(sentences.named("q1", () => "Deploys")).toMatch(/^⟦[^A-Za-z]+Deploys[^A-Za-z]+⟧$/);
  expect(sentences.listed(["an", "or"])).toMatch(/^⟦[^A-Za-z]+ an [^A-Za-z]+ or[^A-Za-z]*⟧$/);
});

test("what is pseudo already is not changed twice, and no letter outside of it is left", () => {
  const inner = pseudoText("3 tools");
  const outer = pseudoText(`All ${inner} changed`);
  expect(outer).toContain(inner);
  expect(pseudoText(inner)).toBe(inner);
  expect(pseudoText("14:20")).toBe("14:20");
});

test("what only the program reads stays", () => {
  expect(pseudo({ code: "host-away", message: "Away" }).code).toBe("host-away");
  expect(pseudo([{ value: "8", label: "8 hours" }])[0]?.value).toBe("8");
  expect(pseudo({ code: "Code" }).code).toBe(pseudoText("Code"));
});

test("a fact is told in another language by its language and its sentences", () => {
  const told = factWords({ code: "export.other-format", args: [3] }, PSEUDO.language, PSEUDO.of("", SENTENCES));
  expect(told).toMatch(/^⟦[^A-Za-z]+⟧$/);
  expect(told).toContain("3");
});

test("the first of a person's languages that is spoken is chosen, and English where none is", () => {
  const english = textsFor([]);
  expect(english.language.tag).toBe("en");
  expect(textsFor(["de-AT", "fr"])).toBe(english);
  expect(textsFor(["en-GB"])).toBe(english);
  expect(textsFor(["de", "en-XA", "en"])).toBe(PSEUDO);
});

test("every text of the windows is another one where another language is spoken", async () => {
  vi.stubEnv(LANGUAGE_VARIABLE, PSEUDO.language.tag);
  vi.resetModules();
  const unlike: string[] = [];
  let all = 0;
  for (const file of readdirSync(TEXTS).filter((name) => name.endsWith(".ts") && !OF_LANGUAGE.includes(name))) {
    const module = (await import(new URL(file, TEXTS).href)) as Record<string, unknown>;
    for (const [name, value] of Object.entries(module))
      for (const [place, text] of strings(value, `${file} ${name}`)) {
        all += 1;
        if (/[A-Za-z]{2}/.test(text) && !text.startsWith(OPEN)) unlike.push(`${place}: ${text}`);
      }
  }
  vi.unstubAllEnvs();
  vi.resetModules();
  expect(all).toBeGreaterThan(1_000);
  expect(unlike.filter((place) => !FOR_PROGRAM.test(place))).toEqual([]);
});

/** Languages themselves, and what chooses among them. */
const OF_LANGUAGE = ["language.ts", "words.ts", "pseudo.ts"];
const FOR_PROGRAM = /\.(?:value|code|tone|capabilities\.\d+): /;

const strings = (value: unknown, place: string): [string, string][] => {
  if (typeof value === "string") return [[place, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => strings(each, `${place}.${key}`));
};

test("every notification is told whole in the language that the shell speaks", async () => {
  vi.stubEnv(LANGUAGE_VARIABLE, PSEUDO.language.tag);
  vi.resetModules();
  const { createRequests } = await import("../../../electron/shell/requests.ts");
  const heard: string[] = [];
  const answer = createRequests({
    notify: ({ title, body }: { title: string; body: string }) => heard.push(title, body),
    // A click after each, so that none comes too soon after another.
    confirmations: { heard: () => heard.length },
    now: () => 0,
  } as unknown as Parameters<typeof createRequests>[0]);
  const notices = FACTS.filter(({ code }) => code.startsWith("notice."));
  for (const [id, notice] of notices.entries())
    expect(await answer(id, "notify", { title: notice, body: notice, card: null })).toMatchObject({ ok: true });
  vi.unstubAllEnvs();
  vi.resetModules();
  expect(notices.length).toBeGreaterThan(10);
  expect(heard.length).toBe(2 * notices.length);
  // Names of people, tools and workspaces stay as they are, and what was cut has no end.
  const unlike = heard.filter(
    (text) => !/^⟦.*⟧(?: \(NHarbour\))?$/u.test(text) || /[A-Za-z]{2}/.test(text.replace(/\bN[A-Za-z]+/g, "")),
  );
  expect(unlike).toEqual([]);
});

test("in English a text is what stands in its file", () => {
  const text = { close: "Close" };
  expect(words("common.commonWords", text)).toBe(text);
  expect(ENGLISH.all(["a", "b"])).toBe("a and b");
});
