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
import { Refusal } from "#core/facts/refusal.ts";
import { troubleOf } from "../ways/trouble.ts";
import { troubleWords } from "#client/link/trouble-words.ts";
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

const problem = (code: string, message: string, passes = false, retryAfterMs: number | null = null): Problem => ({
  refusal: new Refusal(code, message),
  passes,
  retryAfterMs,
});

export const problemOf = (error: unknown, seen: Seen, at: Failing): Problem => {
  if (error instanceof Refusal) return { refusal: error, passes: false, retryAfterMs: null };
  const { why, heard } = seen;
  if (why === "slow")
    return problem(
      "model-slow",
      `${at.name} at ${at.host} has not answered for ${inWords(seen.silenceMs)}. Try again; if it is a local model, see whether it is still loading.`,
    );
  if (why === "flood")
    return problem(
      "model-garbage",
      `${at.name} sent far more than an answer can hold, so it was cut off. Choose another model, or try again.`,
    );
  if (why === "moved") return redirected(seen.movedTo(), at);
  if (heard.error !== null) return ofStream(heard.error, why, at);
  if (why === "cut") return heard.begun ? brokenOff(at) : hungUp(at);
  const root = RetryError.isInstance(error) ? error.lastError : error;
  if (APICallError.isInstance(root) && root.statusCode !== undefined) return ofAnswer(root, root.statusCode, at);
  if (LoadAPIKeyError.isInstance(root))
    return problem("model-auth", `${at.name} needs a key. Add the model again with one.`);
  const cause = APICallError.isInstance(root) ? (root.cause ?? root) : root;
  // The SDK misses the reason of an end that nobody marked.
  if (InvalidResponseDataError.isInstance(cause) && heard.begun) return brokenOff(at);
  if (isGarbage(cause)) return garbage(at);
  return ofNetwork(cause, at);
};

export const garbage = (at: Failing, said: Said | null = null): Problem =>
  problem(
    "model-garbage",
    `${at.host} answered with something that is no model's answer. Check that the address is that of a model endpoint, and its kind.${quoted(said, at)}`,
  );
export const brokenOff = (at: Failing): Problem =>
  problem("model-down", `The connection to ${at.host} broke in the middle of the answer. Try again.`);
const hungUp = (at: Failing): Problem =>
  problem("model-down", `${at.host} closed the connection before the first word of an answer. Try again.`, true);
export const declined = (at: Failing): Problem =>
  problem(
    "model-refused",
    `${at.name} declined to answer this, by its provider's rules. Say it differently, or choose another model.`,
  );
export const gaveUp = (at: Failing, raw: string): Problem =>
  problem("model-down", `${at.host} ended the answer with an error: “${scrubbed(raw, at.key)}”. Try again.`, true);
export const tooLong = (at: Failing, said: Said | null = null): Problem =>
  problem(
    "model-too-long",
    `This thread is longer than ${at.name} can read. Begin a new thread, or choose a model that reads more.${quoted(said, at)}`,
  );

/** The limit of what a model may write at once, by how far it got. */
export const cut = (at: Failing, got: "text" | "call" | "thoughts" | "nothing"): Problem => {
  const words = {
    text: `This answer was cut at the output limit of ${at.name}. Write “go on” to have the rest.`,
    call: `${at.name} reached its output limit in the middle of a call, so the call was not made. Ask for it in smaller pieces.`,
    thoughts: `${at.name} used up its output while thinking, so there is no answer. Try again, or ask for less at once.`,
    nothing: `${at.name} reached its output limit before the first word. Try again; if it stays, its endpoint allows too little output.`,
  };
  return problem("model-cut", words[got]);
};

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
  return problem(
    "model-redirect",
    `${at.host} answers with a redirect${where === "" ? "" : ` to ${where}`}. It was not followed, since text goes only where you were told. If the model is there, give it that address in Settings.`,
  );
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
      "model-down",
      said.words === ""
        ? `${at.host} reported an error in the middle of its answer, and not which. Try again.`
        : `${at.host} failed while it answered. Try again, or choose another model.${quoted(said, at)}`,
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
    problem("model-refused", `${at.host} refused the request with error ${status}.${quoted(said, at)}`)
  );
};

/** What the words themselves say, whatever the number beside them. */
const ofReason = (said: Said, after: number | null, at: Failing): Problem | null => {
  if (isTooManyTools(said))
    return problem(
      "model-tools",
      `${at.name} takes fewer tools than this workspace offers it, so it was not asked. Choose another model, or turn tools off.${quoted(said, at)}`,
    );
  if (isTooLong(said)) return tooLong(at, said);
  if (after === null && isQuota(said))
    return problem(
      "model-quota",
      `The account behind the key of ${at.name} may spend no more at ${at.host}, so it does not answer. Look at its plan or balance there, or choose another model.${quoted(said, at)}`,
    );
  return null;
};

const ofStatus = (status: number, said: Said, after: number | null, at: Failing): Problem | null => {
  if (status === 401 || (status === 403 && isKey(said)) || (status === 400 && isKey(said)))
    return problem(
      "model-auth",
      at.key === null
        ? `${at.host} asks for a key, and ${at.name} has none. Add the model again with one.${quoted(said, at)}`
        : `${at.host} does not accept the key of ${at.name}. Add the model again with a key that works.${quoted(said, at)}`,
    );
  if (status === 403)
    return problem(
      "model-refused",
      `${at.host} refuses this request (error 403).${quoted(said, at) || " It does not say why: the key, the country or a filter in front of it may be the reason."}`,
    );
  if (status === 402)
    return problem("model-quota", `${at.host} wants to be paid before it answers.${quoted(said, at)}`);
  if (status === 429 || status === 529)
    return problem(
      "model-rate-limited",
      `${at.host} is taking no more requests right now${after === null ? "" : `; it asks to wait ${inWords(after)}`}. Try again then.${quoted(said, at)}`,
      true,
      after,
    );
  if (status === 404)
    return problem(
      "model-missing",
      `${at.host} has no model of this name, or no model endpoint at this address. Check both in Settings.${quoted(said, at)}`,
    );
  if (status === 413)
    return problem(
      "model-too-long",
      `${at.host} refused the request because it is too large (error 413). Begin a new thread, or choose a model that takes more.${quoted(said, at)}`,
    );
  if (status >= 500 || status === 408)
    return problem(
      "model-down",
      `${at.host} failed with error ${status}. It is their side; try again in a while.${quoted(said, at)}`,
      true,
      after,
    );
  return null;
};

const CODES: Readonly<Record<string, string>> = { silent: "model-slow", "no-http": "model-garbage" };
/** What may be so of a model, and of no other computer. Of the others nothing was sent. */
const MORE: Readonly<Record<string, string>> = {
  nobody: " If it is a local model, start it.",
  silent: " If it is a local model, see whether it is still loading.",
  "no-http": "",
};
const ofNetwork = (error: unknown, at: Failing): Problem => {
  const trouble = troubleOf(error);
  if (trouble?.kind === "cut") return hungUp(at);
  if (trouble !== null)
    return problem(
      CODES[trouble.kind] ?? "model-down",
      `${troubleWords(trouble, at.host)}${MORE[trouble.kind] ?? " Nothing was sent."}`,
    );
  const said = error instanceof Error ? error.message : saidIn(error).words;
  return problem(
    "model-failed",
    `The request to ${at.host} failed, and Bulkhead does not know this failure.${quoted({ words: said, status: null, codes: [] }, at)}`,
  );
};

const quoted = (said: Said | null, at: Failing): string => {
  const words = said === null ? "" : scrubbed(said.words, at.key);
  return words === "" ? "" : ` It said: “${words}”`;
};

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

export const inWords = (ms: number): string => {
  const seconds = Math.max(1, Math.ceil(ms / 1_000));
  return seconds < 120 ? `${seconds} ${seconds === 1 ? "second" : "seconds"}` : `${Math.ceil(seconds / 60)} minutes`;
};
