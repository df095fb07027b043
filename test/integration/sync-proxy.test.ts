/** The server behind a proxy that ends TLS, dialled by the name that people type. */
import { expect, test } from "vitest";
import { LOG } from "#core/ids.ts";
import { lane, QUEUE, requestBody } from "../helpers/people.ts";
import { foundAt } from "../helpers/sync-world.ts";
import { startProcess } from "../helpers/sync-process.ts";
import { tempDir } from "../helpers/temp.ts";
import { DIALLED_FROM, startTlsProxy } from "../helpers/tls-proxy.ts";
import { dial } from "../helpers/wire-client.ts";
import type { Wire } from "../helpers/wire-client.ts";

const startBehind = async (...flags: string[]) => {
  const proxy = await startTlsProxy();
  const server = startProcess(["--port", "0", "--data", tempDir(), "--origin", proxy.url, ...flags]);
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
  expect(await world.send(queue, world.ada, QUEUE, "approval.vote", { request: asked.ok ? asked.id : "", v: "approve", note: null })).toMatchObject({ ok: true, s: 2 });
});

test.each([
  ["with --trust-proxy clients are counted by who dialled the proxy, whatever header they write", ["--trust-proxy"], "let in"],
  ["without it everybody behind the proxy is one address", [], "refused"],
])("[LI8] %s", async (_title, flags, other) => {
  const url = await startBehind(...flags);
  const knock = (headers: Record<string, string>): { wire: Wire; answer: Promise<string> } => {
    const wire = dial(url, "A".repeat(22), LOG, headers);
    return { wire, answer: wire.hello.then(() => "let in", () => "refused") };
  };
  for (;;) {
    // As many strangers as one address may have, each naming another client.
    const strangers = Array.from({ length: 256 }, (_, i) => knock({ "x-forwarded-for": `203.0.113.${i % 250}` }));
    for (const { answer } of strangers) expect(await answer).toBe("let in");
    const answers = [await knock({ "x-forwarded-for": "198.51.100.1" }).answer, await knock({ [DIALLED_FROM]: "198.51.100.1" }).answer];
    // The server closes whoever is silent for too long: on a slow machine the first left before the last came.
    const stayed = strangers.every(({ wire }) => wire.ws.readyState === wire.ws.OPEN);
    for (const { wire } of strangers) wire.close();
    if (stayed) return void expect(answers).toEqual(["refused", other]);
    await Promise.all(strangers.map(({ wire }) => wire.closed));
  }
});
