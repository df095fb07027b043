/**
 * Members who sign in while strangers hold on, beside the same at the idle server of the same run; and what one member
 * draws with questions of five bytes. The server has the limits that it comes with.
 */
import { setTimeout as wait } from "node:timers/promises";
import { aimed, measured, percentile } from "../measure.ts";
import type { Measured } from "../measure.ts";
import { besiege } from "./besiege.ts";
import { commandFrame, joinBulkhead, step1 } from "./clients.ts";
import type { Client } from "./clients.ts";
import { tempFolder } from "./folder.ts";
import { startPeer } from "./peer.ts";
import { foundTeam, largeCommand } from "./team.ts";
import type { BenchTeam } from "./team.ts";

const PEOPLE = 10;
const SIGN_INS = 200;

/** Milliseconds from dialling to the whole log, one after the other; who is refused dials once more and is counted. */
const signIns = async (url: string, team: BenchTeam): Promise<{ times: number[]; refused: number }> => {
  const times: number[] = [];
  let refused = 0;
  for (let i = 0; i < SIGN_INS; i += 1) {
    const start = performance.now();
    try {
      const client = await joinBulkhead(url, team.wid, team.people[i % PEOPLE] ?? team.ada);
      times.push(performance.now() - start);
      client.ws.terminate();
    } catch {
      refused += 1;
    }
    await wait(20);
  }
  return { times, refused };
};

const SIEGES = [
  { count: 256, addresses: 1, where: "at the members' own address" },
  { count: 1_024, addresses: 1, where: "at the members' own address" },
  { count: 1_024, addresses: 64, where: "at 64 addresses" },
  { count: 4_000, addresses: 1, where: "at the members' own address" },
  { count: 4_000, addresses: 250, where: "at 250 addresses" },
] as const;

const besieged = async (url: string, team: BenchTeam): Promise<Measured[]> => {
  const rows: Measured[] = [];
  for (const { count, addresses, where } of SIEGES) {
    // Beside it in time too: what else the machine does changes from minute to minute.
    const before = await signIns(url, team);
    const siege = await besiege({ port: Number(new URL(url).port), path: `/${team.wid}/log`, count, addresses });
    const [start, closedBefore] = [performance.now(), await siege.closed()];
    const under = await signIns(url, team);
    const closed = ((await siege.closed()) - closedBefore) / ((performance.now() - start) / 1_000);
    await siege.end();
    await wait(1_000);
    const after = await signIns(url, team);
    const idle = [...before.times, ...after.times];
    const name = `sign-in while ${count} strangers hold on ${where} (${Math.round(closed)} a second are turned out)`;
    for (const [label, p] of [
      ["p50", 0.5],
      ["p95", 0.95],
    ] as const)
      rows.push(
        aimed(
          measured(`${name}, ${label}`, percentile(under.times, p), "ms", SIGN_INS, {
            name: "idle",
            value: percentile(idle, p),
          }),
          { at: "most", than: 2, of: "ratio" },
        ),
      );
    rows.push(
      aimed(
        measured(
          `refused of ${SIGN_INS} sign-ins while ${count} strangers hold on ${where}`,
          under.refused,
          "",
          SIGN_INS,
        ),
        { at: "most", than: 0, of: "value" },
      ),
    );
  }
  return rows;
};

const QUESTIONS = 417;
const LOG_BYTES = 484_000;
const WITHIN_MS = 5_000;
const acknowledged = (client: Client, jws: string): Promise<void> =>
  new Promise((resolve, reject) => {
    client.onAck = (ok) => (ok ? resolve() : reject(new Error("the server refused a command of the benchmark")));
    client.ws.send(commandFrame(1, jws));
  });

/** MB that come back for 417 questions of five bytes for a log of 484 kB, within five seconds. */
const drawn = async (url: string, team: BenchTeam): Promise<Measured[]> => {
  const ben = team.people[0] ?? team.ada;
  const writer = await joinBulkhead(url, team.wid, ben);
  for (let size = 0; size < LOG_BYTES; size += 43_000) {
    await acknowledged(writer, largeCommand(team, ben, 32_768));
    await wait(100);
  }
  writer.ws.terminate();
  const asker = await joinBulkhead(url, team.wid, team.people[1] ?? team.ada);
  let bytes = 0;
  asker.ws.on("message", (data: Buffer) => (bytes += data.byteLength));
  for (let i = 0; i < QUESTIONS; i += 1) {
    asker.ws.send(step1());
    await wait(WITHIN_MS / QUESTIONS);
  }
  const mb = bytes / 1_048_576;
  asker.ws.terminate();
  return [
    aimed(measured(`drawn by ${QUESTIONS} questions of five bytes over ${WITHIN_MS / 1_000} s`, mb, "MB", QUESTIONS), {
      at: "most",
      than: 38,
      of: "value",
    }),
  ];
};

export const strangers = async (): Promise<Measured[]> => {
  const folder = tempFolder();
  const peer = await startPeer("guarded", [folder.path]);
  try {
    const team = await foundTeam(peer.url, PEOPLE);
    return [...(await besieged(peer.url, team)), ...(await drawn(peer.url, team))];
  } finally {
    await peer.close();
    folder.remove();
  }
};
