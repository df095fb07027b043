/**
 * The host's end of the channel to the shell: over Electron's parent port or a Node child's IPC, whichever there is.
 * Windows come either with a MessagePort of their own or multiplexed over the same channel.
 */
import { FromShell, type ToShell, type WindowKind } from "#bridge/shell-port.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { refused } from "#bridge/refused.ts";
import { type Shell } from "../seams.ts";
import type { Port } from "./serve.ts";

/** As Electron's `MessagePortMain`; declared here because the host does not know Electron. */
export interface WindowPort {
  postMessage(frame: unknown): void;
  on(event: "message", listener: (event: { data: unknown }) => void): void;
  on(event: "close", listener: () => void): void;
  start(): void;
}
/** The channel itself. */
export interface ShellChannel {
  post(message: ToShell): void;
  onMessage(listener: (message: unknown, ports: readonly WindowPort[]) => void): void;
  /** The shell is gone. */
  onClose(listener: () => void): void;
}
export interface ShellEvents {
  window(port: Port, kind: WindowKind): void;
  link(url: string): void;
  stop(): void;
}
export interface ShellLink extends Shell {
  tell(message: Extract<ToShell, { s: "ready" | "failed" }>): void;
  /** From now on windows, links and the stop arrive here. */
  serve(events: ShellEvents): void;
}

interface Multiplexed {
  frame(frame: unknown): void;
  close(): void;
}

export const createShellLink = (channel: ShellChannel): ShellLink => {
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Refusal) => void }>();
  const windows = new Map<number, Multiplexed>();
  let events: ShellEvents | null = null;
  let nextId = 1;

  const open = (window: number, kind: WindowKind, own: WindowPort | undefined): void => {
    if (own !== undefined) return events?.window(ownPort(own), kind);
    windows.get(window)?.close();
    const { port, end } = multiplexedPort((frame) => channel.post({ s: "window.send", window, frame }));
    windows.set(window, end);
    events?.window(port, kind);
  };

  channel.onMessage((raw, ports) => {
    const parsed = FromShell.safeParse(raw);
    if (!parsed.success) return;
    const message = parsed.data;
    switch (message.s) {
      case "answer":
      case "refusal": {
        const waiting = pending.get(message.id);
        pending.delete(message.id);
        if (message.s === "answer") waiting?.resolve(message.value);
        else waiting?.reject(new Refusal(message.error));
        return;
      }
      case "window.open":
        return open(message.window, message.kind, ports[0]);
      case "window.frame":
        return windows.get(message.window)?.frame(message.frame);
      case "window.close":
        windows.get(message.window)?.close();
        windows.delete(message.window);
        return;
      case "link":
        return events?.link(message.url);
      case "stop":
        return events?.stop();
    }
  });
  channel.onClose(() => {
    for (const { reject } of pending.values()) reject(refused("shell-gone"));
    pending.clear();
    for (const window of windows.values()) window.close();
    windows.clear();
    events?.stop();
  });

  return {
    request: (method, params) =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        pending.set(id, { resolve, reject });
        channel.post({ s: "request", id, method, params });
      }),
    tell: (message) => channel.post(message),
    serve: (given) => {
      events = given;
    },
  };
};

const ownPort = (port: WindowPort): Port => ({
  send: (frame) => port.postMessage(frame),
  onFrame: (listener) => {
    port.on("message", ({ data }) => listener(data));
    port.start();
  },
  onClose: (listener) => port.on("close", listener),
});

const multiplexedPort = (send: (frame: unknown) => void): { port: Port; end: Multiplexed } => {
  let onFrame: (frame: unknown) => void = () => undefined;
  let onClose: () => void = () => undefined;
  return {
    port: {
      send,
      onFrame: (listener) => {
        onFrame = listener;
      },
      onClose: (listener) => {
        onClose = listener;
      },
    },
    end: { frame: (frame) => onFrame(frame), close: () => onClose() },
  };
};

/** Electron's parent port, as a utility process sees it. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: "message", listener: (event: { data: unknown; ports: WindowPort[] }) => void): void;
}

/** Null where this process was started by neither shell. */
export const channelOf = (own: NodeJS.Process): ShellChannel | null => {
  const parent = (own as { parentPort?: ParentPort }).parentPort;
  if (parent !== undefined) {
    return {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process port, not a window: there is no origin
      post: (message) => parent.postMessage(message),
      onMessage: (listener) => parent.on("message", ({ data, ports }) => listener(data, ports)),
      onClose: (listener) => void own.once("disconnect", listener),
    };
  }
  const send = own.send?.bind(own);
  if (send === undefined) return null;
  return {
    post: (message) => {
      // The callback takes the error of a channel that closed meanwhile, which would otherwise be thrown.
      if (own.connected) send(message, () => undefined);
    },
    onMessage: (listener) => void own.on("message", (message) => listener(message, [])),
    onClose: (listener) => void own.once("disconnect", listener),
  };
};
