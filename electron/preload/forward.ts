/** What a preload gives its page: a wire to the host and two small services of the system. Nothing else crosses. */
import { contextBridge, ipcRenderer } from "electron";
import { CHANNELS } from "#bridge/ipc.ts";

type OnFrame = (frame: unknown) => void;

const connect = (onFrame: OnFrame): { send(frame: unknown): void } => {
  let port: MessagePort | null = null;
  // The page may speak before its port is here.
  let early: unknown[] = [];

  ipcRenderer.on(CHANNELS.port, (event) => {
    const [given] = event.ports;
    if (given === undefined) return;
    port?.close();
    port = given;
    given.onmessage = (message: MessageEvent<unknown>) => onFrame(message.data);
    for (const frame of early) given.postMessage(frame, []);
    early = [];
  });
  ipcRenderer.on(CHANNELS.host, (_, frame: { state?: unknown }) => {
    // What was said to a host that is gone would be answered by nobody; the page asks again when it hears of the new one.
    if (frame.state !== "ready") {
      port?.close();
      port = null;
      early = [];
    }
    onFrame(frame);
  });
  ipcRenderer.send(CHANNELS.connect);
  return { send: (frame) => (port === null ? void early.push(frame) : port.postMessage(frame)) };
};

export const exposeBulkhead = (): void =>
  contextBridge.exposeInMainWorld("bulkhead", {
    kind: "electron",
    connect,
    copy: (text: unknown) => ipcRenderer.send(CHANNELS.copy, text),
    // Only a person's click opens a link.
    openLink: (url: unknown) =>
      navigator.userActivation.isActive ? ipcRenderer.send(CHANNELS.openLink, url) : undefined,
  });
