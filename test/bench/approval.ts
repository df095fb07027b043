/** From a gated call to its start: two agent hosts, two shells and the server, each a process of its own. */
import { resolve } from "node:path";
import { WebSocket, WebSocketServer } from "ws";
import { acceptServer, addServer, callBecomes, scriptServer } from "../../scripts/apps/team.ts";
import { openTeam, openWorld } from "../helpers/world.ts";
import type { Person } from "../helpers/world.ts";
import { aimed, measured, percentile, timings } from "./measure.ts";
import type { Measured } from "./measure.ts";

const ROUNDS = 200;
const WARM_UP = 5;
/** Each tool server takes 60 calls a minute from one person, so the rounds are spread over several. */
const LEDGERS = 5;

interface Round {
  readonly card: number;
  readonly start: number;
}

export const approval = async (): Promise<Measured[]> => {
  const world = await openWorld();
  try {
    const { ada, ben, wid } = await openTeam(world);
    const ledgers = await openLedgers(world.dir, ada, ben, wid);
    const thread = await ben.rpc.call("thread.create", { wid });
    const rounds: Round[] = [];
    for (let index = -WARM_UP; index < ROUNDS; index++) {
      const round = await decideOnce(
        ada,
        ben,
        wid,
        ledgers[(index + WARM_UP) % ledgers.length] ?? "",
        thread.id,
        `line ${index}`,
      );
      if (index >= 0) rounds.push(round);
    }
    const echo = await echoes();
    const peer = (p: number) => ({ name: "bare WebSocket echo", value: percentile(echo, p) });
    const whole = rounds.map((round) => round.card + round.start);
    const row = (name: string, samples: number[], p: number) =>
      measured(name, percentile(samples, p), "ms", ROUNDS, peer(p));
    return [
      aimed(row("approval round trip p50", whole, 0.5), { at: "most", than: 20, of: "value" }),
      aimed(row("approval round trip p99", whole, 0.99), { at: "most", than: 60, of: "value" }),
      ...(["card", "start"] as const).flatMap((leg) =>
        [0.5, 0.99].map((p) =>
          row(
            `${leg === "card" ? "gate raised to card at the approver" : "vote to tool start"} p${p * 100}`,
            rounds.map((round) => round[leg]),
            p,
          ),
        ),
      ),
    ];
  } finally {
    await world.close();
  }
};

const openLedgers = async (dir: string, ada: Person, ben: Person, wid: string): Promise<string[]> => {
  const ids: string[] = [];
  for (let index = 0; index < LEDGERS; index++) {
    const id = await addServer(
      ada.rpc,
      wid,
      `ledger ${index}`,
      scriptServer(resolve("test/fixtures/ledger-mcp.mjs"), resolve(dir, "ledger.txt")),
    );
    await acceptServer(ben.rpc, wid, id);
    ids.push(id);
  }
  return ids;
};

/** The time a person takes to look is left out: from the call to the card, and from the vote to the start. */
const decideOnce = async (
  ada: Person,
  ben: Person,
  wid: string,
  server: string,
  thread: string,
  line: string,
): Promise<Round> => {
  const seen = new Set((await ada.rpc.when("cards", wid, () => true)).map((card) => card.request));
  const raised = performance.now();
  await ben.rpc.call("thread.callTool", { thread, server, tool: "work", args: JSON.stringify({ line }) });
  const cards = await ada.rpc.when("cards", wid, (all) =>
    all.some((card) => card.state === "pending" && !seen.has(card.request)),
  );
  const card = performance.now() - raised;
  const request = cards.find((one) => one.state === "pending" && !seen.has(one.request))?.request ?? "";
  const popup = await ada.rpc.popup(wid, request);
  await popup.call("card.get", { wid, request });
  const voted = Date.now();
  await popup.call("card.decide", { wid, request, vote: "approve", note: "" });
  const call = await callBecomes(ben.rpc, thread, ["done"]);
  popup.close();
  return { card, start: (call.startedAt ?? Number.NaN) - voted };
};

/** There and back on one open socket of the same library, with a message of a request's size. */
const echoes = async (): Promise<number[]> => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  server.on("connection", (socket) => socket.on("message", (bytes) => socket.send(bytes)));
  await new Promise((done) => server.once("listening", done));
  const address = server.address();
  const socket = new WebSocket(`ws://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`);
  await new Promise((done) => socket.once("open", done));
  const message = "x".repeat(1_500);
  const samples = await timings(
    ROUNDS,
    () => new Promise((done) => (socket.once("message", done), socket.send(message))),
  );
  socket.terminate();
  server.close();
  return samples;
};
