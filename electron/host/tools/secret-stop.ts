/**
 * The last look before a tool server is signed, whoever wrote it: what looks like a secret in its name or its launch is
 * not signed, because nobody can take it back out of a log that every member and the server keep. A person who knows
 * that it is none says so, once, for exactly what was named.
 */
import { told, type Told } from "#bridge/told.ts";
import { refused } from "#bridge/refused.ts";
import { valuesOf } from "#bridge/launch.ts";
import type { Launch } from "#bridge/tool.ts";
import { isSecretName, spansIn, spansOfArgs, spansUnder } from "./secret-shapes.ts";

/** Shorter values may stand in any text. */
const TELLING = 8;

const inLaunch = (launch: Launch): Told[] => {
  if (launch.kind === "stdio") {
    const words = launch.command.split(/\s+/);
    const command = words.length > 1 ? spansOfArgs(words).flat() : spansIn(launch.command);
    return [
      ...(command.length > 0 ? [told("place.command")] : []),
      ...spansOfArgs(launch.args).flatMap((spans, at) => (spans.length > 0 ? [told("place.argument", at + 1)] : [])),
    ];
  }
  const headers = launch.headers.filter(
    ({ name, value }) => (isSecretName(name) ? spansUnder(name, value) : spansIn(value)).length > 0,
  );
  return [
    ...(spansIn(launch.url).length > 0 ? [told("place.address")] : []),
    ...headers.map(({ name }) => told("place.header", name)),
  ];
};

/** Where something looks like a secret. */
export const secretPlaces = (name: string, launch: Launch): Told[] => {
  const labels = spansIn([name, ...valuesOf(launch).map((value) => value.name)].join(" "));
  return [...(labels.length > 0 ? [told("place.label")] : []), ...inLaunch(launch)];
};

/** Names of secret values of this computer that stand in a text which is about to be shared. */
export const valuesIn = (text: string, launch: Launch, values: Readonly<Record<string, string>>): Told[] =>
  valuesOf(launch).flatMap(({ name, secret }) => {
    const value = (secret && Object.hasOwn(values, name) ? values[name] : undefined) ?? "";
    return value.length >= TELLING &&
      [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)].some((form) => text.includes(form))
      ? [told("place.value", name)]
      : [];
  });

/** Throws `launch-secret`. It names places and repeats nothing of what stands there. */
export const stopSecrets = (places: readonly Told[]): void => {
  if (places.length > 0) throw refused("launch-secret", places);
};
