import { noted, wordsOf } from "../../../helpers/worded.ts";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EDGES, EDIT_EDGES, type EdgeName } from "../../../../electron/host/agent/engine.ts";
import { EDITED_NOTE } from "../../../../electron/host/agent/words.ts";
import type { MessageView } from "../../../../electron/bridge/thread.ts";
import { CONFIRM_EDGES } from "../../../helpers/confirm-authority.ts";
import { agentWorld, executions, playAuthority, playModels, playTools } from "../../../helpers/agent-world.ts";
import { tempDir } from "../../../helpers/temp.ts";

const child = new URL("./crash-child.ts", import.meta.url).pathname;
const live = (
  dir: string,
  rule: string,
  dieAt: string,
): Promise<{ code: number | null; signal: string | null; error: string }> =>
  new Promise((resolve) => {
    const started = spawn(process.execPath, [child, dir, rule, dieAt], { stdio: ["ignore", "ignore", "pipe"] });
    let error = "";
    started.stderr.on("data", (chunk: Buffer) => (error += chunk.toString()));
    started.on("close", (code, signal) => resolve({ code, signal, error }));
  });

const after = (
  dir: string,
): {
  page: readonly MessageView[];
  active: number;
  ledger: { result: string | null; args: string; confirmed: string | null }[];
  dangling: string[];
} => {
  const world = agentWorld({
    dir,
    authority: playAuthority(() => ({ kind: "deny", rule: noted("") })),
    tools: playTools(),
    models: playModels(() => ({})),
  });
  const thread = readFileSync(join(dir, "thread.id"), "utf8");
  const ledger = world.store.db
    .prepare<[], { result: string | null; args: string; confirmed: string | null }>(
      "SELECT result, args_hash AS args, confirmed FROM executed",
    )
    .all();
  const found = {
    page: world.page(thread),
    active: world.runs.active().length,
    ledger,
    dangling: world.ledger.dangling(),
  };
  world.close();
  return found;
};

/** Between the ledger row and the kept result nobody can know whether the tool had run. */
const UNKNOWABLE: readonly string[] = ["ledger.written", "tool.returned"];
/** Nobody else is told of what nobody else was asked. A decision is kept by itself only where the call may not begin yet. */
const NOT_PASSED: Readonly<Record<string, readonly EdgeName[]>> = {
  allow: ["call.asking", "call.asked", "call.decided", "used.told"],
  ask: ["call.decided"],
  confirm: ["call.decided", "used.told"],
};
const edgesOf = (rule: string): readonly string[] => [
  ...EDGES.filter((edge) => NOT_PASSED[rule]?.includes(edge) !== true),
  ...(rule === "edit" ? EDIT_EDGES : []),
  ...(rule === "confirm" ? CONFIRM_EDGES : []),
];
/** The agent is told of the change together with what the tool answered. */
const said = (rule: string): string => `The tool said: ${rule === "edit" ? `${EDITED_NOTE}\n\n` : ""}written`;
const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64url");

describe.each(["allow", "ask", "late", "edit", "confirm"])("[T19] [T20] [T32] where policy says %s", (rule) => {
  test("an undisturbed run passes every edge, executes once and says so", async () => {
    const dir = tempDir();
    const end = await live(dir, rule, "list");
    expect(end).toMatchObject({ code: 0, error: "" });
    const passed = new Set(
      readFileSync(join(dir, "edges.log"), "utf8")
        .split("\n")
        .filter((line) => line !== ""),
    );
    expect([...passed].toSorted()).toEqual([...edgesOf(rule)].toSorted());
    expect(executions(dir)).toHaveLength(1);
    expect(after(dir).page.at(-1)?.parts).toEqual([{ kind: "text", text: said(rule) }]);
  });

  test.each(edgesOf(rule))("a kill at %s loses no run and doubles no call", async (edge) => {
    const dir = tempDir();
    expect((await live(dir, rule, edge)).signal).toBe("SIGKILL");
    expect(await live(dir, rule, "-")).toMatchObject({ code: 0, error: expect.not.stringContaining("fault") });

    const { page, active, ledger, dangling } = after(dir);
    expect(active).toBe(0);
    expect(dangling).toEqual([]);
    expect(page.map((message) => message.seq)).toEqual(page.map((_, index) => index + 1));
    expect(page.some((message) => message.streaming)).toBe(false);
    const calls = page.flatMap((message) => message.parts.flatMap((part) => (part.kind === "call" ? [part.call] : [])));
    expect(calls).toHaveLength(1);
    expect(ledger).toHaveLength(1);
    // What was asked before a change never runs, wherever the kill fell.
    expect(ledger[0]?.args).toBe(sha256(rule === "edit" ? '{"path":"b"}' : '{"path":"a"}'));
    expect(calls[0]).toMatchObject(
      rule === "edit" ? { args: '{"path":"b"}', asked: '{"path":"a"}' } : { args: '{"path":"a"}', asked: null },
    );

    // The row says what was confirmed (CF4), and the yes was kept before it.
    expect(ledger[0]?.confirmed !== null).toBe(rule === "confirm");

    if (UNKNOWABLE.includes(edge)) {
      expect(executions(dir)).toHaveLength(edge === "tool.returned" ? 1 : 0);
      expect(calls[0]?.state).toBe("unknown");
      expect(wordsOf(calls[0]?.reason)).toMatch(/^Unknown, not repeated/);
      expect(page.at(-1)?.parts).toEqual([{ kind: "text", text: expect.stringContaining("Unknown, not repeated") }]);
      if (rule !== "allow" && rule !== "confirm") expect(readFileSync(join(dir, "told.log"), "utf8")).toBe("unknown\n");
    } else {
      expect(executions(dir)).toHaveLength(1);
      expect(calls[0]?.state).toBe("done");
      expect(page.at(-1)?.parts).toEqual([{ kind: "text", text: said(rule) }]);
    }
  });
});

test("[T19] the scanner of executions sees a second one", async () => {
  const dir = tempDir();
  await live(dir, "allow", "-");
  const world = agentWorld({
    dir,
    authority: playAuthority(() => ({ kind: "allow", rule: noted("") })),
    tools: playTools(undefined, join(dir, "executions.log")),
    models: playModels(() => ({})),
  });
  world.send(readFileSync(join(dir, "thread.id"), "utf8"), "again");
  void world.room.handlers["thread.callTool"](
    { thread: readFileSync(join(dir, "thread.id"), "utf8"), server: "server-1", tool: "write", args: "{}" },
    { window: "main" },
  );
  await world.until(() => executions(dir).length === 2);
  world.close();
  expect(existsSync(join(dir, "bulkhead.db"))).toBe(true);
});
