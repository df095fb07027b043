/** What about one argument could be taken for something else, although every character of it is shown. Pure. */
import { json } from "#core/protocol/parse.ts";
import { alike, imitates, lookAlikes } from "#bridge/likeness.ts";
import { visible, visibleName } from "#bridge/plain-text.ts";
import { runsBothWays } from "#bridge/script-of.ts";
import { callWords as words, factNames } from "../text/calls.ts";

/** In words, one short phrase for each. */
export const cautionsOf = (name: string, value: unknown, others: readonly string[]): string[] => {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return [
    name === "" ? words.noName : null,
    others.length > 0 ? words.looksLike(others.map(visibleName)) : null,
    factNames.some((fact) => alike(fact, name)) ? words.notAFact : null,
    imitates(name) || imitates(text) ? words.imitates : null,
    runsBothWays(name) || runsBothWays(text) ? words.bothWays : null,
    nestedAlike(value) ? words.innerAlike : null,
    ...(typeof value === "string" ? textCautions(value) : []),
  ].filter((each) => each !== null);
};

const textCautions = (text: string): (string | null)[] => [
  text === "" ? words.emptyText : null,
  text !== "" && text.trim() !== "" && readsAsJson(text) ? words.isText : null,
  /^[ \t]|[ \t]$/.test(text) ? words.edgeSpaces : null,
  encoded(text),
];

/** Nothing but a number, a truth value or a structure, which a tool could take for one. */
const readsAsJson = (text: string): boolean => {
  const value = json(text);
  return value !== undefined && typeof value !== "string";
};

/** `%2e%2e%2f` says `../`: what an address spells out in numbers although it could be written plainly. */
const NEEDLESS = /%(?:2[dDeEfF]|3[0-9]|4[1-9a-fA-F]|5[0-9aAcCfF]|6[1-9a-fA-F]|7[0-9aAeE]|0[0-9a-fA-F]|25)/;
const encoded = (text: string): string | null => {
  if (!NEEDLESS.test(text)) return null;
  const read = text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      // A percent sign that is none of an escape.
      return run;
    }
  });
  return words.readsAs(visible(read.length > 200 ? `${read.slice(0, 200)}…` : read));
};

const nestedAlike = (value: unknown): boolean => {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(nestedAlike);
  return lookAlikes(Object.keys(value)).size > 0 || Object.values(value).some(nestedAlike);
};
