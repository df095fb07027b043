/** Looks for model servers on this computer, and asks Ollama which of its models run somewhere else. */
import { z } from "zod";
import type { ModelsView } from "#bridge/model.ts";
import type { LocalEndpoints } from "./endpoints.ts";
import type { Listed } from "../ways/place.ts";

/** How long a program on this computer may take to say what it has, ms. One that is there answers at once. */
const ANSWER_MS = 1_000;
const BODY_MAX = 1_048_576;
const NAMES_MAX = 200;
const said = z.string().max(2_048).nullish();
const OllamaTags = z.object({
  models: z.array(z.object({ name: z.string().max(200), remote_host: said, remote_model: said })),
});
const OpenAiModels = z.object({ data: z.array(z.object({ id: z.string().max(200) })) });

/** Those that answer now, with the models they have. Never rejects. */
export const detectModels = async (endpoints: LocalEndpoints): Promise<ModelsView["detected"]> => {
  const [ollama, lmStudio] = await Promise.all([
    askTags(endpoints.ollama, endpoints.answerMs),
    ask(
      `${endpoints.lmStudio}/v1/models`,
      (body) => OpenAiModels.parse(body).data.map((each) => each.id),
      endpoints.answerMs,
    ),
  ]);
  return [
    ...(Array.isArray(ollama) ? [{ kind: "ollama" as const, baseUrl: endpoints.ollama, models: ollama }] : []),
    // LM Studio answers for models of linked computers as for its own, and its list does not say which is which.
    ...(Array.isArray(lmStudio)
      ? [
          {
            kind: "lm-studio" as const,
            baseUrl: endpoints.lmStudio,
            models: lmStudio.map((name) => ({ name, to: null })),
          },
        ]
      : []),
  ];
};

/** `silent`: nothing answered in time. `other`: something did, and it is no list. */
export type Asked<T> = T[] | "silent" | "other";

/** The models of an Ollama at `url` (without `/v1`). */
export const askTags = (url: string, answerMs?: number): Promise<Asked<Listed>> =>
  ask(
    `${url}/api/tags`,
    (body) => OllamaTags.parse(body).models.map((each) => ({ name: each.name, to: passedTo(each) })),
    answerMs,
  );

/** The entry of `model`, as Ollama itself looks it up: without a tag it means the latest. */
export const listedAs = (model: string, list: readonly Listed[]): Listed | null => {
  const plain = model.toLowerCase();
  return list.find(({ name }) => [plain, `${plain}:latest`].includes(name.toLowerCase())) ?? null;
};

const OLLAMA_CLOUD = "ollama.com";
const passedTo = (entry: z.infer<typeof OllamaTags>["models"][number]): string | null => {
  const host = entry.remote_host ?? "";
  if (host !== "") return (URL.canParse(host) ? new URL(host).host.replace(/:443$/, "") : "") || host.slice(0, 100);
  const tag = entry.name.slice(entry.name.lastIndexOf(":") + 1);
  return (entry.remote_model ?? "") !== "" || /(?:^|-)cloud$/i.test(tag) ? OLLAMA_CLOUD : null;
};

const ask = async <T>(url: string, read: (body: unknown) => T[], answerMs: number = ANSWER_MS): Promise<Asked<T>> => {
  let heard = false;
  try {
    const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(answerMs) });
    heard = true;
    if (!response.ok || response.body === null) return "other";
    return read(JSON.parse(await bounded(response.body))).slice(0, NAMES_MAX);
  } catch {
    // Nobody there, or somebody who speaks otherwise: both are answers.
    return heard ? "other" : "silent";
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
