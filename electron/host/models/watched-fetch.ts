/**
 * `fetch` for model endpoints: gives up when the endpoint is silent, follows no redirect (the text of a thread goes to
 * the host that the person was told, and nowhere else), and bounds what an answer may weigh.
 */
export interface FetchLimits {
  /** Longest silence before and between bytes, ms. */
  readonly silenceMs: number;
  /** Longest answer, bytes. */
  readonly bytes: number;
}
export const FETCH_LIMITS: FetchLimits = { silenceMs: 60_000, bytes: 64 * 1_048_576 };

export type Trouble = "slow" | "flood" | "cut" | null;
export interface Watched {
  readonly fetch: typeof globalThis.fetch;
  /** Why this fetch gave up by itself. */
  readonly trouble: () => Trouble;
}

export const watchedFetch = (signal: AbortSignal, limits: FetchLimits = FETCH_LIMITS): Watched => {
  let trouble: Trouble = null;
  const stop = new AbortController();
  const give = (why: NonNullable<Trouble>): void => {
    trouble ??= why;
    stop.abort(new Error(why));
  };
  const watched: typeof globalThis.fetch = async (input, init) => {
    let timer = setTimeout(() => give("slow"), limits.silenceMs);
    const heard = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => give("slow"), limits.silenceMs);
    };
    try {
      const response = await globalThis.fetch(input, { ...init, redirect: "error", signal: AbortSignal.any([signal, stop.signal]) });
      heard();
      if (response.body === null) return response;
      const reader = response.body.getReader();
      let bytes = 0;
      const counted = new ReadableStream<Uint8Array>({
        pull: async (controller) => {
          try {
            const { done, value } = await reader.read();
            heard();
            bytes += value?.byteLength ?? 0;
            if (bytes > limits.bytes) give("flood");
            if (done || trouble !== null) clearTimeout(timer);
            if (done) controller.close();
            else if (trouble !== null) controller.error(new Error(trouble));
            else controller.enqueue(value);
          } catch (error) {
            clearTimeout(timer);
            trouble ??= "cut";
            controller.error(error);
          }
        },
        cancel: (reason) => {
          clearTimeout(timer);
          return reader.cancel(reason);
        },
      });
      return new Response(counted, { status: response.status, statusText: response.statusText, headers: response.headers });
    } catch (error) {
      clearTimeout(timer);
      throw error;
    }
  };
  return { fetch: watched, trouble: () => trouble };
};
