/**
 * A dozen parsers: exact keys, maximum sizes, no coercion. Hand-written on purpose: these decide what is a valid
 * command for ever, in every old client, so no library upgrade may change a verdict. What they answer is a value: nobody
 * writes into it.
 */
export interface Parser<T> {
  (value: unknown): T | undefined;
  /** What a composed parser is made of, so that `fieldPaths` can list every field that may exist. */
  readonly parts?: Parts;
}
export type Parts =
  | { readonly kind: "record"; readonly shape: Readonly<Record<string, Parser<unknown>>> }
  | { readonly kind: "list"; readonly of: Parser<unknown> }
  | { readonly kind: "either"; readonly of: readonly Parser<unknown>[] };
export type Parsed<P> = P extends Parser<infer T> ? T : never;

export const text =
  (max: number, min = 0): Parser<string> =>
  (value) =>
    typeof value === "string" && value.length >= min && value.length <= max ? value : undefined;

/**
 * One line shown to people. What would hide or reorder what is read is spelled out here, number by number: a verdict must
 * not depend on the Unicode tables of an engine (UN1). Everything else that looks odd is for apps to mark. In order:
 * controls, soft hyphen, joiner and fillers without a shape, bidirectional marks, spaces that are no space, line ends,
 * invisible operators, half of a surrogate pair, the byte order mark, interlinear marks, and tags.
 */
const HIDES = new RegExp(
  [
    "[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u1680\\u180b-\\u180f\\u200b\\u200e\\u200f\\u00a0\\u2000-\\u200a",
    "\\u2028-\\u202f\\u205f-\\u206f\\u2800\\u3000\\u3164\\ufeff\\uffa0\\ufff0-\\ufffb\\ud800-\\udfff\\u{e0000}-\\u{e0fff}]",
  ].join(""),
  "u",
);
export const label =
  (max: number): Parser<string> =>
  (value) =>
    typeof value === "string" &&
    value.length >= 1 &&
    value.length <= max &&
    !value.startsWith(" ") &&
    !value.endsWith(" ") &&
    !HIDES.test(value)
      ? value
      : undefined;

export const int =
  (min: number, max: number): Parser<number> =>
  (value) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max ? value : undefined;

export const bool: Parser<boolean> = (value) => (typeof value === "boolean" ? value : undefined);

export const oneOf =
  <const T extends string>(...options: readonly T[]): Parser<T> =>
  (value) =>
    options.find((option) => option === value);

const made = <T>(parse: (value: unknown) => T | undefined, parts: Parts): Parser<T> => Object.assign(parse, { parts });

export const list = <T>(of: Parser<T>, max: number, min = 0): Parser<readonly T[]> =>
  made(
    (value) => {
      if (!Array.isArray(value) || value.length < min || value.length > max) return undefined;
      const out: T[] = [];
      for (const item of value) {
        const parsed = of(item);
        if (parsed === undefined) return undefined;
        out.push(parsed);
      }
      return out;
    },
    { kind: "list", of },
  );

export const nullable = <T>(of: Parser<T>): Parser<T | null> =>
  made((value) => (value === null ? null : of(value)), { kind: "either", of: [of] });

type Shape = Record<string, Parser<unknown>>;
type Shaped<S extends Shape> = { readonly [K in keyof S]: Parsed<S[K]> };

/** Exactly these keys, all present. A key that may be missing is written as null, so that bytes have one meaning. */
export const record = <S extends Shape>(shape: S): Parser<Shaped<S>> =>
  made((value) => readRecord(shape, value), { kind: "record", shape });

/**
 * These keys, all present; further ones are of no matter. For what a newer program may say besides, and never for what is
 * signed.
 */
export const loose =
  <S extends Shape>(shape: S): Parser<Shaped<S>> =>
  (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    const named = Object.keys(shape).filter((key) => Object.hasOwn(value, key));
    return readRecord(shape, Object.fromEntries(named.map((key) => [key, (value as Record<string, unknown>)[key]])));
  };

const readRecord = <S extends Shape>(shape: S, value: unknown): Shaped<S> | undefined => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const keys = Object.keys(value);
  if (keys.length !== Object.keys(shape).length) return undefined;
  const out: Record<string, unknown> = {};
  for (const key of keys) {
    if (!Object.hasOwn(shape, key)) return undefined;
    const parsed = (shape[key] as Parser<unknown>)((value as Record<string, unknown>)[key]);
    if (parsed === undefined) return undefined;
    out[key] = parsed;
  }
  return out as Shaped<S>;
};

/** A record told apart by one key. */
export const tagged = <T>(key: string, cases: Record<string, Parser<T>>): Parser<T> =>
  made(
    (value) => {
      if (typeof value !== "object" || value === null) return undefined;
      const tag = (value as Record<string, unknown>)[key];
      return typeof tag === "string" && Object.hasOwn(cases, tag) ? (cases[tag] as Parser<T>)(value) : undefined;
    },
    { kind: "either", of: Object.values(cases) },
  );

export const pair = <A, B>(a: Parser<A>, b: Parser<B>): Parser<readonly [A, B]> =>
  made(
    (value): [A, B] | undefined => {
      if (!Array.isArray(value) || value.length !== 2) return undefined;
      const [first, second] = [a(value[0]), b(value[1])];
      return first === undefined || second === undefined ? undefined : [first, second];
    },
    { kind: "list", of: made<unknown>((value) => a(value) ?? b(value), { kind: "either", of: [a, b] }) },
  );

/** Every place where a value may stand, such as `all[].roles[]`; a list of plain values ends in `[]`. */
export const fieldPaths = (of: Parser<unknown>, at: string): string[] => {
  if (of.parts === undefined) return [at];
  if (of.parts.kind === "list") return fieldPaths(of.parts.of, `${at}[]`);
  if (of.parts.kind === "either") return [...new Set(of.parts.of.flatMap((part) => fieldPaths(part, at)))];
  return Object.entries(of.parts.shape).flatMap(([key, part]) => fieldPaths(part, at === "" ? key : `${at}.${key}`));
};

export const json = (source: string): unknown => {
  try {
    return JSON.parse(source) as unknown;
  } catch {
    // No JSON is an answer, as text from outside often is.
    return undefined;
  }
};
