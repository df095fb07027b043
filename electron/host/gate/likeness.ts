/**
 * What else a text could be taken for by a tool server: another spelling of the same characters. Only ever a reason to
 * doubt: two texts that are alike are not equal, and an allowing rule never fits because of likeness.
 */

/** Whether something is meant by a rule: certainly, certainly not, or nobody can tell. */
export type Fit = "yes" | "no" | "unclear";

const IGNORABLE = /[\p{Cf}\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}]/gu;
const NOT_A_NAME = /[^\p{L}\p{Mc}\p{N}]+/gu;
/** Rounds of decoding: text that was encoded twice is meant once too often, more is nobody's habit. */
const ROUNDS = 3;

/** Without case, width, accents and characters that cannot be seen. */
export const folded = (text: string): string =>
  text.normalize("NFKD").toLowerCase().toUpperCase().toLowerCase().normalize("NFKD").replace(IGNORABLE, "");

/** Letters and digits alone: `file_path`, `File-Path` and `filePath` are one name. */
export const nameOf = (text: string): string => folded(text).replace(NOT_A_NAME, "");

/** Escapes of addresses, of program text and of HTML resolved once. What is no whole escape stays. */
const decodedOnce = (text: string): string =>
  text
    .replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8"))
    .replace(
      /(?:\\u|%u)([0-9a-f]{4})|\\u\{([0-9a-f]{1,6})\}|\\x([0-9a-f]{2})|&#x([0-9a-f]{1,6});?/gi,
      (whole, ...found: (string | undefined)[]) =>
        character(parseInt(found.slice(0, 4).find((hex) => hex !== undefined) ?? "", 16)) ?? whole,
    )
    .replace(/&#([0-9]{1,7});?/g, (whole, digits: string) => character(Number(digits)) ?? whole);
const character = (code: number): string | null => (code <= 0x10_ff_ff ? String.fromCodePoint(code) : null);

/** The text and what it says once its escapes are resolved, each once. */
export const decodings = (text: string): string[] => {
  const all = [text];
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = decodedOnce(all[0] as string);
    if (next === all[0]) break;
    all.unshift(next);
  }
  return all;
};

/** Characters that are what they seem to be: composed, of usual width, visible, none that escapes another. */
export const isPlain = (text: string): boolean =>
  text.normalize("NFKC") === text &&
  !/[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\\]|%[0-9a-f]{2}|%u[0-9a-f]{4}/iu.test(text);
