/** A person changes the arguments of a call before it has begun: what is judged, asked, executed and told. */
import { tells, noted, worded } from "../../../helpers/worded.ts";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { SERVERS_UP_MS } from "../../../../electron/host/agent/servers-up.ts";
import { EDITED_NOTE } from "../../../../electron/host/agent/words.ts";
import type { Judgement, ProposedCall } from "../../../../electron/host/seams.ts";
import type { CallView } from "../../../../electron/bridge/call.ts";
import { agentWorld, modelCall, playAuthority, playModels, playTools, WID } from "../../../helpers/agent-world.ts";
import type { AgentWorldParts } from "../../../helpers/agent-world.ts";
import { tempDir } from "../../../helpers/temp.ts";

const from = { window: "main" } as const;
const OLD = '{"path":"a"}';
const NEW = '{"path":"b"}';
const asking: Judgement = { kind: "ask", rule: noted("writing asks"), ruleId: "r", queue: "q" };

/** One call of `write`, judged by `judge`, which a model makes and then tells the result of. */
const situation = async (
  judge: (call: ProposedCall) => Judgement = () => asking,
  over: Partial<AgentWorldParts> = {},
) => {
  const authority = playAuthority(judge);
  const tools = playTools();
  const models = playModels((request) =>
    request.turns.at(-1)?.from === "agent" ? { text: "Done." } : { calls: [modelCall("write", JSON.parse(OLD))] },
  );
  const world = agentWorld({ dir: tempDir(), authority, tools, models, ...over });
  world.engine.start();
  const thread = world.newThread();
  world.send(thread, "Write a");
  const calls = (): CallView[] =>
    world.page(thread).flatMap((message) => message.parts.flatMap((part) => (part.kind === "call" ? [part.call] : [])));
  await world.until(() => calls().length === 1 && calls()[0]?.state !== "proposed");
  const call = calls()[0] as CallView;
  const edit = async (args: string, where: { thread?: string; call?: string } = {}) =>
    world.room.handlers["call.edit"]({ thread, call: call.id, args, ...where }, from);
  const is = (state: CallView["state"]) => world.until(() => calls()[0]?.state === state);
  return { world, authority, tools, models, thread, call, calls, edit, is };
};

describe("[T20] an edit of a waiting call", () => {
  test("asks for the changed arguments, and only they are executed, once", async () => {
    const { world, authority, tools, thread, call, calls, edit, is } = await situation();
    await is("waiting");
    authority.stand(call.id, { votes: 1, needed: 2 });
    await edit(NEW);
    await is("waiting");
    expect(calls()[0]).toMatchObject({ args: NEW, asked: OLD, votes: 0, request: `request-${call.id}-1` });
    expect(tools.executed).toEqual([]);
    authority.stand(call.id, { state: "approved" });
    await world.idle(thread);
    expect(tools.executed.map(({ args }) => args)).toEqual([NEW]);
    expect(authority.asked.map(({ args }) => args)).toEqual([OLD]);
    world.close();
  });

  test("is told to the model as what was executed, with a note, and a call that nobody changed has none", async () => {
    for (const changed of [true, false]) {
      const { world, authority, models, thread, call, edit, is } = await situation();
      await is("waiting");
      if (changed) await edit(NEW);
      await is("waiting");
      authority.stand(call.id, { state: "approved" });
      await world.idle(thread);
      const turn = models.requests.at(-1)?.turns.at(-1);
      const [told] = turn?.from === "agent" ? turn.calls : [];
      expect(told).toMatchObject({
        input: JSON.parse(changed ? NEW : OLD),
        output: changed ? `${EDITED_NOTE}\n\ndone` : "done",
      });
      expect(JSON.stringify(models.requests.at(-1))).not.toContain(changed ? '\\"a\\"' : EDITED_NOTE);
      world.close();
    }
  });

  test("that the policy denies changes nothing, and one that it allows runs at once", async () => {
    const { world, authority, tools, thread, calls, edit, is } = await situation((call) =>
      call.args.includes("etc")
        ? { kind: "deny", rule: noted("never in etc") }
        : call.args === NEW
          ? { kind: "allow", rule: noted("b is free") }
          : asking,
    );
    await is("waiting");
    await expect(edit('{"path":"etc"}')).rejects.toEqual(worded("never in etc"));
    expect(calls()[0]).toMatchObject({ args: OLD, asked: null, state: "waiting" });
    await edit(NEW);
    await world.idle(thread);
    expect(calls()[0]).toMatchObject({ args: NEW, state: "done", rule: noted("b is free"), request: null });
    expect(tools.executed.map(({ args }) => args)).toEqual([NEW]);
    expect(authority.asked).toHaveLength(1);
    world.close();
  });

  test("back to what was asked is no change any more", async () => {
    const { world, calls, edit, is } = await situation();
    await is("waiting");
    await expect(edit(OLD)).rejects.toMatchObject({ code: "not-changed" });
    await edit(NEW);
    await edit('{"path":"c"}');
    expect(calls()[0]).toMatchObject({ args: '{"path":"c"}', asked: OLD });
    await edit(OLD);
    expect(calls()[0]).toMatchObject({ args: OLD, asked: null });
    world.close();
  });

  test("comes too late once the call has begun or ended", async () => {
    const begun = Promise.withResolvers<void>();
    const { world, authority, call, calls, edit, is, thread } = await situation(undefined, {
      tools: playTools(() =>
        begun.promise.then(() => ({ ok: true, text: "done", bytes: 4, truncated: false, error: null })),
      ),
    });
    await is("waiting");
    authority.stand(call.id, { state: "approved" });
    await is("running");
    await expect(edit(NEW)).rejects.toMatchObject({ code: "too-late" });
    begun.resolve();
    await world.idle(thread);
    await expect(edit(NEW)).rejects.toMatchObject({ code: "too-late" });
    expect(calls()[0]).toMatchObject({ args: OLD, asked: null, state: "done" });
    world.close();
  });
});

describe("[T19] [T20] while the server of the tool is not up yet", () => {
  test.each([
    ["asked", asking],
    ["allowed", { kind: "allow", rule: noted("free") } as const],
  ])("a call that is %s goes on with the changed arguments alone", async (name, judgement) => {
    let up = Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const dir = tempDir();
    // Judged while the server ran, and then waiting for it.
    const judge = (): Judgement => {
      up = promise;
      return judgement;
    };
    const { world, authority, tools, thread, call, calls, edit, is } = await situation(judge, {
      dir,
      settled: () => up,
    });
    await is(name === "asked" ? "queued" : "approved");
    expect([...authority.asked, ...tools.executed]).toEqual([]);
    await edit(NEW);
    resolve();
    if (name === "asked") {
      await is("waiting");
      expect(authority.asked).toEqual([]);
      authority.stand(call.id, { state: "approved" });
    }
    await world.idle(thread);
    expect(tools.executed.map(({ args }) => args)).toEqual([NEW]);
    expect(calls()[0]).toMatchObject({ state: "done", args: NEW, asked: OLD });
    world.close();
  });
});

describe("[T20] right after a start, while the server of a waiting call is still on its way up", () => {
  /** A call that waits, and tools that are gone until `rise`. */
  const restarted = async (over: Partial<AgentWorldParts> = {}) => {
    const { promise: risen, resolve: rise } = Promise.withResolvers<void>();
    const base = playTools();
    let up = true;
    const found = await situation(undefined, {
      ...over,
      tools: { ...base, find: (...of) => (up ? base.find(...of) : null) },
      settled: () => (up ? Promise.resolve() : risen),
    });
    await found.is("waiting");
    up = false;
    return {
      ...found,
      rise: (found = true) => {
        up = found;
        rise();
      },
    };
  };

  test("an edit waits for it and is then made", async () => {
    const { world, calls, edit, rise } = await restarted();
    const edited = edit(NEW);
    expect(calls()[0]).toMatchObject({ args: OLD, state: "waiting" });
    rise();
    await edited;
    expect(calls()[0]).toMatchObject({ args: NEW, asked: OLD });
    world.close();
  });

  test("what the wait changed is asked after it: the right, the call, the tool", async () => {
    let allowed = true;
    const right = await restarted({ may: () => ({ allowed, why: noted("your role may not use tools.") }) });
    const refused = expect(right.edit(NEW)).rejects.toMatchObject({ code: "call-not-allowed" });
    allowed = false;
    right.rise();
    await refused;
    expect(right.calls()[0]).toMatchObject({ args: OLD, asked: null, state: "waiting" });
    const call = await restarted();
    const late = expect(call.edit(NEW)).rejects.toMatchObject({ code: "too-late" });
    await call.world.room.handlers["call.cancel"]({ thread: call.thread, call: call.call.id }, from);
    call.rise();
    await late;
    const tool = await restarted();
    const gone = expect(tool.edit(NEW)).rejects.toMatchObject({ code: "tool-not-here" });
    tool.rise(false);
    await gone;
    for (const { world } of [right, call, tool]) world.close();
  });

  test("one that does not come is not waited for without end, and the refusal says what to do", async () => {
    const { world, calls, edit } = await restarted();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const refused = expect(edit(NEW)).rejects.toEqual(
      tells(
        "tool-starting",
        "The server of this tool is still starting on this computer. Nothing was changed; try again when Tools shows it as ready.",
      ),
    );
    await vi.advanceTimersByTimeAsync(SERVERS_UP_MS);
    await refused;
    expect(calls()[0]).toMatchObject({ args: OLD, asked: null, state: "waiting" });
    world.close();
  });
});

describe("[T5] [T20] the method `call.edit`", () => {
  test("is as strict as calling a tool", async () => {
    let allowed = true;
    const { world, calls, edit, is } = await situation(undefined, {
      may: () => ({ allowed, why: noted("your role may not use tools.") }),
    });
    await is("waiting");
    for (const args of ["", "[]", "null", '"text"', "{", '{"path":"b"} {}'])
      await expect(edit(args)).rejects.toMatchObject({ code: "tool-args-invalid" });
    await expect(edit(NEW, { thread: world.newThread() })).rejects.toMatchObject({ code: "no-such-call" });
    await expect(edit(NEW, { call: "nothing" })).rejects.toMatchObject({ code: "no-such-call" });
    await expect(edit(NEW, { thread: "nothing" })).rejects.toMatchObject({ code: "no-such-thread" });
    allowed = false;
    await expect(edit(NEW)).rejects.toMatchObject({ code: "not-permitted" });
    expect(calls()[0]).toMatchObject({ args: OLD, asked: null, state: "waiting" });
    allowed = true;
    await edit(NEW);
    expect(calls()[0]).toMatchObject({ args: NEW });
    world.close();
  });

  test("finds the own call behind a request in its workspace, and nothing else", async () => {
    const { world, thread, call, is } = await situation();
    await is("waiting");
    const find = (wid: string, request: string) => world.room.handlers["call.ofRequest"]({ wid, request }, from);
    expect(find(WID, `request-${call.id}`)).toMatchObject({ own: { thread, call: { id: call.id } } });
    expect(find("another-workspace-aaaa", `request-${call.id}`)).toEqual({ own: null });
    expect(find(WID, "request-of-somebody")).toEqual({ own: null });
    world.close();
  });
});
