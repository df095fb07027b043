/**
 * What no program of this kind can save: messages of the same size over the same hops, with one durable commit wherever
 * the product must have one. Asker, server and approver are processes of their own and do nothing else.
 */
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { WebSocket, WebSocketServer } from "ws";
import { timings } from "./measure.ts";

const [ASKED, VOTED] = [2_000, 600];

/** Keeps a message as a store does that loses nothing when the power goes. */
const keeper = (folder: string, name: string): ((bytes: Buffer) => void) => {
  const db = new Database(join(folder, `${name}.sqlite`));
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.exec("create table kept (id integer primary key, bytes blob)");
  const add = db.prepare("insert into kept (bytes) values (?)");
  return (bytes) => void add.run(bytes);
};

/** Passes what one connection says to all others, once it is kept. */
const serve = (folder: string): void => {
  const keep = keeper(folder, "server");
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  server.on("connection", (socket) =>
    socket.on("message", (bytes) => {
      keep(bytes as Buffer);
      for (const other of server.clients) if (other !== socket) other.send(bytes);
    }),
  );
  server.once("listening", () => {
    const address = server.address();
    process.send?.(typeof address === "object" && address !== null ? address.port : 0);
  });
};
/** Keeps what it hears, and its own answer, before it sends that. */
const approve = (folder: string, port: string): void => {
  const keep = keeper(folder, "approver");
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  socket.once("open", () => process.send?.(0));
  socket.on("message", (bytes) => {
    keep(bytes as Buffer);
    const vote = Buffer.alloc(VOTED, 1);
    keep(vote);
    socket.send(vote);
  });
};

const start = async (...args: string[]) => {
  const child = fork(fileURLToPath(import.meta.url), args);
  const said = await new Promise((done) => child.once("message", done));
  return { child, said: String(said) };
};

/** Milliseconds of each round trip. */
export const relayTrips = async (rounds: number): Promise<number[]> => {
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-bench-"));
  const server = await start("serve", folder);
  const approver = await start("approve", folder, server.said);
  const keep = keeper(folder, "asker");
  const socket = new WebSocket(`ws://127.0.0.1:${server.said}`);
  await new Promise((done) => socket.once("open", done));
  const request = Buffer.alloc(ASKED, 1);
  const samples = await timings(rounds, async () => {
    const answer = new Promise<Buffer>((done) => socket.once("message", (bytes) => done(bytes as Buffer)));
    keep(request);
    socket.send(request);
    keep(await answer);
    // Before a tool is called the ledger says so.
    keep(request);
  });
  socket.terminate();
  for (const { child } of [approver, server]) child.kill();
  rmSync(folder, { recursive: true, force: true });
  return samples;
};

if (import.meta.main) {
  const [role = "", folder = "", port = ""] = process.argv.slice(2);
  if (role === "serve") serve(folder);
  else approve(folder, port);
}
