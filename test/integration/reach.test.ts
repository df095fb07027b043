/** A workspace that only its own computer reaches, and what changes when others are let reach it. */
import { expect, test } from "vitest";
import { readLink } from "#core/link.ts";
import { hostCrypto } from "../../electron/host/sync/crypto.ts";
import { main, openApp, startServerProcess } from "../helpers/app.ts";

const serverIn = (link: string | null): string => {
  const read = readLink(hostCrypto, link ?? "");
  return read.ok ? read.code.server : read.problem;
};

test("[T37] links carry the address at which others reach the server, and those made before are named", async () => {
  const server = await startServerProcess();
  const port = new URL(server.url).port;
  // Another name of the same process stands for an address of the network.
  const ada = await openApp("Ada", { embedded: ({ reach, address }) => `http://${reach === "network" ? (address ?? "nowhere") : "127.0.0.1"}:${port}` });
  const { wid } = await ada.room.handlers["workspace.create"]({ name: "Harbour", server: { kind: "embedded", reach: "computer" }, unnamed: "ask" }, main);
  await ada.inSync(wid);
  const made = await ada.room.handlers["invite.create"]({ wid, role: "member", label: "", expiresInMs: 3_600_000, uses: 1 }, main);
  expect(await ada.room.handlers["workspace.reach"]({ wid }, main)).toMatchObject({ here: true, embedded: "computer", addresses: [{ host: "192.0.2.7" }], problem: null });

  expect(await ada.room.handlers["workspace.letReach"]({ wid, host: "localhost" }, main)).toEqual({ server: `http://localhost:${port}` });
  await ada.inSync(wid);
  const [again] = ada.room.invites(wid);
  expect(again).toMatchObject({ id: made.id, oldAddress: `http://127.0.0.1:${port}` });
  expect([again?.link?.split("#")[0], serverIn(again?.link ?? null), serverIn(again?.appLink ?? null)]).toEqual([`http://localhost:${port}/join`, `http://localhost:${port}`, `http://localhost:${port}`]);
  expect(await ada.room.handlers["workspace.reach"]({ wid }, main)).toMatchObject({ embedded: "network", server: `http://localhost:${port}` });

  const ben = await openApp("Ben");
  await ben.room.handlers["invite.join"]({ link: again?.link ?? "" }, main);
  await ben.inSync(wid);
  expect(await ben.room.handlers["workspace.reach"]({ wid }, main)).toMatchObject({ embedded: null, addresses: [] });
  await expect(ben.room.handlers["workspace.letReach"]({ wid, host: "192.0.2.7" }, main)).rejects.toMatchObject({ code: "not-here" });

  // Kept for the next start.
  await ada.close();
  const second = await openApp("Ada", { dir: ada.dir, embedded: () => `http://localhost:${port}` });
  await second.inSync(wid);
  expect(second.room.invites(wid)[0]).toMatchObject({ oldAddress: `http://127.0.0.1:${port}`, usedBy: [{ name: "Ben", waitsFor: null }] });
});
