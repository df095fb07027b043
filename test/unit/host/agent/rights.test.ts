import { Refusal } from "#core/facts/refusal.ts";
import { noted, wordsOf } from "../../../helpers/worded.ts";
import { expect, onTestFinished, test } from "vitest";
import { CAPABILITY_WORDS } from "#text/capability-words.ts";
import type { Capability } from "#core/protocol/capabilities.ts";
import { tempDir } from "../../../helpers/temp.ts";
import { agentWorld, playAuthority, playModels, playTools } from "../../../helpers/agent-world.ts";

/** Its words; undefined where nothing was refused. */
const refusalIn = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return wordsOf(error);
    throw error;
  }
};
const world = (caps: Set<Capability>) => {
  const tools = playTools();
  const made = agentWorld({
    dir: tempDir(),
    authority: playAuthority(() => ({ kind: "allow", rule: noted("") })),
    tools,
    models: playModels(() => ({ text: "hello" })),
    may: (_wid, capability) => ({
      allowed: caps.has(capability),
      why: noted(`The role Reader ${caps.has(capability) ? "may" : "may not"} ${CAPABILITY_WORDS[capability]}.`),
    }),
  });
  onTestFinished(made.close);
  const callTool = (thread: string): void =>
    void made.room.handlers["thread.callTool"](
      { thread, server: "server-1", tool: "read", args: "{}" },
      { window: "main" },
    );
  return { ...made, tools, callTool };
};

test("[T5] a role with threads and without tools chats, and calls none; with both it calls", async () => {
  const caps = new Set<Capability>(["threads.create"]);
  const { newThread, send, idle, page, callTool, tools } = world(caps);
  const thread = newThread();
  send(thread, "hello");
  await idle(thread);
  expect(page(thread)).toHaveLength(2);
  expect(refusalIn(() => callTool(thread))).toContain("The role Reader may not use tools.");
  expect(page(thread)).toHaveLength(2);
  caps.add("tools.use");
  callTool(thread);
  await idle(thread);
  expect(tools.executed).toHaveLength(1);
});

test("[T5] a role with tools and without threads starts nothing", () => {
  const caps = new Set<Capability>(["threads.create", "tools.use"]);
  const { newThread, send, callTool, tools, page } = world(caps);
  const thread = newThread();
  caps.delete("threads.create");
  for (const attempt of [() => newThread(), () => send(thread, "hello"), () => callTool(thread)])
    expect(refusalIn(attempt)).toContain("The role Reader may not write private threads.");
  expect([page(thread), tools.executed]).toEqual([[], []]);
});
