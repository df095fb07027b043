/** A server of raw frames that shows one log and one state, and other documents as empty, as honestly as the test wants. Ends with the test. */
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { onTestFinished } from "vitest";
import { COMMAND_TYP } from "#core/protocol/command.ts";
import { readConnectionFrame, writeData, writeOpened } from "#core/protocol/channels.ts";
import { LOG } from "#core/protocol/ids.ts";
import { HEAD, HELLO, readClientFrame, STATE_PAGE, WELCOME, writeStatePage, writeText } from "#core/protocol/wire.ts";
import { asStep2, lengthInStateVector, updateFrame } from "../../sync-server/server/fan-out/array-update.ts";

export interface Shown {
  entries: readonly string[];
  /** `seq` of the checkpoint's own entry. */
  state: { readonly seq: number; readonly text: string } | null;
  /** Sends the pages in another way. */
  pages?: (send: (frame: Uint8Array) => void, frames: readonly Uint8Array[]) => void;
  /** Ends each connection after this many entries were sent on it. */
  cutAfter?: number;
}
export interface StateServer {
  readonly url: string;
  /** Positions that a state was asked for, and lengths that entries were asked from. */
  readonly asked: string[];
  readonly shown: Shown;
}

const framesOf = ({ seq, text }: NonNullable<Shown["state"]>): Uint8Array[] => {
  const bytes = Buffer.from(text);
  const pages = Math.max(1, Math.ceil(bytes.byteLength / STATE_PAGE));
  return Array.from({ length: pages }, (_, index) =>
    writeStatePage({
      seq,
      page: index + 1,
      pages,
      bytes: bytes.subarray(index * STATE_PAGE, (index + 1) * STATE_PAGE),
    }),
  );
};

/** On a connection: the log as it is shown, and of other documents what the app has. */
const overChannels = (ws: WebSocket, { entries }: Shown, bytes: Uint8Array): void => {
  const frame = readConnectionFrame(bytes);
  if (frame?.type === "auth") ws.send(writeText(WELCOME, "{}"));
  if (frame?.type !== "open") return;
  ws.send(
    writeOpened(
      frame.asked.map(({ channel, doc, had }) => ({
        channel,
        answer: "changed",
        length: doc === LOG ? entries.length : (had?.length ?? 0),
      })),
    ),
  );
  for (const { channel, doc, had } of frame.asked) {
    const length = had?.length ?? 0;
    ws.send(writeData(channel, asStep2(updateFrame(length, doc === LOG ? entries.slice(length) : []))));
  }
};

export const stateServer = async (shown: Shown): Promise<StateServer> => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  const asked: string[] = [];
  const follow = (ws: WebSocket, length: number, isLog: boolean): void => {
    if (isLog) asked.push(`entries from ${length}`);
    const entries = (isLog ? shown.entries : []).slice(
      length,
      shown.cutAfter === undefined ? undefined : length + shown.cutAfter,
    );
    const page = updateFrame(length, entries);
    ws.send(shown.cutAfter === undefined ? asStep2(page) : page);
    if (shown.cutAfter !== undefined && entries.length === shown.cutAfter) return ws.close(1001);
    ws.send(writeText(HEAD, `a.${COMMAND_TYP}.c`));
  };
  server.on("connection", (ws, request) => {
    const isLog = request.url?.endsWith("/log") === true;
    ws.send(
      writeText(
        HELLO,
        JSON.stringify({ from: 1, to: 1, nonce: "n".repeat(32), origin: "http://x", key: "k".repeat(43) }),
      ),
    );
    if (!/^\/[^/]+\/./.test(request.url ?? ""))
      return void ws.on("message", (bytes: Buffer) => overChannels(ws, shown, new Uint8Array(bytes)));
    ws.on("message", (bytes: Buffer) => {
      const frame = readClientFrame(new Uint8Array(bytes));
      if (frame?.type === "auth") ws.send(writeText(WELCOME, JSON.stringify({ s: shown.entries.length })));
      else if (frame?.type === "step1") follow(ws, lengthInStateVector(frame.stateVector) ?? 0, isLog);
      else if (frame?.type === "ask-state") {
        asked.push(`state at ${frame.position}`);
        const frames =
          shown.state === null
            ? [writeStatePage({ seq: 0, page: 0, pages: 0, bytes: new Uint8Array() })]
            : framesOf(shown.state);
        const send = (page: Uint8Array): void => ws.send(page);
        if (shown.pages === undefined) frames.forEach(send);
        else shown.pages(send, frames);
      }
    });
  });
  await new Promise<void>((resolve) => void server.once("listening", resolve));
  onTestFinished(() => {
    for (const ws of server.clients) ws.terminate();
    server.close();
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    asked,
    shown,
  };
};
