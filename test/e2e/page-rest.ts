/**
 * When a page is at rest: nothing that it asked is unanswered, no short pause of its own runs, and what it shows has stood
 * for two frames. Asked so, a look waits as long as the page needs, and not as long as the slowest machine might.
 */
import type { BrowserContext } from "@playwright/test";

export interface Rest {
  /** Calls on their way, and short pauses ("search after 150 ms"). */
  open(): number;
}

/** Has every page of this context count what it waits for. Must come before the page opens. */
export const counted = (context: BrowserContext): Promise<unknown> => context.addInitScript(count);

/** Runs in each page before its own scripts: may use nothing from outside. */
const count = (): void => {
  /** A longer one is a notice that goes, or a connection that is tried again. */
  const SHORT_MS = 250;
  /** An answer that takes longer is none that a look waits for: a tool runs, a model speaks. */
  const ANSWER_MS = 1_500;
  const asked = new Map<string, number>();
  const pauses = new Set<number>();
  const [later, never] = [globalThis.setTimeout.bind(globalThis), globalThis.clearTimeout.bind(globalThis)];
  Reflect.set(globalThis, "setTimeout", (work: TimerHandler, ms = 0, ...args: unknown[]): number => {
    const id = Number(
      later(() => {
        pauses.delete(id);
        if (typeof work === "function") (work as (...of: unknown[]) => void)(...args);
      }, ms),
    );
    if (ms <= SHORT_MS) pauses.add(id);
    return id;
  });
  Reflect.set(globalThis, "clearTimeout", (id?: number): void => {
    if (id !== undefined) pauses.delete(id);
    never(id);
  });
  let sockets = 0;
  const send = WebSocket.prototype.send;
  const known = new WeakMap<WebSocket, number>();
  const idOf = (socket: WebSocket, data: unknown, kinds: readonly string[]): string | null => {
    if (typeof data !== "string") return null;
    const { f, id } = JSON.parse(data) as { readonly f?: string; readonly id?: number };
    return f !== undefined && kinds.includes(f) && id !== undefined ? `${known.get(socket)} ${id}` : null;
  };
  WebSocket.prototype.send = function (data): void {
    if (!known.has(this)) {
      known.set(this, sockets++);
      this.addEventListener("message", ({ data: answer }) => {
        const id = idOf(this, answer, ["ok", "error"]);
        if (id !== null) asked.delete(id);
      });
      this.addEventListener("close", () => asked.clear());
    }
    const id = idOf(this, data, ["call"]);
    if (id !== null) asked.set(id, performance.now());
    send.call(this, data);
  };
  const rest: Rest = {
    open: () => {
      for (const [id, at] of asked) if (performance.now() - at > ANSWER_MS) asked.delete(id);
      return asked.size + pauses.size;
    },
  };
  Reflect.set(globalThis, "rest", rest);
};
