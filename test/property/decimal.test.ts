/** Numbers of arguments, against arithmetic of whole numbers without limits. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decimalOf, losesDigits } from "../../electron/bridge/decimal.ts";

/** `sign whole.fraction e exponent` as a fraction of two whole numbers. */
const fractionOf = (text: string): readonly [bigint, bigint] => {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const top = BigInt(`${whole.replace("-", "")}${fraction}`) * (mantissa.startsWith("-") ? -1n : 1n);
  const shift = BigInt(exponent) - BigInt(fraction.length);
  return shift >= 0n ? [top * 10n ** shift, 1n] : [top, 10n ** -shift];
};
const same = (a: string, b: string): boolean => {
  const [[p, q], [r, s]] = [fractionOf(a), fractionOf(b)];
  return p * s === r * q;
};

const digits = (most: number) =>
  fc.string({ unit: fc.constantFrom("0", "1", "9", "5"), minLength: 1, maxLength: most });
const number = fc
  .tuple(fc.constantFrom("", "-"), digits(20), fc.option(digits(20)), fc.option(fc.integer({ min: -400, max: 400 })))
  .map(
    ([sign, whole, fraction, exponent]) =>
      `${sign}${whole.replace(/^0+(?=.)/, "")}${fraction === null ? "" : `.${fraction}`}${exponent === null ? "" : `e${exponent}`}`,
  );
/** The same number with its point moved, or with noughts that say nothing. */
const respelled = (text: string, zeros: number): string => {
  const [mantissa = "", exponent = "0"] = text.split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  return `${whole}${fraction}${"0".repeat(zeros)}e${Number(exponent) - fraction.length - zeros}`;
};

test("two texts have one decimal exactly where they are one number", () => {
  let equals = 0;
  fc.assert(
    fc.property(number, fc.oneof(number, fc.nat(30)), (a, other) => {
      const b = typeof other === "number" ? respelled(a, other) : other;
      if (same(a, b)) equals += 1;
      expect(decimalOf(a) === decimalOf(b)).toBe(same(a, b));
    }),
    { numRuns: 5_000 },
  );
  expect(equals).toBeGreaterThan(1_000);
});

test("a number loses digits exactly where what a double writes is another number", () => {
  fc.assert(
    fc.property(number, (text) => {
      const sent = Number(text);
      expect(losesDigits(text)).toBe(!Number.isFinite(sent) || !same(text, String(sent)));
    }),
    { numRuns: 5_000 },
  );
});

test("no number that a program wrote loses any", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(losesDigits(JSON.stringify(value))).toBe(false);
    }),
  );
});

test("what is no number of JSON has no decimal", () => {
  for (const text of ["", "-", "+1", ".5", "1.", "0x10", "1_000", "1,000", "NaN", "Infinity", " 1", "1e", "½", "１"])
    expect(decimalOf(text)).toBeNull();
});
