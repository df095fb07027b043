/** Looks for model servers on this computer: one short question to two known ports. */
import { z } from "zod";
import type { ModelsView } from "#bridge/views.ts";
import type { LocalEndpoints } from "./endpoints.ts";

const DETECT_MS = 1_000;
const BODY_MAX = 1_048_576;
const NAMES_MAX = 200;
const OllamaTags = z.object({ models: z.array(z.object({ name: z.string().max(200) })) });
const OpenAiModels = z.object({ data: z.array(z.object({ id: z.string().max(200) })) });

/** Those that answer now, with the models they have. Never rejects. */
export const detectModels = async (endpoints: LocalEndpoints): Promise<ModelsView["detected"]> => {
  const [ollama, lmStudio] = await Promise.all([
    ask(`${endpoints.ollama}/api/tags`, (body) => OllamaTags.parse(body).models.map((each) => each.name)),
    ask(`${endpoints.lmStudio}/v1/models`, (body) => OpenAiModels.parse(body).data.map((each) => each.id)),
  ]);
  return [
    ...(ollama === null ? [] : [{ kind: "ollama" as const, baseUrl: endpoints.ollama, models: ollama }]),
    ...(lmStudio === null ? [] : [{ kind: "lm-studio" as const, baseUrl: endpoints.lmStudio, models: lmStudio }]),
  ];
};

const ask = async (url: string, read: (body: unknown) => string[]): Promise<string[] | null> => {
  try {
    const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(DETECT_MS) });
    if (!response.ok || response.body === null) return null;
    return read(JSON.parse(await bounded(response.body))).slice(0, NAMES_MAX);
  } catch {
    // Nothing there, or something else: both mean that there is no model server to offer.
    return null;
  }
};

const bounded = async (body: ReadableStream<Uint8Array>): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > BODY_MAX) throw new Error("too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
};
