/** What a model is asked when its person only wants to know whether it answers. */

export const TRY = {
  instructions: "Answer with one word.",
  turns: [{ from: "person", text: "Say: ready" }],
  tools: [],
} as const;
