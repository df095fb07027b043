/** What no rule about arguments may do, whatever is written: each operator against a generator of evasions. */
import * as fc from "fast-check";
import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import type { Condition } from "#core/protocol/command.ts";
import { conditionProblem, holds } from "../../electron/host/gate/conditions.ts";

const fits = (op: Condition["op"], value: string, leaf: unknown, loose: boolean): boolean =>
  holds({ path: "path", op, value }, { path: leaf }, loose);
const word = fc.stringMatching(/^[a-z][a-z0-9]{1,7}$/);

/** Another spelling of a text that some program takes for the same. */
const wide = (text: string): string =>
  text.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));
const percent = (text: string): string =>
  text
    .split("")
    .map((char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0")}`)
    .join("");
const inside = (text: string, at: number, what: (char: string) => string): string =>
  text.slice(0, at % text.length) + what(text[at % text.length] ?? "") + text.slice((at % text.length) + 1);
type Evasion = (text: string, at: number) => string;
const SPELLINGS: Readonly<Record<string, Evasion>> = {
  none: (text) => text,
  upper: (text) => text.toUpperCase(),
  oneUpper: (text, at) => inside(text, at, (char) => char.toUpperCase()),
  wide: (text, at) => inside(text, at, wide),
  percent: (text, at) => inside(text, at, percent),
  twice: (text, at) => inside(text, at, (char) => percent(percent(char))),
  escape: (text, at) => inside(text, at, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`),
  entity: (text, at) => inside(text, at, (char) => `&#${char.charCodeAt(0)};`),
  unseen: (text, at) => inside(text, at, (char) => `\u200b${char}`),
  joiner: (text, at) => inside(text, at, (char) => `${char}\u2060`),
};
const AROUND: readonly Evasion[] = [
  (text) => text,
  (text) => ` ${text}`,
  (text) => `${text} `,
  (text) => `\t${text}\n`,
  (text) => `"${text}"`,
  (text) => `'${text}'`,
  (text) => `${text};`,
  (text) => `${text}.`,
  (text) => `(${text})`,
  (text) => `[${text}]`,
];
const spelling = fc.tuple(fc.constantFrom(...Object.keys(SPELLINGS)), fc.constantFrom(...AROUND), fc.nat(50));
const spell = (text: string, [name, around, at]: readonly [string, Evasion, number]): string =>
  around((SPELLINGS[name] as Evasion)(text, at), at);

describe("[CF1] a stricter rule fits every spelling of what it names", () => {
  test("equals", () => {
    fc.assert(
      fc.property(
        word,
        spelling,
        fc.constantFrom(
          (x: unknown) => x,
          (x: unknown) => [x],
          (x: unknown) => ["other", [x]],
          (x: unknown) => ({ x }),
        ),
        (value, how, wrap) => {
          expect(fits("equals", value, wrap(spell(value, how)), true)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("matches", () => {
    fc.assert(
      fc.property(word, word, spelling, fc.constantFrom("start", "end", "both"), (value, more, how, where) => {
        const [pattern, text] =
          where === "start"
            ? [`${value}*`, value + more]
            : where === "end"
              ? [`*${value}`, more + value]
              : [`*${value}*`, more + value + more];
        expect(fits("matches", pattern, spell(text, how), true)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test("is under", () => {
    const noise = fc.array(fc.constantFrom("/.", "/", "/x/..", ""), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(word, word, noise, spelling, (folder, file, dirt, how) => {
        const path = `${dirt.join("")}/${(SPELLINGS[how[0]] as Evasion)(folder, how[2])}${dirt.join("")}/${file}`;
        expect(fits("under", `/${folder}`, how[1](path, 0), true)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test("host", () => {
    const url = fc.constantFrom(
      (host: string) => `https://${host}/`,
      (host: string) => `http://${host}:8080/a`,
      (host: string) => `https://user@${host}/`,
      (host: string) => `//${host}/`,
      (host: string) => host,
      (host: string) => `https://${host}./`,
      (host: string) => `https:\\\\${host}\\`,
    );
    fc.assert(
      fc.property(word, url, spelling, (name, make, how) => {
        expect(
          fits(
            "host-in",
            `${name}.test`,
            how[1](make((SPELLINGS[how[0]] as Evasion)(`${name}.test`, how[2])), 0),
            true,
          ),
        ).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test("at most", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100 }),
        fc.constantFrom(
          String,
          (n: number) => `${n}.0`,
          (n: number) => ` ${n}`,
          (n: number) => -n,
          (n: number) => [1_000, n],
          (n: number) => ({ n }),
        ),
        (n, how) => {
          expect(fits("at-most", "100", how(n), true)).toBe(true);
        },
      ),
    );
  });
});

describe("[CF1] an allowing rule fits nothing that lies outside", () => {
  const piece = fc.oneof(
    fc.constantFrom("notes", "etc", "..", ".", "", "%2e%2e", "\uff0e\uff0e", "..;", ".. ", "a\\..", "NOTES", "$X", "a"),
    word,
  );

  test("is under: what any of several readers makes of the path stays in the folder", () => {
    const readers: readonly ((path: string) => string)[] = [
      (path) => path,
      (path) => path.normalize("NFKC"),
      (path) => path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
      (path) => path.replaceAll("\\", "/"),
      (path) =>
        path
          .split("/")
          .map((part) => (/^\.+ *$/.test(part) ? part.trim() : part.replace(/[. ]+$/, "")))
          .join("/"),
      (path) =>
        path
          .split("/")
          .map((part) => part.replace(/;.*$/, ""))
          .join("/"),
    ];
    let fitting = 0;
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 6 }),
        fc.constantFrom("/", "/notes/", "//", ""),
        (pieces, start) => {
          const path = start + pieces.join("/");
          if (!fits("under", "/notes", path, false)) return;
          fitting += 1;
          for (const read of readers)
            expect(`${posix.resolve("/elsewhere", read(path))}/`.startsWith("/notes/")).toBe(true);
        },
      ),
      { numRuns: 5_000 },
    );
    expect(fitting).toBeGreaterThan(100);
  });

  test("matches: runs hold no separator of commands, paths or escapes, and no step up", () => {
    let fitting = 0;
    const chars = fc.string({
      unit: fc.constantFrom(
        "a",
        "b",
        " ",
        "/",
        ".",
        ";",
        "|",
        "&",
        "$",
        "`",
        "\n",
        "\\",
        "%",
        "<",
        ">",
        '"',
        "'",
        "\u202e",
        "\u0000",
        "\uff0f",
      ),
      maxLength: 8,
    });
    fc.assert(
      fc.property(fc.constantFrom("git *", "notes/*", "*.md", "a?b*"), chars, chars, (pattern, one, two) => {
        const text = pattern.replace("?", two[0] ?? "x").replace("*", one);
        if (!fits("matches", pattern, text, false)) return;
        fitting += 1;
        // A step up is a part of its own: `a..` and `...` are names.
        expect(text).not.toMatch(/[;|&$`\n\\%<>"'\p{C}]|(?:^|[ /])\.\.(?:[ /]|$)/u);
        expect(text.split("/").length).toBe(pattern.split("/").length);
      }),
      { numRuns: 5_000 },
    );
    expect(fitting).toBeGreaterThan(100);
  });

  test("host: the parser of browsers and of this app's own requests sees a host of the list", () => {
    let fitting = 0;
    const part = fc.constantFrom(
      "https://",
      "http:",
      "//",
      "/",
      "\\",
      "@",
      "ok.test",
      "evil.test",
      ".",
      ":443",
      ":",
      "#",
      "?",
      "%2e",
      "\uff0e",
      "1",
      "0x7f",
      " ",
      "[",
      "]",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const address = ["https://ok.test", ...parts].join("");
        if (!fits("host-in", "ok.test", address, false)) return;
        fitting += 1;
        expect(new URL(address).hostname).toBe("ok.test");
        expect(new URL(address).username).toBe("");
      }),
      { numRuns: 5_000 },
    );
    expect(fitting).toBeGreaterThan(100);
  });

  test("equals and at most: exactly that text, and a number that is no more", () => {
    fc.assert(
      fc.property(
        word,
        fc.anything(),
        (value, leaf) =>
          void (
            fits("equals", value, leaf, false) &&
            expect([leaf].flat(9).every((each) => String(each) === value)).toBe(true)
          ),
      ),
    );
    fc.assert(
      fc.property(
        fc.double(),
        fc.anything(),
        (n, other) =>
          void [n, other].forEach(
            (leaf) =>
              fits("at-most", "10", leaf, false) &&
              expect([leaf].flat(9).every((each) => typeof each === "number" && each >= 0 && each <= 10)).toBe(true),
          ),
      ),
    );
  });

  test("what fits an allowing rule fits the stricter one of the same words, and a condition that can be written can be met", () => {
    const condition = fc.record({
      path: fc.constant("path"),
      op: fc.constantFrom("equals", "under", "host-in", "at-most", "matches"),
      value: fc.oneof(
        fc.constantFrom("/notes", "notes/*", "git *", "ok.test", "5", "users"),
        fc.string({ maxLength: 12 }),
      ),
    }) as fc.Arbitrary<Condition>;
    fc.assert(
      fc.property(
        condition,
        fc.oneof(fc.string(), fc.constantFrom<unknown>("/notes/a", "git x", "https://ok.test/", 3, "users", null, [])),
        (one, leaf) => {
          if (holds(one, { path: leaf }, false)) expect(holds(one, { path: leaf }, true)).toBe(true);
          if (conditionProblem(one) !== null) return;
          const met = {
            equals: one.value,
            under: one.value,
            "host-in": `https://${(
              one.value
                .toLowerCase()
                .split(/[\s,]+/)
                .find((item) => item !== "") ?? ""
            ).replace("*", "x")}/`,
            "at-most": Number(one.value),
            matches: one.value.replaceAll("*", "x").replaceAll("?", "x"),
          }[one.op];
          expect(holds(one, { path: met }, false)).toBe(true);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
