/** What approvers are given to read beside a call: from a thread on Ben's computer to the cards of others, and to nobody else. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Enclose as Choice } from "#bridge/app.ts";
import { createEnclose } from "../../electron/host/agent/enclose.ts";
import type { Enclose } from "../../electron/host/gate/asking.ts";
import { NOTHING } from "../../electron/host/gate/enclosure.ts";
import type { ProposedCall } from "../../electron/host/seams.ts";
import { createMessageStore } from "../../electron/host/store/messages.ts";
import { createRunStore } from "../../electron/host/store/runs.ts";
import { createSettingsStore } from "../../electron/host/store/settings.ts";
import { createThreadStore } from "../../electron/host/store/threads.ts";
import { createPresentText } from "../../electron/host/tools/present-text.ts";
import { changePolicy, joinWith, main, openApp, SERVER, startTeam } from "../helpers/app.ts";
import type { App, Team } from "../helpers/app.ts";
import { canary, findCanaries } from "../helpers/canary.ts";
import type { Source } from "../helpers/canary.ts";
import { tempDir } from "../helpers/temp.ts";
import { until } from "../helpers/wait.ts";

interface Ways extends Team {
  readonly cleo: App;
  readonly dan: App;
  readonly folder: string;
  choose(choice: Choice): void;
  /** A call of the agent in a thread whose last message says `words`. */
  byAgent(words: string, args: string): ProposedCall;
  byPerson(why: string | null, args: string): ProposedCall;
}

/** Ada and Cleo may approve, Dan may not; what Ben's app encloses is decided by the code that his real app uses. */
const openWays = async (): Promise<Ways> => {
  const team = await startTeam();
  const { wid, ada } = team;
  await team.ben.close();
  let enclose: Enclose = () => Promise.resolve(NOTHING);
  const ben = await openApp("Ben", { dir: team.ben.dir, enclose: (call) => enclose(call) });
  await ben.inSync(wid);
  const cleo = await openApp("Cleo");
  await joinWith(ada, cleo, wid, "approver");
  const dan = await openApp("Dan");
  await joinWith(ada, dan, wid);
  const folder = join(tempDir(), "shared");
  mkdirSync(folder);
  const runs = createRunStore(ben.store);
  const messages = createMessageStore(ben.store, runs);
  const threads = createThreadStore(ben.store);
  const settings = createSettingsStore(ben.store);
  const presentText = createPresentText({
    launch: () => ({ kind: "stdio", command: "node", args: ["server.mjs", folder], env: [], vars: [] }),
    readOnly: () => false,
  });
  enclose = createEnclose({ runs, messages, settings, presentText });
  let count = 0;
  const make = (kind: "agent" | "direct", args: string, why: string | null, words: string | null): ProposedCall => {
    const [thread, run, asked, answer] = ["thread", "run", "asked", "answer"].map(
      (each) => `${each}-${(count += 1)}`,
    ) as [string, string, string, string];
    const call = { ...ben.call(wid, SERVER, args), thread };
    threads.add({ id: thread, wid, title: "A thread", at: 1 });
    const said = (id: string, text: string): void => {
      messages.add({ id, thread, at: 1, author: "person", run: null, step: null, streaming: false });
      messages.setParts(id, [{ kind: "text", text, final: true }], false);
    };
    if (words !== null) {
      said(`${asked}-first`, "Something else, long before.");
      said(asked, words);
    }
    runs.add({ id: run, thread, kind, phase: "calls", at: 1 });
    runs.addCall({
      id: call.id,
      run,
      step: 1,
      server: SERVER,
      serverName: "files",
      tool: "write_file",
      args,
      why,
      providerId: call.id,
      providerName: "write_file",
      state: "proposed",
      reason: null,
    });
    messages.add({
      id: answer,
      thread,
      at: 1,
      author: kind === "agent" ? "agent" : "person",
      run,
      step: 1,
      streaming: false,
    });
    messages.setParts(answer, [{ kind: "call", call: call.id }], false);
    if (words !== null) said(`${asked}-later`, "Written while it waits.");
    return call;
  };
  return {
    ...team,
    ben,
    cleo,
    dan,
    folder,
    choose: (choice) => settings.set({ enclose: choice }),
    byAgent: (words, args) => make("agent", args, null, words),
    byPerson: (why, args) => make("direct", args, why, null),
  };
};

const asked = async (app: App, call: ProposedCall): Promise<string> => {
  await app.room.authority.ask(call);
  return until(
    () =>
      app.room.authority.standing(call.id)?.state === "waiting" ? app.room.authority.standing(call.id)?.request : null,
    "the request at the server",
  );
};
const cardAt = async (app: App, wid: string, request: string) => {
  await app.sees(wid, request);
  return app.room.handlers["card.get"]({ wid, request }, main);
};
const filesOf = (dir: string): Source[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true }).flatMap((each) =>
    each.isFile()
      ? [{ path: join(each.parentPath, each.name), bytes: readFileSync(join(each.parentPath, each.name)) }]
      : [],
  );
const ARGS = (path = "/notes/a.txt"): string => JSON.stringify({ path, content: "new\n" });

describe("[T2] [T31] what approvers read beside the arguments", () => {
  test("is nothing of a thread or a file by default; by choice it is the last message, on the approvers' cards and nowhere else", async () => {
    const { wid, ada, ben, cleo, dan, server, folder, choose, byAgent } = await openWays();
    const [hidden, told, later, file] = [canary("hidden"), canary("told"), canary("later"), canary("file")];
    const path = join(folder, "a.txt");
    writeFileSync(path, `${file}\n`);
    const quiet = await asked(ben, byAgent(`Please ${hidden}`, ARGS(path)));
    for (const app of [ada, cleo, ben])
      expect(await cardAt(app, wid, quiet)).toMatchObject({ why: null, before: null, enclosureProblem: null });

    choose("message");
    const open = await asked(ben, byAgent(`Please ${told}`, ARGS(path)));
    for (const app of [ada, cleo, ben])
      expect(await cardAt(app, wid, open)).toMatchObject({ why: `Please ${told}`, before: null });
    choose("nothing");
    const again = await asked(ben, byAgent(`Please ${later}`, ARGS(path)));
    expect(await cardAt(ada, wid, again)).toMatchObject({ why: null, before: null });

    await dan.inSync(wid);
    await expect(dan.room.handlers["card.get"]({ wid, request: open }, main)).rejects.toMatchObject({
      code: expect.stringMatching(/not-approver|no-such-request/),
    });
    const elsewhere = [server.dir, ada.dir, cleo.dir, dan.dir].flatMap(filesOf);
    expect(elsewhere.length).toBeGreaterThan(8);
    expect(findCanaries(elsewhere, [hidden, told, later, file])).toEqual([]);
    // The scan can see: the words are on Ben's own disk, where they were written.
    expect(findCanaries(filesOf(ben.dir), [hidden, told])).not.toEqual([]);
    expect(JSON.stringify([ada.published, cleo.published])).not.toContain(told);
  });

  test("by the widest choice it is also what the file holds now, and never a file that the tool's server was not started for", async () => {
    const { wid, ada, ben, folder, choose, byAgent } = await openWays();
    const path = join(folder, "a.txt");
    writeFileSync(path, "old\n");
    const outside = join(folder, "..", "private.txt");
    writeFileSync(outside, canary("private"));
    choose("message-and-file");
    const inside = await asked(ben, byAgent("Bring it up to date.", ARGS(path)));
    expect(await cardAt(ada, wid, inside)).toMatchObject({
      why: "Bring it up to date.",
      before: { argument: "content", path, text: "old\n", cut: false },
    });
    const named = await asked(ben, byAgent("Bring it up to date.", ARGS(outside)));
    expect(await cardAt(ada, wid, named)).toMatchObject({
      why: "Bring it up to date.",
      before: null,
      enclosureProblem: null,
    });
  });

  test("is what a person typed for them, whatever the setting says, also after a change of the arguments", async () => {
    const { wid, ada, ben, byPerson } = await openWays();
    const call = byPerson("The customer asked for it.", ARGS());
    const first = await asked(ben, call);
    expect(await cardAt(ada, wid, first)).toMatchObject({ why: "The customer asked for it.", before: null });
    expect(JSON.parse(ben.room.authority.standing(call.id)?.enclosed ?? "")).toEqual({
      why: "The customer asked for it.",
      file: null,
      tooLarge: [],
    });

    await ben.room.authority.edit({ ...call, args: ARGS("/notes/b.txt") }, (_verdict, work) => ben.store.write(work));
    const second = await until(
      () =>
        ben.room.authority.standing(call.id)?.request === first ? null : ben.room.authority.standing(call.id)?.request,
      "the changed request",
    );
    expect(await cardAt(ada, wid, second)).toMatchObject({
      why: "The customer asked for it.",
      args: ARGS("/notes/b.txt"),
      replaces: { request: first },
    });
  });

  test("is cut where it is long, and left out with a word where it does not fit beside the arguments", async () => {
    const { wid, ada, ben, folder, choose, byAgent } = await openWays();
    choose("message-and-file");
    const long = await cardAt(
      ada,
      wid,
      await asked(ben, byAgent(`${"a".repeat(497)}\u{1f600}${"b".repeat(600)}`, ARGS())),
    );
    expect(long.why).toBe(`${"a".repeat(497)} …`);
    const path = join(folder, "large.txt");
    writeFileSync(path, "x".repeat(40_000));
    const card = await cardAt(ada, wid, await asked(ben, byAgent("Make it short.", ARGS(path))));
    expect(card).toMatchObject({
      why: "Make it short.",
      before: null,
      args: ARGS(path),
      enclosureProblem: { code: "enclosure-too-large" },
    });
  });

  test("[T19] changes nothing about what is approved and run", async () => {
    const { wid, ada, ben, choose, byAgent } = await openWays();
    choose("message");
    const call = byAgent("Approved by Ada already.", ARGS());
    const request = await asked(ben, call);
    await ada.decide(wid, (await ada.sees(wid, request)).request, "approve");
    await ben.permitted(call);
    expect(ben.room.authority.permit({ ...call, args: `${call.args} ` })).toMatchObject({
      ok: false,
      error: { code: "call-changed" },
    });
    const leave = ben.room.authority.permit(call);
    expect(leave.ok && leave.permit.call.args).toBe(call.args);
  });

  test("[AP20] reaches whoever comes later in the very same bytes", async () => {
    const { wid, ada, ben, dan, choose, byAgent } = await openWays();
    choose("message");
    const request = await asked(ben, byAgent("For whoever comes.", ARGS()));
    const member = dan.room.team(wid).me;
    await ada.room.handlers["member.setRole"]({ wid, member, role: "approver" }, main);
    choose("nothing");
    await until(
      () => dan.room.cards(wid).find((card) => card.request === request && card.sealed > 1),
      "the copy for Dan",
    );
    expect(await cardAt(dan, wid, request)).toMatchObject({ why: "For whoever comes.", args: ARGS() });
  });

  test("practice requests carry words too", async () => {
    const { wid, ada, ben } = await openWays();
    const policy = ada.room.policy(wid);
    const queue = policy.queues[0];
    if (queue === undefined) throw new Error("no queue");
    if (!queue.practice) await changePolicy(ada, wid, { kind: "queue", queue: { ...queue, practice: true } });
    await until(() => ben.room.policy(wid).queues[0]?.practice === true, "practice allowed at Ben's");
    const { request } = await ben.room.handlers["practice.ask"](
      { wid, queue: queue.id, server: null, tool: "example", args: "{}", why: "  I only try it.  " },
      main,
    );
    expect(await cardAt(ada, wid, request)).toMatchObject({ practice: true, why: "I only try it.", before: null });
  });
});
