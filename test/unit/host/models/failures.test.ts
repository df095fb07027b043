/** What a person reads when a model fails, against endpoints that fail as public reports say that real ones do. */
import { wordsOf } from "../../../helpers/worded.ts";
import { describe, expect, test } from "vitest";
import type { Reply } from "../../../helpers/model-server.ts";
import { KEY, modelRoom, run, served, type Ran } from "../../../helpers/model-room.ts";

type Kind = "openai-compatible" | "openai" | "anthropic";
/** `HOST` stands for the host that was asked. */
interface Row {
  readonly what: string;
  readonly reply: Reply;
  readonly says: string;
  readonly code: string;
  readonly kind?: Kind;
  /** Requests made in all, where the failure may pass by itself. */
  readonly requests?: number;
}
const told = async ({
  reply,
  kind = "openai-compatible",
}: Pick<Row, "reply" | "kind">): Promise<Ran & { host: string; requests: number }> => {
  const server = await served(() => reply);
  const { room, add } = modelRoom();
  const ran = await run(room, await add(kind, `${server.url}/v1`));
  return { ...ran, host: new URL(server.url).host, requests: server.requests.length };
};
const outcome = async (row: Pick<Row, "reply" | "kind">): Promise<Pick<Row, "says" | "code" | "requests">> => {
  const { refusal, host, requests } = await told(row);
  return { says: wordsOf(refusal)?.replaceAll(host, "HOST") ?? "", code: refusal?.code ?? "", requests };
};
const wanted = ({
  says,
  code,
  requests = 1,
}: Pick<Row, "says" | "code" | "requests">): Pick<Row, "says" | "code" | "requests"> => ({ says, code, requests });
const body = (status: number, value: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  body: typeof value === "string" ? value : JSON.stringify(value),
});
const event = (value: unknown): Reply => [{ raw: `data: ${JSON.stringify(value)}\n\n` }, { end: "done" }];

const TOO_LONG = "This thread is longer than Scripted can read. Begin a new thread, or choose a model that reads more.";
const NO_KEY = "HOST does not accept the key of Scripted. Add the model again with a key that works.";
const QUOTA =
  "The account behind the key of Scripted may spend no more at HOST, so it does not answer. Look at its plan or balance there, or choose another model.";

describe("the body of a refusal is quoted, whatever its shape", () => {
  const refused = (said: string): string => `HOST refused the request with error 400. It said: “${said}”`;
  const shapes: Row[] = [
    {
      what: "OpenAI",
      reply: body(400, { error: { message: "Bad temperature", type: "invalid_request_error", code: null } }),
      says: refused("Bad temperature"),
      code: "model-refused",
    },
    {
      what: "a plain error text",
      reply: body(400, { error: "model does not support tools" }),
      says: refused("model does not support tools"),
      code: "model-refused",
    },
    {
      what: "FastAPI, one sentence",
      reply: body(400, { detail: "Only one system message" }),
      says: refused("Only one system message"),
      code: "model-refused",
    },
    {
      what: "FastAPI, a list of fields",
      reply: body(400, { detail: [{ loc: ["body", "messages"], msg: "field required", type: "value_error.missing" }] }),
      says: refused("body.messages: field required"),
      code: "model-refused",
    },
    {
      what: "vLLM and Mistral",
      reply: body(400, {
        object: "error",
        message: "Conversation roles must alternate",
        type: "BadRequestError",
        code: 400,
      }),
      says: refused("Conversation roles must alternate"),
      code: "model-refused",
    },
    {
      what: "Google, an array",
      reply: body(400, [
        { error: { code: 400, message: "Function call is missing a thought_signature", status: "INVALID_ARGUMENT" } },
      ]),
      says: refused("Function call is missing a thought_signature"),
      code: "model-refused",
    },
    {
      what: "JSON inside a text",
      reply: body(400, { error: { message: JSON.stringify({ error: { message: "the inner sentence" } }) } }),
      says: refused("the inner sentence"),
      code: "model-refused",
    },
    {
      what: "a number before JSON inside a text",
      reply: body(400, { error: 'litellm.BadRequestError: {"error":{"message":"the inner sentence"}}' }),
      says: refused("the inner sentence"),
      code: "model-refused",
    },
    {
      what: "OpenRouter's provider behind it",
      reply: body(400, {
        error: {
          message: "Provider returned error",
          code: 400,
          metadata: { raw: '{"error":{"message":"Field x is unknown"}}', provider_name: "P" },
        },
      }),
      says: refused("Provider returned error: Field x is unknown"),
      code: "model-refused",
    },
    {
      what: "problem+json",
      reply: body(400, { type: "about:blank", title: "Bad Request", status: 400, detail: "Unknown field" }),
      says: refused("Unknown field"),
      code: "model-refused",
    },
    {
      what: "plain text",
      reply: body(400, "no such thing", { "content-type": "text/plain" }),
      says: refused("no such thing"),
      code: "model-refused",
    },
    { what: "nothing", reply: body(400, ""), says: refused("Bad Request"), code: "model-refused" },
    {
      what: "a web page",
      reply: body(400, "<!doctype html><html><head><title>Blocked by proxy</title></head></html>", {
        "content-type": "text/html",
      }),
      says: refused("Blocked by proxy"),
      code: "model-refused",
    },
    {
      what: "a failing server of FastAPI",
      reply: body(500, { detail: "CUDA out of memory" }),
      says: "HOST failed with error 500. It is their side; try again in a while. It said: “CUDA out of memory”",
      code: "model-down",
      requests: 3,
    },
  ];
  test.each(shapes)("$what", async (row) => expect(await outcome(row)).toEqual(wanted(row)));
});

describe("403 is told as what it is", () => {
  test.each<Row>([
    {
      what: "a country",
      reply: body(403, {
        error: { code: "unsupported_country_region_territory", message: "Country, region, or territory not supported" },
      }),
      says: "HOST refuses this request (error 403). It said: “Country, region, or territory not supported”",
      code: "model-refused",
    },
    {
      what: "moderation",
      reply: body(403, {
        error: { code: 403, message: "Your input was flagged", metadata: { reasons: ["violence"] } },
      }),
      says: "HOST refuses this request (error 403). It said: “Your input was flagged”",
      code: "model-refused",
    },
    {
      what: "Cloudflare",
      reply: body(403, "<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>", {
        "content-type": "text/html",
      }),
      says: "HOST refuses this request (error 403). It said: “Just a moment...”",
      code: "model-refused",
    },
    {
      what: "no word",
      reply: body(403, "{}"),
      says: "HOST refuses this request (error 403). It said: “Forbidden”",
      code: "model-refused",
    },
    {
      what: "a bad key",
      reply: body(403, [
        {
          error: { code: 403, message: "API key not valid. Please pass a valid API key.", status: "PERMISSION_DENIED" },
        },
      ]),
      says: `${NO_KEY} It said: “API key not valid. Please pass a valid API key.”`,
      code: "model-auth",
    },
    {
      what: "a model that the plan lacks",
      kind: "anthropic",
      reply: body(403, { type: "error", error: { type: "permission_error", message: "Your plan lacks this model" } }),
      says: "HOST refuses this request (error 403). It said: “Your plan lacks this model”",
      code: "model-refused",
    },
  ])("$what", async (row) => expect(await outcome(row)).toEqual(wanted(row)));
  test("Google's 400 for a bad key is about the key", async () => {
    const said = "API key not valid. Please pass a valid API key.";
    expect(
      await outcome({ reply: body(400, [{ error: { code: 400, message: said, status: "INVALID_ARGUMENT" } }]) }),
    ).toEqual(wanted({ says: `${NO_KEY} It said: “${said}”`, code: "model-auth" }));
  });
});

describe("too long is said of threads that are too long, in everybody's words, and of nothing else", () => {
  test.each<Omit<Row, "says" | "code"> & { said: string }>([
    {
      what: "OpenAI",
      said: "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
      reply: body(400, {
        error: {
          code: "context_length_exceeded",
          message:
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
        },
      }),
    },
    {
      what: "Anthropic",
      kind: "anthropic",
      said: "prompt is too long: 210000 tokens > 200000 maximum",
      reply: body(400, {
        type: "error",
        error: { type: "invalid_request_error", message: "prompt is too long: 210000 tokens > 200000 maximum" },
      }),
    },
    {
      what: "llama.cpp",
      said: "the request exceeds the available context size, try increasing it",
      reply: body(400, {
        error: {
          code: 400,
          message: "the request exceeds the available context size, try increasing it",
          type: "exceed_context_size_error",
        },
      }),
    },
    {
      what: "Groq",
      said: "Please reduce the length of the messages or completion.",
      reply: body(400, {
        error: {
          message: "Please reduce the length of the messages or completion.",
          type: "invalid_request_error",
          code: "context_length_exceeded",
        },
      }),
    },
    {
      what: "Google",
      said: "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
      reply: body(400, [
        {
          error: {
            code: 400,
            message: "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
            status: "INVALID_ARGUMENT",
          },
        },
      ]),
    },
    {
      what: "vLLM",
      said: "The decoder prompt (length 5000) is longer than the maximum model length of 4096.",
      reply: body(400, {
        object: "error",
        message: "The decoder prompt (length 5000) is longer than the maximum model length of 4096.",
      }),
    },
    {
      what: "xAI",
      said: "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
      reply: body(400, {
        error: "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
      }),
    },
    {
      what: "LM Studio, inside a stream",
      said: "Trying to keep the first 5800 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens.",
      reply: [
        {
          raw: `event: error\ndata: ${JSON.stringify({ error: { message: "Trying to keep the first 5800 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens." } })}\n\n`,
        },
        { end: "bare" },
      ],
    },
    {
      what: "LM Studio, an error text",
      said: "The number of tokens to keep from the initial prompt is greater than the context length.",
      reply: event({
        error: "The number of tokens to keep from the initial prompt is greater than the context length.",
      }),
    },
  ])("$what", async ({ said, ...row }) =>
    expect(await outcome(row)).toEqual(wanted({ says: `${TOO_LONG} It said: “${said}”`, code: "model-too-long" })),
  );

  test.each<Row>([
    {
      what: "too many tools",
      reply: body(400, {
        error: {
          message:
            "Invalid 'tools': array too long. Expected an array with maximum length 128, but got an array with length 468 instead.",
          code: "array_above_max_length",
        },
      }),
      says: "Scripted takes fewer tools than this workspace offers it, so it was not asked. Choose another model, or turn tools off. It said: “Invalid 'tools': array too long. Expected an array with maximum length 128, but got an array with length 468 instead.”",
      code: "model-tools",
    },
    {
      what: "a name that is too long",
      reply: body(400, {
        error: {
          message: "Invalid 'messages[2].tool_calls[0].id': string too long. Expected a string with maximum length 40.",
        },
      }),
      says: "HOST refused the request with error 400. It said: “Invalid 'messages[2].tool_calls[0].id': string too long. Expected a string with maximum length 40.”",
      code: "model-refused",
    },
    {
      what: "a limit for a minute",
      reply: body(413, {
        error: {
          message: "Request too large for model `x` on tokens per minute (TPM): Limit 6000, Requested 9000",
          type: "tokens",
          code: "rate_limit_exceeded",
        },
      }),
      says: "HOST refused the request because it is too large (error 413). Begin a new thread, or choose a model that takes more. It said: “Request too large for model `x` on tokens per minute (TPM): Limit 6000, Requested 9000”",
      code: "model-too-large",
    },
  ])("$what is something else", async (row) => expect(await outcome(row)).toEqual(wanted(row)));
});

describe("an error inside an answer is told in its own words", () => {
  test.each<Row>([
    {
      what: "OpenRouter, before the first word",
      reply: event({ error: { code: 429, message: "Rate limit exceeded: free-models-per-min" } }),
      says: "HOST is taking no more requests right now. Try again then. It said: “Rate limit exceeded: free-models-per-min”",
      code: "model-rate-limited",
      requests: 3,
    },
    {
      what: "OpenRouter, in the middle",
      reply: [
        { text: "Half" },
        {
          raw: `data: ${JSON.stringify({ id: "gen", choices: [{ index: 0, delta: { content: "" }, finish_reason: "error" }], error: { code: "server_error", message: "Provider disconnected" } })}\n\n`,
        },
        { end: "done" },
      ],
      says: "HOST failed with error 503. It is their side; try again in a while. It said: “Provider disconnected”",
      code: "model-down",
    },
    {
      what: "OpenAI chat",
      reply: event({ error: { message: "The server had an error", type: "server_error", param: null, code: null } }),
      says: "HOST failed with error 503. It is their side; try again in a while. It said: “The server had an error”",
      code: "model-down",
      requests: 3,
    },
    {
      what: "OpenAI responses, failed",
      kind: "openai",
      reply: [
        {
          raw: `data: ${JSON.stringify({ type: "response.failed", sequence_number: 1, response: { id: "r", object: "response", created_at: 1, status: "failed", model: "m", output: [], error: { code: "server_error", message: "The model failed to load" } } })}\n\n`,
        },
        { end: "bare" },
      ],
      says: "HOST failed with error 503. It is their side; try again in a while. It said: “The model failed to load”",
      code: "model-down",
      requests: 3,
    },
    {
      what: "OpenAI responses, quota",
      kind: "openai",
      reply: [
        {
          raw: `data: ${JSON.stringify({ type: "error", sequence_number: 1, code: "insufficient_quota", message: "You exceeded your current quota", param: null })}\n\n`,
        },
        { end: "bare" },
      ],
      says: `${QUOTA} It said: “You exceeded your current quota”`,
      code: "model-quota",
    },
    {
      what: "Anthropic",
      kind: "anthropic",
      reply: [
        {
          raw: `event: error\ndata: ${JSON.stringify({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } })}\n\n`,
        },
        { end: "bare" },
      ],
      says: "HOST failed with error 503. It is their side; try again in a while. It said: “Overloaded”",
      code: "model-down",
      requests: 3,
    },
    {
      what: "vLLM",
      reply: event({ object: "error", message: "Engine is dead", type: "InternalServerError", code: 500 }),
      says: "HOST failed with error 500. It is their side; try again in a while. It said: “Engine is dead”",
      code: "model-down",
      requests: 3,
    },
    {
      what: "a plain text",
      reply: [{ raw: "event: error\ndata: the model crashed\n\n" }, { end: "bare" }],
      says: "HOST failed while it answered. Try again, or choose another model. It said: “the model crashed”",
      code: "model-down",
    },
    {
      what: "JSON with status 200",
      reply: body(200, { error: { message: "No endpoints found for this model", code: 404 } }),
      says: "HOST has no model of this name, or no model endpoint at this address. Check both in Settings. It said: “No endpoints found for this model”",
      code: "model-missing",
    },
    {
      what: "JSON that is no answer",
      reply: body(200, { ok: true }),
      says: "HOST answered with something that is no model's answer. Check that the address is that of a model endpoint, and its kind.",
      code: "model-garbage",
    },
    {
      what: "a reason of failure",
      reply: [{ text: "Half" }, { finish: "insufficient_system_resource" }],
      says: "HOST ended the answer with an error: “insufficient_system_resource”. Try again.",
      code: "model-down",
    },
  ])("$what", async (row) => expect(await outcome(row)).toEqual(wanted(row)));
});

describe("a complete answer is one, whatever its end is called", () => {
  const answered = async (reply: Reply): Promise<StepShape> => {
    const { result, refusal } = await told({ reply });
    expect(wordsOf(refusal)).toBeUndefined();
    return { text: result?.text, calls: result?.calls.map(({ name, args, problem }) => ({ name, args, problem })) };
  };
  interface StepShape {
    text: string | undefined;
    calls: unknown;
  }
  test.each(["eos", "STOP", "end_turn", "", "unknown", "stop_sequence", "null"])("finish %j", async (finish) => {
    expect(await answered([{ text: "Whole." }, { finish }])).toEqual({ text: "Whole.", calls: [] });
  });
  test.each(["done", "bare"] as const)("no finish, %s", async (end) => {
    expect(await answered([{ text: "Whole." }, { end }])).toEqual({ text: "Whole.", calls: [] });
  });
  const call = { name: "files__read", args: '{"path":"a"}', problem: null };
  test("a call that its endpoint ended without a reason", async () => {
    expect(await answered([{ call: { name: "files__read", args: { path: "a" } } }, { end: "done" }])).toEqual({
      text: "",
      calls: [call],
    });
  });
  test("a call whose arguments come as an object", async () => {
    const delta = {
      tool_calls: [
        { index: 0, id: "c1", type: "function", function: { name: "files__read", arguments: { path: "a" } } },
      ],
    };
    expect(
      await answered([
        { raw: `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null }] })}\r\n\r\n` },
        { finish: "tool_calls" },
      ]),
    ).toEqual({ text: "", calls: [call] });
  });
  test("an endpoint that does not stream", async () => {
    const answer = (message: unknown, finish: string | null) =>
      body(200, {
        id: "x",
        object: "chat.completion",
        model: "m",
        choices: [{ index: 0, message, finish_reason: finish }],
        usage: { prompt_tokens: 3, completion_tokens: 2 },
      });
    expect(await answered(answer({ role: "assistant", content: "Whole." }, "stop"))).toEqual({
      text: "Whole.",
      calls: [],
    });
    expect(await answered(answer({ role: "assistant", content: "Whole." }, null))).toEqual({
      text: "Whole.",
      calls: [],
    });
    expect(
      await answered(
        answer(
          {
            role: "assistant",
            content: null,
            tool_calls: [{ id: "c", type: "function", function: { name: "files__read", arguments: '{"path":"a"}' } }],
          },
          "tool_calls",
        ),
      ),
    ).toEqual({ text: "", calls: [call] });
  });
  test("a stream under a wrong type of content", async () => {
    const raw = ["Who", "le."]
      .map(
        (content) =>
          `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`,
      )
      .join("");
    expect(await answered(body(200, `${raw}data: [DONE]\n\n`))).toEqual({ text: "Whole.", calls: [] });
  });
  test.each<Row>([
    {
      what: "a call that nobody ended",
      reply: [{ call: { name: "files__read", args: { path: "a" } } }, { end: "bare" }],
      says: "The connection to HOST broke in the middle of the answer. Try again.",
      code: "model-down",
    },
    {
      what: "nothing at all",
      reply: [{ end: "bare" }],
      says: "HOST answered with something that is no model's answer. Check that the address is that of a model endpoint, and its kind.",
      code: "model-garbage",
    },
    {
      what: "a refusal by the provider's rules",
      reply: [{ text: "I" }, { finish: "SAFETY" }],
      says: "Scripted declined to answer this, by its provider's rules. Say it differently, or choose another model.",
      code: "model-declined",
    },
  ])("$what is none", async (row) => expect(await outcome(row)).toEqual(wanted(row)));
});

describe.each<Kind>(["openai-compatible", "openai", "anthropic"])("the output limit on %s is said as such", (kind) => {
  const finish = { "openai-compatible": "length", openai: "max_output_tokens", anthropic: "max_tokens" }[kind];
  test.each<Omit<Row, "code">>([
    {
      what: "in a text",
      reply: [{ text: "first, second, wh" }, { finish }],
      says: "This answer was cut at the output limit of Scripted. Write “go on” to have the rest.",
    },
    {
      what: "in a call",
      reply: [{ text: "Reading." }, { call: { name: "files__read", args: '{"path":"a' } }, { finish }],
      says: "Scripted reached its output limit in the middle of a call, so the call was not made. Ask for it in smaller pieces.",
    },
    {
      what: "while thinking",
      reply: [{ thought: "Let me see" }, { finish }],
      says: "Scripted used up its output while thinking, so there is no answer. Try again, or ask for less at once.",
    },
    {
      what: "before the first word",
      reply: [{ finish }],
      says: "Scripted reached its output limit before the first word. Try again; if it stays, its endpoint allows too little output.",
    },
  ])("$what", async (row) => expect(await outcome({ ...row, kind })).toEqual(wanted({ ...row, code: "model-cut" })));
});
test.each(["MAX_TOKENS", "max_tokens", "model_length"])("%s is the output limit too", async (finish) =>
  expect(await outcome({ reply: [{ text: "cut of" }, { finish }] })).toEqual(
    wanted({
      says: "This answer was cut at the output limit of Scripted. Write “go on” to have the rest.",
      code: "model-cut",
    }),
  ),
);

describe("nothing left to spend is said at once; a limit for a moment is waited for", () => {
  test.each<Row>([
    {
      what: "OpenAI",
      reply: body(429, {
        error: {
          type: "insufficient_quota",
          code: "insufficient_quota",
          message: "You exceeded your current quota, please check your plan and billing details.",
        },
      }),
      says: `${QUOTA} It said: “You exceeded your current quota, please check your plan and billing details.”`,
      code: "model-quota",
    },
    {
      what: "Anthropic",
      kind: "anthropic",
      reply: body(400, {
        type: "error",
        error: {
          type: "invalid_request_error",
          message: "Your credit balance is too low to access the Anthropic API.",
        },
      }),
      says: `${QUOTA} It said: “Your credit balance is too low to access the Anthropic API.”`,
      code: "model-quota",
    },
    {
      what: "DeepSeek",
      reply: body(402, {
        error: { message: "Insufficient Balance", type: "unknown_error", code: "invalid_request_error" },
      }),
      says: `${QUOTA} It said: “Insufficient Balance”`,
      code: "model-quota",
    },
    {
      what: "OpenRouter",
      reply: body(402, { error: { code: 402, message: "This request requires more credits, or fewer max_tokens." } }),
      says: `${QUOTA} It said: “This request requires more credits, or fewer max_tokens.”`,
      code: "model-quota",
    },
    {
      what: "a minute's quota",
      reply: body(429, { error: { message: "Quota exceeded for requests per minute" } }),
      says: "HOST is taking no more requests right now. Try again then. It said: “Quota exceeded for requests per minute”",
      code: "model-rate-limited",
      requests: 3,
    },
    {
      what: "Google's quota with a time",
      reply: body(429, [
        {
          error: {
            code: 429,
            message:
              "You exceeded your current quota, please check your plan and billing details. Please retry in 0.01s.",
            status: "RESOURCE_EXHAUSTED",
          },
        },
      ]),
      says: "HOST is taking no more requests right now; it asks to wait 1 second. Try again then. It said: “You exceeded your current quota, please check your plan and billing details. Please retry in 0.01s.”",
      code: "model-rate-limited",
      requests: 3,
    },
  ])("$what", async (row) => expect(await outcome(row)).toEqual(wanted(row)));
});

describe("the network is named only where it was the network", () => {
  test.each<Row>([
    {
      what: "a redirect",
      reply: { status: 301, headers: { location: "https://models.example.com/v1/chat/completions?key=1" } },
      says: "HOST answers with a redirect to https://models.example.com/v1/chat/completions. It was not followed, since text goes only where you were told. If the model is there, give it that address in Settings.",
      code: "model-redirect",
    },
    {
      what: "a redirect to a path",
      reply: { status: 308, headers: { location: "/login?next=x" } },
      says: "HOST answers with a redirect to /login. It was not followed, since text goes only where you were told. If the model is there, give it that address in Settings.",
      code: "model-redirect",
    },
    {
      what: "a connection that breaks before any answer",
      reply: { reset: true },
      says: "HOST closed the connection before the first word of an answer. Try again.",
      code: "model-down",
      requests: 3,
    },
    {
      what: "one that breaks before the first word",
      reply: [{ pauseMs: 20 }, { cut: true }],
      says: "HOST closed the connection before the first word of an answer. Try again.",
      code: "model-down",
      requests: 3,
    },
    {
      what: "one that breaks in the middle",
      reply: [{ text: "Half" }, { pauseMs: 20 }, { cut: true }],
      says: "The connection to HOST broke in the middle of the answer. Try again.",
      code: "model-down",
    },
    {
      what: "one that breaks in a thought",
      reply: [{ thought: "Hm" }, { pauseMs: 20 }, { cut: true }],
      says: "The connection to HOST broke in the middle of the answer. Try again.",
      code: "model-down",
    },
  ])("$what", async (row) => expect(await outcome(row)).toEqual(wanted(row)));

  test("a port that fetch refuses is quoted, and not called unreachable", async () => {
    const { room, add } = modelRoom();
    expect(wordsOf((await run(room, await add("openai-compatible", "http://127.0.0.1:6000/v1"))).refusal)).toBe(
      "The request to 127.0.0.1:6000 failed, and Bulkhead does not know this failure. Check its address and port in Settings, then try again. It said: “bad port”",
    );
  });
  test("https at an address that speaks http is said as such", async () => {
    const server = await served(() => [{ text: "never" }]);
    const { room, add } = modelRoom();
    const { refusal } = await run(room, await add("openai-compatible", server.url.replace("http:", "https:")));
    expect(wordsOf(refusal)).toMatch(/does not speak https\. .* Nothing was sent\.$/);
  });
});

describe("the key is in no error, however an endpoint echoes it", () => {
  const odd = "Kx/7+q9=Zt5&w2==LmN8";
  const forms: [string, string, (key: string) => string][] = [
    ["whole", KEY, (key) => key],
    ["cut", KEY, (key) => key.slice(0, 14)],
    ["cut in the middle", odd, (key) => key.slice(4, 14)],
    ["in another case", KEY, (key) => key.toUpperCase()],
    ["masked by stars", odd, (key) => `${key.slice(0, 4)}********${key.slice(-4)}`],
    ["masked by an ellipsis", odd, (key) => `${key.slice(0, 3)}...${key.slice(-4)}`],
    ["for an address", odd, (key) => encodeURIComponent(key)],
    ["as base64", odd, (key) => Buffer.from(key).toString("base64")],
    ["in a header", odd, (key) => `"Authorization: Bearer ${key}"`],
  ];
  test.each(forms)("%s", async (_what, key, form) => {
    const echo = form(key);
    for (const reply of [
      body(400, { error: { message: `Refused ${echo} for ever` } }),
      event({ error: { message: `Refused ${echo} for ever` } }),
      body(403, `Refused ${echo} for ever`),
      body(401, { detail: `Refused ${echo} for ever` }),
    ]) {
      const server = await served(() => reply);
      const { room, add, lines } = modelRoom();
      const { refusal } = await run(room, await add("openai-compatible", `${server.url}/v1`, key));
      const seen = `${wordsOf(refusal)}${JSON.stringify(refusal?.view)}${refusal?.stack}${lines.join("")}`;
      expect(seen).toContain("for ever");
      expect(seen.toLowerCase()).not.toContain(echo.toLowerCase());
      for (const piece of echo.match(/[\w+/=%&-]{4,}/g) ?? [])
        if (!/^(?:Authorization|Bearer)$/.test(piece)) expect(seen).not.toContain(piece);
    }
  });
  test("and a redirect that carries it shows only where it leads", async () => {
    const { refusal } = await told({
      reply: { status: 302, headers: { location: `https://models.example.com/${KEY}/v1?api_key=${KEY}` } },
    });
    expect(wordsOf(refusal)).toContain("a redirect to …");
    expect(`${wordsOf(refusal)}${JSON.stringify(refusal?.view)}`).not.toContain(KEY);
  });
});
