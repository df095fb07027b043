/**
 * A host process with the agent room alone, that kills itself at an edge. Arguments: directory, rule (`allow`, `ask`,
 * `edit`: asked, and changed by the person before it is approved, `late`: approved while the newest head of the server is not
 * known, or `confirm`: confirmed by the person, by the code of the gate), edge to die at, or `-`, or `list`, which notes every edge that it passes.
 */
import { told } from "#bridge/told.ts";
import { noted } from "../../../helpers/worded.ts";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { confirmAuthority } from "../../../helpers/confirm-authority.ts";
import { agentWorld, okResult, playAuthority, playModels, playTools } from "../../../helpers/agent-world.ts";

const [dir = "", rule = "allow", dieAt = "-"] = process.argv.slice(2);
const edge = (name: string): void => {
  if (dieAt === "list") appendFileSync(join(dir, "edges.log"), `${name}\n`);
  if (name === dieAt) process.kill(process.pid, "SIGKILL");
};
const tools = playTools(() => okResult("written"), join(dir, "executions.log"));
const own = confirmAuthority(() => world, tools, edge);
const authority = playAuthority(
  () =>
    rule !== "allow"
      ? { kind: "ask", rule: noted("rule asks"), ruleId: "r", queue: "q" }
      : { kind: "allow", rule: noted("rule allows") },
  rule === "edit" ? {} : { state: "approved", votes: 1 },
  join(dir, "standings.json"),
);
/** In each process the head is known from the second look on. */
let looks = 0;
const late: typeof authority = {
  ...authority,
  permit: (call) => (looks++ > 0 ? authority.permit(call) : { ok: false, error: told("not-in-sync") }),
};
const models = playModels((request) => {
  const last = request.turns.at(-1);
  if (last?.from !== "agent")
    return { text: "I will write.", calls: [{ id: "p1", name: "files__write", args: '{"path":"a"}', problem: null }] };
  return { text: `The tool said: ${last.calls[0]?.output}` };
});
const streaming = {
  ...models,
  step: (async (model, request, hooks) => {
    hooks.onText("Thinking aloud");
    // Long enough for the streamed text to be shown and kept, which is an edge of its own.
    await new Promise((resolve) => setTimeout(resolve, 80));
    return models.step(model, request, hooks);
  }) as typeof models.step,
};

const world = agentWorld({
  dir,
  authority: rule === "confirm" ? own : rule === "late" ? late : authority,
  tools,
  models: streaming,
  onEdge: edge,
});
/** What the person and the approver do: change the call while it waits, then approve the changed one. */
const editAndApprove = async (thread: string): Promise<void> => {
  const waiting = () =>
    world.runs
      .active(thread)
      .flatMap((run) => world.runs.calls(run.id))
      .find((call) => call.state === "waiting");
  await world.until(() => waiting() !== undefined || world.runs.active(thread).length === 0);
  const asked = waiting();
  if (asked !== undefined && asked.asked === null) await world.engine.editCall(asked.id, '{"path":"b"}');
  await world.until(() => waiting()?.asked === '{"path":"a"}' || world.runs.active(thread).length === 0);
  const changed = waiting();
  if (changed !== undefined) authority.stand(changed.id, { state: "approved", votes: 1 });
};
/** What the person does once, in the popup window. */
const confirmWaiting = async (thread: string): Promise<void> => {
  await world.until(() => own.waiting().length === 1 || world.runs.active(thread).length === 0);
  const [waiting] = own.waiting();
  if (waiting !== undefined) await own.answer(waiting, "approve");
};
world.engine.start();
const file = join(dir, "thread.id");
if (existsSync(file)) {
  const thread = readFileSync(file, "utf8");
  if (rule === "edit") await editAndApprove(thread);
  if (rule === "confirm") await confirmWaiting(thread);
  await world.idle(thread);
} else {
  const thread = world.newThread();
  appendFileSync(file, thread);
  world.send(thread, "Write a");
  if (rule === "edit") await editAndApprove(thread);
  if (rule === "confirm") await confirmWaiting(thread);
  await world.idle(thread);
}
appendFileSync(join(dir, "told.log"), authority.told.map((each) => `${each.result}\n`).join(""));
world.close();
