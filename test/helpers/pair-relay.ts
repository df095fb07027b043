/** A server in the middle: everything goes through it, and it may change or drop what the ends of a pairing say. */
import { createServer } from "node:http";
import * as decoding from "lib0/decoding";
import { onTestFinished } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { PAIR_OPEN, PAIR_SAY, writeText } from "#core/protocol/wire.ts";

export interface Said {
  /** Of the messages that this end of a pairing sent or was sent, from 1. */
  readonly nth: number;
  readonly from: "app" | "server";
  readonly text: string;
}
export interface PairRelay {
  readonly url: string;
  /** Where everything goes; must be set before anybody dials. */
  target: string;
  /** What is passed on in place of what was said: null for nothing, a number to close the app's socket with that code. */
  change: (said: Said) => string | null | number;
  /** Set to answer whoever opens a pairing with this close code. */
  refuseOpen: number | null;
  readonly heard: string[];
  /** Connections now, and those of them over which a pairing speaks. */
  open(): { all: number; pairing: number };
}

const typeOf = (bytes: Buffer): number => decoding.readVarUint(decoding.createDecoder(new Uint8Array(bytes)));
const textOf = (bytes: Buffer): string => {
  const decoder = decoding.createDecoder(new Uint8Array(bytes));
  decoding.readVarUint(decoder);
  return decoding.readVarString(decoder);
};

export const startPairRelay = async (): Promise<PairRelay> => {
  const http = createServer();
  const sockets = new WebSocketServer({ server: http });
  const open = new Set<{ pairing: boolean }>();
  const counts = () => ({ all: open.size, pairing: [...open].filter(({ pairing }) => pairing).length });
  const relay: PairRelay & { url: string } = {
    url: "",
    target: "",
    change: ({ text }) => text,
    refuseOpen: null,
    heard: [],
    open: counts,
  };
  sockets.on("connection", (app, request) => {
    const server = new WebSocket(`${relay.target.replace(/^http/, "ws")}${request.url ?? ""}`, {
      perMessageDeflate: false,
    });
    const early: Buffer[] = [];
    const connection = { pairing: false };
    open.add(connection);
    let nth = 0;
    const pass = (from: Said["from"], bytes: Buffer): void => {
      if (from === "app" && relay.refuseOpen !== null && typeOf(bytes) === PAIR_OPEN)
        return app.close(relay.refuseOpen);
      const to = from === "app" ? server : app;
      if (typeOf(bytes) !== PAIR_SAY) return to.send(bytes);
      const text = textOf(bytes);
      connection.pairing = true;
      relay.heard.push(text);
      const next = relay.change({ nth: (nth += 1), from, text });
      if (typeof next === "number") app.close(next);
      else if (next !== null) to.send(writeText(PAIR_SAY, next));
    };
    app.on("message", (bytes: Buffer) =>
      server.readyState === WebSocket.OPEN ? pass("app", bytes) : early.push(bytes),
    );
    server.on("open", () => early.splice(0).forEach((bytes) => pass("app", bytes)));
    server.on("message", (bytes: Buffer) => pass("server", bytes));
    app.on("close", () => {
      open.delete(connection);
      server.terminate();
    });
    server.on("close", (code, reason) => app.close(code === 1006 || code === 1005 ? 1001 : code, reason.toString()));
    app.on("error", () => undefined);
    server.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => void http.listen(0, "127.0.0.1", resolve));
  const address = http.address();
  relay.url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  onTestFinished(() => {
    for (const client of sockets.clients) client.terminate();
    http.close();
  });
  return relay;
};
