/**
 * Reads a streamed answer as it passes, and mends what the SDK would not take though it is clear: arguments as an object,
 * and an end without a reason that is said to be the end. Notes an error that comes inside the stream, since the SDK
 * hands on only shapes that it knows.
 */
import { json } from "#core/protocol/parse.ts";
export interface Heard {
  /** The body of an error that came inside the answer, or null. */
  error: unknown;
  /** The endpoint said that the answer is over. */
  done: boolean;
  /** Something of an answer came, if only a thought. */
  begun: boolean;
  /** Thoughts came. */
  thought: boolean;
}
export const newHeard = (): Heard => ({ error: null, done: false, begun: false, thought: false });

interface Mender {
  /** Whole lines of `text` and what was left of the last one; the rest is kept. */
  take(text: string): string;
  /** What is left at the end. `clean`: the connection says itself that nothing is missing. */
  end(clean: boolean): string;
}

const LINE_MAX = 8 * 1_048_576;

export const createMender = (heard: Heard): Mender => {
  let rest = "";
  let event = "";
  const chat = { seen: false, finished: false, calls: false };

  const finish = (): string => {
    if (!chat.seen || chat.finished || heard.error !== null || !heard.begun) return "";
    chat.finished = true;
    return `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: chat.calls ? "tool_calls" : "stop" }] })}\n\n`;
  };

  const line = (text: string): string => {
    if (text === "") event = "";
    if (text.startsWith("event:")) event = text.slice(6).trim();
    if (!text.startsWith("data:")) return `${text}\n`;
    const data = text.slice(5).trim();
    if (data === "[DONE]") {
      heard.done = true;
      return `${finish()}${text}\n`;
    }
    const value = json(data);
    if (value === undefined || typeof value !== "object" || value === null) {
      if (event === "error") heard.error ??= data;
      return `${text}\n`;
    }
    return note(value as Record<string, unknown>) ? `data: ${JSON.stringify(value)}\n` : `${text}\n`;
  };

  /** Answers whether the event was changed. */
  const note = (value: Record<string, unknown>): boolean => {
    const type = value["type"];
    if (isError(value, event)) heard.error ??= errorOf(value);
    if (type === "message_stop" || type === "response.completed" || type === "response.incomplete") heard.done = true;
    if (typeof type === "string" && type.includes("delta")) heard.begun = true;
    if ([value, value["delta"], value["item"], value["content_block"]].some(isThought)) heard.thought = true;
    if (thinkingTokens(value["usage"]) > 0) heard.thought = true;
    const choice = Array.isArray(value["choices"])
      ? (value["choices"][0] as Record<string, unknown> | undefined)
      : undefined;
    if (choice === undefined) return false;
    chat.seen = true;
    if (typeof choice["finish_reason"] === "string") chat.finished = true;
    return noteDelta(choice["delta"]);
  };

  const noteDelta = (delta: unknown): boolean => {
    if (typeof delta !== "object" || delta === null) return false;
    const { content, reasoning, reasoning_content: thinking, tool_calls: calls } = delta as Record<string, unknown>;
    if ((reasoning ?? thinking ?? "") !== "") heard.begun = heard.thought = true;
    if ((content ?? "") !== "") heard.begun = true;
    if (!Array.isArray(calls) || calls.length === 0) return false;
    heard.begun = chat.calls = true;
    return calls.map(mendCall).includes(true);
  };

  return {
    take: (text) => {
      const lines = `${rest}${text}`.split("\n");
      rest = lines.pop() ?? "";
      if (rest.length > LINE_MAX) throw new Error("a line without an end");
      return lines.map((each) => line(each.endsWith("\r") ? each.slice(0, -1) : each)).join("");
    },
    end: (clean) => {
      const last = rest === "" ? "" : `${line(rest)}\n`;
      rest = "";
      // Text that ended with its connection in order is whole; of a call that is not known without a word.
      return clean && !chat.calls ? `${last}${finish()}` : last;
    },
  };
};

const isError = (value: Record<string, unknown>, event: string): boolean =>
  event === "error" ||
  value["type"] === "error" ||
  value["object"] === "error" ||
  value["type"] === "response.failed" ||
  (value["error"] !== undefined && value["error"] !== null && value["error"] !== "");
/** The failed response of OpenAI holds the whole answer beside its error. */
const errorOf = (value: Record<string, unknown>): unknown =>
  value["type"] === "response.failed" ? (value["response"] as Record<string, unknown> | undefined)?.["error"] : value;

const isThought = (event: unknown): boolean =>
  typeof event === "object" &&
  event !== null &&
  "type" in event &&
  typeof event.type === "string" &&
  /reasoning|thinking/.test(event.type);
/** Some say only in their count that there were thoughts. */
const thinkingTokens = (usage: unknown): number =>
  Number(
    (usage as { completion_tokens_details?: { reasoning_tokens?: unknown } } | null | undefined)
      ?.completion_tokens_details?.reasoning_tokens ?? 0,
  );

const mendCall = (call: unknown): boolean => {
  const made = (call as { function?: { arguments?: unknown } } | null)?.function;
  if (made === undefined || made === null || typeof made.arguments !== "object" || made.arguments === null)
    return false;
  made.arguments = JSON.stringify(made.arguments);
  return true;
};
