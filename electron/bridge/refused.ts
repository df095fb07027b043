/** The refusals of host and shell, by code. */
import type { Code } from "./answer.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { Code as OldCode, Fact } from "#core/facts/refusal.ts";
import { said, told, type Told, type ToldArgs, type ToldCode } from "./told.ts";

export const refused = <C extends ToldCode>(code: C, ...args: ToldArgs[C]): Refusal => new Refusal(told(code, ...args));
/** One that says what is known as a value already. */
export const refusalOf = (problem: Code): Refusal => new Refusal(problem);
/** What a refusal says. Whatever made it had its code from a registry, here or in another process of the same version. */
export const toldOf = (refusal: Refusal): Told => refusal.view as Told;
/** What the client says of a state, as a verdict says it. */
export const asTold = (what: Fact | OldCode): Told => ("message" in what ? said(what.message) : what);
