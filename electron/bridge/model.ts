/** Models that this person's agent can use. */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { Told } from "./told.ts";
import { id, name, none, done } from "./fields.ts";
import { method, topic } from "./method.ts";

export const ModelKind = z.enum(["openai", "anthropic", "openai-compatible", "ollama", "lm-studio"]);

/**
 * Where the text of a model request goes, as far as it is known. `host` is the address asked, `to` who runs the model
 * behind it. `here`: Ollama on this computer says that it runs the model itself, or the person said so.
 */
export const Place = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("here"), by: z.enum(["ollama", "person"]), host: z.string() }),
  z.strictObject({ kind: z.literal("program"), host: z.string() }),
  z.strictObject({ kind: z.literal("through"), to: z.string(), host: z.string() }),
  z.strictObject({ kind: z.literal("host"), host: z.string() }),
]);
export type Place = DeepReadonly<z.infer<typeof Place>>;

export const ModelView = z.strictObject({
  id: z.string(),
  kind: ModelKind,
  name: z.string(),
  model: z.string(),
  baseUrl: z.string().nullable(),
  hasKey: z.boolean(),
  place: Place,
  /** The person said that this model runs on this computer. */
  runsHere: z.boolean(),
  isDefault: z.boolean(),
});
export type ModelView = DeepReadonly<z.infer<typeof ModelView>>;

export const ModelsView = z.strictObject({
  models: z.array(ModelView),
  detected: z.array(
    z.strictObject({
      kind: ModelKind,
      baseUrl: z.string(),
      models: z.array(
        z.strictObject({
          name: z.string(),
          /** Who runs it, where it is known not to be this computer. */ to: z.string().nullable(),
        }),
      ),
    }),
  ),
});
export type ModelsView = DeepReadonly<z.infer<typeof ModelsView>>;

export const modelMethods = {
  "model.add": method({
    params: z.strictObject({
      kind: ModelKind,
      name,
      model: z.string().trim().min(1).max(200),
      baseUrl: z.string().max(2_048).nullable(),
      key: z.string().max(4_096).nullable(),
    }),
    result: z.strictObject({ id }),
    windows: ["main"],
    needs: { none: "here" },
  }),
  "model.remove": method({
    params: z.strictObject({ model: id }),
    result: done,
    windows: ["main"],
    needs: { none: "here" },
  }),
  "model.setDefault": method({
    params: z.strictObject({ model: id }),
    result: done,
    windows: ["main"],
    needs: { none: "here" },
  }),
  /** The person says that a model behind a program on this computer runs here too, or takes it back. */
  "model.setRunsHere": method({
    params: z.strictObject({ model: id, runsHere: z.boolean() }),
    result: done,
    windows: ["main"],
    needs: { none: "here" },
  }),
  "model.detect": method({ params: none, result: done, windows: ["main"], needs: { none: "here" } }),
  /** One short request to the endpoint; says in words what is wrong. */
  "model.test": method({
    params: z.strictObject({ model: id }),
    result: z.strictObject({ ok: z.boolean(), problem: Told.nullable() }),
    windows: ["main"],
    needs: { none: "here" },
  }),
};

export const modelTopics = {
  models: topic({ of: "app", value: ModelsView, windows: ["main"], needs: { none: "reads" } }),
};
