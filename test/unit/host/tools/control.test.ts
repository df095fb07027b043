import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { methods } from "#bridge/contract.ts";
import { ServerView } from "#bridge/tool.ts";
import { createToolHandlers } from "../../../../electron/host/tools/tool-handlers.ts";
import type { Workspaces } from "../../../../electron/host/seams.ts";
import { isAlive } from "../../../../scripts/apps/processes.ts";
import { tempDir } from "../../../helpers/temp.ts";
import { fixture, makeRoom, WID } from "./room.ts";
import { tells, worded, wordsOf } from "../../../helpers/worded.ts";

const withKey = fixture("good", "", [{ name: "API_KEY", secret: true }]);

describe("probe", () => {
  test("shows the tools of a server with suggested effects and keeps nothing", async () => {
    const room = makeRoom();
    const handlers = createToolHandlers(room.tools);
    const { tools } = methods["server.probe"].result.parse(
      await handlers["server.probe"]({ wid: WID, name: "fixture", launch: withKey, values: { API_KEY: "abc" } }),
    );
    expect(tools[0]).toMatchObject({
      name: "echo",
      title: "Echo",
      readOnly: true,
      effect: { kind: "ask", queue: "approvers" },
      rule: worded(/what a call gets that no rule names/),
    });
    expect(tools[1]).toMatchObject({ name: "change", destructive: true, effect: { kind: "ask", queue: "approvers" } });
    expect(room.tools.views(WID)).toEqual([]);
    expect([...room.store.values(WID, "server")]).toEqual([]);
  });

  test("ends the process that it started, before it answers", async () => {
    const file = join(tempDir(), "pid");
    await makeRoom().tools.control.probe(WID, fixture("pid-file", file), {});
    expect(isAlive(Number(readFileSync(file, "utf8")))).toBe(false);
  });

  test("ends one that refused to begin before it says so, so that all its words are in the log", async () => {
    const file = join(tempDir(), "pid");
    await expect(makeRoom().tools.control.probe(WID, fixture("refuses", file), {})).rejects.toThrow();
    expect(isAlive(Number(readFileSync(file, "utf8")))).toBe(false);
  });

  test("a server that does not start is refused by name, and its words are in the log of the try", async () => {
    const room = makeRoom();
    const handlers = createToolHandlers(room.tools);
    await expect(
      handlers["server.probe"]({ wid: WID, name: "x", launch: fixture("crash-at-start"), values: {} }),
    ).rejects.toMatchObject({ code: "tool-server-exited" });
    expect((await handlers["server.log"]({ wid: WID, server: "probe" })).lines.join()).toContain("cannot start");
    await expect(
      handlers["server.probe"]({
        wid: WID,
        name: "x",
        launch: { kind: "stdio", command: "no-such-program", args: [], env: [], vars: [] },
        values: {},
      }),
    ).rejects.toMatchObject({ code: "tool-command-missing" });
  });

  test("values for variables that the launch does not name, and unknown workspaces, start nothing", async () => {
    const room = makeRoom();
    await expect(room.tools.control.probe(WID, fixture(), { NODE_OPTIONS: "--require x" })).rejects.toMatchObject({
      code: "tool-value-unknown",
    });
    await expect(room.tools.control.probe("other", fixture(), {})).rejects.toMatchObject({ code: "no-such-workspace" });
  });

  test("only a few tries run at a time", async () => {
    const room = makeRoom({ limits: { probes: 1 } });
    const first = room.tools.control.probe(WID, fixture(), {});
    await expect(room.tools.control.probe(WID, fixture(), {})).rejects.toMatchObject({ code: "tool-probe-busy" });
    await expect(first).resolves.not.toHaveLength(0);
  });
});

describe("add and remove", () => {
  test("adding signs the definition with the effects, accepts it here, and starts it with its values", async () => {
    const defined: Parameters<Workspaces["defineServer"]>[] = [];
    const room = makeRoom();
    const define = room.workspaces.defineServer;
    room.workspaces.defineServer = (...all) => {
      defined.push(all);
      return define(...all);
    };
    const handlers = createToolHandlers(room.tools);
    const { id } = await handlers["server.add"]({
      wid: WID,
      name: "notes",
      launch: withKey,
      values: { API_KEY: "abc-secret" },
      effects: { echo: { kind: "deny" } },
    });
    expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    await room.isIn("ready", id);
    const [wid, entry, tools, effects] = defined[0] ?? [];
    expect([wid, entry, tools?.length]).toEqual([
      WID,
      { id, name: "notes", launch: withKey },
      room.view(id)?.tools.length,
    ]);
    expect(effects).toMatchObject({ echo: { kind: "deny" }, change: { kind: "ask", queue: "approvers" } });
    expect(JSON.stringify(defined)).not.toContain("abc-secret");
    expect(JSON.parse((await room.call("env", {}, id)).text)).toMatchObject({ API_KEY: "abc-secret" });
    expect(ServerView.parse(room.view(id))).toMatchObject({ state: "ready", filled: ["API_KEY"], addedBy: "Ada" });

    await handlers["server.remove"]({ wid: WID, server: id });
    expect(room.view(id)).toBeUndefined();
    expect([room.store.accepted(WID, id), room.store.values(WID, id).size]).toEqual([null, 0]);
  });

  test("a definition that the team's server refuses leaves no acceptance and no value behind", async () => {
    const room = makeRoom({ define: () => Promise.reject(new Error("offline")) });
    await expect(room.tools.control.add(WID, "notes", withKey, { API_KEY: "abc" }, {})).rejects.toThrow("offline");
    expect([room.count("tool_accepted"), room.count("tool_values")]).toEqual([0, 0]);
  });

  test("a rule for a tool that the server does not have is an error", async () => {
    const room = makeRoom();
    await expect(
      room.tools.control.add(WID, "notes", fixture(), {}, { wirte_file: { kind: "deny" } }),
    ).rejects.toMatchObject({ code: "tool-unknown" });
  });
});

test("accepting fills values, an empty one takes the stored one away, and others stay", async () => {
  const room = makeRoom();
  const launch = fixture("good", "", [
    { name: "A", secret: false },
    { name: "B", secret: false },
  ]);
  room.set([room.entry(launch)]);
  const handlers = createToolHandlers(room.tools);
  await handlers["server.accept"]({ wid: WID, server: "server", values: { A: "one", B: "two" }, launch });
  await room.isIn("ready");
  await handlers["server.accept"]({ wid: WID, server: "server", values: { A: "" } });
  await room.isIn("ready");
  expect(room.view()?.filled).toEqual(["B"]);
  const env = JSON.parse((await room.call("env")).text) as Record<string, string>;
  expect([env["A"], env["B"]]).toEqual([undefined, "two"]);
});

test("[T38] values in arguments are filled in at start, changed in place, and asked for by name where they are missing", async () => {
  const room = makeRoom();
  const launch = { ...fixture("good", "--key=${KEY}"), vars: [{ name: "KEY", secret: true }] };
  room.set([room.entry(launch)]);
  const accept = (values: Record<string, string>) => room.tools.control.accept(WID, "server", values, launch);
  await accept({});
  await room.isIn("failed");
  expect(room.view()?.error).toEqual(tells("tool-value-missing", "KEY"));
  for (const KEY of ["first-key", "rotated-key"]) {
    await accept({ KEY });
    await room.isIn("ready");
    expect((await room.call("argv")).text).toBe(JSON.stringify([`--key=${KEY}`]));
  }
  expect([room.view()?.filled, JSON.stringify(room.view())]).toEqual([
    ["KEY"],
    expect.not.stringContaining("rotated-key"),
  ]);
});

test("a secret that cannot be unwrapped stops the start by name", async () => {
  const room = makeRoom();
  room.set([room.entry(withKey)]);
  room.shell.request = (method) =>
    method === "secret.wrap" ? Promise.resolve("sealed:abc") : Promise.reject(new Error("keychain locked"));
  await room.tools.control.accept(WID, "server", { API_KEY: "abc" });
  await room.isIn("failed");
  expect(room.view()?.error?.code).toBe("tool-secret-unreadable");
});

test("every change of a server is published to its workspace's tools", async () => {
  const room = makeRoom();
  const heard: string[] = [];
  const off = room.tools.onChange((wid) => heard.push(wid));
  room.run(fixture());
  await room.isIn("ready");
  expect(new Set(room.published)).toEqual(new Set([`tools/${WID}`]));
  expect(heard.length).toBe(room.published.length);
  off();
  room.set([]);
  expect(room.published.length).toBeGreaterThan(heard.length);
  expect(room.tools.ready(WID)).toEqual([]);
});

test("unknown servers are refused by name everywhere", async () => {
  const { control } = makeRoom().tools;
  await expect(control.accept(WID, "nope", {})).rejects.toMatchObject({ code: "tool-server-gone" });
  await expect(control.restart(WID, "nope")).rejects.toMatchObject({ code: "tool-server-gone" });
  expect(() => control.log(WID, "nope")).toThrow(expect.objectContaining({ code: "tool-server-gone" }));
});

test("a server of 256 tools is taken, one of 257 is refused with both numbers, and tools that cannot be taken are named", async () => {
  const room = makeRoom();
  expect(await room.tools.control.probe(WID, fixture("many", "256"), {})).toHaveLength(256);
  expect(room.tools.control.left(WID)).toEqual([]);
  const refused = tells(
    "tool-too-many",
    "This server has 257 tools; a workspace takes 256 of one server. Nothing was added.",
  );
  await expect(room.tools.control.probe(WID, fixture("many", "257"), {})).rejects.toEqual(refused);
  await expect(room.tools.control.add(WID, "many", fixture("many", "257"), {}, {})).rejects.toEqual(refused);
  expect(room.tools.views(WID)).toEqual([]);
  expect(room.count("tool_accepted")).toBe(0);
  await room.tools.control.probe(WID, fixture("odd-names"), {});
  expect(room.tools.control.left(WID).map(wordsOf)).toEqual([
    "Tool 2 (fine) is left out: its name is taken by an earlier one.",
    "Tool 3 is left out: its name holds characters that cannot be seen.",
    "Tool 4 (no-schema) is left out: its definition has another shape than the protocol says.",
  ]);
});
