/** A fact as it crosses to a window, which words it: a code and its arguments, or a sentence of the host's. */
import { z } from "zod";
import type { WhyArgs } from "#core/facts/why.ts";
import type { HostArgs } from "./host-facts.ts";

/** A sentence that the host composed itself. It goes as the host's sentences become codes. */
interface Said {
  readonly code: "said";
  readonly args: readonly [sentence: string];
}
export const said = (sentence: string): Said => ({ code: "said", args: [sentence] });

/** Every code that a window words, and what it takes. */
export interface ToldArgs extends WhyArgs, HostArgs {}
export type ToldCode = keyof ToldArgs;
type Fact<C extends ToldCode> = { [K in C]: { readonly code: K; readonly args: ToldArgs[K] } }[C];
export type Told = Fact<ToldCode> | Said;

export const tell = <C extends ToldCode>(code: C, ...args: ToldArgs[C]): Fact<C> => ({ code, args }) as Fact<C>;

/** What a code takes is the business of whoever words it; a window shows a code that it does not know as it is. */
export const Told = z.strictObject({
  code: z.string().max(40),
  args: z.array(z.json()).max(8),
}) as unknown as z.ZodType<Told, Told>;
