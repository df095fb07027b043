import fc from "fast-check";
import { expect, test } from "vitest";
import { label } from "#core/protocol/parse.ts";
import { alike, imitates, likeness, lookAlikes } from "#bridge/likeness.ts";
import { wordsOf } from "../../helpers/worded.ts";
import { hides, nameProblem, visible, visibleName } from "#bridge/plain-text.ts";
import { mixedScripts, runsBothWays } from "#bridge/script-of.ts";

const anything = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        "a",
        "Ω",
        "а",
        "ش",
        "ب",
        "क",
        "्",
        "\u200c",
        "\u200d",
        "\u200b",
        "\u202e",
        "\ufe0f",
        "👩",
        "❤",
        "\u0301",
        "\u0336",
        "\u{e0041}",
        "🏴",
        " ",
        "\u00a0",
        "\n",
        "\ud800",
        "⟨",
        "U+200B⟩",
        "1",
        "\u20e3",
        "_",
        "\u3000",
      ),
      { maxLength: 24 },
    )
    .map((parts) => parts.join("")),
);

/** Written apart from the module: what no output may hold. Joiners stand between letters of a script that needs them. */
const INVISIBLE =
  /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\u0000-\u0008\u000b-\u001f\u007f-\u00a0\u1680\u2000-\u200b\u200e-\u200f\u202a-\u202f\u205f\u2066-\u2069\u2800\u3000]/u;
const withoutScriptJoiners = (text: string): string =>
  text.replace(/(?<=[\p{Script=Arabic}\p{M}])\u200c(?=\p{Script=Arabic})|(?<=[\p{M}\p{L}])[\u200c\u200d]/gu, "");
const withoutEmoji = (text: string): string => text.replace(/\p{RGI_Emoji}/gv, "");

test("[T31] [UN1] whatever goes in, nothing invisible or reordering comes out", () => {
  fc.assert(
    fc.property(
      anything,
      (text) => void expect(withoutScriptJoiners(withoutEmoji(visible(text)))).not.toMatch(INVISIBLE),
    ),
    { numRuns: 3_000 },
  );
  fc.assert(
    fc.property(anything, (text) => void expect(visibleName(text)).not.toMatch(/[\n\t]|^ | $| {2}/)),
    { numRuns: 1_000 },
  );
});

test("[T31] two texts that differ show differently, also where one spells out a mark", () => {
  fc.assert(
    fc.property(anything, anything, (a, b) => a === b || visible(a) !== visible(b)),
    { numRuns: 3_000 },
  );
  fc.assert(
    fc.property(anything, anything, (a, b) => a === b || visibleName(a) !== visibleName(b)),
    { numRuns: 1_000 },
  );
  expect(visible("a⟨U+200B⟩")).toBe("a⟨U+27E8⟩U+200B⟩");
});

test("[T31] what is marked once is not marked again, as long as no mark is in it", () => {
  fc.assert(
    fc.property(anything, (text) => (visible(text).includes("⟨U+") ? true : visible(text) === text)),
    { numRuns: 1_000 },
  );
});

const ORDINARY = [
  "plain text, with (signs) <and> {braces}; 100 % & more\n\tand lines",
  "שלום עולם",
  "שָׁלוֹם",
  "می‌خواهم کتاب‌ها را ببینم",
  "العربية",
  "क्षत्रिय हिन्दी",
  "क्‍ष र्‍",
  "র‍্যাব",
  "ශ්‍රී",
  "ကျွန်ုပ်",
  "สวัสดีที่นี่",
  "བོད་སྐད་",
  "👩‍👩‍👧‍👦 👨🏽‍💻 🏳️‍🌈 ❤️ 1️⃣ 🇩🇪 👍🏿 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
  "José Müller Ångström Nguyễn Łódź",
  "Jose\u0301 Nguye\u0302\u0303n",
  "東京タワーのTシャツ",
  "한국어 서울",
  "Привет, мир: USB-порт",
  "Ελλάδα",
  "λx Δt μm 5µm",
  "a_b-c/d.e",
  "⟨a, b⟩ ≤ ∑",
];
test.each(ORDINARY)("[T31] ordinary writing comes out as it is: %s", (text) => {
  expect(visible(text)).toBe(text);
  expect(hides(text, true)).toBe(false);
});

const MARKED: readonly (readonly [string, string, string])[] = [
  ["zero width space", "a\u200bb", "a⟨U+200B⟩b"],
  ["override", "photo\u202egpj.exe", "photo⟨U+202E⟩gpj.exe"],
  ["isolate", "a\u2066b\u2069", "a⟨U+2066⟩b⟨U+2069⟩"],
  ["tag characters", "a\u{e0041}\u{e0042}", "a⟨U+E0041⟩⟨U+E0042⟩"],
  ["tags behind an emoji", "😀\u{e0041}", "😀⟨U+E0041⟩"],
  ["a selector that changes nothing", "a\ufe0f", "a⟨U+FE0F⟩"],
  ["many selectors behind an emoji", "😀\u{e0100}\u{e0101}", "😀⟨U+E0100⟩⟨U+E0101⟩"],
  ["Hangul filler", "a\u3164b\uffa0\u115f\u1160", "a⟨U+3164⟩b⟨U+FFA0⟩⟨U+115F⟩⟨U+1160⟩"],
  ["braille blank", "a\u2800b", "a⟨U+2800⟩b"],
  ["soft hyphen and joiner", "a\u00adb\u034fc", "a⟨U+00AD⟩b⟨U+034F⟩c"],
  ["odd spaces", "rm\u00a0-rf\u2003x\u3000", "rm⟨U+00A0⟩-rf⟨U+2003⟩x⟨U+3000⟩"],
  ["line separators", "a\u2028b\u2029c\u0085", "a⟨U+2028⟩b⟨U+2029⟩c⟨U+0085⟩"],
  ["carriage return and escape", "a\rb\u001b[2K", "a⟨U+000D⟩b⟨U+001B⟩[2K"],
  ["private use", "\ue000\u{f0000}", "⟨U+E000⟩⟨U+F0000⟩"],
  ["half a character", "a\ud800b", "a⟨U+D800⟩b"],
  ["unassigned", "a\u0378\uffff", "a⟨U+0378⟩⟨U+FFFF⟩"],
  ["joiner in Latin", "pay\u200dpal\u200c", "pay⟨U+200D⟩pal⟨U+200C⟩"],
  ["joiner that joins nothing", "کار\u200cها", "کار⟨U+200C⟩ها"],
  ["Cyrillic in Latin", "pаypal", "p⟨U+0430⟩ypal"],
  ["Latin in Cyrillic", "пaпка", "п⟨U+0061⟩пка"],
  ["Greek in Latin", "gοοgle", "g⟨U+03BF⟩⟨U+03BF⟩gle"],
  ["Hebrew o in Latin", "gסogle", "g⟨U+05E1⟩ogle"],
  ["stacked marks", "a\u0301\u0302\u0303\u0304\u0305", "a\u0301\u0302\u0303⟨U+0304⟩⟨U+0305⟩"],
  ["the same mark twice", "e\u0301\u0301", "e\u0301⟨U+0301⟩"],
  ["struck through", "y\u0336e\u0336s\u0336", "y⟨U+0336⟩e⟨U+0336⟩s⟨U+0336⟩"],
  ["a mark of another script", "a\u0e31", "a⟨U+0E31⟩"],
  ["a mark on nothing", "\u0301a", "⟨U+0301⟩a"],
];
test.each(MARKED)("[T31] %s is written out", (_what, text, shown) => expect(visible(text)).toBe(shown));

test("[T31] a name shows its line ends and the spaces that a screen would swallow", () => {
  expect(visibleName("a\nb\tc")).toBe("a⟨U+000A⟩b⟨U+0009⟩c");
  expect(visibleName(" a  b ")).toBe("⟨U+0020⟩a ⟨U+0020⟩b⟨U+0020⟩");
  expect(visibleName("Ada Lovelace")).toBe("Ada Lovelace");
});

test("[T31] words that mix scripts are told from words that do not", () => {
  expect(["pаypal", "Adа", "ᏟAT", "cοde"].map(mixedScripts)).toEqual([true, true, true, true]);
  expect(["paypal", "Ада", "Tシャツ", "日本語", "שלום", "λx", "APIها"].map(mixedScripts)).toEqual([
    false,
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
});

test("[T31] a whole word of look-alikes is found, an ordinary foreign word is not", () => {
  expect(["сору", "run сору", "ΑΝΤ"].map(imitates)).toEqual([true, true, true]);
  expect(["copy", "копия", "Ася", "日本", "שלום", "и"].map(imitates)).toEqual([
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
});

test("[T31] a line in both directions is found", () => {
  expect(["/home/אבא/1", "a ש b"].map(runsBothWays)).toEqual([true, true]);
  expect(["שלום עולם", "abc 1", "שלום\nabc"].map(runsBothWays)).toEqual([false, false, false]);
});

test.each([
  ["Ada", "Аdа"],
  ["Ada", "ADA"],
  ["Ada", "Ada\u200b"],
  ["Ada", " Ada"],
  ["Ada", "Ada."],
  ["Ada Low", "Ada  Low"],
  ["Bill", "Bi11"],
  ["Bob", "B0b"],
  ["Mia", "Mla"],
  ["modern", "modem"],
  ["file", "ﬁle"],
  ["path", "pаth"],
  ["Ada", "𝐀𝐝𝐚"],
  ["Ada", "Ａｄａ"],
  ["ΗΛΙΑΣ", "ηλιας"],
  ["fs", "ꜰꜱ"],
  ["a-b", "a–b"],
  ["COPY", "СОРУ"],
  ["Straße", "STRASSE"],
  ["Ada", "\u3164Ada"],
])("[T31] %s and %s are alike", (a, b) => {
  expect(alike(a, b)).toBe(true);
  expect(lookAlikes([a, "other", b]).get(a)).toEqual([b]);
});

test.each([
  ["Ada", "Ben"],
  ["José", "Jose"],
  ["path", "paths"],
  ["Ада", "Ася"],
  ["read_file", "write_file"],
])("[T31] %s and %s are not", (a, b) => expect(alike(a, b)).toBe(false));

test("[T31] likeness of any text is stable, and a name is like itself", () => {
  fc.assert(
    fc.property(
      anything,
      (text) => alike(text, text) && likeness(text) === likeness(text.toWellFormed() === text ? text : text),
    ),
  );
});

test("[T31] [UN1] the app takes no name that the core refuses, and none that hides something", () => {
  const name = fc.oneof(anything, fc.string({ unit: "grapheme", maxLength: 90 }));
  fc.assert(
    fc.property(name, (text) => nameProblem(text) !== null || label(80)(text) === text),
    { numRuns: 3_000 },
  );
  fc.assert(
    fc.property(
      name,
      (text) => nameProblem(text) !== null || withoutScriptJoiners(withoutEmoji(text)).match(INVISIBLE) === null,
    ),
    { numRuns: 2_000 },
  );
  for (let point = 0; point <= 0x10ffff; point += 1)
    if (label(80)(`a${String.fromCodePoint(point)}b`) === undefined)
      expect(nameProblem(`a${String.fromCodePoint(point)}b`)).not.toBeNull();
  expect(["Ada", "José", "علی‌رضا", "李明", "Ada 👩‍💻", "x".repeat(80)].map((text) => nameProblem(text))).toEqual([
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
  for (const bad of ["", "x".repeat(81), "Dan\u200b", " Ada", "Ada ", "a\nb", "a\u00a0b", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"])
    expect(wordsOf(nameProblem(bad)), JSON.stringify(bad)).toMatch(/\.$/);
});
