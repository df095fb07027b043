/** Where each kind of model lives. What an address means for the text that goes there is in `place.ts`. */
import { refused } from "#bridge/refused.ts";
import type { ModelRow } from "../store/models.ts";

export type Kind = ModelRow["kind"];
export interface LocalEndpoints {
  readonly ollama: string;
  readonly lmStudio: string;
  /** How long they may take to say which models they have, ms; a second where nothing is said. */
  readonly answerMs?: number;
}
export const LOCAL_ENDPOINTS: LocalEndpoints = { ollama: "http://127.0.0.1:11434", lmStudio: "http://127.0.0.1:1234" };

/** Kinds whose endpoint asks for a key always. */
export const needsKey = (kind: Kind): boolean => kind === "openai" || kind === "anthropic";

/** The address that requests go to, without a slash at its end. Given explicitly to every provider: none may read it from the environment. */
export const endpointOf = (model: Pick<ModelRow, "kind" | "baseUrl">, local: LocalEndpoints): string => {
  const given = model.baseUrl?.replace(/\/+$/, "") ?? null;
  switch (model.kind) {
    case "openai":
      return given ?? "https://api.openai.com/v1";
    case "anthropic":
      return given ?? "https://api.anthropic.com/v1";
    case "openai-compatible":
      return given ?? "";
    case "ollama":
      return withV1(given ?? local.ollama);
    case "lm-studio":
      return withV1(given ?? local.lmStudio);
  }
};
const withV1 = (url: string): string => (url.endsWith("/v1") ? url : `${url}/v1`);

/** Throws `Refusal` with a code that starts with `model-url-`. */
export const checkBaseUrl = (kind: Kind, text: string | null): void => {
  if (text === null) {
    if (kind === "openai-compatible") throw refused("model-url-missing");
    return;
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) throw refused("model-url-scheme");
  if (url.username !== "" || url.password !== "") throw refused("model-url-key");
  if (url.search !== "" || url.hash !== "") throw refused("model-url-query");
};
