/**
 * Work that is over when it returns. What a transaction runs must not wait: whatever it writes after its first `await`
 * lands behind the commit, or outside any, and "the row is committed before the tool is called" is no longer true. A
 * function that answers a promise is therefore refused by the type checker.
 */

/** `T`, unless it is a promise; then something that no function answers. */
export type AtOnce<T> =
  T extends PromiseLike<unknown>
    ? { readonly __error: "A transaction does not wait: what it writes after an await is not part of it." }
    : T;

/** Runs `work` in one transaction. */
export type Write = <T>(work: () => AtOnce<T>) => T;

/** What a hook inside a transaction may answer, which nobody reads. A plain `void` would take a promise too. */
export type Nothing = void | null | boolean | number | string | { readonly then?: never };

/** Part of a transaction. */
export type Step<Args extends readonly unknown[] = []> = (...args: Args) => Nothing;
