/**
 * Who may not be here: strangers, holders of an invite, people with a smaller role, people who lost theirs, and devices
 * that were revoked. Each tries every kind of document, raw Yjs in each, and what they signed while they still could.
 */
import { describe, expect } from "vitest";
import { ADMIN, laneDoc, LOG } from "#core/protocol/ids.ts";
import { CMD, HELLO, SYNC, WELCOME, writeNumbered } from "#core/protocol/wire.ts";
import { attack } from "../helpers/hostile.ts";
import { randomId, randomKey } from "../helpers/node-crypto.ts";
import {
  deviceBody,
  jws,
  lane,
  makeDevice,
  makePerson,
  QUEUE,
  requestBody,
  signAuth,
  signInviteAuth,
} from "../helpers/people.ts";
import type { Person } from "../helpers/people.ts";
import { sharedWorld } from "../helpers/sync-world.ts";
import { dial, dialAs, dialInvite, yjsWrite } from "../helpers/wire-client.ts";
import type { Wire } from "../helpers/wire-client.ts";

const shared = sharedWorld(async (world) => {
  const given = async (kind: string, body: unknown): Promise<void> => {
    const ack = await world.send(world.log, world.ada, LOG, kind, body);
    if (!ack.ok) throw new Error(ack.code);
  };
  const stranger = makePerson("Eve");
  const [approver, member, auditor, guest] = [
    await world.member("Cleo", "approver"),
    await world.member("Ben"),
    await world.member("Aud", "auditor"),
    await world.member("Gus", "guest"),
  ];
  const [demoted, removed, revoked] = [
    await world.member("Dan", "admin"),
    await world.member("Rik", "admin"),
    await world.member("Ren", "admin"),
  ];
  /** Signed while each of them was an Admin. */
  const early = (by: Person): string => world.sign(by, LOG, "server.key", { x: randomKey() }, { n: 50 });
  const signed = { demoted: early(demoted), removed: early(removed), revoked: early(revoked) };
  const sockets = {
    demoted: await world.open(demoted, ADMIN),
    removed: await world.open(removed, LOG),
    revoked: await world.open(revoked, LOG),
  };
  await given("member.role", { member: demoted.member, from: "admin", to: "member" });
  await given("member.remove", { member: removed.member });
  await given("device.revoke", { device: revoked.device });
  const link = await world.invite({ uses: 50 });
  return { people: { stranger, approver, member, auditor, guest, demoted, removed, revoked }, signed, sockets, link };
});
type World = ReturnType<typeof shared>;
type Actor = keyof World["people"];

const DOCS = {
  log: () => LOG,
  "the invites": () => ADMIN,
  "the queue": () => QUEUE,
  "Ada's lane": (world: World) => lane(world.ada),
  "their own lane": (world: World, who: Person) => lane(who),
} as const;
type Doc = keyof typeof DOCS;

const commandIn = (entry: string): string =>
  Buffer.from((JSON.parse(entry) as { c: string }).c.split(".")[1] ?? "", "base64url").toString();

describe("[T15] [SV13] a document is not opened", () => {
  const rows: [Actor, Doc, number][] = [
    ["stranger", "log", 4414],
    ["stranger", "the invites", 4414],
    ["stranger", "the queue", 4414],
    ["stranger", "Ada's lane", 4414],
    ["stranger", "their own lane", 4414],
    ["guest", "the invites", 4403],
    ["guest", "the queue", 4403],
    ["guest", "Ada's lane", 4403],
    ["member", "the invites", 4403],
    ["member", "the queue", 4403],
    ["member", "Ada's lane", 4403],
    ["approver", "the invites", 4403],
    ["approver", "Ada's lane", 4403],
    ["auditor", "Ada's lane", 4403],
    ["demoted", "the invites", 4403],
    ["demoted", "the queue", 4403],
    ["removed", "the invites", 4416],
    ["removed", "the queue", 4416],
    ["removed", "their own lane", 4416],
    ["revoked", "the invites", 4415],
    ["revoked", "the queue", 4415],
    ["revoked", "their own lane", 4415],
  ];
  attack.for(rows)("by the %s: %s, with %i and not one byte", async ([actor, name, code], { control }) => {
    const world = shared();
    const doc = DOCS[name](world, world.people[actor]);
    const wire = await dialAs(world.url, world.wid, doc, world.people[actor]);
    wire.step1();
    expect(await wire.closed).toMatchObject({ code });
    expect(wire.heard).toEqual([HELLO]);
    await control(async () => (await world.open(world.ada, DOCS[name](world, world.ada))).synced());
  });

  attack.for([
    ["removed", 4416],
    ["revoked", 4415],
  ] as const)(
    "[SV17] by the %s: of the log what was theirs to read, the entry that says what happened, and not one more; then %i",
    async ([actor, code], { control }) => {
      const world = shared();
      const who = world.people[actor];
      // What happens afterwards is not theirs any more.
      expect(await world.send(world.log, world.ada, LOG, "server.key", { x: randomKey() })).toMatchObject({ ok: true });
      const all = await (await world.open(world.ada, LOG)).synced();
      const said = all.findIndex((entry) =>
        commandIn(entry).includes(
          actor === "removed" ? `"b":{"member":"${who.member}"}` : `"b":{"device":"${who.device}"}`,
        ),
      );
      const asking = async (as: Person): Promise<Wire> => {
        const wire = dial(world.url, world.wid, LOG);
        const { nonce } = await wire.hello;
        wire.step1();
        wire.auth(signAuth(as, "device", { w: world.wid, d: LOG, nonce, aud: world.url }));
        return wire;
      };
      const wire = await asking(who);
      expect(await wire.closed).toMatchObject({ code });
      expect(wire.entries()).toEqual(all.slice(0, said + 1));
      expect(said + 1).toBeLessThan(all.length);
      // No welcome and no head: nothing of it can be taken for the newest state, and nothing can be asked or sent over it.
      expect(new Set(wire.heard)).toEqual(new Set([HELLO, SYNC]));
      // Nobody else gets it for knowing the name of that device.
      const other = await asking({ ...world.people.stranger, device: who.device });
      expect(await other.closed).toMatchObject({ code: 4413 });
      expect(other.heard).toEqual([HELLO]);
      await control(async () =>
        expect((await (await world.open(world.ada, LOG)).synced()).length).toBeGreaterThanOrEqual(all.length),
      );
    },
  );

  const named: [string, (world: World) => string][] = [
    ["an epoch of the queue that was not opened", () => `${QUEUE}@2`],
    ["an epoch of their own lane that was not opened", (world) => laneDoc(world.people.guest.member, 3)],
    ["a lane of nobody", () => `lane:${randomId()}`],
  ];
  attack.for(named)("that does not exist or is not theirs: %s", async ([_what, doc], { control }) => {
    const world = shared();
    const wire = await dialAs(world.url, world.wid, doc(world), world.people.guest);
    wire.step1();
    expect(await wire.closed).toMatchObject({ code: 4403 });
    await control(async () => (await world.open(world.people.guest, lane(world.people.guest))).synced());
  });

  const paths: [string, string][] = [
    ["with an epoch in a second spelling", "queue:approvers@1"],
    ["with an epoch that starts with 0", "queue:approvers@02"],
    ["in capitals", "LOG"],
    ["one folder up", "log%2f..%2fadmin"],
    ["with an encoded NUL", "log%00"],
    ["with a query that names another", "shadow?doc=log"],
    ["twice", "log/log"],
  ];
  attack.for(paths)("by a path %s: no socket at all", async ([_what, path], { control }) => {
    const world = shared();
    expect(await dial(world.url, world.wid, path).closed).toMatchObject({ code: 404 });
    await control(async () => (await world.open(world.ada, LOG)).synced());
  });
});

describe("[SV30] the holder of an invite", () => {
  attack.for([["the invites"], ["the queue"], ["Ada's lane"]] as const)(
    "opens %s no more than a stranger",
    async ([name], { control }) => {
      const world = shared();
      const doc = DOCS[name](world);
      const wire = dial(world.url, world.wid, doc);
      wire.auth(signInviteAuth(world.link, { w: world.wid, d: doc, nonce: (await wire.hello).nonce, aud: world.url }));
      expect(await wire.closed).toMatchObject({ code: 4403 });
      await control(async () =>
        expect(await (await dialInvite(world.url, world.wid, world.link)).welcome).toMatchObject({ problem: null }),
      );
    },
  );

  const sends: [string, (world: World, who: Person) => readonly [string, string, unknown]][] = [
    [
      "gives themselves a role",
      (_world, who) => [LOG, "member.role", { member: who.member, from: "guest", to: "owner" }],
    ],
    ["adds a device", (world, who) => [LOG, "device.add", deviceBody(world.wid, makeDevice(who))]],
    ["asks for an approval", () => [QUEUE, "approval.request", requestBody()]],
    ["sends a genesis", () => [LOG, "genesis", { text: "{}" }]],
    ["makes an invite", (world) => [ADMIN, "invite.create", { invite: world.link.jws, label: "" }]],
  ];
  attack.for(sends)("%s: refused before anybody asks whose it is", async ([_what, make], { control }) => {
    const world = shared();
    const who = makePerson("Hal");
    const wire = await dialInvite(world.url, world.wid, world.link);
    await wire.welcome;
    const [doc, kind, body] = make(world, who);
    expect(await world.send(wire, who, doc, kind, body)).toEqual({ ok: false, code: "not-allowed" });
    await control(async () => expect(await world.join(world.link, who)).toMatchObject({ ok: true }));
    wire.close();
  });

  attack("joins twice with one key, or as a member who exists: refused", async ({ control }) => {
    const world = shared();
    const twin = makePerson("Ivy");
    await control(async () => expect(await world.join(world.link, twin)).toMatchObject({ ok: true }));
    expect(await world.join(world.link, { ...twin, counters: new Map([[LOG, 9]]) })).toEqual({
      ok: false,
      code: "already-exists",
    });
    expect(await world.join(world.link, { ...makePerson("Ivy"), member: twin.member })).toEqual({
      ok: false,
      code: "already-exists",
    });
  });
});

describe("[T15] [SV20] raw Yjs", () => {
  type Writer = "owner" | Exclude<Actor, "stranger" | "removed" | "revoked">;
  const rows: [Writer, Doc][] = [
    ["owner", "the invites"],
    ["owner", "the queue"],
    ["owner", "their own lane"],
    ["approver", "log"],
    ["approver", "the queue"],
    ["auditor", "log"],
    ["auditor", "the queue"],
    ["member", "their own lane"],
    ["guest", "log"],
    ["guest", "their own lane"],
    ["demoted", "log"],
    ["demoted", "their own lane"],
  ];
  attack.for(rows)(
    "by the %s into %s: closed, and the next reader sees nothing of it",
    async ([writer, name], { control }) => {
      const world = shared();
      const who = writer === "owner" ? world.ada : world.people[writer];
      const doc = DOCS[name](world, who);
      for (const step of [1, 2] as const) {
        const wire = await world.open(who, doc);
        const before = await wire.synced();
        wire.raw(yjsWrite(step, ["forged"], before.length === 0 ? 1 : 7));
        expect(await wire.closed).toMatchObject({ code: 4403, reason: "read-only" });
        await control(async () => expect(await (await world.open(who, doc)).synced()).toEqual(before));
      }
    },
  );

  attack.for([["before the answer"], ["with an invite"], ["as a founder"]] as const)(
    "%s: closed with 4403",
    async ([how], { control }) => {
      const world = shared();
      const founder = makePerson("Fay");
      const wire =
        how === "with an invite"
          ? await dialInvite(world.url, world.wid, world.link)
          : how === "as a founder"
            ? await dialAs(world.url, randomId() as World["wid"], LOG, founder, "found")
            : dial(world.url, world.wid, LOG);
      await (how === "before the answer" ? wire.hello : wire.welcome);
      wire.raw(yjsWrite(2, ["forged"]));
      expect(await wire.closed).toMatchObject({ code: 4403 });
      await control(async () => (await world.open(world.ada, LOG)).synced());
    },
  );
});

describe("[SV27] what somebody could do before", () => {
  const lost: [Exclude<Actor, "stranger" | "approver" | "member" | "auditor" | "guest">, number][] = [
    ["demoted", 4403],
    ["removed", 4416],
    ["revoked", 4415],
  ];
  attack.for(lost)("the socket of the %s was closed with %i when it happened", async ([actor, code], { control }) => {
    const world = shared();
    expect(await world.sockets[actor].closed).toMatchObject({ code });
    await control(async () => (await world.open(world.ada, ADMIN)).synced());
  });

  attack.for(lost)(
    "a command that the %s signed as an Admin and held back does nothing, over whatever socket",
    async ([actor], { control }) => {
      const world = shared();
      const held = world.signed[actor];
      for (const who of [world.ada, world.people.member])
        expect(await (await world.open(who, LOG)).cmd(held)).toEqual({ ok: false, code: "bad-signature" });
      if (actor === "demoted")
        expect(await (await world.open(world.people.demoted, LOG)).cmd(held)).toEqual({
          ok: false,
          code: "not-allowed",
        });
      await control(async () =>
        expect(await world.send(world.log, world.ada, LOG, "server.key", { x: randomKey() })).toMatchObject({
          ok: true,
        }),
      );
    },
  );

  attack.for([["removed"], ["revoked"]] as const)(
    "the %s comes back with the old key through a good invite: refused, a new key is let in",
    async ([actor], { control }) => {
      const world = shared();
      const who = world.people[actor];
      expect(
        await world.join(world.link, {
          ...makePerson(who.name),
          key: who.key,
          device: who.device,
          counters: new Map([[LOG, 60]]),
        }),
      ).toEqual({ ok: false, code: "already-exists" });
      await control(async () => expect(await world.join(world.link, makePerson(who.name))).toMatchObject({ ok: true }));
    },
  );

  attack.for([["removed"], ["revoked"]] as const)(
    "the %s signs new commands, sent by an accomplice: unknown here",
    async ([actor], { control }) => {
      const world = shared();
      const hers = await world.open(world.people.member, LOG);
      expect(
        await world.send(hers, world.people[actor], LOG, "member.role", {
          member: world.people.member.member,
          from: "member",
          to: "admin",
        }),
      ).toEqual({ ok: false, code: "bad-signature" });
      await control(async () =>
        expect(
          await world.send(
            hers,
            world.people.member,
            LOG,
            "device.add",
            deviceBody(world.wid, makeDevice(world.people.member)),
          ),
        ).toMatchObject({ ok: true }),
      );
    },
  );
});

describe("[SV11] an answer", () => {
  const answer = (world: World, nonce: string, over: Record<string, unknown> = {}) => ({
    v: 1,
    w: world.wid,
    d: LOG,
    nonce,
    aud: world.url,
    as: "device",
    x: world.ada.key.x,
    ...over,
  });
  const cases: [string, number, (world: World, nonce: string) => string][] = [
    [
      "signed as a head",
      4412,
      (world, nonce) => jws(world.ada.key, world.ada.device, "bulkhead-head+jws", answer(world, nonce)),
    ],
    [
      "signed as an invite",
      4412,
      (world, nonce) => jws(world.ada.key, world.ada.device, "bulkhead-invite+jws", answer(world, nonce)),
    ],
    [
      "by an invite's key as a device",
      4413,
      (world, nonce) =>
        jws(world.link.key, world.link.id, "bulkhead-auth+jws", answer(world, nonce, { x: world.link.key.x })),
    ],
    [
      "by a device as an invite",
      4413,
      (world, nonce) =>
        jws(world.ada.key, world.ada.device, "bulkhead-auth+jws", answer(world, nonce, { as: "invite" })),
    ],
    [
      "with an invite's id and a device's key",
      4413,
      (world, nonce) => jws(world.ada.key, world.link.id, "bulkhead-auth+jws", answer(world, nonce, { as: "invite" })),
    ],
    [
      "as something new",
      4400,
      (world, nonce) =>
        jws(world.ada.key, world.ada.device, "bulkhead-auth+jws", answer(world, nonce, { as: "admin" })),
    ],
    ["without a nonce", 4400, (world) => jws(world.ada.key, world.ada.device, "bulkhead-auth+jws", answer(world, ""))],
    [
      "with the nonce in another case",
      4411,
      (world, nonce) =>
        jws(
          world.ada.key,
          world.ada.device,
          "bulkhead-auth+jws",
          answer(world, nonce.toUpperCase() === nonce ? nonce.toLowerCase() : nonce.toUpperCase()),
        ),
    ],
    [
      "for the same server with a path",
      4410,
      (world, nonce) =>
        jws(world.ada.key, world.ada.device, "bulkhead-auth+jws", answer(world, nonce, { aud: `${world.url}/` })),
    ],
    [
      "with its signature cut",
      4400,
      (world, nonce) => jws(world.ada.key, world.ada.device, "bulkhead-auth+jws", answer(world, nonce)).slice(0, -2),
    ],
    [
      "with its signature in a second spelling",
      4413,
      (world, nonce) => secondSpelling(jws(world.ada.key, world.ada.device, "bulkhead-auth+jws", answer(world, nonce))),
    ],
    [
      "of 70 kB",
      4400,
      (world, nonce) =>
        jws(world.ada.key, world.ada.device, "bulkhead-auth+jws", answer(world, nonce, { x: "x".repeat(70_000) })),
    ],
    ["that is a command", 4400, (world) => world.sign(world.ada, LOG, "server.key", { x: randomKey() })],
  ];
  /** The last character of 86 carries two bits that say nothing. */
  const secondSpelling = (text: string): string =>
    `${text.slice(0, -1)}${{ A: "B", Q: "R", g: "h", w: "x" }[text.at(-1) ?? ""] ?? "B"}`;
  attack.for(cases)("%s is refused with %i", async ([_what, code, make], { control }) => {
    const world = shared();
    const wire = dial(world.url, world.wid, LOG);
    wire.auth(make(world, (await wire.hello).nonce));
    expect(await wire.closed).toMatchObject({ code });
    expect(wire.heard).toEqual([HELLO]);
    await control(async () => (await world.open(world.ada, LOG)).synced());
  });

  attack(
    "given to a relay that dialled for itself is of no use: it names the address that the victim dialled",
    async ({ control }) => {
      const world = shared();
      const relay = dial(world.url, world.wid, LOG);
      const { nonce } = await relay.hello;
      // The victim dials the relay, is shown the real server's question, and answers for the address it knows.
      relay.auth(
        signAuth(world.people.member, "device", { w: world.wid, d: LOG, nonce, aud: "https://relay.example" }),
      );
      expect(await relay.closed).toMatchObject({ code: 4410 });
      await control(async () => (await world.open(world.people.member, LOG)).synced());
    },
  );

  attack("heard on one document's socket opens no other document", async ({ control }) => {
    const world = shared();
    const [log, queue] = [dial(world.url, world.wid, LOG), dial(world.url, world.wid, QUEUE)];
    const heard = signAuth(world.ada, "device", {
      w: world.wid,
      d: LOG,
      nonce: (await log.hello).nonce,
      aud: world.url,
    });
    await queue.hello;
    queue.auth(heard);
    expect(await queue.closed).toMatchObject({ code: 4412 });
    await control(async () => {
      log.auth(heard);
      await log.welcome;
    });
  });

  attack("sent twice in one breath is judged once, and the second ends the socket", async ({ control }) => {
    const world = shared();
    const wire = dial(world.url, world.wid, LOG);
    const heard = signAuth(world.ada, "device", {
      w: world.wid,
      d: LOG,
      nonce: (await wire.hello).nonce,
      aud: world.url,
    });
    wire.auth(heard);
    wire.auth(heard);
    wire.raw(writeNumbered(CMD, 1, world.sign(world.ada, LOG, "server.key", { x: randomKey() })));
    expect(await wire.closed).toMatchObject({ code: 4400 });
    expect(wire.heard).not.toContain(WELCOME);
    await control(async () => (await world.open(world.ada, LOG)).synced());
  });
});
