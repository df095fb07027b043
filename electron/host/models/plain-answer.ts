/** An endpoint that does not stream answers with one JSON text. Where it holds an answer, it is told to the SDK as a stream. */

/** The events of a chat completion that came whole, or null where there is none in it. */
export const eventsOf = (body: unknown): string | null => {
  const { choices, usage, id, model } = (typeof body === "object" && body !== null ? body : {}) as Record<
    string,
    unknown
  >;
  const choice = Array.isArray(choices) ? (choices[0] as Record<string, unknown> | undefined) : undefined;
  const message = choice?.["message"];
  if (choice === undefined || typeof message !== "object" || message === null) return null;
  const {
    content,
    reasoning,
    reasoning_content: thinking,
    refusal,
    tool_calls: calls,
  } = message as Record<string, unknown>;
  const delta = {
    role: "assistant",
    content,
    reasoning,
    reasoning_content: thinking,
    refusal,
    ...(Array.isArray(calls) ? { tool_calls: calls.map((call, index) => ({ ...(call as object), index })) } : {}),
  };
  const said = (each: Record<string, unknown>): string =>
    `data: ${JSON.stringify({ id, object: "chat.completion.chunk", model, ...each })}\n\n`;
  return [
    said({ choices: [{ index: 0, delta, finish_reason: null }] }),
    // Without a reason it is over all the same: it came whole.
    said({
      choices: [
        {
          index: 0,
          delta: {},
          finish_reason: choice["finish_reason"] ?? (Array.isArray(calls) && calls.length > 0 ? "tool_calls" : "stop"),
        },
      ],
      usage,
    }),
    "data: [DONE]\n\n",
  ].join("");
};
