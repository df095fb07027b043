/** Hostile and broken MCP servers as real processes: what each of them must not be able to do to the host. */
import { tells } from "../helpers/worded.ts";
import { describe, expect, test } from "vitest";
import { answeredId } from "../../electron/host/tools/stdio.ts";
import { isAlive } from "../../scripts/apps/processes.ts";
import { fixture, makeRoom, until, WID } from "../unit/host/tools/room.ts";

const ready = async (options: Parameters<typeof makeRoom>[0] = {}) => {
  const room = makeRoom(options);
  room.run(fixture());
  await room.isIn("ready");
  return room;
};
/** Highest resident size while `work` runs, above that at its start, MB. */
const growth = async (work: () => Promise<unknown>): Promise<number> => {
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 10);
  await work();
  clearInterval(timer);
  return (most - before) / 1_048_576;
};

describe("too much output", () => {
  test.each([true, false])(
    "a result of 50 MB is not read, names the failure, and the server serves on (id first: %s)",
    async (idFirst) => {
      const room = await ready();
      const grown = await growth(async () => {
        const result = await room.call("big", { bytes: 50 * 1_048_576, idFirst });
        expect(result).toMatchObject({ ok: false, text: "", error: { code: "tool-ran-unread" } });
      });
      expect(grown).toBeLessThan(150);
      expect(await room.call("echo", { text: "alive" })).toMatchObject({ ok: true, text: "alive" });
      expect(room.view()?.restarts).toBe(0);
    },
  );

  test("the failed request of a skipped answer is found wherever its id stands, and never by what is inside", () => {
    expect(answeredId('{"jsonrpc":"2.0","id":4,"result":{"x":"', 'y","id":9}')).toBe(4);
    expect(answeredId('{"result":{"id":7,', '"},"jsonrpc":"2.0","id":5}')).toBe(5);
    expect(answeredId('{"result":{', '"},"id":6,"jsonrpc":"2.0"}')).toBe(6);
    expect(answeredId('{"result":{', '"id":7}}')).toBeNull();
    expect(answeredId("yyyy", "yyyy")).toBeNull();
  });

  test("a flood without a newline ends that server by name, in bounded memory, and another one never notices", async () => {
    const room = await ready({ limits: { quickCrashes: 0 } });
    room.run(fixture(), "other");
    await room.isIn("ready", "other");
    const grown = await growth(async () => {
      expect((await room.call("flood")).error).toEqual(tells("tool-server-flooded"));
      expect(await room.call("echo", { text: "alive" }, "other")).toMatchObject({ ok: true });
    });
    expect(grown).toBeLessThan(150);
    expect(room.view()).toMatchObject({ state: "failed", error: { code: "tool-server-crash-loop" } });
    expect(room.view("other")).toMatchObject({ state: "ready", restarts: 0 });
  });

  test("a flood of short lines ends that server by name", async () => {
    const room = await ready({ limits: { quickCrashes: 0 } });
    expect((await room.call("chatter")).error).toEqual(tells("tool-server-flooded"));
  });

  test("a server that asks without reading the answers cannot fill the host's memory", async () => {
    const room = await ready({
      limits: {
        quickCrashes: 0,
        unread: 32_768,
        floodBytes: Number.MAX_SAFE_INTEGER,
        floodLines: Number.MAX_SAFE_INTEGER,
      },
    });
    expect((await room.call("pings")).error).toEqual(tells("tool-server-flooded"));
  });

  test("huge stderr stays in bounds in the server's log, and the last line is there", async () => {
    const room = await ready();
    expect(await room.call("stderr", { bytes: 300_000 })).toMatchObject({ ok: true });
    await until("the last line came", () => room.tools.control.log(WID, "server").at(-1) === "last line");
    const lines = room.tools.control.log(WID, "server");
    expect(lines.length).toBeLessThanOrEqual(500);
    for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(2_048);
  });
});

test("lines that are no messages are noted in the server's log and harm nothing", async () => {
  const room = makeRoom();
  room.run(fixture("garbage"));
  await room.isIn("ready");
  expect(room.tools.control.log(WID, "server")).toContain("stdout: Welcome to the server! 49");
  expect(await room.call("echo", { text: "alive" })).toMatchObject({ ok: true });
});

test("a hostile list of tools costs the bad definitions only, and stays in bounds", async () => {
  const room = makeRoom();
  room.run(fixture("hostile-list"));
  await room.isIn("ready");
  const names = room.view()?.tools.map(({ name }) => name) ?? [];
  expect(names.slice(0, 2)).toEqual(["fine", "t0"]);
  expect(names).toHaveLength(256);
  expect(room.tools.control.log(WID, "server").join("\n")).toMatch(
    /Tool 4 is left out: its name holds characters that cannot be seen\./,
  );
});

describe("processes", () => {
  // Windows has no process groups: after a crash nothing tells there which processes the server had started.
  const ways = [
    "the workspace loses the server",
    "the host closes",
    ...(process.platform === "win32" ? [] : ["the server crashes"]),
  ];
  test.for(ways)("a process that the server started, deaf to SIGTERM, is dead after: %s", async (way) => {
    const room = await ready({ limits: { quickCrashes: 0 } });
    const [server, grandchild] = [Number((await room.call("pid")).text), Number((await room.call("grandchild")).text)];
    expect(isAlive(grandchild)).toBe(true);
    if (way === "the workspace loses the server") room.set([]);
    else if (way === "the host closes") await room.tools.close();
    else await room.call("crash");
    while (isAlive(server) || isAlive(grandchild)) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isAlive(grandchild)).toBe(false);
  });
});

describe("[T29] environment", () => {
  test("a tool process sees the allow-list and its own values, and no canary of the host", async () => {
    process.env["BULKHEAD_CANARY"] = "canary-of-the-host";
    process.env["LC_CANARY"] = "canary-of-the-host";
    process.env["NAMED_WITHOUT_VALUE"] = "canary-of-the-host";
    const room = makeRoom();
    const launch = fixture("good", "", [
      { name: "API_KEY", secret: true },
      { name: "NAMED_WITHOUT_VALUE", secret: false },
    ]);
    room.set([room.entry(launch)]);
    await room.tools.control.accept(WID, "server", { API_KEY: "value-of-this-server" });
    await room.isIn("ready");
    const text = (await room.call("env")).text;
    const seen = JSON.parse(text) as Record<string, string>;
    // Positive control: the scan finds what is allowed, so it would find the canary.
    expect(seen["PATH"]).toBe(process.env["PATH"]);
    expect(seen["API_KEY"]).toBe("value-of-this-server");
    expect(text).not.toContain("canary-of-the-host");
    const allowed = [
      "PATH",
      "HOME",
      "USER",
      "LOGNAME",
      "SHELL",
      "TERM",
      "TMPDIR",
      "TEMP",
      "TMP",
      "LANG",
      "LC_ALL",
      "LC_COLLATE",
      "LC_CTYPE",
      "LC_MESSAGES",
      "LC_MONETARY",
      "LC_NUMERIC",
      "LC_TIME",
      "API_KEY",
    ];
    expect(Object.keys(seen).filter((name) => !allowed.includes(name))).toEqual([]);
    for (const name of ["BULKHEAD_CANARY", "LC_CANARY", "NAMED_WITHOUT_VALUE"]) delete process.env[name];
  });

  test("a secret value is stored only as the shell wrapped it, and blacked out in the server's log", async () => {
    const room = makeRoom();
    room.set([room.entry(fixture("good", "", [{ name: "API_KEY", secret: true }]))]);
    await room.tools.control.accept(WID, "server", { API_KEY: "zzzzzzzzzz" });
    await room.isIn("ready");
    expect(room.store.values(WID, "server").get("API_KEY")).toBe(
      `sealed:${Buffer.from("zzzzzzzzzz").toString("base64")}`,
    );
    expect(room.storedBytes().includes("zzzzzzzzzz")).toBe(false);
    expect(room.view()?.filled).toEqual(["API_KEY"]);
    await room.call("stderr", { bytes: 30 });
    await until("stderr came", () => room.tools.control.log(WID, "server").includes("last line"));
    expect(room.tools.control.log(WID, "server")).toContain("•••••••••");
    expect(room.tools.control.log(WID, "server").join()).not.toContain("zzzzzzzzzz");
  });
});
