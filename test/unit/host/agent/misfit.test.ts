import { worded, noted } from "../../../helpers/worded.ts";
import { expect, onTestFinished, test } from "vitest";
import { agentWorld, modelCall, playAuthority, playModels, playTools } from "../../../helpers/agent-world.ts";
import { tempDir } from "../../../helpers/temp.ts";

const world = (answers: Parameters<typeof playModels>[0]) => {
  const authority = playAuthority(() => ({ kind: "ask", rule: noted("asks"), ruleId: "default", queue: "approvers" }));
  const played = playTools();
  const inputSchema = { type: "object", properties: { path: { type: "string" } }, required: ["path"] };
  const tools: typeof played = {
    ...played,
    find: (...where) => {
      const found = played.find(...where);
      return found === null ? null : { ...found, def: { ...found.def, inputSchema } };
    },
  };
  const made = agentWorld({ dir: tempDir(), authority, tools, models: playModels(answers) });
  onTestFinished(made.close);
  return { ...made, authority };
};

test("nobody is asked about a call that its tool would refuse, and the model hears why", async () => {
  const heard: string[] = [];
  const { newThread, send, idle, authority } = world((request) => {
    heard.push(JSON.stringify(request));
    return heard.length === 1 ? { calls: [modelCall("read", { path: 3 })] } : { text: "I see." };
  });
  const thread = newThread();
  send(thread, "read it");
  await idle(thread);
  expect(authority.asked).toEqual([]);
  expect(heard.at(-1)).toContain("“path” must be a text in quotes");
});

test("a person who calls a tool is told before anything is asked; arguments that fit are asked", async () => {
  const { newThread, room, authority, until } = world(() => ({ text: "" }));
  const thread = newThread();
  const call = (args: string) => () =>
    void room.handlers["thread.callTool"]({ thread, server: "server-1", tool: "read", args }, { window: "main" });
  expect(call("{}")).toThrow(worded(/must have “path”/));
  expect(authority.asked).toEqual([]);
  call('{"path":"a"}')();
  await until(() => authority.asked.length === 1);
  expect(authority.asked[0]?.args).toBe('{"path":"a"}');
});
