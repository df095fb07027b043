/**
 * The agent host as the shell sees it: a child that is started, watched, started again when it dies, and stopped
 * politely. How a child is made is handed in: a utility process (Electron) or a Node child process.
 */
import { pauseBefore } from "#core/protocol/pauses.ts";
import { ToShell } from "#bridge/shell-port.ts";
import type { FromShell } from "#bridge/shell-port.ts";
import { told, type Told } from "#bridge/told.ts";

/** A started child that speaks the shell's messages. `port` is Electron's MessagePort, in Electron alone. */
export interface HostChild {
  post(message: FromShell, port?: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: () => void): void;
  kill(): void;
}

export interface HostState {
  readonly state: "starting" | "ready" | "failed";
  readonly error: Told | null;
}

export interface HostEvents {
  /** Also called for `ready` after a restart: windows must be opened anew. */
  state(state: HostState): void;
  /** `reply` reaches the very child that asked, which may ask before it is ready. */
  request(id: number, method: string, params: unknown, reply: (answer: FromShell) => void): void;
  windowSend(window: number, frame: unknown): void;
}

export interface HostProcess {
  state(): HostState;
  /** Lost while there is no ready child: whatever matters is sent again on `ready`. */
  post(message: FromShell, port?: unknown): void;
  /** Resolves when the child is gone. */
  stop(): Promise<void>;
}

export const HOST_STOP_MS = 8_000;
const STARTING_MS = 30_000;
const STEADY_AFTER_MS = 60_000;
const FAILED_AFTER_EXITS = 3;
const away = told("host-restarting");
const failing = told("host-failing");
const silent = told("host-silent");

export const startHostProcess = (start: () => HostChild, events: HostEvents): HostProcess => {
  let child: HostChild | null = null;
  let current: HostState = { state: "starting", error: null };
  let exits = 0;
  let stopped: (() => void) | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const become = (next: HostState) => {
    current = next;
    events.state(next);
  };

  const onMessage = (from: HostChild, raw: unknown) => {
    const parsed = ToShell.safeParse(raw);
    if (!parsed.success || from !== child) return;
    const message = parsed.data;
    switch (message.s) {
      case "ready":
        clearTimeout(timer);
        timer = setTimeout(() => (exits = 0), STEADY_AFTER_MS);
        become({ state: "ready", error: null });
        return;
      case "failed":
        clearTimeout(timer);
        become({
          state: "failed",
          error: message.error,
        });
        return;
      case "request":
        events.request(message.id, message.method, message.params, (answer) => from === child && from.post(answer));
        return;
      case "window.send":
        events.windowSend(message.window, message.frame);
        return;
    }
  };

  const onExit = (from: HostChild) => {
    if (from !== child) return;
    child = null;
    clearTimeout(timer);
    if (stopped !== null) return stopped();
    exits += 1;
    // What the host itself said before it went is worth more than our guess.
    if (current.state !== "failed")
      become(exits >= FAILED_AFTER_EXITS ? { state: "failed", error: failing } : { state: "starting", error: away });
    timer = setTimeout(begin, pauseBefore(exits, { first: 250, most: 10_000 }));
  };

  const begin = () => {
    const started = start();
    child = started;
    started.onMessage((message) => onMessage(started, message));
    started.onExit(() => onExit(started));
    timer = setTimeout(() => {
      become({ state: "starting", error: silent });
      started.kill();
    }, STARTING_MS);
  };

  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      clearTimeout(timer);
      const going = child;
      stopped = resolve;
      if (going === null) return resolve();
      going.post({ s: "stop" });
      const patience = setTimeout(() => going.kill(), HOST_STOP_MS);
      stopped = () => (clearTimeout(patience), resolve());
    });

  begin();
  return {
    state: () => current,
    post: (message, port) => (current.state === "ready" ? child?.post(message, port) : undefined),
    stop,
  };
};
