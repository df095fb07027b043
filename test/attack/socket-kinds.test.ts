/**
 * Every kind of command from every role that may not send it, over that person's own socket. The table of who may is
 * written out here and not asked of the rules. The positive control of each row: somebody who may sends the same.
 */
import { describe, expect } from "vitest";
import { stateHashOf } from "#core/rules/checkpoint.ts";
import { ingestLog } from "#core/rules/fold.ts";
import { laneDoc, LOG } from "#core/protocol/ids.ts";
import { epochAt, policyAt, policyPosition } from "#core/rules/may.ts";
import { newLog } from "#core/rules/state.ts";
import type { Log } from "#core/rules/state.ts";
import type { Ack } from "#core/protocol/wire.ts";
import { attack } from "../helpers/hostile.ts";
import { crypto, randomId, randomKey } from "../helpers/node-crypto.ts";
import { lane, makeDevice, deviceBody, makeInvite, makePerson, QUEUE, requestBody } from "../helpers/people.ts";
import type { Person } from "../helpers/people.ts";
import { sharedWorld } from "../helpers/sync-world.ts";
import type { Wire } from "../helpers/wire-client.ts";

const ROLES = ["owner", "admin", "approver", "member", "auditor", "guest"] as const;
type Role = (typeof ROLES)[number];

const shared = sharedWorld(async (world) => {
  const people = { owner: world.ada } as Record<Role, Person>;
  for (const role of ROLES) if (role !== "owner") people[role] = await world.member(`A ${role}`, role);
  const target = await world.member("Dora");
  const logs = {} as Record<Role, Wire>;
  for (const role of ROLES) {
    logs[role] = await world.open(people[role], LOG);
    await logs[role].synced();
  }
  return { people, logs, target };
});
type World = ReturnType<typeof shared>;

/** The log as it is on the server now. */
const folded = async (world: World): Promise<Log> => {
  const log = newLog(world.wid);
  for (const entry of await world.log.synced(world.log.entries().length)) {
    const taken = ingestLog({ crypto }, log, entry, { trusted: true });
    if (!taken.ok) throw new Error(taken.code);
  }
  return log;
};
/** Something that only Owners and Admins may do; its acknowledgement is waited for. */
const given = async (world: World, kind: string, body: unknown): Promise<void> => {
  const ack = await world.send(world.log, world.ada, LOG, kind, body);
  if (!ack.ok) throw new Error(`${kind}: ${ack.code}`);
};
const tool = (id: string) => ({
  id,
  name: "Files",
  launch: { kind: "http", url: "https://tools.example", headers: [], vars: [] },
  tools: [],
  policy: null,
});

interface LogKind {
  readonly kind: string;
  readonly may: readonly Role[];
  readonly code: string;
  readonly body: (world: World) => Promise<unknown>;
}
const LOG_KINDS: readonly LogKind[] = [
  {
    kind: "member.role",
    may: ["owner", "admin"],
    code: "not-allowed",
    body: async (world) => ({ member: (await world.member("Eli")).member, from: "member", to: "guest" }),
  },
  {
    kind: "member.remove",
    may: ["owner", "admin"],
    code: "not-allowed",
    body: async (world) => ({ member: (await world.member("Eli")).member }),
  },
  {
    kind: "device.revoke",
    may: ["owner", "admin"],
    code: "not-allowed",
    body: async (world) => ({ device: (await world.member("Eli")).device }),
  },
  {
    kind: "role.define",
    may: ["owner", "admin"],
    code: "not-allowed",
    body: async () => ({ id: "helper", name: "Helper", caps: ["threads.create"] }),
  },
  {
    kind: "invite.revoke",
    may: ["owner", "admin"],
    code: "not-allowed",
    body: async (world) => ({ id: (await world.invite()).id }),
  },
  { kind: "tool.define", may: ["owner", "admin"], code: "not-allowed", body: async () => tool(randomId()) },
  {
    kind: "tool.remove",
    may: ["owner", "admin"],
    code: "not-allowed",
    body: async (world) => {
      const id = randomId();
      await given(world, "tool.define", tool(id));
      return { id };
    },
  },
  {
    kind: "policy.set",
    may: ["owner", "admin"],
    code: "not-allowed",
    body: async (world) => {
      const log = await folded(world);
      return { base: policyPosition(log), unnamed: "ask", rules: [], queues: policyAt(log).queues };
    },
  },
  { kind: "server.key", may: ["owner", "admin"], code: "not-allowed", body: async () => ({ x: randomKey() }) },
  {
    kind: "epoch.open",
    may: ["owner", "admin"],
    code: "not-allowed",
    body: async (world) => {
      const doc = laneDoc(world.target.member);
      return { doc, n: epochAt(await folded(world), doc) + 1 };
    },
  },
  {
    kind: "checkpoint",
    may: ["owner"],
    code: "owner-signs",
    body: async (world) => {
      const log = await folded(world);
      return { v: 2, at: [log.seq, log.head], stateHash: stateHashOf(crypto, log) };
    },
  },
  {
    kind: "approval.delegate",
    may: ["owner", "admin", "approver"],
    code: "not-allowed",
    body: async (world) => ({ to: world.target.member, until: world.now() + 60_000 }),
  },
];
const sendLog = async (world: World, role: Role, kind: string, body: unknown): Promise<Ack> =>
  world.send(world.logs[role], world.people[role], LOG, kind, body);

describe("[T5] [T6] [T7] [T15] [SV23] in the member log", () => {
  const rows = LOG_KINDS.flatMap(({ kind, may }) =>
    ROLES.filter((role) => !may.includes(role)).map((role) => [kind, role] as const),
  );
  attack.for(rows)("%s by the %s is refused and leaves nothing", async ([kind, role], { control }) => {
    const world = shared();
    const { body, code, may } = LOG_KINDS.find((item) => item.kind === kind) as LogKind;
    const content = await body(world);
    const before = (await folded(world)).seq;
    expect(await sendLog(world, role, kind, content)).toEqual({ ok: false, code });
    // A checkpoint names the state right before it, and nothing was appended since.
    await control(async () =>
      expect(await sendLog(world, may[0] as Role, kind, content)).toMatchObject({ ok: true, s: before + 1 }),
    );
  });

  const everybody = ROLES.map((role) => [role] as const);
  attack.for(everybody)("a second genesis by the %s is refused", async ([role], { control }) => {
    const world = shared();
    expect(await sendLog(world, role, "genesis", { text: "{}" })).toEqual({ ok: false, code: "not-allowed" });
    await control(async () =>
      expect(
        await sendLog(world, role, "device.add", deviceBody(world.wid, makeDevice(world.people[role]))),
      ).toMatchObject({ ok: true }),
    );
  });

  attack.for(everybody)(
    "a device for somebody else by the %s is refused: the key proves itself for one member",
    async ([role], { control }) => {
      const world = shared();
      const device = makeDevice(world.target);
      expect(await sendLog(world, role, "device.add", deviceBody(world.wid, device))).toEqual({
        ok: false,
        code: "bad-proof",
      });
      const wire = await world.open(world.target, LOG);
      await control(async () =>
        expect(await world.send(wire, world.target, LOG, "device.add", deviceBody(world.wid, device))).toMatchObject({
          ok: true,
        }),
      );
      wire.close();
    },
  );

  const small = (["approver", "member", "auditor", "guest"] as const).map((role) => [role] as const);
  attack.for(small)("an invite by the %s is refused, whichever document it is sent to", async ([role], { control }) => {
    const world = shared();
    const by = world.people[role];
    const body = { invite: makeInvite(by, world.wid, world.now()).jws, label: "" };
    expect(await world.send(world.logs[role], by, "admin", "invite.create", body)).toEqual({
      ok: false,
      code: "wrong-doc",
    });
    expect(await world.send(world.logs[role], by, LOG, "invite.create", body)).toEqual({
      ok: false,
      code: "wrong-doc",
    });
    // An Auditor reads the invites, and writes none all the same.
    if (role === "auditor")
      expect(await world.send(await world.open(by, "admin"), by, "admin", "invite.create", body)).toEqual({
        ok: false,
        code: "not-allowed",
      });
    else await expect(world.open(by, "admin")).rejects.toThrow("4403");
    await control(() => world.invite());
  });
});

describe("[T15] an Admin and the Owners", () => {
  const cases: [string, string, (world: World) => readonly [string, unknown] | Promise<readonly [string, unknown]>][] =
    [
      [
        "makes an Admin",
        "owners-only",
        (world) => ["member.role", { member: world.target.member, from: "member", to: "admin" }],
      ],
      [
        "makes themselves an Owner",
        "owners-only",
        (world) => ["member.role", { member: world.people.admin.member, from: "admin", to: "owner" }],
      ],
      [
        "demotes the Owner",
        "owners-only",
        (world) => ["member.role", { member: world.ada.member, from: "owner", to: "member" }],
      ],
      ["removes the Owner", "owners-only", (world) => ["member.remove", { member: world.ada.member }]],
      ["revokes the Owner's device", "owners-only", (world) => ["device.revoke", { device: world.ada.device }]],
      [
        "redefines a built-in role",
        "already-exists",
        () => ["role.define", { id: "member", name: "Member", caps: ["members.assign"] }],
      ],
      [
        "gives a role that does not exist",
        "no-such-role",
        (world) => ["member.role", { member: world.target.member, from: "member", to: "emperor" }],
      ],
      [
        "changes a role from what it is not",
        "stale",
        (world) => ["member.role", { member: world.target.member, from: "guest", to: "member" }],
      ],
      [
        "replaces a policy that is not in force",
        "stale",
        async (world) => {
          const log = await folded(world);
          return [
            "policy.set",
            { base: policyPosition(log) + 1, unnamed: "ask", rules: [], queues: policyAt(log).queues },
          ];
        },
      ],
      ["opens an epoch out of order", "stale", (world) => ["epoch.open", { doc: lane(world.people.guest), n: 7 }]],
    ];
  attack.for(cases)("an Admin %s: %s", async ([_what, code, make], { control }) => {
    const world = shared();
    const [kind, body] = await make(world);
    expect(await sendLog(world, "admin", kind, body)).toEqual({ ok: false, code });
    await control(async () =>
      expect(await sendLog(world, "admin", "server.key", { x: randomKey() })).toMatchObject({ ok: true }),
    );
  });

  attack("[MB6] the last Owner neither steps down nor leaves", async ({ control }) => {
    const world = shared();
    expect(
      await sendLog(world, "owner", "member.role", { member: world.ada.member, from: "owner", to: "member" }),
    ).toEqual({ ok: false, code: "last-owner" });
    expect(await sendLog(world, "owner", "member.remove", { member: world.ada.member })).toEqual({
      ok: false,
      code: "last-owner",
    });
    const second = await world.member("Olga");
    await given(world, "member.role", { member: second.member, from: "member", to: "owner" });
    await control(() => given(world, "member.role", { member: second.member, from: "owner", to: "member" }));
  });
});

/** A request of Dora's in the default queue. */
const asked = async (world: World) => {
  const wire = await world.open(world.target, lane(world.target));
  const ack = await world.send(wire, world.target, QUEUE, "approval.request", requestBody());
  if (!ack.ok) throw new Error(ack.code);
  return { wire, request: ack.id };
};
/** Who may read the queue sends to it; the others over their lane, where commands for queues go. */
const wayOf = (world: World, role: Role): Promise<Wire> =>
  world.open(
    world.people[role],
    ["owner", "admin", "approver", "auditor"].includes(role) ? QUEUE : lane(world.people[role]),
  );

describe("[T20] in a queue", () => {
  attack.for([["auditor"], ["guest"]] as const)("a request by the %s is refused", async ([role], { control }) => {
    const world = shared();
    const [his, hers] = [await wayOf(world, role), await wayOf(world, "member")];
    expect(await world.send(his, world.people[role], QUEUE, "approval.request", requestBody())).toEqual({
      ok: false,
      code: "not-allowed",
    });
    await control(async () =>
      expect(await world.send(hers, world.people.member, QUEUE, "approval.request", requestBody())).toMatchObject({
        ok: true,
      }),
    );
  });

  attack.for([["member"], ["auditor"], ["guest"]] as const)(
    "a vote by the %s is refused",
    async ([role], { control }) => {
      const world = shared();
      const { request } = await asked(world);
      const [his, hers] = [await wayOf(world, role), await wayOf(world, "approver")];
      const vote = { request, v: "approve", note: null };
      expect(await world.send(his, world.people[role], QUEUE, "approval.vote", vote)).toEqual({
        ok: false,
        code: "not-approver",
      });
      await control(async () =>
        expect(await world.send(hers, world.people.approver, QUEUE, "approval.vote", vote)).toMatchObject({ ok: true }),
      );
    },
  );

  const OWN = [
    ["approval.cancel", (request: string) => ({ request }), false],
    ["approval.rewrap", (request: string) => ({ request, jwe: "sealed again" }), false],
    ["approval.used", (request: string) => ({ request, result: "ok" }), true],
  ] as const;
  const rows = OWN.flatMap(([kind]) => ROLES.map((role) => [kind, role] as const));
  attack.for(rows)("%s of somebody else's request by the %s is refused", async ([kind, role], { control }) => {
    const world = shared();
    const { wire, request } = await asked(world);
    const [, body, decided] = OWN.find(([name]) => name === kind) as (typeof OWN)[number];
    const his = await wayOf(world, role);
    if (decided)
      await world.send(await wayOf(world, "approver"), world.people.approver, QUEUE, "approval.vote", {
        request,
        v: "approve",
        note: null,
      });
    expect(await world.send(his, world.people[role], QUEUE, kind, body(request))).toEqual({
      ok: false,
      code: "not-requester",
    });
    await control(async () =>
      expect(await world.send(wire, world.target, QUEUE, kind, body(request))).toMatchObject({ ok: true }),
    );
  });

  const BAD: [string, string, (world: World, request: string) => Record<string, unknown>][] = [
    [
      "for a request that does not exist",
      "no-such-request",
      () => ({ request: crypto.sha256("none"), v: "approve", note: null }),
    ],
    ["with a third answer", "malformed", (_world, request) => ({ request, v: "maybe", note: null })],
    ["with a field too many", "malformed", (_world, request) => ({ request, v: "approve", note: null, weight: 2 })],
    [
      "with a note over its limit",
      "malformed",
      (_world, request) => ({ request, v: "approve", note: "n".repeat(16_385) }),
    ],
  ];
  attack.for(BAD)("a vote %s: %s", async ([_what, code, make], { control }) => {
    const world = shared();
    const { request } = await asked(world);
    const hers = await wayOf(world, "approver");
    expect(await world.send(hers, world.people.approver, QUEUE, "approval.vote", make(world, request))).toEqual({
      ok: false,
      code,
    });
    await control(async () =>
      expect(
        await world.send(hers, world.people.approver, QUEUE, "approval.vote", { request, v: "approve", note: null }),
      ).toMatchObject({ ok: true }),
    );
  });

  attack(
    "an edit of somebody else's request is refused, and so is a request in a queue's name that was not opened",
    async ({ control }) => {
      const world = shared();
      const { wire, request } = await asked(world);
      const hers = await wayOf(world, "member");
      expect(
        await world.send(hers, world.people.member, QUEUE, "approval.request", requestBody({ replaces: request })),
      ).toEqual({ ok: false, code: "not-requester" });
      expect(await world.send(hers, world.people.member, `${QUEUE}@2`, "approval.request", requestBody())).toEqual({
        ok: false,
        code: "no-such-queue",
      });
      await control(async () =>
        expect(
          await world.send(wire, world.target, QUEUE, "approval.request", requestBody({ replaces: request })),
        ).toMatchObject({ ok: true }),
      );
    },
  );

  attack("a practice request where the queue allows none is refused", async ({ control }) => {
    const world = shared();
    const hers = await wayOf(world, "member");
    const practice = async (is: boolean): Promise<Ack> => {
      const log = await folded(world);
      await given(world, "policy.set", {
        base: policyPosition(log),
        unnamed: "ask",
        rules: [],
        queues: policyAt(log).queues.map((queue) => ({ ...queue, practice: is })),
      });
      return world.send(hers, world.people.member, QUEUE, "approval.request", requestBody({ practice: true }));
    };
    expect(await practice(false)).toEqual({ ok: false, code: "no-practice" });
    await control(async () => expect(await practice(true)).toMatchObject({ ok: true }));
  });
});

describe("[T15] a joiner's own command", () => {
  attack.for([["owner"], ["member"], ["guest"]] as const)(
    "member.join over the socket of the %s is refused: joining is for who holds an invite",
    async ([role], { control }) => {
      const world = shared();
      const [invite, who] = [await world.invite(), makePerson("Zoe")];
      const body = {
        member: who.member,
        name: who.name,
        x: who.key.x,
        enc: who.enc,
        invite: invite.jws,
        proof: "A".repeat(86),
      };
      expect(await sendLog(world, role, "member.join", body)).toEqual({ ok: false, code: "not-allowed" });
      await control(async () => expect(await world.join(invite, who)).toMatchObject({ ok: true }));
    },
  );
});
