import { told } from "#bridge/told.ts";
import { tells, wordsOf } from "../../../helpers/worded.ts";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { testClock } from "../../../helpers/clock.ts";
import { tempDir } from "../../../helpers/temp.ts";
import { mayHaveRun } from "../../../../electron/host/tools/run-call.ts";
import { fixture, makeRoom, until, WID } from "./room.ts";

const ready = async (options: Parameters<typeof makeRoom>[0] = {}) => {
  const room = makeRoom(options);
  room.run(fixture());
  await room.isIn("ready");
  return room;
};

test("the real filesystem server lists its tools, writes and reads", async () => {
  const dir = tempDir();
  writeFileSync(join(dir, "notes.txt"), "from before");
  const entry = createRequire(import.meta.url).resolve("@modelcontextprotocol/server-filesystem/dist/index.js");
  const room = makeRoom();
  room.run({ kind: "stdio", command: process.execPath, args: [entry, dir], env: [], vars: [] });
  await room.isIn("ready");
  const names = room.view()?.tools.map(({ name }) => name) ?? [];
  expect(names).toEqual(expect.arrayContaining(["read_text_file", "write_file", "list_directory"]));
  expect(room.tools.find(WID, "server", "write_file")?.def).toMatchObject({ readOnly: false, destructive: true });
  expect(room.tools.find(WID, "server", "read_text_file")?.def.readOnly).toBe(true);

  expect((await room.call("read_text_file", { path: join(dir, "notes.txt") })).text).toContain("from before");
  const written = await room.call("write_file", { path: join(dir, "new.txt"), content: "exactly this\n" });
  expect(written).toMatchObject({ ok: true, error: null });
  expect(readFileSync(join(dir, "new.txt"), "utf8")).toBe("exactly this\n");
  expect(await room.call("read_text_file", { path: "/etc/hostname" })).toMatchObject({
    ok: false,
    error: { code: "tool-error" },
  });
});

describe("a permit binds", () => {
  test("the launch: a call allowed for another launch is refused", async () => {
    const room = await ready();
    const permit = room.permitFor("echo", { text: "hi" });
    const other = { ...permit, launch: "x".repeat(43) } as typeof permit;
    expect((await room.tools.run(other, new AbortController().signal)).error?.code).toBe("tool-launch-changed");
    expect(await room.tools.run(permit, new AbortController().signal)).toMatchObject({ ok: true, text: "hi" });
  });

  test("the launch: after the team changed the command, an old permit runs nothing on the new one", async () => {
    const room = await ready();
    const permit = room.permitFor("echo", { text: "hi" });
    room.run(fixture("garbage"));
    await room.isIn("ready");
    expect((await room.tools.run(permit, new AbortController().signal)).error?.code).toBe("tool-launch-changed");
  });

  test("the tool: another definition than the permit's, or a tool that the server does not have, is refused", async () => {
    const room = await ready();
    const permit = room.permitFor("echo", { text: "hi" });
    const stale = { ...permit, schema: "x".repeat(43) } as typeof permit;
    const foreign = { ...permit, call: { ...permit.call, tool: "nothing" } } as typeof permit;
    for (const other of [stale, foreign])
      expect((await room.tools.run(other, new AbortController().signal)).error?.code).toBe("tool-definition-changed");
  });
});

describe("arguments", () => {
  test.each([
    ["a list", "[1]"],
    ["null", "null"],
    ["no JSON", "{text: 1}"],
    ["a comma too many", '{"text":"a",}'],
    ["a field named twice", '{"text":"seen","text":"run"}'],
    ["a number that would become another", '{"n":12345678901234567890}'],
    ["a number that would become none", '{"n":1e999}'],
    ["deep nesting", `{"a":${"[".repeat(100)}${"]".repeat(100)}}`],
    ["too many bytes", JSON.stringify({ text: "ä".repeat(40_000) })],
  ])("%s is refused before anything is sent", async (_title, args) => {
    const room = await ready();
    expect((await room.call("args", args)).error?.code).toBe("tool-args-invalid");
  });

  test("arrive as they were approved, also under names that mean something to JavaScript", async () => {
    const room = await ready();
    const text = '{"__proto__":{"x":1},"constructor":"c","n":1.50,"deep":{"list":[null,true,"é\\u0000"]}}';
    const result = await room.call("args", text);
    expect(JSON.parse(result.text)).toEqual(JSON.parse(text));
    expect(result.text).toContain('"__proto__"');
  });
});

describe("results", () => {
  test("every kind of content becomes text: media in words, embedded text kept", async () => {
    const room = await ready();
    expect((await room.call("blocks")).text).toBe(
      [
        "first",
        "[Image, image/png, 3 kB: not shown]",
        "[Resource file:///notes.txt]",
        "embedded words",
        "[Resource file:///a.bin, application/octet-stream, 3 bytes: not shown]",
        "[Link to b: file:///b.txt]",
        "[A part of a kind that this app does not know: not shown]",
      ].join("\n"),
    );
  });

  test("an error of the tool keeps its words, an error of the protocol its sentence", async () => {
    const room = await ready();
    expect(await room.call("bad")).toMatchObject({ ok: false, text: "no such file", error: { code: "tool-error" } });
    expect(await room.call("reject")).toMatchObject({
      ok: false,
      error: tells("tool-protocol-error", "wrong arguments"),
    });
    // The server answered, so it is known that the call is over: only a missing or unreadable answer leaves it open.
    expect([mayHaveRun("tool-protocol-error"), mayHaveRun("tool-may-have-run")]).toEqual([false, true]);
  });

  test.each([-32_000, -32_001, -32_002, -31_999, -32_042, -32_603, -32_700, 0])(
    "[T19] a server's own error %i is its answer: its words, and no doubt about whether it ran",
    async (code) => {
      const room = await ready();
      const result = await room.call("reject", { code, message: "Connection closed: no such table" });
      expect(result.error).toEqual(told("tool-protocol-error", "Connection closed: no such table"));
      expect(room.view()).toMatchObject({ state: "ready", restarts: 0 });
      // What the SDK says itself with the same numbers stays in doubt.
      expect(wordsOf((await room.call("crash")).error)).toContain("may or may not have taken effect");
    },
  );

  test("what a server says for its log stands there", async () => {
    const room = await ready();
    await room.call("log", { params: { level: "warning", logger: "db", data: { slow: 3 } } });
    await room.call("log", { params: { level: "info", data: "plain words" } });
    expect(room.tools.control.log(WID, "server")).toEqual(
      expect.arrayContaining(['warning (db): {"slow":3}', "info: plain words"]),
    );
  });

  test("a large result is cut at 256 kB with a note, and its true size is told", async () => {
    const room = await ready();
    const result = await room.call("big", { bytes: 1_000_000 });
    expect(result).toMatchObject({ ok: true, truncated: true, bytes: 1_000_000 });
    expect(Buffer.byteLength(result.text)).toBeLessThanOrEqual(262_144);
    expect(result.text).toMatch(/\n\[Cut here: 977 kB in all, of which the first 256 kB are shown\.\]$/);
  });

  test("a cut never halves a character", async () => {
    const room = await ready();
    const result = await room.call("echo", { text: "é".repeat(30_000) });
    expect(result).toMatchObject({ truncated: false, bytes: 60_000 });
    const { cut } = await import("../../../../electron/host/tools/result-text.ts");
    for (const shift of ["", "a", "ab", "abc"]) expect(cut(shift + "😀".repeat(70_000)).text).not.toContain("\ufffd");
  });
});

describe("ends of a call", () => {
  test("a crash in a call is a named result, the server comes back, and the other server never noticed", async () => {
    const room = await ready();
    room.run(fixture(), "other");
    await room.isIn("ready", "other");
    const waiting = room.call("echo", { text: "still here" }, "other");
    const result = await room.call("crash");
    expect(result).toMatchObject({
      ok: false,
      error: tells("tool-server-exited", "may or may not have taken effect"),
    });
    expect(mayHaveRun(result.error?.code ?? "")).toBe(true);
    expect(await waiting).toMatchObject({ ok: true, text: "still here" });
    expect(room.view("other")?.restarts).toBe(0);
    await until("it runs again", () => room.view()?.state === "ready" && room.view()?.restarts === 1);
    expect(await room.call("echo", { text: "back" })).toMatchObject({ ok: true, text: "back" });
  });

  test("a server that is not ready refuses, and the refusal says that nothing was called", async () => {
    const room = await ready({ limits: { quickCrashes: 0 } });
    const permit = room.permitFor("echo", { text: "hi" });
    await room.call("crash");
    await room.isIn("failed");
    const result = await room.tools.run(permit, new AbortController().signal);
    expect(result.error).toEqual(tells("tool-server-down", "Nothing was called"));
    expect(mayHaveRun("tool-server-down")).toBe(false);
  });

  test("a hanging call ends at its limit, and the server serves on", async () => {
    const room = await ready({ limits: { call: 200 } });
    expect((await room.call("hang")).error).toEqual(tells("tool-timeout", "may or may not have taken effect"));
    // The limit is short for a busy machine too: any answer within it shows that the same process serves on.
    await expect.poll(() => room.call("echo", { text: "hi" })).toMatchObject({ ok: true });
    expect(room.view()?.restarts).toBe(0);
  });

  test("a canceled call ends at once; canceled before it starts it sends nothing", async () => {
    const room = await ready();
    const stop = new AbortController();
    const running = room.call("hang", {}, "server", stop.signal);
    stop.abort();
    expect((await running).error?.code).toBe("tool-canceled");
    const late = await room.call("crash", {}, "server", stop.signal);
    expect(late.error?.code).toBe("tool-not-started");
    expect(await room.call("echo", { text: "alive" })).toMatchObject({ ok: true });
  });

  test("a server stopped in a call gives a named result", async () => {
    const room = await ready();
    const running = room.call("hang");
    room.set([]);
    expect(await running).toMatchObject({ ok: false, error: tells("tool-server-ended") });
  });
});

test("[T29] one person calls one server at most 60 times a minute, and other servers have their own measure", async () => {
  const clock = testClock();
  const room = await ready({ clock });
  room.run(fixture(), "other");
  await room.isIn("ready", "other");
  for (let n = 0; n < 60; n += 1) expect((await room.call("echo", { text: String(n) })).ok).toBe(true);
  expect((await room.call("echo", { text: "one more" })).error).toEqual(tells("tool-rate-limited", "wait 1 second"));
  expect((await room.call("echo", { text: "there" }, "other")).ok).toBe(true);
  clock.advance(2_000);
  expect((await room.call("echo", { text: "a" })).ok).toBe(true);
  expect((await room.call("echo", { text: "b" })).ok).toBe(true);
  expect((await room.call("echo", { text: "c" })).error?.code).toBe("tool-rate-limited");
});

test("calls say nothing of their arguments or results in the host's log", async () => {
  const room = await ready();
  const spy = vi.spyOn(console, "error");
  await room.call("echo", { text: "canary-argument" });
  await room.call("crash", { text: "canary-argument" });
  expect(room.events.join()).not.toContain("canary");
  expect(spy).not.toHaveBeenCalled();
});
