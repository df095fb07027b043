/** Numbers as JSON writes them, compared as decimals: exactly, without a double in between. */

const NUMBER = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;

/** One text for each decimal, however it is written (`1.0`, `10e-1` and `1` are one), or null where the text is no number. */
export const decimalOf = (text: string): string | null => {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = NUMBER.exec(text) ?? [];
  if (whole === "") return null;
  const digits = (whole + fraction).replace(/^0+/, "");
  const kept = digits.replace(/0+$/, "");
  return kept === ""
    ? "0"
    : `${sign}${kept}e${BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - kept.length)}`;
};

/** Whether a number would become another one, or none, on its way through the double that programs send. */
export const losesDigits = (text: string): boolean => {
  const sent = Number(text);
  return !Number.isFinite(sent) || decimalOf(text) !== decimalOf(String(sent));
};
