/** The server behind a proxy that ends TLS, dialled by the name that people type. */
import { expect, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { lane, QUEUE, requestBody } from "../helpers/people.ts";
import { foundAt } from "../helpers/sync-world.ts";
import { startProcess } from "../helpers/sync-process.ts";
import { tempDir } from "../helpers/temp.ts";
import { DIALLED_FROM, startTlsProxy } from "../helpers/tls-proxy.ts";
import { dial } from "../helpers/wire-client.ts";

const startBehind = async (...flags: string[]) => {
  const proxy = await startTlsProxy();
  const server = startProcess([
    "--port",
    "0",
    "--data",
    tempDir(),
    "--origin",
    proxy.url,
    "--create",
    "open",
    ...flags,
  ]);
  await server.url;
  proxy.to((JSON.parse(server.output().split("\n")[0] ?? "") as { port: number }).port);
  return proxy.url;
};

test("[SV5] people found, join, ask and decide over TLS by the https name, which is what they sign", async () => {
  const url = await startBehind("--trust-proxy");
  expect(url).toMatch(/^https:/);
  const world = await foundAt(url);
  expect(await world.log.hello).toMatchObject({ origin: url });
  const ben = await world.member("Ben");
  const [mine, queue] = [await world.open(ben, lane(ben)), await world.open(world.ada, QUEUE)];
  const asked = await world.send(mine, ben, QUEUE, "approval.request", requestBody());
  expect(
    await world.send(queue, world.ada, QUEUE, "approval.vote", {
      request: asked.ok ? asked.id : "",
      v: "approve",
      note: null,
    }),
  ).toMatchObject({ ok: true, s: 2 });
});

test.each([
  [
    "with --trust-proxy clients are counted by who dialled the proxy, whatever header they write",
    ["--trust-proxy"],
    "stays",
  ],
  ["without it everybody behind the proxy is one address", [], "goes"],
])("[LI8] %s", async (_title, flags, elsewhere) => {
  const url = await startBehind(...flags);
  const knock = (headers: Record<string, string>) => dial(url, "A".repeat(22), LOG, headers);
  const first = {
    "of the address": knock({ "x-forwarded-for": "198.51.100.1" }),
    "of elsewhere": knock({ [DIALLED_FROM]: "198.51.100.1" }),
  };
  const ends = Object.entries(first).map(async ([who, { closed }]) => [who, (await closed).code] as const);
  for (const { hello } of Object.values(first)) await hello;
  // As many strangers as one address may have, each naming another client.
  const strangers = Array.from({ length: 256 }, (_, i) => knock({ "x-forwarded-for": `203.0.113.${i % 250}` }));
  for (const { hello } of strangers) await hello;
  const gone = new Map(elsewhere === "goes" ? await Promise.all(ends) : [await Promise.race(ends)]);
  expect(gone.get("of the address")).toSatisfy((code) => code === 4509 || code === 4508);
  expect(first["of elsewhere"].ws.readyState === first["of elsewhere"].ws.OPEN ? "stays" : "goes").toBe(elsewhere);
  for (const { close } of strangers) close();
});
