/** Whether a rule can do what its author reads: by names in the log, and by the schemas of the tools that run here. */
import { factWords } from "#text/facts.ts";
import { why } from "#core/facts/why.ts";
import type { Condition, Rule } from "#core/protocol/command.ts";
import type { RoleId, ServerId } from "#core/protocol/ids.ts";
import type { ReadLog } from "#core/rules/read.ts";
import type { Policy } from "#core/rules/state.ts";
import type { RuleArguments, RuleText } from "#bridge/policy.ts";
import { conditionProblem } from "../gate/conditions.ts";
import { argumentsOf, misfit } from "../gate/fits.ts";
import type { Misfit, Schema } from "../gate/fits.ts";
import { needed, STRENGTH } from "../gate/match.ts";

/** The schema of a tool's arguments as its server gave it on this computer, or null where it does not run here. */
export type Schemas = (server: string, tool: string) => Schema | null;

type Named = Pick<RuleText, "server" | "tools" | "except">;
interface Place {
  readonly server: string;
  readonly name: string;
  readonly tool: string;
}
/** Every tool of the log that the rule names. */
const placesOf = (log: ReadLog, rule: Named): Place[] =>
  [...log.servers.values()]
    .filter(({ id }) => rule.server === null || rule.server === id)
    .flatMap(({ id, name, tools }) =>
      tools
        .filter((tool) => rule.tools.includes(tool.name) !== rule.except)
        .map((tool) => ({ server: id, name, tool: tool.name })),
    );

/** `refused`: why the rule cannot stand. `warned`: what may not be meant so. */
export const judged = (
  log: ReadLog,
  policy: Policy,
  rule: RuleText,
  schemas: Schemas,
): { readonly refused: string | null; readonly warned: readonly string[] } => {
  const refused =
    unknownName(log, policy, rule) ?? rule.args.map(conditionProblem).find((problem) => problem !== null) ?? null;
  if (refused !== null || rule.args.length === 0) return { refused, warned: [] };
  const places = placesOf(log, rule);
  const fits = fitsOf(places, rule.args, schemas);
  if (places.length > 0 && fits.every(({ misfits }) => misfits.some(({ sure }) => sure)))
    return { refused: `No call fits this rule: ${wordsOf(fits[0])}.`, warned: [] };
  const doubtful = fits.filter(({ misfits }) => misfits.length > 0);
  const blind = fits.filter(({ known }) => !known);
  return {
    refused: null,
    warned: [
      ...doubtful
        .slice(0, 3)
        .map(
          (fit) =>
            `${wordsOf(fit)}. ${fits.length === 1 ? "The rule then protects nothing." : "The rule then says nothing about this tool."}`,
        ),
      ...(doubtful.length > 3 ? [`So it is with ${doubtful.length - 3} more of these tools.`] : []),
      ...(blind.length > 0
        ? [
            `${blind.length === 1 ? `The arguments of ${blind[0]?.place.tool ?? ""} are` : `The arguments of ${blind.length} of these tools are`} not known on this computer, so their names cannot be checked here.`,
          ]
        : []),
    ],
  };
};

interface Fits {
  readonly place: Place;
  readonly known: boolean;
  readonly misfits: readonly Misfit[];
}
const fitsOf = (places: readonly Place[], conditions: readonly Condition[], schemas: Schemas): Fits[] =>
  places.map((place) => {
    const schema = schemas(place.server, place.tool);
    return {
      place,
      known: schema !== null,
      misfits:
        schema === null
          ? []
          : conditions.map((condition) => misfit(schema, condition)).filter((found) => found !== null),
    };
  });
const wordsOf = (fit: Fits | undefined): string =>
  `${fit?.place.tool ?? ""} of ${fit?.place.name ?? ""} ${fit?.misfits.find(({ sure }) => sure)?.words ?? fit?.misfits[0]?.words ?? ""}`;

/** What is wrong with a rule that stands in the policy already, or null: the tools may have changed since. */
export const ruleProblem = (log: ReadLog, rule: Rule, schemas: Schemas): string | null => {
  const places = placesOf(log, rule);
  if (places.length === 0)
    return rule.server === null && log.servers.size === 0 ? null : "Fits no call: none of its tools is there.";
  const fits = fitsOf(places, rule.args, schemas);
  if (rule.args.length === 0 || !fits.every(({ misfits }) => misfits.length > 0)) return null;
  const sure = fits.every(({ misfits }) => misfits.some((each) => each.sure));
  return `${sure ? "Fits" : "May fit"} no call of ${places.length === 1 ? "this tool" : "these tools"}: ${wordsOf(fits[0])}.`;
};

/** A rule that names something unknown would silently never fit. */
const unknownName = (
  log: ReadLog,
  policy: Policy,
  { server, tools, except, roles, effect }: RuleText,
): string | undefined => {
  const found = server === null ? undefined : log.servers.get(server as ServerId);
  if (server !== null && found === undefined) return factWords(why("no-such-server"));
  if (tools.length === 0 && !except) return "Choose a tool. This rule would speak about none.";
  if (tools.length > 0 && found === undefined) return "Choose the server of this tool.";
  const missing = tools.find((tool) => found?.tools.some(({ name }) => name === tool) === false);
  if (missing !== undefined && found !== undefined) return `${found.name} has no tool named ${missing}.`;
  if (roles.some((role) => !log.roles.has(role as RoleId))) return factWords(why("no-such-role"));
  return effect.kind === "ask" && !policy.queues.some(({ id }) => id === effect.queue)
    ? factWords(why("no-such-queue"))
    : undefined;
};

/** Rules for all calls of the same tools and for everybody that ask for more: while one stands, the given one never decides. */
export const overruling = (policy: Policy, rule: RuleText): Rule[] => {
  const weight = (effect: RuleText["effect"]): number =>
    STRENGTH[effect.kind] + (effect.kind === "ask" ? needed(policy, effect as Rule["effect"]) / 1_000 : 0);
  const covers = (each: Rule): boolean =>
    (each.server === null || each.server === rule.server) &&
    ((each.except && each.tools.length === 0) ||
      (!rule.except && rule.tools.length > 0 && rule.tools.every((tool) => each.tools.includes(tool) !== each.except)));
  return policy.rules.filter(
    (each) =>
      each.id !== rule.id &&
      each.args.length === 0 &&
      each.roles.length === 0 &&
      covers(each) &&
      weight(each.effect) > weight(rule.effect),
  );
};

/** The arguments from which a rule about these tools chooses. */
export const ruleArguments = (log: ReadLog, rule: Named, schemas: Schemas): RuleArguments => {
  const places = placesOf(log, rule);
  const known = places.map((place) => ({ place, schema: schemas(place.server, place.tool) }));
  const args = new Map<string, { path: string; types: Set<string>; tools: number }>();
  for (const { schema } of known) {
    if (schema === null) continue;
    for (const { path, types } of argumentsOf(schema)) {
      const arg = args.get(path) ?? { path, types: new Set<string>(), tools: 0 };
      for (const type of types) arg.types.add(type);
      arg.tools += 1;
      args.set(path, arg);
    }
  }
  return {
    args: [...args.values()]
      .toSorted((a, b) => b.tools - a.tools)
      .slice(0, 300)
      .map(({ path, types, tools }) => ({ path, types: [...types], tools })),
    known: known.filter(({ schema }) => schema !== null).length,
    unknown: known.filter(({ schema }) => schema === null).map(({ place }) => place.tool),
  };
};
