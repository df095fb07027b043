/** Text of a model as it streams: shown at once, kept at least every second, whole at the end. */
import type { ThreadEvent } from "#bridge/thread.ts";
import type { MessageStore } from "../store/messages.ts";

export interface TextSink {
  push(delta: string): void;
  /** Everything received so far. */
  readonly text: () => string;
  /** The message's id, once there is one. */
  readonly message: () => string | null;
  /** No more is shown or kept by this sink. */
  close(): void;
}
export interface SinkParts {
  readonly messages: MessageStore;
  readonly emit: (event: ThreadEvent) => void;
  readonly thread: string;
  /** Makes the streaming message with its first text; answers its id. */
  readonly begin: (text: string) => string;
  /** Text shown of messages that stream now, by message: what a window that loads a page must see. */
  readonly live: Map<string, string>;
  /** A text that could not be kept now is kept with the next one, or at the end. */
  readonly failed: (error: unknown) => void;
}

const SHOW_MS = 40;
const KEEP_MS = 1_000;

export const createTextSink = ({ messages, emit, thread, begin, live, failed }: SinkParts): TextSink => {
  let all = "";
  let shown = 0;
  let kept = 0;
  let message: string | null = null;
  let showing: NodeJS.Timeout | null = null;
  let keeping: NodeJS.Timeout | null = null;

  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      failed(error);
    }
  };
  const show = (): void => {
    showing = null;
    if (message === null) {
      attempt(() => {
        message = begin(all);
        kept = all.length;
      });
    } else if (shown < all.length) {
      emit({ kind: "delta", thread, message, text: all.slice(shown) });
    }
    if (message === null) return;
    shown = all.length;
    live.set(message, all);
  };
  const keep = (): void => {
    keeping = null;
    if (message === null || kept === all.length) return;
    const id = message;
    attempt(() => {
      messages.setText(id, all);
      kept = all.length;
    });
  };
  return {
    push: (delta) => {
      if (delta === "") return;
      all += delta;
      showing ??= setTimeout(show, SHOW_MS);
      keeping ??= setTimeout(keep, KEEP_MS);
    },
    text: () => all,
    message: () => message,
    close: () => {
      if (showing !== null) clearTimeout(showing);
      if (keeping !== null) clearTimeout(keeping);
      if (message !== null) live.delete(message);
    },
  };
};
