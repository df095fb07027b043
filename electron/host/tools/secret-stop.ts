/**
 * The last look before a tool server is signed, whoever wrote it: what looks like a secret in its name or its launch is
 * not signed, because nobody can take it back out of a log that every member and the server keep. A person who knows
 * that it is none says so, once, for exactly what was named.
 */
import { valuesOf } from "#bridge/launch.ts";
import type { Launch } from "#bridge/tool.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { isSecretName, spansIn, spansOfArgs, spansUnder } from "./secret-shapes.ts";

/** Shorter values may stand in any text. */
const TELLING = 8;

const inLaunch = (launch: Launch): string[] => {
  if (launch.kind === "stdio") {
    const words = launch.command.split(/\s+/);
    const command = words.length > 1 ? spansOfArgs(words).flat() : spansIn(launch.command);
    return [
      ...(command.length > 0 ? ["the command"] : []),
      ...spansOfArgs(launch.args).flatMap((spans, at) => (spans.length > 0 ? [`argument ${at + 1}`] : [])),
    ];
  }
  const headers = launch.headers.filter(
    ({ name, value }) => (isSecretName(name) ? spansUnder(name, value) : spansIn(value)).length > 0,
  );
  return [
    ...(spansIn(launch.url).length > 0 ? ["the address"] : []),
    ...headers.map(({ name }) => `the header ${name}`),
  ];
};

/** Where something looks like a secret, as people call the place. */
export const secretPlaces = (name: string, launch: Launch): string[] => {
  const labels = spansIn([name, ...valuesOf(launch).map((value) => value.name)].join(" "));
  return [...(labels.length > 0 ? ["a name"] : []), ...inLaunch(launch)];
};

/** Names of secret values of this computer that stand in a text which is about to be shared. */
export const valuesIn = (text: string, launch: Launch, values: Readonly<Record<string, string>>): string[] =>
  valuesOf(launch).flatMap(({ name, secret }) => {
    const value = (secret && Object.hasOwn(values, name) ? values[name] : undefined) ?? "";
    return value.length >= TELLING &&
      [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)].some((form) => text.includes(form))
      ? [`the value of ${name}`]
      : [];
  });

const listed = (places: readonly string[]): string => {
  const text = places.length < 2 ? places.join("") : `${places.slice(0, -1).join(", ")} and ${places.at(-1) ?? ""}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** Throws `launch-secret`. Its words name places and repeat nothing of what stands there. */
export const stopSecrets = (places: readonly string[]): void => {
  if (places.length === 0) return;
  const look = places.length === 1 ? "looks like a secret" : "look like secrets";
  throw new Refusal(
    "launch-secret",
    `${listed(places)} ${look}. The whole team and the server would keep this for good. Nothing was shared. Paste it as an argument, a variable or a header, whose values stay on this computer, or share it if it is no secret.`,
  );
};
