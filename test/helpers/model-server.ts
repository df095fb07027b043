/**
 * A model endpoint on loopback that follows a script and keeps every byte it is sent. It speaks the wire formats of
 * OpenAI chat completions, OpenAI responses and Anthropic messages, as streams, so the adapters under test are real.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export interface ModelServerRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}
export type ReplyStep =
  | { readonly text: string }
  /** `args` as an object, or the raw text that a confused model would send. */
  | { readonly call: { readonly name: string; readonly args: unknown; readonly id?: string } }
  | { readonly pauseMs: number }
  | { readonly until: Promise<unknown> }
  /** Bytes of no format at all. */
  | { readonly raw: string }
  /** Breaks the connection here. */
  | { readonly cut: true }
  /** Never goes on. */
  | { readonly hang: true }
  /** A piece of what a model thinks before it answers. */
  | { readonly thought: string }
  /** Ends without a reason: the connection in order, with the last word of its format or without. */
  | { readonly end: "done" | "bare" }
  /** Ends the answer with another reason than the usual one, e.g. `content_filter`, `length`. */
  | { readonly finish: string };
/** Steps of a streamed answer, a connection that breaks before any answer, or a plain answer with a status. */
export type Reply =
  | readonly ReplyStep[]
  | { readonly reset: true }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };
/** Called once for each model request, with its number from 0 and its parsed body. */
export type ModelScript = (index: number, body: Record<string, unknown>) => Reply | Promise<Reply>;

export interface ModelServer {
  /** Without a path: `${url}/v1` is the base of all three APIs. */
  readonly url: string;
  readonly requests: ModelServerRequest[];
  close(): Promise<void>;
}
export interface ModelServerOptions {
  /** Names listed at `/v1/models` and `/api/tags`. */
  readonly models?: readonly string[];
  /** The answer at `/api/tags`, asked for anew each time; null: no such address. */
  readonly tags?: () => unknown;
}

export const startModelServer = async (
  script: ModelScript,
  { models = ["scripted"], tags = () => ({ models: models.map((name) => ({ name })) }) }: ModelServerOptions = {},
): Promise<ModelServer> => {
  const requests: ModelServerRequest[] = [];
  let index = 0;
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  // A connection that was quiet for seconds must not be ended in the moment in which the next request is sent over it.
  server.keepAliveTimeout = 0;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await read(request);
    const path = request.url ?? "/";
    if (request.method === "GET" && path === "/v1/models")
      return json(response, { object: "list", data: models.map((id) => ({ id, object: "model" })) });
    const listed = request.method === "GET" && path === "/api/tags" ? tags() : null;
    if (listed !== null) return json(response, listed);
    const writer = writers[path];
    if (request.method !== "POST" || writer === undefined) return void response.writeHead(404).end();
    requests.push({ path, headers: { ...request.headers }, body });
    const reply = await script(index++, JSON.parse(body) as Record<string, unknown>);
    if ("reset" in reply) return void request.socket.destroy();
    if ("status" in reply)
      return void response
        .writeHead(reply.status, { "content-type": "application/json", ...reply.headers })
        .end(reply.body ?? "");
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.flushHeaders();
    await play(reply, writer(), response);
  };

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

/** The last thing in a request: what the script should answer. Works on all three formats. */
export const lastTurn = (body: Record<string, unknown>): { from: "person" | "tool" | "agent"; text: string } => {
  const items = (body["messages"] ?? body["input"]) as Record<string, unknown>[];
  const last = items.at(-1) ?? {};
  const content = last["content"] ?? last["output"];
  const blocks = Array.isArray(content) ? (content as Record<string, unknown>[]) : [];
  const results = blocks.filter((block) => block["type"] === "tool_result");
  const text =
    typeof content === "string"
      ? content
      : blocks
          .map((block) => (typeof block["text"] === "string" ? block["text"] : textOf(block["content"])))
          .join("\n");
  if (last["role"] === "tool" || last["type"] === "function_call_output" || results.length > 0)
    return { from: "tool", text };
  return { from: last["role"] === "user" ? "person" : "agent", text };
};
const textOf = (content: unknown): string =>
  typeof content === "string"
    ? content
    : Array.isArray(content)
      ? content
          .map((each: Record<string, unknown>) => (typeof each["text"] === "string" ? each["text"] : ""))
          .join("\n")
      : "";

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
};
const json = (response: ServerResponse, value: unknown): void =>
  void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));

interface Writer {
  begin(): string;
  text(text: string): string;
  thought(text: string): string;
  call(id: string, name: string, args: string): string;
  /** The last word of the format, alone. */
  done(): string;
  end(finish: string | null): string;
}

const play = async (steps: readonly ReplyStep[], writer: Writer, response: ServerResponse): Promise<void> => {
  let calls = 0;
  let finish: string | null = null;
  response.write(writer.begin());
  for (const step of steps) {
    if (response.destroyed) return;
    if ("text" in step) response.write(writer.text(step.text));
    else if ("call" in step)
      response.write(
        writer.call(
          step.call.id ?? `call_${++calls}_${Date.now().toString(36)}`,
          step.call.name,
          typeof step.call.args === "string" ? step.call.args : JSON.stringify(step.call.args),
        ),
      );
    else if ("pauseMs" in step) await sleep(step.pauseMs);
    else if ("until" in step) await step.until;
    else if ("raw" in step) response.write(step.raw);
    else if ("thought" in step) response.write(writer.thought(step.thought));
    else if ("end" in step) return void response.end(step.end === "done" ? writer.done() : "");
    else if ("finish" in step) finish = step.finish;
    else if ("hang" in step) return;
    else return void response.destroy();
  }
  response.end(writer.end(finish));
};

const event = (value: Record<string, unknown>, name?: string): string =>
  `${name === undefined ? "" : `event: ${name}\n`}data: ${JSON.stringify(value)}\n\n`;
const halves = (text: string): string[] =>
  [text.slice(0, Math.ceil(text.length / 2)), text.slice(Math.ceil(text.length / 2))].filter((half) => half !== "");

const chatWriter = (): Writer => {
  let calls = 0;
  const chunk = (delta: Record<string, unknown>, finish: string | null = null): string =>
    event({
      id: "chatcmpl-1",
      object: "chat.completion.chunk",
      created: 1,
      model: "scripted",
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
  return {
    begin: () => chunk({ role: "assistant", content: "" }),
    text: (text) => chunk({ content: text }),
    thought: (text) => chunk({ reasoning_content: text }),
    done: () => "data: [DONE]\n\n",
    call: (id, name, args) => {
      const index = calls++;
      const first = chunk({ tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }] });
      return (
        first +
        halves(args)
          .map((half) => chunk({ tool_calls: [{ index, function: { arguments: half } }] }))
          .join("")
      );
    },
    end: (finish) =>
      chunk({}, finish ?? (calls > 0 ? "tool_calls" : "stop")) +
      event({
        id: "chatcmpl-1",
        object: "chat.completion.chunk",
        created: 1,
        model: "scripted",
        choices: [],
        usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
      }) +
      "data: [DONE]\n\n",
  };
};

const responsesWriter = (): Writer => {
  const output: Record<string, unknown>[] = [];
  let sequence = 0;
  let open: { id: string; text: string } | null = null;
  const say = (type: string, fields: Record<string, unknown>): string =>
    event({ type, sequence_number: sequence++, ...fields }, type);
  const response = (status: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
    id: "resp_1",
    object: "response",
    created_at: 1,
    status,
    model: "scripted",
    output,
    ...more,
  });
  const close = (): string => {
    if (open === null) return "";
    const item = {
      id: open.id,
      type: "message",
      status: "completed",
      role: "assistant",
      content: [{ type: "output_text", text: open.text, annotations: [] }],
    };
    const done =
      say("response.output_text.done", {
        item_id: open.id,
        output_index: output.length,
        content_index: 0,
        text: open.text,
      }) + say("response.output_item.done", { output_index: output.length, item });
    output.push(item);
    open = null;
    return done;
  };
  return {
    begin: () => say("response.created", { response: response("in_progress") }),
    thought: (text) => {
      const item = { id: `rs_${output.length}`, type: "reasoning", summary: [] };
      const written =
        say("response.output_item.added", { output_index: output.length, item }) +
        say("response.reasoning_summary_part.added", {
          item_id: item.id,
          output_index: output.length,
          summary_index: 0,
          part: { type: "summary_text", text: "" },
        }) +
        say("response.reasoning_summary_text.delta", {
          item_id: item.id,
          output_index: output.length,
          summary_index: 0,
          delta: text,
        }) +
        say("response.output_item.done", { output_index: output.length, item });
      output.push(item);
      return written;
    },
    done: () => close() + say("response.completed", { response: response("completed", { usage: null }) }),
    text: (text) => {
      let written = "";
      if (open === null) {
        open = { id: `msg_${output.length}`, text: "" };
        written = say("response.output_item.added", {
          output_index: output.length,
          item: { id: open.id, type: "message", status: "in_progress", role: "assistant", content: [] },
        });
        written += say("response.content_part.added", {
          item_id: open.id,
          output_index: output.length,
          content_index: 0,
          part: { type: "output_text", text: "", annotations: [] },
        });
      }
      open.text += text;
      return (
        written +
        say("response.output_text.delta", {
          item_id: open.id,
          output_index: output.length,
          content_index: 0,
          delta: text,
        })
      );
    },
    call: (id, name, args) => {
      const before = close();
      const item = { id: `fc_${id}`, type: "function_call", call_id: id, name, arguments: args, status: "completed" };
      const written =
        say("response.output_item.added", {
          output_index: output.length,
          item: { ...item, arguments: "", status: "in_progress" },
        }) +
        halves(args)
          .map((half) =>
            say("response.function_call_arguments.delta", {
              item_id: item.id,
              output_index: output.length,
              delta: half,
            }),
          )
          .join("") +
        say("response.function_call_arguments.done", {
          item_id: item.id,
          output_index: output.length,
          arguments: args,
        }) +
        say("response.output_item.done", { output_index: output.length, item });
      output.push(item);
      return before + written;
    },
    end: (finish) =>
      close() +
      (finish === null
        ? say("response.completed", {
            response: response("completed", { usage: { input_tokens: 11, output_tokens: 7, total_tokens: 18 } }),
          })
        : say("response.incomplete", {
            response: response("incomplete", {
              incomplete_details: { reason: finish },
              usage: { input_tokens: 11, output_tokens: 7, total_tokens: 18 },
            }),
          })),
  };
};

const anthropicWriter = (): Writer => {
  let index = -1;
  let open = false;
  let calls = 0;
  const say = (type: string, fields: Record<string, unknown>): string => event({ type, ...fields }, type);
  const close = (): string => {
    if (!open) return "";
    open = false;
    return say("content_block_stop", { index });
  };
  return {
    begin: () =>
      say("message_start", {
        message: {
          id: "msg_1",
          type: "message",
          role: "assistant",
          model: "scripted",
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: 11, output_tokens: 1 },
        },
      }),
    thought: (text) => {
      index += 1;
      return (
        say("content_block_start", { index, content_block: { type: "thinking", thinking: "", signature: "" } }) +
        say("content_block_delta", { index, delta: { type: "thinking_delta", thinking: text } }) +
        say("content_block_stop", { index })
      );
    },
    done: () => close() + say("message_stop", {}),
    text: (text) => {
      let written = "";
      if (!open) {
        index += 1;
        open = true;
        written = say("content_block_start", { index, content_block: { type: "text", text: "" } });
      }
      return written + say("content_block_delta", { index, delta: { type: "text_delta", text } });
    },
    call: (id, name, args) => {
      calls += 1;
      const before = close();
      index += 1;
      open = true;
      const start = say("content_block_start", { index, content_block: { type: "tool_use", id, name, input: {} } });
      return (
        before +
        start +
        halves(args)
          .map((half) => say("content_block_delta", { index, delta: { type: "input_json_delta", partial_json: half } }))
          .join("") +
        close()
      );
    },
    end: (finish) =>
      close() +
      say("message_delta", {
        delta: { stop_reason: finish ?? (calls > 0 ? "tool_use" : "end_turn"), stop_sequence: null },
        usage: { output_tokens: 7 },
      }) +
      say("message_stop", {}),
  };
};

const writers: Readonly<Record<string, () => Writer>> = {
  "/v1/chat/completions": chatWriter,
  "/v1/responses": responsesWriter,
  "/v1/messages": anthropicWriter,
};
