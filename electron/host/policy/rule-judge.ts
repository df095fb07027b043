/** Whether a rule can do what its author reads: by names in the log, and by the schemas of the tools that run here. */
import { why } from "#core/facts/why.ts";
import { told } from "#bridge/told.ts";
import type { Told } from "#bridge/told.ts";
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
): { readonly refused: Told | null; readonly warned: readonly Told[] } => {
  const refused =
    unknownName(log, policy, rule) ?? rule.args.map(conditionProblem).find((problem) => problem !== null) ?? null;
  if (refused !== null || rule.args.length === 0) return { refused, warned: [] };
  const places = placesOf(log, rule);
  const fits = fitsOf(places, rule.args, schemas);
  const [first] = fits;
  if (first !== undefined && fits.every(({ misfits }) => misfits.some(({ sure }) => sure)))
    return { refused: told("rule-fits-none", misfitOf(first)), warned: [] };
  const doubtful = fits.filter(({ misfits }) => misfits.length > 0);
  const blind = fits.filter(({ known }) => !known);
  return {
    refused: null,
    warned: [
      ...doubtful.slice(0, WARNED).map((fit) => told("rule-misses", misfitOf(fit), fits.length === 1)),
      ...(doubtful.length > WARNED ? [told("rule-misses-more", doubtful.length - WARNED)] : []),
      ...(blind.length > 0
        ? [told("rule-unchecked", blind.length, blind.length === 1 ? (blind[0]?.place.tool ?? "") : "")]
        : []),
    ],
  };
};
/** Tools that are named; of more only the number is told. */
const WARNED = 3;

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
/** Which tool does not fit, and in what. What is certain first. */
const misfitOf = ({ place, misfits }: Fits): Told => {
  const found = misfits.find(({ sure }) => sure) ?? misfits[0];
  return told("misfit", place.tool, place.name, found?.what ?? told("misfit.no-argument", "", null));
};

/** What is wrong with a rule that stands in the policy already, or null: the tools may have changed since. */
export const ruleProblem = (log: ReadLog, rule: Rule, schemas: Schemas): Told | null => {
  const places = placesOf(log, rule);
  if (places.length === 0) return rule.server === null && log.servers.size === 0 ? null : told("rule-without-tools");
  const fits = fitsOf(places, rule.args, schemas);
  if (rule.args.length === 0 || !fits.every(({ misfits }) => misfits.length > 0)) return null;
  const [first] = fits;
  const sure = fits.every(({ misfits }) => misfits.some((each) => each.sure));
  return first === undefined ? null : told("rule-fits-nothing", sure, places.length, misfitOf(first));
};

/** A rule that names something unknown would silently never fit. */
const unknownName = (
  log: ReadLog,
  policy: Policy,
  { server, tools, except, roles, effect }: RuleText,
): Told | undefined => {
  const found = server === null ? undefined : log.servers.get(server as ServerId);
  if (server !== null && found === undefined) return why("no-such-server");
  if (tools.length === 0 && !except) return told("rule-names-no-tool");
  if (tools.length > 0 && found === undefined) return told("rule-names-no-server");
  const missing = tools.find((tool) => found?.tools.some(({ name }) => name === tool) === false);
  if (missing !== undefined && found !== undefined) return told("server-has-no-tool", found.name, missing);
  if (roles.some((role) => !log.roles.has(role as RoleId))) return why("no-such-role");
  return effect.kind === "ask" && !policy.queues.some(({ id }) => id === effect.queue)
    ? why("no-such-queue")
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
