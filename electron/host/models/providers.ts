/** The AI SDK's providers, each with everything given: none of them may look into the environment for a key or an address. */
import { hostOf } from "../ways/place.ts";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { LanguageModel } from "ai";
import { refused } from "#bridge/refused.ts";
import type { ModelRow } from "../store/models.ts";
import { needsKey } from "./endpoints.ts";

export const providerOf = (
  row: ModelRow,
  baseURL: string,
  key: string | null,
  fetch: typeof globalThis.fetch,
): LanguageModel => {
  if (key === null && needsKey(row.kind)) throw refused("model-keyless", row.name, hostOf(baseURL), "");
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
