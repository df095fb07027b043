/**
 * `fetch` for model endpoints: gives up when the endpoint is silent, follows no redirect (the text of a thread goes to
 * the host that the person was told, and nowhere else), bounds what an answer may weigh, and notes what the answer says
 * of itself.
 */
import { json } from "#core/protocol/parse.ts";
import { eventsOf } from "./plain-answer.ts";
import { createMender, newHeard, type Heard } from "./stream-mend.ts";

export interface FetchLimits {
  /** Longest silence before and between bytes, ms. */
  readonly silenceMs: number;
  /** Longest answer, bytes. */
  readonly bytes: number;
}
export const FETCH_LIMITS: FetchLimits = { silenceMs: 60_000, bytes: 64 * 1_048_576 };

/** `moved`: a redirect. `plain`: one JSON text that holds no answer. */
export type Trouble = "slow" | "flood" | "cut" | "moved" | "plain" | null;
export interface Watched {
  readonly fetch: typeof globalThis.fetch;
  /** Why this fetch gave up by itself. */
  readonly trouble: () => Trouble;
  readonly silenceMs: number;
  readonly heard: Readonly<Heard>;
  /** Where a redirect leads. */
  readonly movedTo: () => string;
}

export const watchedFetch = (signal: AbortSignal, limits: FetchLimits = FETCH_LIMITS): Watched => {
  let trouble: Trouble = null;
  let movedTo = "";
  const heard = newHeard();
  const stop = new AbortController();
  const give = (why: NonNullable<Trouble>): void => {
    trouble ??= why;
    stop.abort(new Error(why));
  };

  /** The body as it comes, counted; an error of the connection is noted as such. */
  const counted = async function* (body: ReadableStream<Uint8Array>, bell: Bell): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    try {
      for await (const chunk of body) {
        bell.ring();
        bytes += chunk.byteLength;
        if (bytes > limits.bytes) give("flood");
        if (trouble !== null) throw new Error(trouble);
        yield chunk;
      }
    } catch (error) {
      trouble ??= "cut";
      throw error;
    } finally {
      bell.stop();
    }
  };

  const mended = async function* (chunks: AsyncIterable<Uint8Array>, clean: boolean): AsyncGenerator<Uint8Array> {
    const mender = createMender(heard);
    const decoder = new TextDecoder();
    const encoder = new TextEncoder();
    for await (const chunk of chunks) yield encoder.encode(mender.take(decoder.decode(chunk, { stream: true })));
    yield encoder.encode(mender.take(decoder.decode()) + mender.end(clean));
  };

  /** What comes as a stream of events; one JSON text is told apart by how it begins, since types of content are often wrong. */
  const streamed = async (chunks: AsyncGenerator<Uint8Array>, clean: boolean): Promise<AsyncIterable<Uint8Array>> => {
    const first = await chunks.next();
    const begin = first.done === true ? [] : [first.value];
    if (!/^\s*[[{]/.test(Buffer.concat(begin).toString("utf8"))) return mended(joined(begin, chunks), clean);
    const all = [...begin];
    for await (const chunk of chunks) all.push(chunk);
    const text = Buffer.concat(all).toString("utf8");
    const body = json(text);
    const events = eventsOf(body);
    if (events === null) {
      heard.error = body ?? text;
      give("plain");
      throw new Error("plain");
    }
    return mended(joined([Buffer.from(events)]), true);
  };

  const watched: typeof globalThis.fetch = async (input, init) => {
    const bell = createBell(limits.silenceMs, () => give("slow"));
    try {
      const response = await globalThis.fetch(input, {
        ...init,
        redirect: "manual",
        signal: AbortSignal.any([signal, stop.signal]),
      });
      bell.ring();
      if (response.status >= 300 && response.status < 400) {
        movedTo = response.headers.get("location") ?? "";
        give("moved");
        throw new Error("moved");
      }
      if (response.body === null) return response;
      const chunks = counted(response.body, bell);
      const answer = response.ok ? await streamed(chunks, isFramed(response.headers)) : chunks;
      return new Response(ReadableStream.from(answer), {
        status: response.status,
        statusText: response.statusText,
        headers: response.headers,
      });
    } catch (error) {
      bell.stop();
      throw error;
    }
  };
  return { fetch: watched, trouble: () => trouble, silenceMs: limits.silenceMs, heard, movedTo: () => movedTo };
};

interface Bell {
  ring(): void;
  stop(): void;
}
const createBell = (ms: number, silent: () => void): Bell => {
  let timer = setTimeout(silent, ms);
  const stop = (): void => clearTimeout(timer);
  return {
    stop,
    ring: () => {
      stop();
      timer = setTimeout(silent, ms);
    },
  };
};

/** Whether the connection itself tells an end from a break. */
const isFramed = (headers: Headers): boolean =>
  headers.get("transfer-encoding") !== null || headers.get("content-length") !== null;

const joined = async function* (
  begin: readonly Uint8Array[],
  rest?: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* begin;
  if (rest !== undefined) yield* rest;
};
