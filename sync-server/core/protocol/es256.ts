/**
 * ES256 (ECDSA over P-256 with SHA-256) in the one spelling that is taken: a key is its uncompressed point, 65 bytes, and
 * a signature `r ‖ s`, 64 bytes, with the lower of the two `s` that are good (PH4). What an engine would also take, DER, a
 * compressed point, the higher `s`, is refused here, before any engine sees it, so that no two of them can differ.
 */

/** What signs: of a device, or the passkey of a phone. */
export type SignAlg = "Ed25519" | "ES256";

const hex = (text: string): readonly number[] => (text.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
const P = hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
const N = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
/** (N - 1) / 2 */
const HALF = hex("7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8");

/** Of big-endian numbers of 32 bytes, the first of them at `from`. */
const compare = (bytes: ArrayLike<number>, from: number, to: readonly number[]): number => {
  for (const [i, byte] of to.entries()) {
    const gap = (bytes[from + i] ?? 0) - byte;
    if (gap !== 0) return gap;
  }
  return 0;
};
const isZero = (bytes: ArrayLike<number>, from: number): boolean => {
  for (let i = from; i < from + 32; i += 1) if (bytes[i] !== 0) return false;
  return true;
};

/** Whether these bytes may be a key. That they are a point of the curve is for the engine to say. */
export const isEs256Key = (bytes: ArrayLike<number>): boolean =>
  bytes.length === 65 && bytes[0] === 4 && compare(bytes, 1, P) < 0 && compare(bytes, 33, P) < 0;

/** Whether these bytes may be a signature. */
export const isEs256Signature = (bytes: ArrayLike<number>): boolean =>
  bytes.length === 64 &&
  !isZero(bytes, 0) &&
  compare(bytes, 0, N) < 0 &&
  !isZero(bytes, 32) &&
  compare(bytes, 32, HALF) <= 0;
