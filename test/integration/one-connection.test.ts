/** What a device costs its server: the real app, the real server, the stock provider. */
import { describe, expect, onTestFinished, test } from "vitest";
import { AUTH2_TYP } from "#core/protocol/channels.ts";
import { AUTH_TYP } from "#core/protocol/command.ts";
import { startServer } from "../../sync-server/server/server.ts";
import { changePolicy, openApp, SERVER, teamAt } from "../helpers/app.ts";
import { createMemory } from "../helpers/memory-store.ts";
import { until } from "../helpers/wait.ts";

const QUEUES = 24;
const queue = (index: number) => ({
  id: `queue-${index}`,
  name: `Queue ${index}`,
  all: [{ n: 1, roles: ["owner", "admin"], members: [] }],
  deny: 1,
  decideMs: 86_400_000,
  useMs: 3_600_000,
  steps: [],
  practice: false,
  oneForTwo: true,
  independent: false,
});

describe("[CN1] [CN4] a device with many documents", () => {
  test("is in sync again with one socket and one signature, and hears what comes then", async () => {
    const server = await startServer({
      store: createMemory().connect(),
      host: "127.0.0.1",
      port: 0,
      origins: [],
      create: "open",
      now: Date.now,
      log: () => undefined,
    });
    onTestFinished(() => server.close());
    const { wid, ada, ben } = await teamAt(server);
    await changePolicy(
      ada,
      wid,
      ...Array.from({ length: QUEUES }, (_, index) => ({ kind: "queue" as const, queue: queue(index) })),
    );
    await ada.inSync(wid);
    await ada.close();
    const again = await openApp("Ada", { dir: ada.dir });
    await again.inSync(wid);
    // Ben's is the other one.
    await until(() => server.load().sockets === 2, "one socket each");
    const signed = again.shell.signed.filter((purpose) => purpose === AUTH_TYP || purpose === AUTH2_TYP);
    expect(signed).toEqual([AUTH2_TYP]);
    // Also in a list that had not changed.
    const call = ben.call(wid, SERVER, "{}");
    await ben.room.authority.ask(call);
    await again.decide(wid, (await again.card(wid)).request, "approve");
    await until(() => ben.room.authority.standing(call.id)?.state === "approved", "approved");
    expect([server.load().sockets, again.shell.signed.filter((purpose) => purpose === AUTH2_TYP).length]).toEqual([
      2, 1,
    ]);
  });
});
