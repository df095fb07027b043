/**
 * Whether the arguments of a call are what its tool says that it takes. Asked before anybody is asked to approve the call:
 * one that the tool would refuse anyway wastes a person's decision. It decides nothing else, and where a schema cannot be
 * judged here it refuses nothing: the tool judges its arguments again.
 */
import type { Misfit } from "#bridge/facts/tools.ts";
import { told, type Told } from "#bridge/told.ts";
import { createContext, Script } from "node:vm";
import { Ajv, type AnySchema, type ErrorObject, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { isPlainSchema, isShort } from "./plain-schema.ts";

/** A larger schema takes longer to compile than a call is worth. */
const SCHEMA_MAX = 65_536;
const OPTIONS = {
  // Tool servers write what they like around the words of the standard.
  strict: false,
  // A format is a hint of the standard's, not a rule.
  validateFormats: false,
  // The first problem is told. All of them would let a schema make work without bound.
  allErrors: false,
  logger: false,
  // Names are a server's own: two of its schemas may bring the same one.
  addUsedSchema: false,
  code: {
    regExp: Object.assign((pattern: string, flags: string) => safePattern(pattern, flags), { code: "safePattern" }),
  },
} as const;

/** A pattern is a tool server's own, and one that takes for ever would stop the host: such a one fits everything. */
const safePattern = (pattern: string, flags: string): Pick<RegExp, "test"> => {
  // Ajv tells patterns apart by their text.
  const named = (test: (text: string) => boolean) => ({ test, toString: () => `/${pattern}/${flags}` });
  try {
    const judge = isQuick(pattern) ? new RegExp(pattern, flags) : null;
    return named((text) => judge === null || text.length > PATTERN_TEXT_MAX || judge.test(text));
  } catch {
    // A pattern of another dialect refuses nothing: the tool itself judges the value.
    return named(() => true);
  }
};
const PATTERN_TEXT_MAX = 1_000;
/** Repetition of a group, and reference back to one, can take time that doubles with each character. */
const isQuick = (pattern: string): boolean =>
  !/\)(?:[*+?]|\{)|\\[1-9k]|\(\?[=!<]/.test(pattern) && (pattern.match(/[*+]|\{\d+,\}/g) ?? []).length <= 2;

/**
 * For one schema and one call. What a schema costs cannot be told from its text: references that double at each step, and
 * patterns with many ways to fit, take longer than anybody lives. The engine itself ends such work, also within a pattern.
 */
const WITHIN_MS = 250;
const apart: { work?: () => unknown } = createContext({});
const run = new Script("work()");
/** Throws where it takes too long. */
const inTime = <T>(work: () => T): T => {
  apart.work = work;
  try {
    return run.runInContext(apart as object, { timeout: WITHIN_MS }) as T;
  } finally {
    delete apart.work;
  }
};

interface Judge {
  readonly validate: ValidateFunction;
  /** The engine's watch over a call costs a thread, which is more than all of the work where that cannot be long. */
  readonly plain: boolean;
}
const compiled = new WeakMap<object, Judge | null>();

const judgeOf = (schema: Record<string, unknown>): Judge | null => {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const plain = isPlainSchema(schema);
  const validate = compile(schema, plain);
  const made = validate === null ? null : { validate, plain };
  compiled.set(schema, made);
  return made;
};

const compile = (schema: Record<string, unknown>, plain: boolean): ValidateFunction | null => {
  try {
    if (JSON.stringify(schema).length > SCHEMA_MAX) return null;
    const { $schema: dialect, ...rest } = schema;
    // MCP takes 2020-12 where a schema does not say otherwise; older ones still write draft 7.
    const old = typeof dialect === "string" && /draft-0[467]/.test(dialect);
    const ajv = old ? new Ajv(OPTIONS) : new Ajv2020(OPTIONS);
    // What the validator needs for itself at first is no cost of the schema: on a busy machine it took the whole of its time.
    void ajv.validateSchema({});
    const work = () => ajv.compile(rest as AnySchema);
    return plain ? work() : inTime(work);
  } catch {
    // A schema that cannot be read judges nothing: the tool itself does.
    return null;
  }
};

/** The first thing that does not fit, or null. `args` is the exact JSON text of the call. */
export const misfit = (schema: Record<string, unknown>, args: string): Told | null => {
  const judge = judgeOf(schema);
  if (judge === null) return null;
  const { validate, plain } = judge;
  try {
    const value = JSON.parse(args) as unknown;
    const fits = plain && isShort(args) ? validate(value) : inTime(() => validate(value));
    return fits ? null : misfitOf(validate.errors?.[0]);
  } catch (error) {
    // Paid for once.
    if (isLate(error)) compiled.set(schema, null);
    // Deeper than the stack, or no JSON: whoever reads arguments says the latter in words of its own.
    return null;
  }
};

const isLate = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";

const misfitOf = (error: ErrorObject | undefined): Told => {
  const at = (error?.instancePath ?? "").slice(1).replaceAll("/", ".").slice(0, 200);
  return told("tool-args-misfit", at, ...(error === undefined ? (["other", ""] as const) : saidOf(error)));
};

/** A code where people err most; the rest in the words of the validator. */
const saidOf = ({ keyword, params, message }: ErrorObject): readonly [Misfit, string] => {
  const named = (param: string): string => String(params[param]).slice(0, 80);
  if (keyword === "additionalProperties") return ["unknown-field", named("additionalProperty")];
  if (keyword === "required") return ["missing-field", named("missingProperty")];
  if (keyword === "type" && KINDS.has(String(params["type"]))) return ["kind", String(params["type"])];
  return ["other", (message ?? "").slice(0, 200)];
};
const KINDS: ReadonlySet<string> = new Set(["string", "number", "integer", "boolean", "array", "object", "null"]);
