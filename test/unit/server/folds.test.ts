/** The folds of a workspace over a store that another node writes too. */
import { expect, test } from "vitest";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import { newLog } from "#core/rules/state.ts";
import { createFolds } from "../../../sync-server/server/order/folds.ts";
import { createTips } from "../../../sync-server/server/order/tips.ts";
import { createMemory } from "../../helpers/memory-store.ts";
import { crypto } from "../../helpers/node-crypto.ts";
import { createTeam, makeInvite, QUEUE } from "../../helpers/people.ts";

const setup = async () => {
  const team = createTeam();
  const memory = createMemory();
  const elsewhere = memory.connect();
  /** Stores, as another node does, what the team has written since. */
  const put = async (doc: string): Promise<void> => {
    const rows = team.entries
      .filter((each) => each.doc === doc)
      .map(({ text }, index) => ({ doc: doc as never, seq: index + 1, entry: text }))
      .slice(memory.count(team.wid, doc));
    await elsewhere.append(team.wid, rows, new Map());
  };
  const invite = (): void => {
    const { jws } = makeInvite(team.ada, team.wid, team.now);
    team.given(team.ada, ADMIN, "invite.create", { invite: jws, label: "" });
  };
  await put(LOG);
  const [store, log] = [memory.connect(), newLog(team.wid)];
  const tips = createTips(crypto, store, team.wid, () => undefined);
  const took: string[] = [];
  let owed = 0;
  const folds = createFolds({
    crypto,
    build: undefined,
    store,
    wid: team.wid,
    log,
    tips,
    took: ({ doc, seq }) => took.push(`${doc} ${seq}`),
    owe: () => {
      owed += 1;
    },
  });
  await folds.readOn(log);
  return { team, put, invite, log, tips, folds, took, owed: () => owed };
};

test("what nobody asked for is not folded, and what somebody did is folded once and whole", async () => {
  const { put, invite, log, folds, took } = await setup();
  for (let i = 0; i < 3; i += 1) invite();
  await put(ADMIN);
  expect([folds.foldOf(ADMIN), folds.all().map(({ doc }) => doc)]).toEqual([undefined, [LOG]]);
  took.length = 0;
  const admin = await folds.chain(ADMIN);
  expect([await folds.admin(), folds.foldOf(ADMIN), await folds.chain(LOG)]).toEqual([admin, admin, log]);
  expect(await folds.admin()).toBe(admin);
  expect(await folds.approvalDoc(QUEUE)).toBe(await folds.chain(QUEUE));
  expect(took).toEqual([`${ADMIN} 1`, `${ADMIN} 2`, `${ADMIN} 3`]);
  expect(folds.all().map(({ doc }) => doc)).toEqual([LOG, ADMIN, QUEUE]);
});

test("[SV76] an entry that names what another node put into the log is folded after that, which is owed then", async () => {
  const { team, put, invite, log, folds, owed } = await setup();
  const known = log.seq;
  team.member("Ben");
  invite();
  await put(LOG);
  await put(ADMIN);
  expect([log.seq, owed()]).toEqual([known, 0]);
  expect((await folds.admin()).seq).toBe(1);
  expect([log.seq, owed()]).toEqual([team.log.seq, 1]);
});

test("[SV76] while a command is judged the log is not read on: what would need it is refused, and tried again later", async () => {
  const { team, put, invite, log, folds } = await setup();
  const known = log.seq;
  team.member("Ben");
  invite();
  await put(LOG);
  await put(ADMIN);
  await expect(folds.judging(() => folds.admin())).rejects.toMatchObject({ code: "behind" });
  expect([log.seq, folds.foldOf(ADMIN)]).toEqual([known, undefined]);
  expect((await folds.admin()).seq).toBe(1);
});

test("a tip ends where its document is folded, and what is longer than the tip that was shown is owed", async () => {
  const { team, put, invite, tips, folds, owed } = await setup();
  invite();
  await put(ADMIN);
  await tips.learn(new Map([[ADMIN, 1]]));
  invite();
  await put(ADMIN);
  expect(tips.get(ADMIN)?.seq).toBe(1);
  expect((await folds.admin()).seq).toBe(team.admin.seq);
  expect([tips.get(ADMIN), owed()]).toEqual([undefined, 1]);
});

test("an entry that does not fold changes nothing and is told of to nobody", async () => {
  const { log, folds, took } = await setup();
  const before = [log.seq, log.head];
  took.length = 0;
  expect(folds.ingest(log, "{}", {})).toMatchObject({ ok: false });
  expect([[log.seq, log.head], took]).toEqual([before, []]);
});
