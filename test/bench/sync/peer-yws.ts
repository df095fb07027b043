/** The published y-websocket server for Yjs 13, as its own bin starts it: no authorisation, in memory. */
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { setupWSConnection } from "@y/websocket-server/utils";
import { announce } from "./peer.ts";

const http = createServer();
const sockets = new WebSocketServer({ server: http });
sockets.on("connection", setupWSConnection as (ws: unknown, request: unknown) => void);
http.listen(0, "127.0.0.1", () => announce((http.address() as { port: number }).port));
