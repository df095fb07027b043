/** [SV14] Founding at a server that others reach: with a link that works once, for a day, and for nobody who only overheard it. */
import { randomBytes } from "node:crypto";
import { describe, expect, onTestFinished, test } from "vitest";
import { AUTH_TYP, foundProofText } from "#core/protocol/command.ts";
import { LOG } from "#core/protocol/ids.ts";
import { AUTH, CLOSE, writeText } from "#core/protocol/wire.ts";
import { keyFromSeed } from "#node/crypto.ts";
import { FOUNDING_LINK_MS, makeFoundingLink } from "../../sync-server/server/admission/foundings.ts";
import { startServer } from "../../sync-server/server/server.ts";
import { openTestHost } from "../helpers/host.ts";
import { attack } from "../helpers/hostile.ts";
import { createMemory } from "../helpers/memory-store.ts";
import { genesisOf, jws, makePerson, signCommand } from "../helpers/people.ts";
import { foundAt } from "../helpers/sync-world.ts";
import { startProcess } from "../helpers/sync-process.ts";
import { tempDir } from "../helpers/temp.ts";
import { dial } from "../helpers/wire-client.ts";
import type { Wire } from "../helpers/wire-client.ts";
import { tells } from "../helpers/worded.ts";

const seedIn = (link: string): string => link.split("#1.")[1] ?? "";

/** A server that founds by link alone, and another node over the same store. */
const world = async (limits = {}) => {
  const memory = createMemory();
  let later = 0;
  const start = async () => {
    const server = await startServer({
      store: memory.connect(),
      host: "127.0.0.1",
      port: 0,
      origins: [],
      create: "link",
      now: () => Date.now() + later,
      log: () => undefined,
      limits,
    });
    onTestFinished(() => server.close());
    return server;
  };
  const [one, two] = [await start(), await start()];
  const make = async () => seedIn((await makeFoundingLink(memory.connect(), one.url, Date.now())).link);
  return { one, two, make, pass: (ms: number) => void (later += ms) };
};

interface Attempt {
  readonly closed: Wire["closed"];
  readonly founds: () => Promise<boolean>;
  readonly welcomed: Promise<boolean>;
}
/** Dials as a founder who shows a proof; `over` changes what the proof is for. */
const attempt = async (
  url: string,
  seed: string,
  over: { wid?: string; nonce?: string } = {},
  eve = makePerson("Eve"),
): Promise<Attempt> => {
  const mine = genesisOf(eve);
  const wire = dial(url, mine.wid, LOG);
  const { nonce } = await wire.hello;
  const key = keyFromSeed(seed, "bulkhead-found-v1");
  const proof = key.sign(foundProofText(over.wid ?? mine.wid, over.nonce ?? nonce, url, key.x));
  wire.ws.send(
    writeText(
      AUTH,
      jws(eve.key, eve.device, AUTH_TYP, {
        v: 1,
        w: mine.wid,
        d: LOG,
        nonce,
        aud: url,
        as: "found",
        x: eve.key.x,
        link: { x: key.x, proof },
      }),
    ),
  );
  const founds = async () => {
    await wire.welcome;
    return (
      await wire.cmd(
        signCommand(eve, { w: mine.wid, d: LOG, k: "genesis", b: mine.body, seen: [0, ""], exp: Date.now() + 60_000 }),
      )
    ).ok;
  };
  return {
    closed: wire.closed,
    founds,
    welcomed: wire.welcome.then(
      () => true,
      () => false,
    ),
  };
};
const needed = { code: CLOSE.linkNeeded };

describe("[SV14] a server that founds by link", () => {
  attack("founds for nobody without one, and for a made-up one neither", async ({ control }) => {
    const { one, make } = await world();
    await expect(foundAt(one.url)).rejects.toThrow(String(CLOSE.linkNeeded));
    expect(await (await attempt(one.url, randomBytes(16).toString("base64url"))).closed).toMatchObject(needed);
    await control(async () => expect(await (await attempt(one.url, await make())).founds()).toBe(true));
  });

  attack("takes no proof for another workspace or another question", async ({ control }) => {
    const { one, make } = await world();
    const seed = await make();
    expect(await (await attempt(one.url, seed, { wid: "w".repeat(22) })).closed).toMatchObject(needed);
    expect(await (await attempt(one.url, seed, { nonce: "n".repeat(32) })).closed).toMatchObject(needed);
    await control(async () => expect(await (await attempt(one.url, seed)).founds()).toBe(true));
  });

  attack("founds once with each, at whichever node, also where two come at the same time", async ({ control }) => {
    const { one, two, make } = await world();
    const seed = await make();
    const both = [await attempt(one.url, seed), await attempt(two.url, seed)];
    expect(await Promise.all(both.map(({ welcomed }) => welcomed))).toEqual([true, true]);
    const founded = await Promise.all(both.map(({ founds }) => founds().catch(() => false)));
    expect(founded.filter(Boolean)).toHaveLength(1);
    for (const { url } of [one, two]) expect(await (await attempt(url, seed)).closed).toMatchObject(needed);
    const other = await make();
    await control(async () => expect(await (await attempt(two.url, other)).founds()).toBe(true));
  });

  attack("forgets one after a day", async ({ control }) => {
    const { one, make, pass } = await world();
    const [early, late] = [await make(), await make()];
    await control(async () => expect(await (await attempt(one.url, early)).founds()).toBe(true));
    pass(FOUNDING_LINK_MS + 1_000);
    expect(await (await attempt(one.url, late)).closed).toMatchObject(needed);
  });

  attack("slows down who tries many", async ({ control }) => {
    const { one, two, make } = await world({ foundingBurst: 2, foundingsPerHour: 0 });
    for (let i = 0; i < 2; i += 1)
      expect(await (await attempt(one.url, randomBytes(16).toString("base64url"))).closed).toMatchObject(needed);
    const seed = await make();
    expect(await (await attempt(one.url, seed)).closed).toMatchObject({ code: CLOSE.tooMuch });
    await control(async () => expect(await (await attempt(two.url, seed)).founds()).toBe(true));
  });
});

const told = (output: string): string[] =>
  output
    .split("\n")
    .filter((line) => line.includes("founding-link"))
    .map((line) => (JSON.parse(line) as { link: string }).link);

test("[SV14] a server that others reach prints a link until something is founded; the app takes it as the address, once", async () => {
  const folder = tempDir();
  const flags = ["--port", "0", "--data", folder, "--trust-proxy"];
  const server = startProcess(flags);
  const url = await server.url;
  await expect.poll(() => told(server.output())).toHaveLength(1);
  const [link = ""] = told(server.output());
  expect(link.startsWith(`${url}/found#1.`)).toBe(true);
  expect(await (await fetch(link)).text()).toContain("paste it in Bulkhead as the server's address");
  const [ada, ben] = [await openTestHost("Ada"), await openTestHost("Ben")];
  const create = (at: string) => ({ name: "Team", server: { kind: "url", url: at } });
  await expect(ben.call("workspace.create", create(url))).rejects.toMatchObject({ code: "founding-link" });
  expect(await ada.call("workspace.create", create(link))).toMatchObject({ problem: null });
  await expect(ben.call("workspace.create", create(link))).rejects.toEqual(
    tells("founding-link", "Ask whoever runs it"),
  );
  expect(server.errors()).not.toContain(seedIn(link));
  server.child.kill("SIGTERM");
  await server.exit;
  const again = startProcess(flags);
  await again.url;
  const asked = startProcess(["--port", "0", "--data", tempDir(), "--create", "link"]);
  await asked.url;
  // The second line of the one is there long after the other would have written its own.
  await expect.poll(() => told(asked.output())).toHaveLength(1);
  expect(told(again.output())).toEqual([]);
});

test.each([
  ["on this computer alone", []],
  ["under a name of this computer", ["--origin", "http://localhost:4700"]],
  ["where that is said", ["--origin", "https://sync.example.org", "--create", "open"]],
] as const)("[SV14] it is open to everybody who comes %s", async (_title, flags) => {
  const server = startProcess(["--port", "0", "--data", tempDir(), ...flags]);
  const { port } = JSON.parse((await server.url, server.output().split("\n")[0] ?? "")) as { port: number };
  expect((await foundAt(`http://127.0.0.1:${port}`)).log.entries()).toHaveLength(1);
  expect(told(server.output())).toEqual([]);
});
