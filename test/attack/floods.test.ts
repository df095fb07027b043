/**
 * People who send as much as they can, over their own sockets: what everybody keeps for ever grows by what one person may
 * write and no more. And a server that takes more than that, to make a team's requests too large or its screens useless:
 * every app refuses its copy. The positive control is somebody else, or the same one who stays within.
 */
import { tells } from "../helpers/worded.ts";
import { describe, expect } from "vitest";
import { OWN } from "#core/rules/budget.ts";
import { DEVICES_MAX } from "#core/rules/devices.ts";
import { writeEntry } from "#core/protocol/entry.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName, Hash } from "#core/protocol/ids.ts";
import { WAITING_MAX } from "#core/rules/waiting.ts";
import { createReplica } from "#client/copy/replica.ts";
import { platform } from "../../electron/host/ways/platform.ts";
import { openStore } from "../../electron/host/store/open.ts";
import { createWorkspaceStore } from "../../electron/host/store/workspaces.ts";
import { attack, lie } from "../helpers/hostile.ts";
import { createTeam, deviceBody, ingestInto, lane, makeDevice, QUEUE, requestBody } from "../helpers/people.ts";
import type { Team } from "../helpers/people.ts";
import { sharedWorld } from "../helpers/sync-world.ts";
import { tempDir } from "../helpers/temp.ts";

const times = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe("[BU1] [BU2] [BU4] a member who floods", () => {
  const shared = sharedWorld(() => Promise.resolve({}));

  attack(
    "with names and devices writes what one person may in a day into everybody's log, and the next still write",
    async ({ control }) => {
      const world = shared();
      const gus = await world.member("Gus", "guest");
      const mine = await world.open(gus, LOG);
      await mine.synced();
      const before = world.log.entries().length;
      const names = await Promise.all(
        times(300).map((i) => world.send(mine, gus, LOG, "member.rename", { name: `Gus ${i}` })),
      );
      const devices = await Promise.all(
        times(100).map(() => world.send(mine, gus, LOG, "device.add", deviceBody(world.wid, makeDevice(gus)))),
      );
      const codes = [...names, ...devices].flatMap((ack) => (ack.ok ? [] : [ack.code]));
      expect(new Set(codes)).toEqual(new Set(["too-often"]));
      expect([...names, ...devices].filter(({ ok }) => ok)).toHaveLength(OWN.holds);
      await control(async () =>
        expect(await world.send(world.log, world.ada, LOG, "member.rename", { name: "Ada L." })).toMatchObject({
          ok: true,
        }),
      );
      expect(world.log.entries().length - before).toBeLessThanOrEqual(OWN.holds + 1);
    },
  );

  attack("with devices has ten, whichever of them adds the next", async ({ control }) => {
    const world = shared();
    const eli = await world.member("Eli", "approver");
    const mine = await world.open(eli, LOG);
    await mine.synced();
    const devices = times(DEVICES_MAX - 1).map(() => makeDevice(eli));
    for (const device of devices)
      expect(await world.send(mine, eli, LOG, "device.add", deviceBody(world.wid, device))).toMatchObject({ ok: true });
    const last = devices.at(-1) as (typeof devices)[number];
    await world.log.synced(world.log.entries().length);
    const his = await world.open(last, LOG);
    await his.synced();
    for (const [wire, by] of [
      [mine, eli],
      [his, last],
    ] as const)
      expect(await world.send(wire, by, LOG, "device.add", deviceBody(world.wid, makeDevice(eli)))).toEqual({
        ok: false,
        code: "too-many-devices",
      });
    await control(async () => {
      expect(await world.send(mine, eli, LOG, "device.revoke", { device: devices[0]?.device })).toMatchObject({
        ok: true,
      });
      expect(await world.send(mine, eli, LOG, "device.add", deviceBody(world.wid, makeDevice(eli)))).toMatchObject({
        ok: true,
      });
    });
  });

  attack(
    "with requests has ten open in a queue, and an approver sees nobody else's pushed out",
    async ({ control }) => {
      const world = shared();
      const [fay, cleo] = [await world.member("Fay"), await world.member("Cleo", "approver")];
      const mine = await world.open(fay, lane(fay));
      const acks = await Promise.all(
        times(112).map(() => world.send(mine, fay, QUEUE, "approval.request", requestBody())),
      );
      expect(acks.filter(({ ok }) => ok)).toHaveLength(WAITING_MAX);
      expect(new Set(acks.flatMap((ack) => (ack.ok ? [] : [ack.code])))).toEqual(new Set(["too-many-waiting"]));
      const queue = await world.open(cleo, QUEUE);
      expect(await queue.synced()).toHaveLength(WAITING_MAX);
      await control(async () => {
        const [first] = acks;
        expect(
          await world.send(queue, cleo, QUEUE, "approval.vote", {
            request: first?.ok === true ? first.id : "",
            v: "reject",
            note: null,
          }),
        ).toMatchObject({ ok: true });
        expect(await world.send(mine, fay, QUEUE, "approval.request", requestBody())).toMatchObject({ ok: true });
      });
    },
  );
});

/** Somebody's app as it follows these documents, and the server's next word to it. */
const told = (team: Team) => {
  const store = openStore({ dir: tempDir() });
  const rows = createWorkspaceStore(store);
  const row = {
    wid: team.wid,
    member: team.ada.member,
    device: team.ada.device,
    nextDevice: null,
    server: "http://127.0.0.1:1",
    embedded: null,
    paused: false,
    halt: null,
    pin: [0, ""] as [number, ""],
  };
  rows.add(row, 0);
  const replica = createReplica({
    platform,
    row,
    rows,
    write: store.write,
    now: () => 1,
    monotonic: () => 0,
    changed: () => undefined,
    halted: () => undefined,
  });
  replica.take(
    LOG,
    team.entries.filter(({ doc }) => doc === LOG).map(({ text }) => text),
  );
  return replica;
};
/** The entry that a server makes which asks no rule. */
const unasked = (team: Team, doc: DocName, command: string): string => {
  const chain = team.chain(doc);
  return writeEntry({
    s: chain.seq + 1,
    p: chain.head,
    t: team.now,
    c: command,
    m: doc === LOG ? null : [team.log.seq, team.log.head as Hash],
  });
};

describe("a server that takes more than anybody may send", () => {
  const full = () => {
    const team = createTeam();
    const ben = team.member("Ben", "approver");
    const devices = times(DEVICES_MAX - 1).map(() => makeDevice(ben));
    for (const device of devices) team.given(ben, LOG, "device.add", deviceBody(team.wid, device));
    return { team, ben, devices };
  };

  lie(
    "[BU1] an eleventh device of a member: the app stops at what it verified, and takes it once one is revoked",
    async ({ control }) => {
      const { team, ben } = full();
      const replica = told(team);
      const head = team.log.head;
      replica.take(LOG, [unasked(team, LOG, team.sign(ben, LOG, "device.add", deviceBody(team.wid, makeDevice(ben))))]);
      expect(replica.halt()).toEqual(
        tells("tampered", "more devices of one person than the ten that anybody may have"),
      );
      expect(replica.log.head).toBe(head);
      await control(() => {
        const { team: honest, ben: same, devices } = full();
        const copy = told(honest);
        const made = [
          ["device.revoke", { device: devices[0]?.device }],
          ["device.add", deviceBody(honest.wid, makeDevice(same))],
        ] as const;
        for (const [kind, body] of made) {
          const entry = unasked(honest, LOG, honest.sign(same, LOG, kind, body));
          expect(ingestInto(honest.log, honest.log, entry).ok).toBe(true);
          copy.take(LOG, [entry]);
        }
        expect([copy.halt(), copy.log.head]).toEqual([null, honest.log.head]);
      });
    },
  );

  lie("[BU2] a day's worth and one more of a guest's entries", async ({ control }) => {
    const team = createTeam();
    const gus = team.member("Gus", "guest");
    for (const i of times(OWN.holds)) team.given(gus, LOG, "member.rename", { name: `Gus ${i}` });
    const replica = told(team);
    await control(() => expect([replica.halt(), replica.log.head]).toEqual([null, team.log.head]));
    replica.take(LOG, [unasked(team, LOG, team.sign(gus, LOG, "member.rename", { name: "Gus" }))]);
    expect(replica.halt()).toEqual(
      tells("tampered", "more of one person's changes than anybody may make within a day"),
    );
  });

  lie("[BU4] an eleventh open request, in the queue that an approver reads", async ({ control }) => {
    const team = createTeam();
    const ben = team.member("Ben");
    for (const _ of times(WAITING_MAX)) team.given(ben, QUEUE, "approval.request", requestBody());
    const replica = told(team);
    const texts = team.entries.filter(({ doc }) => doc === QUEUE).map(({ text }) => text);
    replica.take(QUEUE, texts);
    await control(() => expect([replica.halt(), replica.approvals(QUEUE).requests.size]).toEqual([null, WAITING_MAX]));
    replica.take(QUEUE, [unasked(team, QUEUE, team.sign(ben, QUEUE, "approval.request", requestBody()))]);
    expect(replica.halt()).toEqual(tells("tampered", "more open requests of one person than anybody may have"));
    expect(replica.approvals(QUEUE).requests.size).toBe(WAITING_MAX);
  });
});
