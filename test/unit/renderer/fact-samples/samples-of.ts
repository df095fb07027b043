/**
 * Arguments for each code that takes any: one that is missing does not compile. What begins with N must be read in the
 * sentence, what begins with `id` must not, and every number must go through the language.
 */
export type SamplesOf<A> = { readonly [C in keyof A as A[C] extends readonly [] ? never : C]: A[C] } & {
  readonly [C in keyof A]?: A[C];
};
