/** What went wrong at a model endpoint, as a code and a sentence. The key never gets into either. */
import {
  APICallError,
  EmptyResponseBodyError,
  InvalidResponseDataError,
  JSONParseError,
  LoadAPIKeyError,
  NoContentGeneratedError,
  NoOutputGeneratedError,
  RetryError,
  TypeValidationError,
} from "ai";
import { told, type Told } from "#bridge/told.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { troubleOf } from "../ways/trouble.ts";
import { isKey, isQuota, isTooLong, isTooManyTools, statusOf } from "./reasons.ts";
import { saidIn, type Said } from "./said.ts";
import { scrubbed } from "./scrub.ts";
import type { Trouble, Watched } from "./watched-fetch.ts";

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
/** What the fetch saw of the answer. */
export type Seen = Pick<Watched, "heard" | "movedTo" | "silenceMs"> & { readonly why: Trouble };
export const UNSEEN: Seen = {
  heard: { error: null, done: false, begun: false, thought: false },
  movedTo: () => "",
  silenceMs: 0,
  why: null,
};

const problem = (fact: Told, passes = false, retryAfterMs: number | null = null): Problem => ({
  refusal: new Refusal(fact),
  passes,
  retryAfterMs,
});

export const problemOf = (error: unknown, seen: Seen, at: Failing): Problem => {
  if (error instanceof Refusal) return { refusal: error, passes: false, retryAfterMs: null };
  const { why, heard } = seen;
  if (why === "slow") return problem(told("model-slow", at.name, at.host, seen.silenceMs));
  if (why === "flood") return problem(told("model-flood", at.name));
  if (why === "moved") return redirected(seen.movedTo(), at);
  if (heard.error !== null) return ofStream(heard.error, why, at);
  if (why === "cut") return heard.begun ? brokenOff(at) : hungUp(at);
  const root = RetryError.isInstance(error) ? error.lastError : error;
  if (APICallError.isInstance(root) && root.statusCode !== undefined) return ofAnswer(root, root.statusCode, at);
  if (LoadAPIKeyError.isInstance(root)) return problem(told("model-keyless", at.name, at.host, ""));
  const cause = APICallError.isInstance(root) ? (root.cause ?? root) : root;
  // The SDK misses the reason of an end that nobody marked.
  if (InvalidResponseDataError.isInstance(cause) && heard.begun) return brokenOff(at);
  if (isGarbage(cause)) return garbage(at);
  return ofNetwork(cause, at);
};

export const garbage = (at: Failing, said: Said | null = null): Problem =>
  problem(told("model-garbage", at.host, quoted(said, at)));
export const brokenOff = (at: Failing): Problem => problem(told("model-down", "broke-off", at.host, 0, ""));
const hungUp = (at: Failing): Problem => problem(told("model-down", "hung-up", at.host, 0, ""), true);
export const declined = (at: Failing): Problem => problem(told("model-declined", at.name));
export const gaveUp = (at: Failing, raw: string): Problem =>
  problem(told("model-down", "ended", at.host, 0, scrubbed(raw, at.key)), true);
export const tooLong = (at: Failing, said: Said | null = null): Problem =>
  problem(told("model-too-long", at.name, quoted(said, at)));

/** The limit of what a model may write at once, by how far it got. */
export const cut = (at: Failing, got: "text" | "call" | "thoughts" | "nothing"): Problem =>
  problem(told("model-cut", got, at.name));

const isGarbage = (error: unknown): boolean =>
  [
    JSONParseError,
    TypeValidationError,
    InvalidResponseDataError,
    EmptyResponseBodyError,
    NoContentGeneratedError,
    NoOutputGeneratedError,
  ].some((kind) => kind.isInstance(error));

const redirected = (to: string, at: Failing): Problem => {
  const url = URL.canParse(to) ? new URL(to) : null;
  const where = scrubbed(url === null ? (to.split(/[?#]/)[0] ?? "") : `${url.origin}${url.pathname}`, at.key);
  return problem(told("model-redirect", at.host, where));
};

/** An error that came where an answer should have been, after the endpoint had already said that all is well. */
const ofStream = (body: unknown, why: Trouble, at: Failing): Problem => {
  const said = saidIn(body);
  const status = statusOf(said);
  if (why === "plain" && status === null && said.words === "") return garbage(at);
  return (
    ofReason(said, null, at) ??
    (status === null ? null : ofStatus(status, said, null, at)) ??
    problem(
      said.words === ""
        ? told("model-down", "unnamed", at.host, 0, "")
        : told("model-down", "midway", at.host, 0, quoted(said, at)),
    )
  );
};

const ofAnswer = (error: APICallError, status: number, at: Failing): Problem => {
  if (status < 300) return garbage(at);
  const body = saidIn(error.responseBody);
  const said = body.words === "" ? { ...body, words: error.message } : body;
  const after = retryAfter(error.responseHeaders) ?? retryIn(said.words);
  return (
    ofReason(said, after, at) ??
    ofStatus(status, said, after, at) ??
    problem(told("model-refused", at.host, status, quoted(said, at)))
  );
};

/** What the words themselves say, whatever the number beside them. */
const ofReason = (said: Said, after: number | null, at: Failing): Problem | null => {
  if (isTooManyTools(said)) return problem(told("model-tools", at.name, quoted(said, at)));
  if (isTooLong(said)) return tooLong(at, said);
  if (after === null && isQuota(said)) return problem(told("model-quota", at.name, at.host, quoted(said, at)));
  return null;
};

const ofStatus = (status: number, said: Said, after: number | null, at: Failing): Problem | null => {
  if (status === 401 || (status === 403 && isKey(said)) || (status === 400 && isKey(said)))
    return problem(told(at.key === null ? "model-keyless" : "model-auth", at.name, at.host, quoted(said, at)));
  if (status === 403) return problem(told("model-refused", at.host, status, quoted(said, at)));
  if (status === 402) return problem(told("model-unpaid", at.host, quoted(said, at)));
  if (status === 429 || status === 529)
    return problem(told("model-rate-limited", at.host, after, quoted(said, at)), true, after);
  if (status === 404) return problem(told("model-missing", at.host, quoted(said, at)));
  if (status === 413) return problem(told("model-too-large", at.host, quoted(said, at)));
  if (status >= 500 || status === 408)
    return problem(told("model-down", "status", at.host, status, quoted(said, at)), true, after);
  return null;
};

/** What may be so of a model, and of no other computer. Of the others nothing was sent. */
const LOCAL: Readonly<Record<string, "start" | "loading" | "other">> = {
  nobody: "start",
  silent: "loading",
  "no-http": "other",
};
const ofNetwork = (error: unknown, at: Failing): Problem => {
  const trouble = troubleOf(error);
  if (trouble?.kind === "cut") return hungUp(at);
  if (trouble !== null)
    return problem(told("model-unreached", told("trouble", trouble, at.host, true), LOCAL[trouble.kind] ?? "unsent"));
  const words = error instanceof Error ? error.message : saidIn(error).words;
  return problem(told("model-failed", at.host, scrubbed(words, at.key)));
};

const quoted = (said: Said | null, at: Failing): string => (said === null ? "" : scrubbed(said.words, at.key));

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
/** Groq and Google say in the sentence when to come back. */
const retryIn = (words: string): number | null => {
  const found = /(?:retry|try again) in (?:(\d+)m)?([\d.]+)(ms|s)\b/i.exec(words);
  if (found === null) return null;
  return Number(found[1] ?? 0) * 60_000 + Number(found[2]) * (found[3] === "ms" ? 1 : 1_000);
};
