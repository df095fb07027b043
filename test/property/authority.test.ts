/**
 * Random members, devices, roles, invites, requests, votes, delegations and epochs, delayed, reordered, sent twice and
 * too late, judged at log positions that lag behind: the fold must take exactly what the reference model takes, and know
 * the same afterwards, also where a computer goes on from the state that it saved in between.
 */
import * as fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { startFromCheckpoint, stateHashOf } from "#core/rules/checkpoint.ts";
import { writeEntry } from "#core/protocol/entry.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName, Hash } from "#core/protocol/ids.ts";
import { deviceActive, owners, roleOf } from "#core/rules/may.ts";
import { newApprovalDoc, newLog } from "#core/rules/state.ts";
import type { ApprovalDoc } from "#core/rules/state.ts";
import { readApprovals, writeApprovals, writeState } from "#core/rules/state-text.ts";
import { clientCrypto } from "#node/client-crypto.ts";
import { openKept } from "#client/copy/kept.ts";
import type { Kept } from "#client/copy/kept.ts";
import { openStore } from "../../electron/host/store/open.ts";
import type { Store } from "../../electron/host/store/open.ts";
import { createWorkspaceStore } from "../../electron/host/store/workspaces.ts";
import { crypto } from "../helpers/node-crypto.ts";
import { ingestInto, lane } from "../helpers/people.ts";
import type { Team } from "../helpers/people.ts";
import { tempDir } from "../helpers/temp.ts";
import { CAPS, deliver, KINDS, openWorld, queueIn, QUEUES, stepOf, write } from "./authority-world.ts";
import type { Kind, Letter, Start, Step, World } from "./authority-world.ts";
import type { Queue } from "./reference-model.ts";
import { keptRow } from "../helpers/kept-row.ts";

type Cast = readonly [of: number, by: number, yes: boolean];
/** What one person casts at once, for others too, is put in order: the fold has it as they named their delegates. */
const inOrder = (votes: readonly Cast[]): Cast[] => {
  const cast = (by: number): number => votes.findIndex((vote) => vote[1] === by);
  return votes.toSorted(([of, by], [other, caster]) => cast(by) - cast(caster) || of - other);
};

const agree = (world: World): void => {
  const { team, model, people, devices, requests } = world;
  const { roles, promised, devices: known } = model.now();
  expect(people.map(({ member }) => roleOf(team.log, member))).toEqual(roles);
  expect(people.map(({ member }) => team.log.members.get(member)?.promised)).toEqual(promised);
  expect(devices.map(({ device }) => deviceActive(team.log, device) !== undefined)).toEqual(
    known.map(({ works }) => works),
  );
  expect(owners(team.log).length).toBeGreaterThan(0);
  const indexOf = (member: string) => people.findIndex((person) => person.member === member);
  const folded = requests
    .map((id, i) => queueIn(world, model.asks[i]?.epoch ?? 1).requests.get(id))
    .map((item) => [
      item?.state,
      item?.copies.length,
      inOrder((item?.votes ?? []).map(({ member, by, v }): Cast => [indexOf(member), indexOf(by), v === "approve"])),
    ]);
  expect(folded).toEqual(
    model.asks.map(({ state, copies, votes }) => [
      state,
      copies,
      inOrder(votes.map(({ of, by, yes }): Cast => [of, by, yes])),
    ]),
  );
};

/** The lane of each person gets the same signed bytes at the same times and positions, and must come to the same decisions. */
const lanesAgree = ({ team, model, people, requests }: World): void => {
  const lanes = people.map((person) => newApprovalDoc(lane(person)));
  const owner = new Map<string, number>(requests.map((id, i) => [id, model.asks[i]?.by ?? 0]));
  for (const { doc, text } of team.entries) {
    if (!doc.startsWith("queue:")) continue;
    const { t, c, m } = JSON.parse(text) as { t: number; c: string; m: [number, Hash] };
    const { k, b } = JSON.parse(crypto.decode(c.split(".")[1] ?? "") ?? "") as { k: string; b: { request?: string } };
    const of = lanes[owner.get(k === "approval.request" ? crypto.sha256(c) : (b.request ?? "")) ?? 0] as ApprovalDoc;
    expect(ingestInto(team.log, of, writeEntry({ s: of.seq + 1, p: of.head, t, c, m }))).toMatchObject({ ok: true });
  }
  requests.forEach((id, i) =>
    expect(lanes[owner.get(id) ?? 0]?.requests.get(id)).toEqual(
      queueIn({ team }, model.asks[i]?.epoch ?? 1).requests.get(id),
    ),
  );
};

/** Every replica, and every start from a checkpoint in between, comes to the same state. */
const replicasAgree = (team: Team, at: { seq: number; state: string } | null): void => {
  const log = newLog(team.wid);
  const queues = new Map<DocName, ApprovalDoc>();
  const copyOf = (doc: DocName): ApprovalDoc => {
    const copy = queues.get(doc) ?? newApprovalDoc(doc);
    queues.set(doc, copy);
    return copy;
  };
  for (const { doc, text } of team.entries)
    expect(ingestInto(log, doc === LOG ? log : copyOf(doc), text).ok).toBe(true);
  expect(log).toEqual(team.log);
  for (const [doc, copy] of queues) {
    expect(copy).toEqual(team.chain(doc));
    expect(readApprovals(writeApprovals(copy))).toEqual(copy);
  }
  if (at === null) return;
  const tail = team.entries
    .filter(({ doc }) => doc === LOG)
    .map(({ text }) => text)
    .slice(at.seq);
  const start = startFromCheckpoint(crypto, {
    state: at.state,
    entries: tail,
    pin: [team.log.seq, team.log.head as Hash],
  });
  if (!start.ok) throw new Error(start.code);
  for (const text of tail) expect(ingestInto(start.log, start.log, text).ok).toBe(true);
  expect(start.log).toEqual(team.log);
};

/** One store for all worlds of a test: each has a workspace id of its own. */
const openDisk = (): Store => {
  const store = openStore({ dir: tempDir() });
  onTestFinished(() => store.close());
  return store;
};

/** Folds and keeps, in one transaction. */
const keep = (disk: Store, kept: Kept, entries: Team["entries"]): void => {
  disk.write(() => {
    for (const { doc, text } of entries) {
      const taken = kept.ingest(doc, text, { trusted: true });
      if (!taken.ok) throw new Error(taken.code);
      kept.keep(doc, taken.seq, [text], [taken]);
    }
  });
  for (const doc of new Set(entries.map((entry) => entry.doc))) kept.done(doc);
};

/** A computer that was closed after `cut` entries, was killed after the last, and both times started from what it saved. */
const startsAgree = (disk: Store, { wid, log, chain, entries }: Team, cut: number): void => {
  const rows = createWorkspaceStore(disk);
  rows.add(keptRow({ wid }), 0);
  const open = (): Kept =>
    openKept({
      crypto: clientCrypto,
      wid,
      rows,
      write: disk.write,
      misfit: ({ doc, code }) => {
        throw new Error(`${doc}: ${code}`);
      },
    });
  const closed = open();
  keep(disk, closed, entries.slice(0, cut));
  closed.save(true);
  const saved = closed.log.seq;
  const killed = open();
  keep(disk, killed, entries.slice(cut));
  const queues = [...new Set(entries.map(({ doc }) => doc))].filter((doc) => doc !== LOG);
  for (const kept of [killed, open()]) {
    expect(writeState(kept.log)).toBe(writeState(log));
    for (const doc of queues)
      expect(writeApprovals(kept.approvals(doc))).toBe(writeApprovals(chain(doc) as ApprovalDoc));
  }
  // A start that does not believe what was saved drops it and folds everything again, which would agree as well.
  expect(rows.fold(wid, LOG)?.seq).toBe(saved);
};

const run = (disk: Store, start: Start, steps: readonly Step[], checkpointAt: number, cut: number): void => {
  const world = openWorld(start);
  const waiting: { at: number; letter: Letter }[] = [];
  let checkpoint: { seq: number; state: string } | null = null;
  steps.forEach((item, i) => {
    for (const { letter } of waiting.filter(({ at }) => at === i)) deliver(world, letter);
    const letter = write(world, item);
    if (letter === null) return;
    if (item.delay > 0) waiting.push({ at: i + item.delay, letter });
    else deliver(world, letter);
    agree(world);
    if (i === checkpointAt) checkpoint = signCheckpoint(world);
  });
  for (const { letter } of waiting.filter(({ at }) => at >= steps.length)) deliver(world, letter);
  agree(world);
  lanesAgree(world);
  replicasAgree(world.team, checkpoint);
  startsAgree(disk, world.team, 1 + (cut % world.team.entries.length));
};

/** By the first Owner who has a device; the model sees a log entry that changes nothing. */
const signCheckpoint = ({ team, model, devices, counters }: World): { seq: number; state: string } | null => {
  const { roles, devices: known } = model.now();
  const by = devices[known.findIndex(({ of, works }) => works && roles[of] === "owner")];
  if (by === undefined) return null;
  const made = { seq: team.log.seq, state: writeState(team.log) };
  team.given(by, LOG, "checkpoint", {
    v: 2,
    at: [team.log.seq, team.log.head],
    stateHash: stateHashOf(crypto, team.log),
  });
  counters.set(`${by.device} ${LOG}`, by.counters.get(LOG) ?? 0);
  model.idle(team.log.seq);
  return made;
};

/** Worlds where one thing happens often, so that rare meetings happen at all. */
interface Mix {
  readonly name: string;
  readonly roles: readonly string[];
  readonly queues: readonly Queue[];
  readonly kinds: readonly Kind[];
}
const MIXES: readonly Mix[] = [
  {
    name: "a bit of everything",
    roles: ["owner", "admin", "approver", "approver", "member", "guest", "helper", "clerk"],
    queues: QUEUES,
    kinds: KINDS,
  },
  // Votes, and people who gain and lose the right to them in between.
  {
    name: "a busy queue",
    roles: ["approver", "approver", "approver", "admin", "helper"],
    queues: QUEUES.slice(1),
    kinds: [
      "ask",
      "ask",
      "vote",
      "vote",
      "vote",
      "vote",
      "vote",
      "vote",
      "again",
      "fall",
      "fall",
      "role",
      "define",
      "remove",
      "delegate",
      "lend",
      "lend",
      "undelegate",
      "wait",
    ],
  },
  // People who ask with several devices, edit, take back and use what was approved, or only practise.
  {
    name: "a busy desk",
    roles: ["approver", "approver", "member", "admin"],
    queues: [...QUEUES.slice(0, 1), ...QUEUES.slice(2, 4)],
    kinds: [
      "ask",
      "ask",
      "vote",
      "vote",
      "vote",
      "again",
      "again",
      "lend",
      "use",
      "use",
      "rewrap",
      "rewrap",
      "rewrap",
      "cancel",
      "add",
      "rotate",
      "policy",
      "wait",
    ],
  },
  // People who stand in for others, and may lose the right to.
  {
    name: "busy deputies",
    roles: ["approver", "approver", "admin"],
    queues: QUEUES.slice(5),
    kinds: ["ask", "vote", "vote", "vote", "vote", "again", "delegate", "delegate", "lend", "fall", "fall"],
  },
  // People who come, lose their devices and come back.
  {
    name: "a busy door",
    roles: ["owner", "admin", "admin", "member", "helper", "helper", "guest", "clerk"],
    queues: QUEUES.slice(0, 1),
    kinds: [
      "invite",
      "invite",
      "join",
      "join",
      "join",
      "uninvite",
      "role",
      "role",
      "define",
      "remove",
      "revoke",
      "add",
      "wait",
      "wait",
    ],
  },
];
const startOf = ({ roles, queues }: Mix): fc.Arbitrary<Start> => {
  const role = fc.constantFrom(...roles);
  return fc.record({
    roles: fc.tuple(role, role, role, role),
    caps: fc.constantFrom(...CAPS),
    queue: fc.constantFrom(...queues),
  });
};

test.each(MIXES)(
  "[MB2] [MB5] [MB6] [MB7] [MB14] [IN3] [IN4] [IN11] [IN12] [CH10] [CH11] [AP9] [AP13] [AP15] [AP16] [AP18] [AP19] [AP20] [EP2] [EP3] [CK3] [CH16] [T15] [T20] the fold takes what the reference model takes, whatever people do in whatever order: $name",
  (mix) => {
    const disk = openDisk();
    fc.assert(
      fc.property(
        startOf(mix),
        fc.array(stepOf(mix.kinds), { minLength: 1, maxLength: 60, size: "max" }),
        fc.nat(40),
        fc.nat(200),
        (...world) => run(disk, ...world),
      ),
      { numRuns: 150 },
    );
  },
);
