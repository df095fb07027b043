/** What went wrong at a model endpoint, as a code and a sentence. The key never gets into either. */
import { APICallError, EmptyResponseBodyError, InvalidResponseDataError, JSONParseError, LoadAPIKeyError, NoContentGeneratedError, NoOutputGeneratedError, RetryError, TypeValidationError } from "ai";
import { Refusal } from "../seams.ts";
import type { Trouble } from "./watched-fetch.ts";

export interface Failing {
  /** Shown name of the model. */
  readonly name: string;
  /** Host that was asked. */
  readonly host: string;
  readonly key: string | null;
}
/** A failure that may pass by itself, with the time the endpoint asked for, ms. */
export interface Problem {
  readonly refusal: Refusal;
  readonly retryAfterMs: number | null;
  readonly passes: boolean;
}

const HINT_MAX = 300;
const problem = (code: string, message: string, passes = false, retryAfterMs: number | null = null): Problem => ({ refusal: new Refusal(code, message), passes, retryAfterMs });

export const problemOf = (error: unknown, trouble: Trouble, at: Failing): Problem => {
  if (error instanceof Refusal) return { refusal: error, passes: false, retryAfterMs: null };
  if (trouble === "slow") return problem("model-slow", `${at.name} at ${at.host} has not answered for a minute. Try again; if it is a local model, see whether it is still loading.`);
  if (trouble === "flood") return problem("model-garbage", `${at.name} sent far more than an answer can hold, so it was cut off. Choose another model, or try again.`);
  if (trouble === "cut") return brokenOff(at);
  const root = RetryError.isInstance(error) ? error.lastError : error;
  if (APICallError.isInstance(root)) return ofStatus(root, at);
  if (LoadAPIKeyError.isInstance(root)) return problem("model-auth", `${at.name} needs a key. Add the model again with one.`);
  if (isGarbage(root)) return garbage(at);
  return ofNetwork(root, at);
};

export const garbage = (at: Failing): Problem => problem("model-garbage", `${at.host} answered with something that is no model's answer. Check that the address is that of a model endpoint, and its kind.`);
export const brokenOff = (at: Failing): Problem => problem("model-down", `The connection to ${at.host} broke in the middle of the answer. Try again.`);
export const declined = (at: Failing): Problem => problem("model-refused", `${at.name} declined to answer this, by its provider's rules. Say it differently, or choose another model.`);
export const tooLong = (at: Failing): Problem => problem("model-too-long", `This thread is longer than ${at.name} can read. Begin a new thread, or choose a model that reads more.`);

const isGarbage = (error: unknown): boolean =>
  [JSONParseError, TypeValidationError, InvalidResponseDataError, EmptyResponseBodyError, NoContentGeneratedError, NoOutputGeneratedError].some((kind) => kind.isInstance(error));

const ofStatus = (error: APICallError, at: Failing): Problem => {
  const status = error.statusCode;
  const said = hintOf(error, at.key);
  if (status === undefined) return isGarbage(error.cause) ? garbage(at) : ofNetwork(error.cause ?? error, at);
  if (status < 300) return garbage(at);
  if (/context.{0,12}(length|window)|maximum context|too many tokens|prompt is too long|too long/i.test(said)) return tooLong(at);
  if (status === 401 || status === 403) return problem("model-auth", `${at.host} does not accept the key of ${at.name}. Add the model again with a key that works.`);
  if (status === 429 || status === 529) {
    const after = retryAfter(error.responseHeaders);
    return problem("model-rate-limited", `${at.host} is taking no more requests right now${after === null ? "" : `; it asks to wait ${inWords(after)}`}. Try again then.${quoted(said)}`, true, after);
  }
  if (status === 404) return problem("model-missing", `${at.host} has no model of this name, or no model endpoint at this address. Check both in Settings.${quoted(said)}`);
  if (status >= 500 || status === 408) return problem("model-down", `${at.host} failed with error ${status}. It is their side; try again in a while.${quoted(said)}`, true, retryAfter(error.responseHeaders));
  return problem("model-refused", `${at.host} refused the request with error ${status}.${quoted(said)}`);
};

const ofNetwork = (error: unknown, at: Failing): Problem => {
  const codes = [...chain(error)];
  if (codes.some((code) => code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE")) return brokenOff(at);
  if (codes.some((code) => code === "ENOTFOUND" || code === "EAI_AGAIN")) return problem("model-down", `${at.host} could not be found. Check the address and whether this computer is online.`);
  if (codes.some((code) => code.startsWith("ERR_TLS") || code.startsWith("CERT") || code.includes("SELF_SIGNED") || code.includes("UNABLE_TO_"))) return problem("model-down", `The certificate of ${at.host} could not be trusted, so nothing was sent.`);
  return problem("model-down", `${at.host} cannot be reached. If it is a local model, start it; otherwise check that this computer is online.`);
};

function* chain(error: unknown): Generator<string> {
  for (let each = error, depth = 0; each instanceof Error && depth < 6; each = each.cause, depth += 1) {
    if ("code" in each && typeof each.code === "string") yield each.code;
  }
}

/** What the endpoint said, short and without the key; keys are quoted in such answers more often than one thinks. */
const hintOf = (error: APICallError, key: string | null): string => {
  const scrubbed = key === null || key.length < 4 ? error.message : error.message.replaceAll(key, "…");
  return scrubbed.replaceAll(/\b(?:sk|key|pk)-[\w*.-]{4,}/gi, "…").replaceAll(/\s+/g, " ").trim().slice(0, HINT_MAX);
};
const quoted = (said: string): string => (said === "" ? "" : ` It said: “${said}”`);

const retryAfter = (headers: Record<string, string> | undefined): number | null => {
  const ms = Number(headers?.["retry-after-ms"]);
  if (Number.isFinite(ms) && ms >= 0 && headers?.["retry-after-ms"] !== undefined) return ms;
  const text = headers?.["retry-after"];
  if (text === undefined) return null;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
};

export const inWords = (ms: number): string => {
  const seconds = Math.max(1, Math.ceil(ms / 1_000));
  return seconds < 120 ? `${seconds} ${seconds === 1 ? "second" : "seconds"}` : `${Math.ceil(seconds / 60)} minutes`;
};
