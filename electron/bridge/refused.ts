/** The refusals of host and shell, by code. */
import { Refusal } from "#core/facts/refusal.ts";
import { told, type Told, type ToldArgs, type ToldCode } from "./told.ts";

export const refused = <C extends ToldCode>(code: C, ...args: ToldArgs[C]): Refusal => new Refusal(told(code, ...args));
/** One that says what is known as a value already. */
export const refusalOf = (problem: Told): Refusal => new Refusal(problem);
/** What a refusal says. Whatever made it had its code from a registry, here or in another process of the same version. */
export const toldOf = (refusal: Refusal): Told => refusal.view;
