import { tells } from "../../../helpers/worded.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isAlive } from "../../../../scripts/apps/processes.ts";
import { tempDir } from "../../../helpers/temp.ts";
import { fixture, handTimers, makeRoom, realClock, until, WID } from "./room.ts";

describe("review", () => {
  test("a launch from the team starts nothing until this person accepts it", async () => {
    const file = join(tempDir(), "starts");
    const room = makeRoom();
    room.set([room.entry(fixture("count", file))]);
    expect(room.view()).toMatchObject({
      state: "needs-review",
      review: { before: null, after: fixture("count", file) },
      tools: [],
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(() => readFileSync(file)).toThrow("ENOENT");

    await room.tools.control.accept(WID, "server", {});
    await room.isIn("ready");
    expect(readFileSync(file, "utf8")).toBe("started\n");
  });

  test("a changed launch is stopped and shown against the accepted one, and the old one needs no new review", async () => {
    const room = makeRoom();
    const [old, changed] = [fixture("good"), { ...fixture("good"), args: [...fixture("good").args, "--all"] }];
    room.run(old);
    await room.isIn("ready");
    room.set([room.entry(changed)]);
    expect(room.view()).toMatchObject({
      state: "needs-review",
      review: { before: old, after: changed },
      error: { code: "tool-needs-review" },
    });
    expect(room.tools.ready(WID)).toEqual([]);
    await expect(room.tools.control.restart(WID, "server")).rejects.toMatchObject({ code: "tool-needs-review" });
    room.set([room.entry(old)]);
    await room.isIn("ready");
  });

  test("accepting what was on the screen is refused when the team has changed it meanwhile", async () => {
    const room = makeRoom();
    room.set([room.entry(fixture("good"))]);
    await expect(room.tools.control.accept(WID, "server", {}, fixture("other"))).rejects.toMatchObject({
      code: "tool-server-changed",
    });
    expect(room.store.accepted(WID, "server")).toBeNull();
    await room.tools.control.accept(WID, "server", {}, fixture("good"));
    expect(room.store.accepted(WID, "server")?.launch).toEqual(fixture("good"));
  });

  test("a launch with characters that cannot be seen is unsupported and cannot be accepted", async () => {
    const room = makeRoom();
    room.set([room.entry({ ...fixture(), args: ["safe\u202eexe"] })]);
    expect(room.view()).toMatchObject({ state: "unsupported", error: { code: "launch-unseen" } });
    await expect(room.tools.control.accept(WID, "server", {})).rejects.toMatchObject({ code: "launch-unseen" });
  });

  test("a server that leaves the catalogue is stopped", async () => {
    const room = makeRoom();
    room.run(fixture());
    await room.isIn("ready");
    const pid = Number((await room.call("pid")).text);
    expect(isAlive(pid)).toBe(true);
    room.set([]);
    expect(room.view()).toBeUndefined();
    expect(room.tools.find(WID, "server", "echo")).toBeNull();
    await until("the process is gone", () => !isAlive(pid));
  });
});

describe("crashes", () => {
  test("a server that falls at its start comes up later by itself, and its restarts are counted", async () => {
    const room = makeRoom();
    room.run(fixture("crash-twice", join(tempDir(), "starts")));
    await room.isIn("restarting");
    expect(room.view()?.error).toEqual(tells("tool-server-exited", "exit code 5"));
    await room.isIn("ready");
    expect(room.view()).toMatchObject({ restarts: 2, error: null });
  });

  test("after several quick crashes it is left alone with a named error, and a restart begins afresh", async () => {
    const room = makeRoom({ limits: { quickCrashes: 2, backoffFirst: 10 } });
    room.run(fixture("crash-at-start"));
    await room.isIn("failed");
    expect(room.view()).toMatchObject({ restarts: 2, error: { code: "tool-server-crash-loop" } });
    await room.tools.control.restart(WID, "server");
    await room.isIn("failed");
    expect(room.view()?.restarts).toBe(4);
  });

  test("the last words of a server are in its own log, and neither in its error nor in the host's log", async () => {
    const room = makeRoom({ limits: { quickCrashes: 0 } });
    room.run(fixture("crash-at-start"));
    await room.isIn("failed");
    expect(room.tools.control.log(WID, "server").join("\n")).toContain("canary-of-stderr");
    expect(JSON.stringify(room.view())).not.toContain("canary-of-stderr");
    expect(room.events.join("\n")).not.toContain("canary-of-stderr");
    expect(room.events.join("\n")).toContain('"state":"failed"');
  });

  test("a command that is not on this computer fails at once, by its name", async () => {
    const room = makeRoom();
    room.run({ kind: "stdio", command: "no-such-program-here", args: [], env: [], vars: [] });
    await room.isIn("failed");
    expect(room.view()).toMatchObject({
      restarts: 0,
      error: tells("tool-command-missing", "no-such-program-here"),
    });
  });

  test("a file that may not be executed fails at once", async () => {
    const room = makeRoom();
    room.run({ kind: "stdio", command: tempDir(), args: [], env: [], vars: [] });
    await room.isIn("failed");
    expect(room.view()?.error?.code).toBe("tool-command-refused");
  });

  test("a server that never greets is stopped after the start limit", async () => {
    const room = makeRoom({ limits: { start: 300 } });
    room.run(fixture("hang-at-start"));
    await room.isIn("failed");
    expect(room.view()?.error?.code).toBe("tool-start-timeout");
  });

  test("a slow start says so while it lasts", async () => {
    const hand = handTimers();
    const room = makeRoom({ timers: hand.timers, clock: realClock });
    room.run(fixture("hang-at-start"));
    await until("the start is watched", () => hand.waits().length > 0);
    hand.pass(8_000);
    expect(room.view()).toMatchObject({ state: "starting", error: { code: "tool-starting-slow" } });
  });

  test("a crash after a healthy hour counts as the first one", async () => {
    const hand = handTimers();
    const room = makeRoom({ timers: hand.timers, clock: hand.clock, limits: { quickCrashes: 1, backoffFirst: 50 } });
    room.run(fixture());
    for (let round = 0; round < 3; round += 1) {
      await room.isIn("ready");
      hand.pass(3_600_000);
      expect((await room.call("crash")).error).toEqual(tells("tool-server-exited"));
      await room.isIn("restarting");
      expect(hand.waits()).toEqual([25]);
      hand.pass(25);
    }
    await room.isIn("ready");
    expect((await room.call("crash")).ok).toBe(false);
    await room.isIn("failed");
  });
});

test("a changed list of tools is read again, and an old permit for a changed tool is refused", async () => {
  const room = makeRoom();
  room.run(fixture());
  await room.isIn("ready");
  const old = room.permitFor("change", {});
  expect((await room.call("change")).text).toBe("changed");
  await until(
    "the tool is new",
    () => room.tools.find(WID, "server", "change")?.def.description === "Now does something else",
  );
  expect((await room.tools.run(old, new AbortController().signal)).error?.code).toBe("tool-definition-changed");
  expect((await room.call("change")).ok).toBe(true);
});

test("settled waits for a server on its way up and not for one in review", async () => {
  const room = makeRoom();
  room.set([room.entry(fixture(), "unseen")]);
  await room.tools.settled(WID, "unseen");
  await room.tools.settled(WID, "nowhere");
  room.run(fixture());
  expect(room.view()?.state).toBe("starting");
  await room.tools.settled(WID, "server");
  expect(room.view()?.state).toBe("ready");
});
