/** The AI SDK's providers, each with everything given: none of them may look into the environment for a key or an address. */
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { LanguageModel } from "ai";
import { Refusal } from "#core/facts/refusal.ts";
import type { ModelRow } from "../store/models.ts";
import { needsKey } from "./endpoints.ts";

export const providerOf = (
  row: ModelRow,
  baseURL: string,
  key: string | null,
  fetch: typeof globalThis.fetch,
): LanguageModel => {
  if (key === null && needsKey(row.kind))
    throw new Refusal("model-auth", `${row.name} needs a key. Add the model again with one.`);
  switch (row.kind) {
    case "openai":
      return createOpenAI({ baseURL, apiKey: key ?? "", fetch }).responses(row.model);
    case "anthropic":
      return createAnthropic({ baseURL, apiKey: key ?? "", fetch }).languageModel(row.model);
    case "openai-compatible":
    case "ollama":
    case "lm-studio":
      return createOpenAICompatible({
        name: row.kind,
        baseURL,
        fetch,
        includeUsage: true,
        ...(key === null ? {} : { apiKey: key }),
      }).chatModel(row.model);
  }
};
