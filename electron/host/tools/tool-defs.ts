/** What a server says about its tools, parsed tool by tool: one bad definition costs that tool only. */
import { told, type Told } from "#bridge/told.ts";
import { DEFINITION_MAX, definitionJson } from "#core/protocol/definition.ts";
import { hides } from "#bridge/plain-text.ts";
import { z } from "zod";
import type { ToolDef } from "../seams.ts";
import { limits } from "./limits.ts";
import { schemaHash } from "./schema-hash.ts";

const Definition = z.looseObject({
  name: z.string().min(1).max(200),
  title: z.string().max(400).optional(),
  description: z.string().optional(),
  inputSchema: z.looseObject({ type: z.literal("object").optional() }),
  annotations: z
    .looseObject({
      title: z.string().max(400).optional(),
      readOnlyHint: z.boolean().optional(),
      destructiveHint: z.boolean().optional(),
    })
    .optional(),
});

/** Why a tool is left out, of the tool at that place. */
type Why = (place: number, name: string) => Told;
/** A definition and its size in bytes, or why it is left out. */
const readOne = (raw: unknown): { readonly def: ToolDef; readonly bytes: number } | { readonly why: Why } => {
  const parsed = Definition.safeParse(raw);
  if (!parsed.success) return { why: (...tool) => told("left.shape", ...tool) };
  const { name, title, description, inputSchema, annotations } = parsed.data;
  if (hides(name)) return { why: (...tool) => told("left.unseen", ...tool) };
  const definition = definitionJson(raw as Record<string, unknown>);
  if (definition === undefined) return { why: (...tool) => told("left.large", ...tool, DEFINITION_MAX / 1_024) };
  const readOnly = annotations?.readOnlyHint === true;
  const def: ToolDef = {
    name,
    title: title ?? annotations?.title ?? null,
    description: description ?? "",
    inputSchema,
    readOnly,
    // The protocol's own default: a tool that does not say otherwise may destroy.
    destructive: !readOnly && annotations?.destructiveHint !== false,
    schema: schemaHash(definition),
    definition,
  };
  return { def, bytes: Buffer.byteLength(definition) };
};

/** Its name, where that can be shown. */
const shownName = (item: unknown): string => {
  const name = typeof item === "object" && item !== null && "name" in item ? item.name : undefined;
  return typeof name === "string" && name.length <= 80 && !hides(name) ? name : "";
};

/** @param skipped called with each tool that is left out */
export const readToolDefs = (raw: readonly unknown[], skipped: (why: Told) => void): ToolDef[] => {
  const defs = new Map<string, ToolDef>();
  let total = 0;
  for (const [index, item] of raw.entries()) {
    const read = readOne(item);
    const tool = [index + 1, shownName(item)] as const;
    if ("why" in read) skipped(read.why(...tool));
    else if (defs.has(read.def.name)) skipped(told("left.twice", ...tool));
    else if (defs.size >= limits.tools) skipped(told("left.many", ...tool, limits.tools));
    else if (total + read.bytes > limits.toolDefinitions)
      skipped(told("left.together", ...tool, limits.toolDefinitions / 1_024 / 1_024));
    else {
      defs.set(read.def.name, read.def);
      total += read.bytes;
    }
  }
  return [...defs.values()];
};
