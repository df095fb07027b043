/** What a server says about its tools, parsed tool by tool: one bad definition costs that tool only. */
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

/** A definition, its size in bytes, or the reason in words why it is left out. */
const readOne = (raw: unknown): { readonly def: ToolDef; readonly bytes: number } | { readonly why: string } => {
  const parsed = Definition.safeParse(raw);
  if (!parsed.success) return { why: "its definition has another shape than the protocol says" };
  const { name, title, description, inputSchema, annotations } = parsed.data;
  if (hides(name)) return { why: "its name holds characters that cannot be seen" };
  const definition = definitionJson(raw as Record<string, unknown>);
  if (definition === undefined)
    return { why: `its definition is nested too deeply, or larger than ${DEFINITION_MAX / 1_024} kB` };
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

/** A tool that is left out by its place in the list, and by its name where that can be shown. */
const calledBy = (item: unknown, index: number): string => {
  const name = typeof item === "object" && item !== null && "name" in item ? item.name : undefined;
  return typeof name === "string" && name !== "" && name.length <= 80 && !hides(name)
    ? `Tool ${index + 1} (${name})`
    : `Tool ${index + 1}`;
};

/** @param skipped called with one sentence for each tool that is left out */
export const readToolDefs = (raw: readonly unknown[], skipped: (why: string) => void): ToolDef[] => {
  const defs = new Map<string, ToolDef>();
  let total = 0;
  for (const [index, item] of raw.entries()) {
    const read = readOne(item);
    if ("why" in read) skipped(`${calledBy(item, index)} is left out: ${read.why}.`);
    else if (defs.has(read.def.name))
      skipped(`${calledBy(item, index)} is left out: its name is taken by an earlier one.`);
    else if (defs.size >= limits.tools)
      skipped(`${calledBy(item, index)} is left out: ${limits.tools} tools of one server are read.`);
    else if (total + read.bytes > limits.toolDefinitions)
      skipped(
        `${calledBy(item, index)} is left out: the definitions of this server's tools are larger than ${limits.toolDefinitions / 1_024 / 1_024} MB together.`,
      );
    else {
      defs.set(read.def.name, read.def);
      total += read.bytes;
    }
  }
  return [...defs.values()];
};
