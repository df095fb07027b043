/** What an endpoint's words and codes mean. Recognised are the words of providers as they are known; all others are quoted. */
import type { Said } from "./said.ts";

/** The request is longer than the model reads. "Array too long" and the like are about something else. */
const TOO_LONG = [
  /context[ _-]?(?:length|window|size|limit)/i,
  /maximum (?:prompt|model|sequence|input) length/i,
  /(?:prompt|input|request|conversation|inputs? tokens?|messages?) (?:is|are|was|were)? ?too long/i,
  /too many (?:input )?tokens|token count .{0,30}exceeds|exceeds the maximum number of (?:input )?tokens/i,
  /longer than the maximum model length|`?inputs`? tokens \+ `?max_new_tokens`?/i,
  /reduce the length of (?:the|your) (?:messages?|prompt|input)/i,
  /exceed_context_size|context_length_exceeded/i,
];
/** Of a gateway in front of the model: what it takes at once, in bytes. */
const OTHER_LIMIT = /per[ _-]?(?:minute|second|hour|day)|\b[TR]P[MDH]\b/i;

export const isTooLong = (said: Said): boolean => {
  const all = [said.words, ...said.codes].join(" ");
  return !OTHER_LIMIT.test(all) && TOO_LONG.some((words) => words.test(all));
};

export const isTooManyTools = ({ words }: Said): boolean =>
  /tools?'?\b.{0,40}(?:array too long|too many|maximum|at most|no more than|exceed)|too many (?:tools|functions)|(?:maximum|at most|no more than|limit of) .{0,20}\b(?:tools|functions)\b/i.test(
    words,
  );

/** Nothing is left to spend: waiting a few seconds changes nothing. */
export const isQuota = (said: Said): boolean => {
  if (said.codes.some((code) => /insufficient_(?:quota|balance|credits|funds)|billing|payment_required/.test(code)))
    return true;
  return (
    !OTHER_LIMIT.test(said.words) &&
    !/retry in|try again in/i.test(said.words) &&
    /quota|billing|credit balance|insufficient (?:balance|funds|credits?|quota)|out of credits|requires more credits|spend(?:ing)? limit|payment required|prepaid/i.test(
      said.words,
    )
  );
};

/** The key itself is refused, and not what was asked with it. */
export const isKey = (said: Said): boolean =>
  said.codes.some((code) =>
    /^(?:invalid_api_key|authentication_error|unauthenticated|unauthorized|invalid_authentication)$/.test(code),
  ) ||
  /(?:invalid|incorrect|expired|revoked|missing|wrong|no|unknown|disabled)\b.{0,20}\b(?:api[ _-]?key|access token|auth(?:entication|orization)? (?:token|header)|bearer|credentials)|(?:api[ _-]?key|access token|credentials).{0,30}(?:invalid|not valid|incorrect|expired|revoked|missing|not found|disabled)/i.test(
    said.words,
  );

/** Status that an error inside an answer stands for, where it names none. */
export const statusOf = (said: Said): number | null => {
  if (said.status !== null) return said.status;
  const all = said.codes.join(" ");
  if (/rate_limit|too_many_requests|resource_exhausted|throttl/.test(all)) return 429;
  if (/overloaded|server_error|api_error|internal|unavailable|timeout|capacity/.test(all)) return 503;
  return null;
};

/** Reasons under which a provider ended an answer that its SDK does not know, by what they mean. */
export type Ending = "whole" | "limit" | "declined" | "failed";
export const endingOf = (raw: string): Ending => {
  const word = raw.toLowerCase();
  if (
    /^(?:length|max_?(?:output_?|new_?|completion_?)?tokens|max_?length|model_length|token_limit|length_limit|model_context_window_exceeded)$/.test(
      word,
    )
  )
    return "limit";
  if (
    /^(?:content_?filter|safety|refusal|recitation|blocklist|prohibited_content|spii|sensitive|guardrail_intervened|image_safety)$/.test(
      word,
    )
  )
    return "declined";
  return /^(?:error|network_error|insufficient_system_resource|malformed_function_call|unexpected_tool_call|abort|aborted|timeout|failed|cancelled|canceled)$/.test(
    word,
  )
    ? "failed"
    : "whole";
};
