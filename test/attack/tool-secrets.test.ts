/** Values of a computer on their way out: through what is signed, through headers, through errors and logs. */
import type { Refusal } from "#core/facts/refusal.ts";
import { tells } from "../helpers/worded.ts";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import type { Launch } from "#bridge/tool.ts";
import type { Workspaces } from "../../electron/host/seams.ts";
import { launchProblem } from "../../electron/host/tools/launch-check.ts";
import { main, startTeam } from "../helpers/app.ts";
import { canary, findCanaries, type Source } from "../helpers/canary.ts";
import { attack, lie } from "../helpers/hostile.ts";
import { until } from "../helpers/wait.ts";
import { fixture, FIXTURE, makeRoom, WID } from "../unit/host/tools/room.ts";

/** Its end has the shape of a key, whatever the word before it came out as. */
const KEY = `${canary("key")}4f1a9c2e7b5d8063`;
const http = (parts: Partial<Extract<Launch, { kind: "http" }>>): Launch => ({
  kind: "http",
  url: "https://a.example/mcp",
  headers: [],
  vars: [],
  ...parts,
});
const stdio = (args: string[], command = "npx"): Launch => ({ kind: "stdio", command, args, env: [], vars: [] });
const SECRETIVE: readonly (readonly [string, string, Launch])[] = [
  ["the value after a flag", "files", stdio(["cli", "--key", KEY])],
  ["a short value after a flag", "files", stdio(["cli", "--token", "hunter2"])],
  ["a header in an argument", "files", stdio(["mcp-remote", "--header", `Authorization: Bearer ${KEY}`])],
  ["a variable for a container", "files", stdio(["run", "-e", `TOKEN=${KEY}`], "docker")],
  ["the command itself", "files", stdio([], `npx cli --key ${KEY}`)],
  ["a parameter of the address", "files", http({ url: `https://a.example/mcp?api_key=${KEY}` })],
  ["a part of the path", "files", http({ url: `https://a.example/${KEY}/mcp` })],
  ["a header", "files", http({ headers: [{ name: "Authorization", value: `Bearer ${KEY}` }] })],
  ["the name of the server", KEY, http({})],
  ["the name of a value", "files", http({ vars: [{ name: KEY, secret: true }] })],
];

const listen = async (handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> => {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void (server.closeAllConnections(), server.close()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
};
/** Answers the first greeting and lists nothing. */
const greets = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  const { id, params } = JSON.parse(text === "" ? "{}" : text) as { id?: number; params?: { protocolVersion: string } };
  if (id === undefined) return void response.writeHead(202).end();
  response.writeHead(200, { "content-type": "application/json" }).end(
    JSON.stringify({
      jsonrpc: "2.0",
      id,
      result: { protocolVersion: params?.protocolVersion, capabilities: {}, serverInfo: { name: "x", version: "1" } },
    }),
  );
};

attack(
  "[T38] [T29] what looks like a secret is not signed, whoever calls: the server's files and a teammate's hold none of it",
  async ({ control }) => {
    const { server, wid, ada, ben } = await startTeam();
    const define = (id: string, name: string, launch: Launch, shares?: boolean) =>
      ada.room.workspaces.defineServer(wid, { id: id.repeat(22), name, launch }, [], {}, shares);
    for (const [, name, launch] of SECRETIVE) {
      const refused: unknown = await define("B", name, launch).catch((error: unknown) => error);
      expect(refused).toEqual(tells("launch-secret", "The whole team and the server would keep this for good"));
      expect(JSON.stringify((refused as Refusal).view)).not.toContain(KEY);
    }
    const invite = (label: string) =>
      ada.room.handlers["invite.create"]({ wid, role: "member", label, expiresInMs: 3_600_000, uses: 1 }, main);
    await expect(invite(`for Cleo ${KEY}`)).rejects.toMatchObject({ code: "label-secret" });
    await control(() => invite("for Cleo"));
    await define("C", "plain", {
      kind: "stdio",
      command: "npx",
      args: ["cli", "--key", "${KEY}"],
      env: [],
      vars: [{ name: "KEY", secret: true }],
    });
    await until(() => ben.catalogue.get(wid) === 2, "the plain server at Ben's");
    const places = (): Source[] => [server.dir, ada.dir, ben.dir].flatMap(filesUnder);
    expect(places().length).toBeGreaterThan(2);
    expect(findCanaries(places(), [KEY])).toEqual([]);
    await control(async () => {
      await define("D", "shared", SECRETIVE[0]?.[2] ?? http({}), true);
      await until(() => ben.catalogue.get(wid) === 3, "the shared server at Ben's");
      const found = findCanaries(places(), [KEY]).join("\n");
      for (const dir of [server.dir, ben.dir]) expect(found).toContain(dir);
    });
  },
);

const filesUnder = (dir: string): Source[] =>
  readdirSync(dir, { withFileTypes: true, recursive: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    // A file of a running app may be put away while the folder is read.
    return entry.isFile() && existsSync(path) ? [{ path, bytes: readFileSync(path) }] : [];
  });

attack(
  "[T38] adding is refused for the same before anything starts, and for a value of this computer in the server's own words",
  async ({ control }) => {
    const defined: Parameters<Workspaces["defineServer"]>[] = [];
    const room = makeRoom({ define: async (...all) => void defined.push(all) });
    for (const [, name, launch] of SECRETIVE)
      await expect(room.tools.control.add(WID, name, launch, {}, {})).rejects.toMatchObject({ code: "launch-secret" });
    const mine: Launch = { ...fixture("good", "my-own-words"), vars: [{ name: "PASSPHRASE", secret: true }] };
    await expect(room.tools.control.add(WID, "files", mine, { PASSPHRASE: "my-own-words" }, {})).rejects.toEqual(
      tells("launch-secret", "value of PASSPHRASE"),
    );
    expect([defined, room.count("tool_accepted"), room.count("tool_values")]).toEqual([[], 0, 0]);
    await control(() => room.tools.control.add(WID, "files", mine, { PASSPHRASE: "my-own-words" }, {}, true));
    expect(defined.map((all) => [all[1].launch, all[4]])).toEqual([[mine, true]]);
  },
);

lie("[T38] a redirect to another origin never gets the headers, nor the value in them", async ({ control }) => {
  const heard: string[] = [];
  const hear = (who: string, request: IncomingMessage) =>
    void heard.push(`${who} ${request.headers["x-key"]?.toString() ?? "nothing"}`);
  const elsewhere = await listen((request, response) => {
    hear("elsewhere", request);
    response.writeHead(500).end();
  });
  const launch = (url: string): Launch => ({
    kind: "http",
    url,
    headers: [{ name: "X-Key", value: "pre ${KEY}" }],
    vars: [{ name: "KEY", secret: true }],
  });
  const values = { KEY };
  const lying = await listen((request, response) => {
    hear("lying", request);
    response.writeHead(307, { location: elsewhere }).end();
  });
  await expect(makeRoom().tools.control.probe(WID, launch(lying), values)).rejects.toThrow();
  expect(heard).toEqual([`lying pre ${KEY}`]);
  heard.length = 0;
  const honest = await listen((request, response) => {
    hear("honest", request);
    if (request.url === "/mcp") return void response.writeHead(307, { location: "/moved" }).end();
    void greets(request, response);
  });
  await control(() => makeRoom().tools.control.probe(WID, launch(honest), values));
  expect(heard.length).toBeGreaterThan(1);
  expect(new Set(heard)).toEqual(new Set([`honest pre ${KEY}`]));
});

lie(
  "[T38] a start that fails shows a value neither in its error nor in the log, though the server says it",
  async ({ control }) => {
    const room = makeRoom({ limits: { quickCrashes: 0 } });
    const launch: Launch = {
      kind: "stdio",
      command: process.execPath,
      args: [FIXTURE, "quotes-at-start", "--key", "${KEY}", "--region", "${REGION}"],
      env: [],
      vars: [
        { name: "KEY", secret: true },
        { name: "REGION", secret: false },
      ],
    };
    const values = { KEY, REGION: "north-of-here" };
    const refused: unknown = await room.tools.control.probe(WID, launch, values).catch((error: unknown) => error);
    const log = room.tools.control.log(WID, "probe").join("\n");
    expect(`${JSON.stringify((refused as Refusal).view)}\n${log}`).not.toContain(KEY);
    room.set([room.entry(launch)]);
    await room.tools.control.accept(WID, "server", values);
    await room.isIn("failed");
    expect(JSON.stringify([room.view(), room.events, room.tools.control.log(WID, "server")])).not.toContain(KEY);
    // What is no secret is seen: these are the places where the key would have stood.
    await control(() => {
      expect(JSON.stringify((refused as Refusal).view)).toContain("--region north-of-here");
      expect(log).toContain("started with --key ••• --region north-of-here");
      expect(JSON.stringify(room.view()?.error)).toContain("north-of-here");
    });
  },
);

lie(
  "[T38] a launch that names headers or values it may not is not started, and a value cannot add a header",
  async ({ control }) => {
    const header = (name: string, value = "x"): string =>
      launchProblem(http({ headers: [{ name, value }] }))?.code ?? "taken";
    for (const name of [
      "Host",
      "connection",
      "Transfer-Encoding",
      "content-length",
      "TE",
      "Proxy-Authorization",
      "mcp-session-id",
      "a b",
      "X\r\nHost",
      "",
    ])
      expect([name, header(name)]).toEqual([
        name,
        /^[\w-]+$/.test(name) ? "launch-header-own" : "launch-header-invalid",
      ]);
    for (const value of ["a\r\nHost: evil", "a\nb", "a\u0000", "é"])
      expect(header("X-A", value)).toBe("launch-header-value");
    expect(
      launchProblem(
        http({
          headers: [
            { name: "X-A", value: "a" },
            { name: "x-a", value: "b" },
          ],
        }),
      )?.code,
    ).toBe("launch-header-twice");
    for (const template of ["${NOT_LISTED}", "${", "${1}"])
      expect(launchProblem(stdio([template]))?.code).toBe("launch-template");
    const url = await listen((request, response) => void greets(request, response));
    const launch: Launch = {
      kind: "http",
      url,
      headers: [{ name: "X-A", value: "${A}" }],
      vars: [{ name: "A", secret: false }],
    };
    await expect(makeRoom().tools.control.probe(WID, launch, { A: "a\r\nHost: evil" })).rejects.toMatchObject({
      code: "tool-value-invalid",
    });
    await expect(makeRoom().tools.control.probe(WID, launch, {})).rejects.toMatchObject({ code: "tool-value-missing" });
    await control(async () => {
      expect(header("X-Api-Key")).toBe("taken");
      await makeRoom().tools.control.probe(WID, launch, { A: "fine" });
    });
  },
);

lie("[T38] a value cannot turn an address into another server's", async ({ control }) => {
  const reached: string[] = [];
  const url = new URL(
    await listen((request, response) => {
      reached.push(request.url ?? "");
      void greets(request, response);
    }),
  );
  const probe = (address: string, A: string) =>
    makeRoom({ limits: { start: 2_000 } }).tools.control.probe(
      WID,
      { kind: "http", url: address, headers: [], vars: [{ name: "A", secret: false }] },
      { A },
    );
  await expect(probe("http://localhost:${A}/mcp", `80@${url.host}`)).rejects.toMatchObject({
    code: "launch-url-invalid",
  });
  await expect(probe("http://localhost${A}/mcp", ".evil.example")).rejects.toMatchObject({
    code: "launch-url-insecure",
  });
  await expect(probe("${A}/mcp", "http://evil.example")).rejects.toMatchObject({ code: "launch-url-insecure" });
  expect(reached).toEqual([]);
  await control(() => probe(`${url.origin}/mcp?key=\${A}`, "a&b=c/../d"));
  expect(new Set(reached)).toEqual(new Set(["/mcp?key=a%26b%3Dc%2F..%2Fd"]));
});

lie(
  "[T38] a key that was filled in for one address is not sent to the one that the launch names afterwards",
  async ({ control }) => {
    const heard: string[] = [];
    const hears = (who: string) => (request: IncomingMessage, response: ServerResponse) => {
      heard.push(`${who} ${request.headers["x-key"]?.toString() ?? "nothing"}`);
      void greets(request, response);
    };
    const launch = (url: string): Launch => ({
      kind: "http",
      url,
      headers: [{ name: "X-Key", value: "${KEY}" }],
      vars: [{ name: "KEY", secret: true }],
    });
    const first = await listen(hears("first"));
    const room = makeRoom();
    room.set([room.entry(launch(first))]);
    await room.tools.control.accept(WID, "server", { KEY });
    await room.isIn("ready");
    await control(async () => {
      room.set([room.entry(launch(`${first}?v=2`))]);
      expect(room.view()?.filled).toEqual(["KEY"]);
      await room.tools.control.accept(WID, "server", {});
      await room.isIn("ready");
    });
    room.set([room.entry(launch(await listen(hears("second"))))]);
    expect(room.view()).toMatchObject({ state: "needs-review", filled: [] });
    await room.tools.control.accept(WID, "server", {});
    await room.isIn("failed");
    expect(room.view()?.error?.code).toBe("tool-value-missing");
    expect(heard.filter((line) => line.startsWith("second"))).toEqual([]);
  },
);
