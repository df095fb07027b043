/** LV9: what is passed over is counted by a server that knows it, and by no fold: who does not know it comes to the same. */
import { expect, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { BUILD } from "#core/protocol/levels.ts";
import type { Build } from "#core/protocol/levels.ts";
import { ingestLog } from "#core/rules/fold.ts";
import { newLog } from "#core/rules/state.ts";
import { writeState } from "#core/rules/state-text.ts";
import { loadWorkspace } from "../../sync-server/server/order/workspace.ts";
import { createMemory } from "../helpers/memory-store.ts";
import { crypto } from "../helpers/node-crypto.ts";
import { createTeam, makeDevice, deviceBody } from "../helpers/people.ts";
import type { Person } from "../helpers/people.ts";

const DAY = 86_400_000;
/** A later build, which knows a kind that others may pass over. */
const later: Build = {
  ...BUILD,
  kinds: { ...BUILD.kinds, "card.seen": { since: 1, critical: false, phone: false, click: false, fields: {} } },
};

const served = async () => {
  const team = createTeam();
  const ben = team.member("Ben");
  const second = makeDevice(ben);
  team.given(ben, LOG, "device.add", deviceBody(team.wid, second));
  const store = createMemory().connect();
  const texts = team.entries.filter(({ doc }) => doc === LOG).map(({ text }) => text);
  let stored = 0;
  let now = team.now;
  const keep = async (rows: readonly { readonly seq: number; readonly entry: string }[]): Promise<void> => {
    await store.append(
      team.wid,
      rows.map((row) => ({ doc: LOG, ...row })),
      new Map(),
    );
    stored += rows.length;
  };
  await keep(texts.map((entry, index) => ({ seq: index + 1, entry })));
  let workspace = await loadWorkspace(crypto, store, team.wid, later);
  const start = async (build: Build = later): Promise<void> => {
    workspace = await loadWorkspace(crypto, store, team.wid, build);
  };
  /** Answers the code, or "ok". */
  const send = async (by: Person, kind: string, body: unknown, x: boolean): Promise<string> => {
    const over = { x, seen: [workspace.log.seq, workspace.log.head] as const, exp: now + 600_000 };
    const jws = team.sign(by, LOG, kind as never, body as never, over as never);
    const judged = await workspace.judge(jws, { as: "device", device: by.device, doc: LOG }, () => ({ t: now, a: 0 }));
    await keep(judged.rows);
    return judged.answer.ok ? "ok" : judged.answer.code;
  };
  const seen = (by: Person) => send(by, "card.seen", { at: 1 }, false);
  const times = async (count: number, by: Person): Promise<string[]> => {
    const answers = new Set<string>();
    for (let i = 0; i < count; i += 1) answers.add(await seen(by));
    return [...answers];
  };
  const all = () => store.read(team.wid, LOG, 1, { entries: 10_000, characters: 100_000_000 } as never);
  return { team, ben, second, seen, times, send, start, all, count: () => stored, pass: (ms: number) => (now += ms) };
};

test("[T30] [LV9] a server takes 200 a day of one member, with all devices, and everything else as before", async () => {
  const { team, ben, second, seen, times, send, start, count, pass } = await served();
  expect(await times(100, ben)).toEqual(["ok"]);
  expect(await times(100, second)).toEqual(["ok"]);
  const full = count();
  expect([await seen(ben), await seen(second), count()]).toEqual(["too-often", "too-often", full]);
  expect([await seen(team.ada), await send(ben, "member.rename", { name: "Benno" }, true)]).toEqual(["ok", "ok"]);
  // What was taken is counted again at a start.
  await start();
  expect(await seen(ben)).toBe("too-often");
  pass(DAY / 200);
  expect([await seen(ben), await seen(ben)]).toEqual(["ok", "too-often"]);
  pass(DAY);
  expect(await times(200, ben)).toEqual(["ok"]);
  expect(await seen(ben)).toBe("too-often");
});

test("[T30] [LV9] a server that does not know the kind takes none, and an app that does not folds all that others let in", async () => {
  const { team, ben, seen, times, start, all } = await served();
  await start(BUILD);
  expect(await seen(ben)).toBe("unknown-command");
  await start();
  await times(200, ben);
  const texts = await all();
  const states = [BUILD, later].map((build) => {
    const log = newLog(team.wid);
    const verdicts = new Set(
      texts.map((text) => {
        const taken = ingestLog({ crypto, build }, log, text);
        return taken.ok ? "ok" : taken.code;
      }),
    );
    return { verdicts: [...verdicts], state: writeState(log) };
  });
  expect(states[0]?.verdicts).toEqual(["ok"]);
  expect(states[1]).toEqual(states[0]);
});
