/**
 * Whether two plain values say the same, in whatever order their fields stand. Plain is what JSON can carry; a field that is
 * undefined is one that is not there.
 */
export const isSame = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return isSameList(a, b);
  const [of, other] = [a as Fields, b as Fields];
  return [...new Set([...Object.keys(of), ...Object.keys(other)])].every((key) =>
    isSame(ownField(of, key), ownField(other, key)),
  );
};

type Fields = Readonly<Record<string, unknown>>;
/** Never what an object inherits: `__proto__` may be a field of one and not of the other. */
const ownField = (of: Fields, key: string): unknown => (Object.hasOwn(of, key) ? of[key] : undefined);

const isSameList = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((each, i) => isSame(each, b[i]));
