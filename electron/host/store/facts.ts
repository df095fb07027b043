/** Facts as rows keep them: JSON of a code and its arguments, worded by whoever reads it. */
import { json } from "#core/protocol/parse.ts";
import { told, Told } from "#bridge/told.ts";
import { isSame } from "#core/protocol/same.ts";

export const keptFact = ({ code, args }: Told): string => JSON.stringify({ code, args });
export const keptOrNull = (fact: Told | null): string | null => (fact === null ? null : keptFact(fact));

/** One that is damaged, or was composed by a build from before, is told as it stands. */
export const readFact = (text: string): Told => Told.safeParse(json(text)).data ?? told("older-words", text);
export const readOrNull = (text: string | null): Told | null => (text === null || text === "" ? null : readFact(text));

/** Their code and arguments; whoever carries one may carry more. */
export const isSameFact = (a: Told | null, b: Told | null): boolean => a?.code === b?.code && isSame(a?.args, b?.args);
