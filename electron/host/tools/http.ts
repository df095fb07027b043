/**
 * An MCP server at an address (Streamable HTTP), through the SDK's transport with a `fetch` that bounds what an
 * answer may hold, sends no cookies or credentials but the headers of the launch, and keeps the status of a refused
 * request for the words below.
 */
import { told } from "#bridge/told.ts";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { troubleOf } from "../ways/trouble.ts";
import type { Limits } from "./limits.ts";
import { AnswerTooLarge, ConnectionForgotten, failure, type Failure, type Wire } from "./wire.ts";

const TOO_LARGE = failure(told("tool-output-too-large"));
const FORGOT = failure(told("tool-server-forgot"));
const unreachable = (error: unknown, url: string): Failure => {
  const trouble = troubleOf(error);
  return failure(
    told("tool-server-unreachable", trouble === null ? null : told("trouble", trouble, new URL(url).host, true)),
  );
};

const refused = (status: number): Failure => {
  if (status === 401 || status === 403) return failure(told("tool-server-auth", status), true);
  if (status === 404) return failure(told("tool-server-missing"));
  return failure(told("tool-server-refused", status));
};

/** Passes a body on, and fails it where one line of an event stream, or the whole of another body, is too long. */
const bounded = (most: number, byLine: boolean, onTooLarge: () => void): TransformStream<Uint8Array, Uint8Array> => {
  let size = 0;
  return new TransformStream({
    transform(chunk, controller) {
      const lineEnd = byLine ? chunk.lastIndexOf(0x0a) : -1;
      size = lineEnd < 0 ? size + chunk.length : chunk.length - lineEnd - 1;
      if (size <= most) return controller.enqueue(chunk);
      onTooLarge();
      controller.error(new AnswerTooLarge());
    },
  });
};

export interface HttpDeps {
  readonly url: string;
  /** As they are sent, values of this computer filled in. */
  readonly headers: readonly (readonly [string, string])[];
  readonly limits: Limits;
}

export const createHttpWire = (deps: HttpDeps): Wire => {
  const home = new URL(deps.url).origin;
  let reason: Failure | null = null;
  let closed = false;

  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await sdk.close();
  };
  const end = (why: Failure): void => {
    reason ??= why;
    void close();
  };

  const guarded = async (input: string | URL, init?: RequestInit): Promise<Response> => {
    const headers = new Headers(init?.headers);
    // The SDK follows a redirect within the origin with a request of its own; what belongs to this server goes nowhere else.
    if (new URL(input).origin === home) for (const [name, value] of deps.headers) headers.set(name, value);
    const answer = await fetch(input, { ...init, headers, redirect: "manual", credentials: "omit" }).catch(
      (error: unknown) => {
        if (init?.signal?.aborted !== true) reason = unreachable(error, deps.url);
        throw error;
      },
    );
    // A server without an event stream of its own answers 405 to GET; that is allowed and no failure.
    // Many answer 404, which says the same.
    if (init?.method === "GET" && answer.status === 404) return new Response(null, { status: 405 });
    if (answer.status === 404 && new Headers(init?.headers).has("mcp-session-id")) {
      // This request did nothing; others on the same connection may have. So this one ends first, by itself.
      setImmediate(() => end(FORGOT));
      throw new ConnectionForgotten();
    }
    if (!answer.ok && answer.status !== 405) reason = refused(answer.status);
    if (answer.ok) reason = null;
    if (answer.body === null) return answer;
    const byLine = (answer.headers.get("content-type") ?? "").includes("text/event-stream");
    const body = answer.body.pipeThrough(bounded(deps.limits.message, byLine, () => byLine && end(TOO_LARGE)));
    return new Response(body, { status: answer.status, statusText: answer.statusText, headers: answer.headers });
  };

  const sdk = new StreamableHTTPClientTransport(new URL(deps.url), { fetch: guarded });
  // The SDK's class allows `undefined` where its own interface, read strictly, does not.
  return { transport: sdk as Transport, failure: () => reason, close };
};
