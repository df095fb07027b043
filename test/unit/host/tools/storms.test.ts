/** Servers that change their list of tools without end, and what that costs and proves. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRefresh } from "../../../../electron/host/tools/refresh.ts";
import { tempDir } from "../../../helpers/temp.ts";
import { handTimers, makeRoom, until, WID } from "./room.ts";

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("[TD6] a list that is said to change all the time is read once in a while, and once more after the last word", async () => {
  const hand = handTimers();
  let reads = 0;
  const refresh = createRefresh({ timers: hand.timers, pause: 250, rest: 5_000, work: async () => void (reads += 1) });
  const storm = async (ms: number): Promise<void> => {
    for (let at = 0; at < ms; at += 50) {
      refresh.ask();
      hand.pass(50);
      await settle();
    }
  };
  await storm(5_000);
  expect(reads).toBe(1);
  await storm(5_500);
  expect(reads).toBe(2);
  hand.pass(5_250);
  await settle();
  hand.pass(250);
  await settle();
  expect(reads).toBe(3);
  hand.pass(60_000);
  await settle();
  expect(reads).toBe(3);
});

test("[TD6] a server that changed its tools too often is not steady until a person restarts it", async () => {
  const file = join(tempDir(), "definition.json");
  const say = (description: string): void =>
    writeFileSync(file, JSON.stringify([{ name: "read", description, inputSchema: { type: "object" } }]));
  say("0");
  const room = makeRoom({ limits: { changesMost: 2, refreshPause: 1, refreshRest: 1 } });
  room.run({
    kind: "stdio",
    command: process.execPath,
    args: [join(import.meta.dirname, "../../../fixtures/mcp/turning.mjs"), file, join(file, "../ran.log")],
    env: [],
    vars: [],
  });
  await room.isIn("ready");
  const unsteady = (): boolean | undefined => room.tools.find(WID, "server", "read")?.unsteady;
  const said = (): string | undefined => room.tools.find(WID, "server", "read")?.def.description;
  expect(unsteady()).toBe(false);
  say("1");
  await until("the first change is read", () => said() === "1");
  expect(unsteady()).toBe(false);
  say("0");
  await until("the second change is read", () => said() === "0");
  expect(unsteady()).toBe(true);
  await room.tools.control.restart(WID, "server");
  await room.isIn("ready");
  expect(unsteady()).toBe(false);
});
