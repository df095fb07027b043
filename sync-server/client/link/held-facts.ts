/** Why requests and votes that are kept here are not taken yet, although the server is there. */
import { isAboutClocks } from "#core/facts/reject.ts";
import { why } from "#core/facts/why.ts";
import type { Says } from "../ports/says.ts";
import { clockFact } from "./clocks.ts";

const GOES = why("goes-by-itself");

/** @param code what the server answered to the first that waits, or null. */
export const heldFacts = (code: string | null, own: number, server: number | null): Says | null => {
  if (code === "recovering") return [why("held-recovering"), GOES];
  if (code === "storage") return [why("held-storage"), GOES, why("tell-if-it-lasts")];
  if (code === null || !isAboutClocks(code)) return null;
  const fact = clockFact(code, own, server);
  return fact === undefined ? null : [fact, GOES];
};
