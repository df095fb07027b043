/** A workspace that only its own computer reaches, and what changes when others are let reach it. */
import { expect, test } from "vitest";
import { readLink } from "#core/protocol/link.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { refused } from "#bridge/refused.ts";
import { told } from "#bridge/told.ts";
import { main, openApp, startServerProcess } from "../helpers/app.ts";
import { until } from "../helpers/wait.ts";

const serverIn = (link: string | null): string => {
  const read = readLink(nodeCrypto, link ?? "");
  return read.ok ? read.code.server : read.problem;
};

test("[T37] links carry the address at which others reach the server, and those made before are named", async () => {
  const server = await startServerProcess();
  const port = new URL(server.url).port;
  // Another name of the same process stands for an address of the network.
  const ada = await openApp("Ada", {
    embedded: ({ reach, address }) => `http://${reach === "network" ? (address ?? "nowhere") : "127.0.0.1"}:${port}`,
  });
  const { wid } = await ada.room.handlers["workspace.create"](
    { name: "Harbour", server: { kind: "embedded", reach: "computer" }, unnamed: "ask" },
    main,
  );
  await ada.inSync(wid);
  const made = await ada.room.handlers["invite.create"](
    { wid, role: "member", label: "", expiresInMs: 3_600_000, uses: 1 },
    main,
  );
  expect(await ada.room.handlers["workspace.reach"]({ wid }, main)).toMatchObject({
    here: true,
    embedded: "computer",
    addresses: [{ host: "192.0.2.7" }],
    problem: null,
  });

  expect(await ada.room.handlers["workspace.letReach"]({ wid, host: "localhost" }, main)).toEqual({
    server: `http://localhost:${port}`,
  });
  await ada.inSync(wid);
  const [again] = ada.room.invites(wid);
  expect(again).toMatchObject({ id: made.id, oldAddress: `http://127.0.0.1:${port}` });
  expect([again?.link?.split("#")[0], serverIn(again?.link ?? null), serverIn(again?.appLink ?? null)]).toEqual([
    `http://localhost:${port}/join`,
    `http://localhost:${port}`,
    `http://localhost:${port}`,
  ]);
  expect(await ada.room.handlers["workspace.reach"]({ wid }, main)).toMatchObject({
    embedded: "network",
    server: `http://localhost:${port}`,
  });

  const ben = await openApp("Ben");
  await ben.room.handlers["invite.join"]({ link: again?.link ?? "" }, main);
  await ben.inSync(wid);
  expect(await ben.room.handlers["workspace.reach"]({ wid }, main)).toMatchObject({ embedded: null, addresses: [] });
  await expect(ben.room.handlers["workspace.letReach"]({ wid, host: "192.0.2.7" }, main)).rejects.toMatchObject({
    code: "server-elsewhere-run",
  });

  // Kept for the next start.
  await ada.close();
  const second = await openApp("Ada", { dir: ada.dir, embedded: () => `http://localhost:${port}` });
  await second.inSync(wid);
  expect(second.room.invites(wid)[0]).toMatchObject({
    oldAddress: `http://127.0.0.1:${port}`,
    usedBy: [{ name: "Ben", waitsFor: null }],
  });
});

test("a server inside the app that did not start is not said to be somebody else's that nobody answers at", async () => {
  const server = await startServerProcess();
  const ada = await openApp("Ada", { embedded: () => server.url });
  const { wid } = await ada.room.handlers["workspace.create"](
    { name: "Harbour", server: { kind: "embedded", reach: "computer" }, unnamed: "ask" },
    main,
  );
  await ada.inSync(wid);
  await ada.close();
  await server.stop();
  const gone = () => {
    throw refused("server-store-gone");
  };
  const again = await openApp("Ada", { dir: ada.dir, embedded: gone });
  await until(() => again.room.status(wid).link === "offline", "offline");
  expect(again.room.status(wid).reason).toEqual(told("server-store-gone"));
  // The same start, where the server inside starts, connects: nothing of it is kept.
  await again.close();
  await server.start();
  const whole = await openApp("Ada", { dir: ada.dir, embedded: () => server.url });
  await whole.inSync(wid);
  expect(whole.room.status(wid).reason).toBe(null);
});
