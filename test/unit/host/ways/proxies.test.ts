/** Which way leads out, and that everything which leaves this computer takes it. */
import { Refusal } from "#core/facts/refusal.ts";
import { wordsOf } from "../../../helpers/worded.ts";
import { createServer as createHttps } from "node:https";
import { networkInterfaces } from "node:os";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { talk } from "#client/link/give-talk.ts";
import { knock } from "#client/link/knock.ts";
import { platform } from "../../../../electron/host/ways/platform.ts";
import { fetchOverDial } from "../../../../electron/host/ways/connectors.ts";
import { useRoutes } from "../../../../electron/host/ways/dial.ts";
import {
  createFindRoute,
  DIRECT,
  isExempt,
  readProxy,
  routeByEnvironment,
  routeBySystem,
} from "../../../../electron/host/ways/proxies.ts";
import { trustSystemStore } from "../../../../electron/host/ways/trust.ts";
import { makeCertificate } from "../../../helpers/certificates.ts";
import { firstDial } from "../../../helpers/first-dial.ts";
import { ask, modelRoom } from "../../../helpers/model-room.ts";
import { portOf, root, startProxy, tlsHttp } from "../../../helpers/tls-world.ts";
import { makeRoom } from "../tools/room.ts";

beforeAll(() => {
  trustSystemStore();
  setDefaultCACertificates([...getCACertificates(), root.cert]);
  fetchOverDial();
});
beforeEach(() => useRoutes(() => Promise.resolve(DIRECT)));

const noSystem = (): Promise<string> => Promise.reject(new Error("nobody to ask"));
const wid = "w".repeat(22);
const said = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no failure",
    (error: unknown) =>
      error instanceof Refusal ? `${wordsOf(error)} ${JSON.stringify(error.view)}` : (error as Error).message,
  );

/** example.org as it is behind the proxy alone: it answers 404 to everything. */
const farAway = async (): Promise<number> => {
  const { cert, key } = makeCertificate({ name: "*.example.org", by: root });
  return portOf(createHttps({ cert, key }, (_request, response) => response.writeHead(404).end()));
};

/** What each part of the app does that leaves this computer. */
const USES: Readonly<Record<string, (host: string) => Promise<unknown>>> = {
  "what is given back": async (name) => {
    await talk({
      platform,
      server: `https://${name}`,
      wid: "w".repeat(22),
      doc: LOG,
      key: "k",
      heads: [],
      entries: () => [],
      answerWithinMs: 2_000,
    });
  },
  "a first knock": (host) => said(knock(platform, `https://${host}`, wid, async (nonce) => nonce)),
  "the connection to a workspace": (host) => firstDial(`https://${host}`),
  "a model": async (host) => {
    const { room, add } = modelRoom();
    return said(
      room.step(await add("openai-compatible", `https://${host}/v1`), ask, {
        signal: AbortSignal.timeout(20_000),
        onText: () => undefined,
        onWait: () => undefined,
      }),
    );
  },
  "an HTTP tool": async (host) => {
    const room = makeRoom({ limits: { quickCrashes: 0 } });
    room.run({ kind: "http", url: `https://${host}/mcp`, headers: [], vars: [] });
    await room.isIn("failed");
  },
};

describe("[WA2] a company's proxy", () => {
  test.each(Object.entries(USES))(
    "carries %s, by the variables and by the system's setting; NO_PROXY keeps it off",
    async (title, use) => {
      const far = await farAway();
      const proxy = await startProxy({ to: () => far });
      const at = `127.0.0.1:${proxy.port}`;
      // A connection that another use left open would be used again.
      const [one, two] = ["one", "two"].map(
        (name) => `${name}-${title.replaceAll(/\W/g, "").toLowerCase()}.example.org`,
      ) as [string, string];
      useRoutes(createFindRoute({ HTTPS_PROXY: `http://${at}` }, noSystem));
      await use(one);
      expect(proxy.asked).toContain(`${one}:443`);
      useRoutes(
        createFindRoute({}, (origin) =>
          Promise.resolve(origin === `https://${two}` ? `PROXY ${at}; DIRECT` : "DIRECT"),
        ),
      );
      await use(two);
      expect(proxy.asked).toContain(`${two}:443`);
      const before = proxy.asked.length;
      useRoutes(createFindRoute({ HTTPS_PROXY: `http://${at}`, NO_PROXY: "intranet.invalid" }, noSystem));
      await use("three.intranet.invalid");
      expect(proxy.asked).toHaveLength(before);
    },
  );

  test("never carries what is on this computer", async () => {
    const proxy = await startProxy();
    const origin = await tlsHttp();
    useRoutes(
      createFindRoute(
        { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, ALL_PROXY: `http://127.0.0.1:${proxy.port}` },
        () => Promise.resolve(`PROXY 127.0.0.1:${proxy.port}`),
      ),
    );
    expect((await fetch(origin)).status).toBe(404);
    expect(proxy.asked).toEqual([]);
  });

  test.each([
    ["asks for a password", { auth: "Basic nothing" }, /^The proxy 127\.0\.0\.1:\d+ asks for a name and a password/],
    [
      "lets nothing out",
      { refuses: true },
      /^The proxy 127\.0\.0\.1:\d+ does not let Bulkhead out to https:\/\/a\.example\.org\./,
    ],
  ] as const)("that %s is named, without what opens it", async (_title, how, sentence) => {
    const proxy = await startProxy(how);
    useRoutes(createFindRoute({ HTTPS_PROXY: `http://ada:canary%21@127.0.0.1:${proxy.port}` }, noSystem));
    const message = await said(knock(platform, "https://a.example.org", wid, async (nonce) => nonce));
    expect(message).toMatch(sentence);
    expect(message).not.toContain("canary");
    expect(message).not.toContain("ada");
  });

  test("gets the name and the password that its address holds", async () => {
    const far = await farAway();
    const proxy = await startProxy({ auth: `Basic ${Buffer.from("ada:p@ss!").toString("base64")}`, to: () => far });
    useRoutes(createFindRoute({ https_proxy: `http://ada:p%40ss!@127.0.0.1:${proxy.port}` }, noSystem));
    expect((await fetch("https://a.example.org/")).status).toBe(404);
  });

  test("that is away is named where there is no other way, and passed by where the system knows one", async () => {
    const far = await farAway();
    const proxy = await startProxy({ to: () => far });
    useRoutes(createFindRoute({}, () => Promise.resolve("PROXY 127.0.0.1:1")));
    expect(await said(knock(platform, "https://a.example.org", wid, async (nonce) => nonce))).toMatch(
      /^The proxy 127\.0\.0\.1:1, through which this computer goes out, cannot be reached\./,
    );
    useRoutes(
      createFindRoute({}, () =>
        Promise.resolve(`PROXY 127.0.0.1:1; SOCKS5 127.0.0.1:2; PROXY 127.0.0.1:${proxy.port}`),
      ),
    );
    expect((await fetch("https://a.example.org/")).status).toBe(404);
    useRoutes(createFindRoute({ ALL_PROXY: "socks5://127.0.0.1:1080" }, noSystem));
    expect(await said(knock(platform, "https://a.example.org", wid, async (nonce) => nonce))).toContain(
      "is of a kind that Bulkhead does not know",
    );
  });
});

describe("[WA3] NO_PROXY", () => {
  test.each([
    ["example.org", "https://example.org", true],
    ["example.org", "https://a.b.example.org", true],
    [".example.org", "https://a.example.org", true],
    ["*.example.org", "https://a.example.org", true],
    ["example.org", "https://notexample.org", false],
    ["example.org", "https://example.org.evil.test", false],
    ["a.test, EXAMPLE.org", "https://example.org", true],
    ["a.test example.org", "https://example.org", true],
    ["*", "https://example.org", true],
    ["example.org:8443", "https://example.org:8443", true],
    ["example.org:8443", "https://example.org", false],
    ["example.org:443", "https://example.org", true],
    ["10.0.0.0/8", "http://10.20.30.40:11434", true],
    ["10.0.0.0/8", "http://11.0.0.1", false],
    ["192.168.1.7", "http://192.168.1.7", true],
    ["192.168.1.7", "http://192.168.1.70", false],
    ["192.168.1.7:80", "http://192.168.1.7:81", false],
    ["fd00::/8", "http://[fd12::1]:4700", true],
    ["[fd12::1]:4700", "http://[fd12::1]:4700", true],
    ["fd12::1", "http://[fd12::1]", true],
    ["10.0.0.0/99", "http://10.0.0.1", false],
    ["", "https://example.org", false],
  ])("%s for %s: %s", (rules, url, exempt) => expect(isExempt(new URL(url), rules)).toBe(exempt));
});

test("[WA3] variables count in both spellings, the small one first; without any the system is asked", async () => {
  const https = new URL("https://example.org");
  expect(routeByEnvironment({ HTTPS_PROXY: "http://big:1", https_proxy: "http://small:2" }, https)).toMatchObject([
    { host: "small", port: 2 },
  ]);
  expect(routeByEnvironment({ HTTP_PROXY: "http://plain:1" }, https)).toEqual(DIRECT);
  expect(routeByEnvironment({ ALL_PROXY: "proxy.example:3128" }, https)).toMatchObject([
    { kind: "http", host: "proxy.example", port: 3_128 },
  ]);
  expect(routeByEnvironment({ Https_Proxy: " ", PATH: "/" }, https)).toBeUndefined();
  expect(
    await createFindRoute({ HTTPS_PROXY: "" }, () => Promise.resolve("HTTPS secure.example:8443"))(https),
  ).toMatchObject([{ kind: "https", host: "secure.example", port: 8_443 }]);
  expect(await createFindRoute({}, noSystem)(https)).toEqual(DIRECT);
  // Whatever addresses this computer has in networks: the server inside the app is dialled by one.
  const own = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .map(({ address, family }) => `http://${family === "IPv6" ? `[${address.split("%")[0]}]` : address}:4700`);
  for (const near of [
    ...own,
    "http://localhost:1",
    "http://localhost.:1",
    "http://a.localhost",
    "http://a.localhost.:1",
    "http://[::ffff:169.254.1.1]",
    "http://127.0.0.9",
    "http://[::1]:2",
    "http://169.254.1.1",
    "http://[fe80::1]",
  ])
    expect(await createFindRoute({ ALL_PROXY: "http://p:1" }, noSystem)(new URL(near))).toEqual(DIRECT);
});

test("[WA3] what a proxy script and a proxy's address may say", () => {
  expect(routeBySystem("PROXY a.example:3128; HTTPS b.example; SOCKS c.example:1080; DIRECT")).toMatchObject([
    { kind: "http", port: 3_128 },
    { kind: "https", host: "b.example", port: 443 },
    { kind: "unknown" },
    null,
  ]);
  expect(routeBySystem("nonsense")).toEqual(DIRECT);
  expect(readProxy("http://[fd00::1]:3128")).toMatchObject({ host: "fd00::1", port: 3_128, credentials: null });
  expect(readProxy("http://")).toBeNull();
});
