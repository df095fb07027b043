/**
 * The network between one app and the sync server, as something that can be cut, stalled and read. Forwards TCP; of
 * WebSocket traffic it also keeps every message, unmasked and inflated, so that a scan sees what was really said.
 */
import { connect, createServer } from "node:net";
import type { Socket } from "node:net";
import { readConnectionFrame, writeData } from "#core/protocol/channels.ts";
import { binaryFrame, createFrameReader } from "./ws-frames.ts";

export interface Message {
  readonly to: "server" | "app";
  readonly bytes: Buffer;
}

export interface Proxy {
  readonly port: number;
  /** The sync server's address as the app behind this proxy knows it. */
  readonly url: string;
  /** Drops every connection and refuses new ones. */
  cut(): void;
  /** Keeps connections open and lets nothing through, as a dead network does. */
  stall(): void;
  /** Lets through what the app says and holds what it is told: every answer is under way until `mend`. */
  deafen(): void;
  mend(): void;
  /**
   * Says something to the app in the server's name, in the channel of this document on every open connection: what a
   * server that was taken over could do. Answers on how many connections it was said.
   */
  forge(doc: string, message: Uint8Array): number;
  /** Every WebSocket message so far. */
  messages(): readonly Message[];
  /** Every byte so far as it was on the wire, requests and answers. */
  raw(): Buffer;
  close(): Promise<void>;
}

interface Pair {
  readonly app: Socket;
  readonly server: Socket;
  /** Channel of each document that the app asked for. */
  readonly channels: Map<string, number>;
}
type State = "open" | "cut" | "stalled" | "deaf";

const notice = ({ channels }: Pair, bytes: Buffer): void => {
  const frame = readConnectionFrame(new Uint8Array(bytes));
  if (frame?.type === "open") for (const { doc, channel } of frame.asked) channels.set(doc, channel);
};

export const startProxy = async (serverPort: number): Promise<Proxy> => {
  const pairs = new Set<Pair>();
  const messages: Message[] = [];
  const raw: Buffer[] = [];
  let state: State = "open";

  // Without it a second small message waits some 40 ms for the other side to acknowledge the first.
  const listener = createServer({ noDelay: true }, (app) => {
    if (state === "cut") return app.destroy();
    const server = connect({ port: serverPort, host: "127.0.0.1", noDelay: true });
    const pair: Pair = { app, server, channels: new Map() };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      app.destroy();
      server.destroy();
    };
    for (const socket of [app, server]) socket.on("error", end).on("close", end);
    relay(app, server, "server", (bytes) => notice(pair, bytes));
    relay(server, app, "app", () => undefined);
    if (state === "stalled") pair.app.pause();
    if (state === "stalled" || state === "deaf") pair.server.pause();
    return undefined;
  });

  const relay = (from: Socket, to: Socket, side: Message["to"], heard: (bytes: Buffer) => void) => {
    const read = createFrameReader((bytes) => {
      messages.push({ to: side, bytes });
      heard(bytes);
    });
    from.on("data", (chunk: Buffer) => {
      raw.push(chunk);
      read(chunk);
      if (!to.write(chunk)) from.pause();
    });
    to.on("drain", () => state === "stalled" || (state === "deaf" && side === "app") || from.resume());
  };

  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  const address = listener.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const cut = () => {
    state = "cut";
    for (const pair of pairs) {
      pair.app.destroy();
      pair.server.destroy();
    }
  };
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    cut,
    stall: () => {
      state = "stalled";
      for (const pair of pairs) {
        pair.app.pause();
        pair.server.pause();
      }
    },
    deafen: () => {
      state = "deaf";
      for (const { server } of pairs) server.pause();
    },
    mend: () => {
      state = "open";
      for (const pair of pairs) {
        pair.app.resume();
        pair.server.resume();
      }
    },
    forge: (doc, message) => {
      const to = [...pairs].flatMap(({ app, channels }) => {
        const channel = channels.get(doc);
        return channel === undefined ? [] : [{ app, channel }];
      });
      for (const { app, channel } of to) app.write(binaryFrame(writeData(channel, message)));
      return to.length;
    },
    messages: () => messages,
    raw: () => Buffer.concat(raw),
    close: () => {
      cut();
      return new Promise((done) => listener.close(() => done()));
    },
  };
};
