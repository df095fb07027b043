/** A disk that is full at each write of a run, for a while or for good: nothing is called that the ledger does not hold. */
import { noted } from "../../../helpers/worded.ts";
import Sqlite from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { Refusal } from "#core/facts/refusal.ts";
import type { Store } from "../../../../electron/host/store/open.ts";
import {
  agentWorld,
  okResult,
  playAuthority,
  playModels,
  playTools,
  type AgentWorld,
} from "../../../helpers/agent-world.ts";
import { tempDir } from "../../../helpers/temp.ts";
import { refused } from "#bridge/refused.ts";

/** Refuses transactions number `from` to `to`, counted from 1, at their end: what they did in memory has happened. */
const fullDisk = (from: number, to: number) => {
  const state = { writes: 0, refused: 0 };
  const disk = (store: Store): Store => {
    const counted =
      (commit: Store["write"]): Store["write"] =>
      (work) => {
        if (store.db.inTransaction) return commit(work);
        state.writes += 1;
        if (state.writes < from || state.writes > to) return commit(work);
        state.refused += 1;
        return commit(() => {
          work();
          throw refused("disk-full");
        });
      };
    return { ...store, write: counted(store.write), soon: counted(store.soon) };
  };
  return { state, disk };
};

const played = (rule: "allow" | "ask", from: number, to: number, refusesAsks = 0) => {
  const { state, disk } = fullDisk(from, to);
  let world: AgentWorld | null = null;
  /** Calls that were made, and whether the file itself held their open row by then, as another process reads it. */
  const made: boolean[] = [];
  const tools = playTools((call) => {
    const file = new Sqlite(world?.store.file, { readonly: true });
    made.push(file.prepare("SELECT result FROM executed WHERE call = ?").pluck().get(call.id) === null);
    file.close();
    return okResult("written");
  });
  const authority = playAuthority(
    () =>
      rule === "ask"
        ? { kind: "ask", rule: noted("asks"), ruleId: "r", queue: "q" }
        : { kind: "allow", rule: noted("allows") },
    { state: "approved", votes: 1 },
  );
  let asks = 0;
  const asking = {
    ...authority,
    ask: async (...call: Parameters<typeof authority.ask>) => {
      asks += 1;
      if (asks <= refusesAsks) throw refused("disk-full");
      return authority.ask(...call);
    },
  };
  const models = playModels((request) => {
    const last = request.turns.at(-1);
    return last?.from === "agent"
      ? { text: `The tool said: ${last.calls[0]?.output}` }
      : { text: "I will write.", calls: [{ id: "p1", name: "files__write", args: "{}", problem: null }] };
  });
  world = agentWorld({ dir: tempDir(), authority: asking, tools, models, disk });
  world.engine.start();
  return { world, made, state, authority };
};
/** What a person does: what was refused is done again. */
const insist = <T>(work: () => T): T => {
  for (let n = 0; ; n += 1) {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Refusal) || n > 50) throw error;
    }
  }
};
const whole = async (rule: "allow" | "ask", from: number, to: number, refusesAsks = 0) => {
  const { world, made, state, authority } = played(rule, from, to, refusesAsks);
  const thread = insist(() => world.newThread());
  insist(() => world.send(thread, "Write"));
  await world.idle(thread);
  const end = {
    made,
    page: world.page(thread).at(-1)?.parts,
    dangling: world.ledger.dangling(),
    active: world.runs.active().length,
    told: authority.told.map(({ result }) => result),
    ...state,
  };
  world.close();
  return end;
};

describe.each(["allow", "ask"] as const)("[T19] [T20] where policy says %s", (rule) => {
  test("a disk that is full at any write of a run, and then has room, costs the run nothing, and no call is made twice", async () => {
    const undisturbed = await whole(rule, 0, 0);
    const right = {
      made: [true],
      page: [{ kind: "text", text: "The tool said: written" }],
      dangling: [],
      active: 0,
      told: rule === "ask" ? ["ok"] : [],
    };
    expect(undisturbed).toMatchObject(right);
    const each = Array.from({ length: undisturbed.writes }, (_, n) => n + 1);
    const ends = await Promise.all(each.map((n) => whole(rule, n, n + 1)));
    for (const [n, end] of ends.entries()) expect({ at: n + 1, ...end }).toMatchObject({ at: n + 1, ...right });
    expect(ends.filter(({ refused }) => refused > 0).length).toBe(each.length);
  });

  test("a disk that stays full from any write on lets no call be made without its row", async () => {
    const { writes } = await whole(rule, 0, 0);
    const each = Array.from({ length: writes }, (_, n) => n + 1);
    const ends = await Promise.all(
      each.map(async (n) => {
        const { world, made, state } = played(rule, n, Infinity);
        try {
          const thread = world.newThread();
          world.send(thread, "Write");
          await world.until(() => state.refused > 2);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
        }
        const rows = (world.store.db.prepare("SELECT count(*) AS n FROM executed").get() as { n: number }).n;
        world.close();
        return { made, rows };
      }),
    );
    for (const { made, rows } of ends) expect([made.every((held) => held), made.length]).toEqual([true, rows]);
    expect(ends.some(({ made }) => made.length === 1) && ends.some(({ made }) => made.length === 0)).toBe(true);
  });
});

test("[T20] a call that could not be asked on a full disk is asked as soon as there is room, and is not refused", async () => {
  const { made, page } = await whole("ask", 0, 0, 1);
  expect([made, page]).toEqual([[true], [{ kind: "text", text: "The tool said: written" }]]);
});
