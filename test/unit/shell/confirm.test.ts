import { describe, expect, test } from "vitest";
import { confirmText } from "#core/protocol/confirm-text.ts";
import {
  AUTH_TYP,
  COMMAND_TYP,
  deviceProofText,
  HEAD_TYP,
  INVITE_TYP,
  joinProofText,
  signingInput,
} from "#core/protocol/command.ts";
import { deviceIdOf } from "#core/protocol/crypto.ts";
import { asksInWindow } from "#bridge/act.ts";
import type { ActKind } from "#bridge/act.ts";
import { KINDS } from "#core/protocol/levels.ts";
import { actSays } from "../../../electron/shell/acts.ts";
import { CONFIRMATION_LIFE_MS, createConfirmations, signable, WAYS } from "../../../electron/shell/confirm.ts";
import { nodeCrypto } from "#node/crypto.ts";

const id22 = (letter: string) => letter.repeat(22);
const hash = (letter: string) => letter.repeat(43);
const wid = id22("w");
const signer = { x: hash("x"), enc: hash("e"), device: deviceIdOf(nodeCrypto, hash("x")) };

const spare = { x: hash("y"), enc: hash("f"), device: deviceIdOf(nodeCrypto, hash("y")) };

const input = (typ: string, body: unknown, kid: string = signer.device) => signingInput(nodeCrypto, kid, typ, body);
const command = (k: string, b: unknown) => ({
  v: 1,
  w: wid,
  d: "queue:default",
  n: 1,
  seen: [1, hash("h")],
  exp: 1_000,
  k,
  x: true,
  b,
});
const vote = (request = hash("r"), v: "approve" | "reject" = "approve") =>
  input(COMMAND_TYP, command("approval.vote", { request, v, note: null }));
const confirmed = { wid, request: hash("r"), vote: "approve", expires: 1_000 } as const;
const auth = { v: 1, w: wid, d: "log", nonce: "n".repeat(22), aud: "http://127.0.0.1:1", as: "device", x: signer.x };
const invite = {
  v: 1,
  w: wid,
  id: id22("i"),
  x: hash("x"),
  role: "member",
  exp: 1,
  uses: 1,
  mode: "direct",
  member: null,
};

const code = (text: string, given: Parameters<typeof signable>[2] = []) => {
  const verdict = signable(text, { signer, ring: [signer, spare] }, given, 500);
  return verdict.ok ? "ok" : verdict.why.code;
};

describe("what this device signs", () => {
  test("commands, sign-ins and invites in its own name", () => {
    expect(code(input(COMMAND_TYP, command("approval.cancel", { request: hash("r") })))).toBe("ok");
    expect(code(input(AUTH_TYP, auth))).toBe("ok");
    expect(code(input(INVITE_TYP, invite))).toBe("ok");
    expect(code(deviceProofText(wid, id22("m"), signer.x, signer.enc))).toBe("ok");
  });

  test("nothing in another device's name", () => {
    for (const [typ, body] of [
      [COMMAND_TYP, command("approval.cancel", { request: hash("r") })],
      [AUTH_TYP, auth],
      [INVITE_TYP, invite],
    ] as const) {
      expect(code(input(typ, body, id22("o")))).toBe("not-this-device");
    }
    expect(code(deviceProofText(wid, id22("m"), hash("o"), signer.enc))).toBe("not-signable");
    expect(code(deviceProofText(wid, id22("m"), signer.x, hash("o")))).toBe("not-signable");
  });

  test("a device is replaced only by another key of this computer", () => {
    const rotate = (x: string, enc: string) =>
      code(input(COMMAND_TYP, command("device.rotate", { x, enc, pop: "A".repeat(86) })));
    expect(rotate(spare.x, spare.enc)).toBe("ok");
    // A key of the host's own would vote without the popup.
    expect(rotate(hash("z"), hash("f"))).toBe("not-our-key");
    expect(rotate(spare.x, hash("z"))).toBe("not-our-key");
  });

  test("nothing of another purpose or shape", () => {
    const good = input(COMMAND_TYP, command("approval.cancel", { request: hash("r") }));
    const [head, body] = good.split(".") as [string, string];
    const forms = [
      "",
      ".",
      "a",
      "a.b",
      "hello world",
      head,
      `${head}.`,
      `.${body}`,
      `${good}.`,
      `${good}.x`,
      `${good} `,
      `${head}=.${body}`,
      input(HEAD_TYP, auth),
      input("JWT", auth),
      input(AUTH_TYP, { ...auth, extra: 1 }),
      input(INVITE_TYP, { ...invite, uses: 0 }),
      input(COMMAND_TYP, command("no.such", {})),
      input(COMMAND_TYP, command("constructor", {})),
      input(COMMAND_TYP, command("approval.cancel", { request: 1 })),
      input(COMMAND_TYP, { ...command("approval.cancel", { request: hash("r") }), v: 2 }),
      `${nodeCrypto.encode(JSON.stringify({ alg: "none", typ: COMMAND_TYP, kid: signer.device }))}.${body}`,
      `${nodeCrypto.encode(JSON.stringify({ alg: "Ed25519", typ: COMMAND_TYP, kid: signer.device, crit: [] }))}.${body}`,
      "[",
      "[]",
      "[1]",
      joinProofText(wid, "i", signer.x, signer.enc, id22("m")),
      ` ${deviceProofText(wid, id22("m"), signer.x, signer.enc)}`,
      `${deviceProofText(wid, id22("m"), signer.x, signer.enc)} `,
      JSON.stringify(["bulkhead-pop-v1", wid, id22("m"), signer.x, signer.enc, "more"]),
      JSON.stringify(["bulkhead-pop-v1", "short", id22("m"), signer.x, signer.enc]),
      "x".repeat(200_000),
    ];
    for (const form of forms) expect(code(form), form.slice(0, 60)).toBe("not-signable");
    expect(code(good)).toBe("ok");
  });
});

describe("votes", () => {
  test("[T20] a vote is signed only for the confirmed request, workspace and side, and in time", () => {
    expect(code(vote())).toBe("not-confirmed");
    expect(code(vote(), [confirmed])).toBe("ok");
    expect(code(vote(hash("s")), [confirmed])).toBe("not-confirmed");
    expect(code(vote(hash("r"), "reject"), [confirmed])).toBe("not-confirmed");
    expect(code(vote(), [{ ...confirmed, wid: id22("v") }])).toBe("not-confirmed");
    expect(code(vote(), [{ ...confirmed, expires: 500 }])).toBe("not-confirmed");
  });

  test("[T20] one confirmation is one signature", () => {
    const confirmations = createConfirmations(() => 0);
    confirmations.record(confirmed);
    expect(confirmations.judge(vote(), signer, [signer])).toMatchObject({ ok: true });
    expect(confirmations.judge(vote(), signer, [signer])).toMatchObject({ ok: false, why: { code: "not-confirmed" } });
  });

  test("a confirmation ends by itself, and a later one of the same card replaces it", () => {
    let now = 0;
    const confirmations = createConfirmations(() => now);
    confirmations.record(confirmed);
    now = CONFIRMATION_LIFE_MS;
    expect(confirmations.judge(vote(), signer, [signer])).toMatchObject({ ok: false });
    confirmations.record(confirmed);
    confirmations.record({ ...confirmed, vote: "reject" });
    expect(confirmations.judge(vote(), signer, [signer])).toMatchObject({ ok: false });
    expect(confirmations.judge(vote(hash("r"), "reject"), signer, [signer])).toMatchObject({ ok: true });
  });

  test("signing something else uses no confirmation up", () => {
    const confirmations = createConfirmations(() => 0);
    confirmations.record(confirmed);
    expect(confirmations.judge(input(AUTH_TYP, auth), signer, [signer])).toMatchObject({ ok: true });
    expect(confirmations.judge(vote(hash("s")), signer, [signer])).toMatchObject({ ok: false });
    expect(confirmations.judge(vote(), signer, [signer])).toMatchObject({ ok: true });
  });
});

describe("own calls", () => {
  const yes = (hash22 = hash("r"), device = signer.device, w = wid) => confirmText(w, device, hash22);

  test("[CF3] a yes to an own call is signed only for the click on exactly that call, there and in time", () => {
    expect(code(yes(), [confirmed])).toBe("ok");
    expect(code(yes())).toBe("not-confirmed");
    expect(code(yes(hash("s")), [confirmed])).toBe("not-confirmed");
    expect(code(yes(hash("r"), signer.device, id22("o")), [confirmed])).toBe("not-confirmed");
    expect(code(yes(), [{ ...confirmed, vote: "reject" }])).toBe("not-confirmed");
    expect(code(yes(), [{ ...confirmed, expires: 500 }])).toBe("not-confirmed");
    expect(code(yes(hash("r"), spare.device), [confirmed])).toBe("not-signable");
    expect(code(yes().replace("v1", "v2"), [confirmed])).toBe("not-signable");
    expect(code(`${yes()} `, [confirmed])).toBe("not-signable");
  });

  test("[CF3] one click is one yes", () => {
    const confirmations = createConfirmations(() => 0);
    confirmations.record({ wid, request: hash("r"), vote: "approve" });
    expect(confirmations.judge(yes(), signer, [signer]).ok).toBe(true);
    expect(confirmations.judge(yes(), signer, [signer])).toMatchObject({ ok: false, why: { code: "not-confirmed" } });
  });
});

describe("acts", () => {
  const [ben, cleo] = [id22("b"), id22("c")];
  const acts = {
    "workspace.level": [{ from: 1, to: 2 }, [{ from: 2, to: 3 }]],
    "member.role": [
      { member: ben, from: "guest", to: "admin" },
      [
        { member: cleo, from: "guest", to: "admin" },
        { member: ben, from: "guest", to: "owner" },
      ],
    ],
    "approval.delegate": [
      { to: ben, until: 9_000 },
      [
        { to: cleo, until: 9_000 },
        { to: ben, until: 9_001 },
      ],
    ],
  } as const;
  const ask = (kind: string, b: unknown, w = wid) => input(COMMAND_TYP, { ...command(kind, b), d: "log", w });
  const clicked = (kind: ActKind, b: unknown) => ({ wid, kind, says: actSays(kind, b) ?? "", expires: 1_000 });
  const cases = Object.entries(acts) as [ActKind, (typeof acts)[ActKind]][];

  test.each(cases)(
    "[SG1] %s is signed only for the click on exactly that, there and in time",
    (kind, [body, others]) => {
      expect(code(ask(kind, body))).toBe("not-confirmed");
      expect(code(ask(kind, body), [confirmed, { wid, x: hash("n"), enc: hash("m"), expires: 1_000 }])).toBe(
        "not-confirmed",
      );
      for (const other of others) {
        expect(code(ask(kind, other), [clicked(kind, body)])).toBe("not-confirmed");
        expect(code(ask(kind, other), [clicked(kind, other)])).toBe("ok");
      }
      for (const [of] of cases.filter(([each]) => each !== kind))
        expect(code(ask(kind, body), [{ ...clicked(kind, body), kind: of }])).toBe("not-confirmed");
      expect(code(ask(kind, body, id22("v")), [clicked(kind, body)])).toBe("not-confirmed");
      expect(code(ask(kind, body), [{ ...clicked(kind, body), expires: 500 }])).toBe("not-confirmed");
      expect(code(ask(kind, body), [clicked(kind, body)])).toBe("ok");
    },
  );

  test("[SG1] one click is one signature, and a later one takes the place of one that was not used", () => {
    const [level, role] = [
      clicked("workspace.level", { from: 1, to: 2 }),
      clicked("member.role", acts["member.role"][0]),
    ];
    const confirmations = createConfirmations(() => 0);
    const judge = (kind: ActKind) => confirmations.judge(ask(kind, acts[kind][0]), signer, [signer]).ok;
    confirmations.record(confirmed);
    confirmations.recordAct(level);
    expect([confirmations.confirmed(level), confirmations.confirmed(role)]).toEqual([true, false]);
    expect([judge("workspace.level"), judge("workspace.level"), confirmations.confirmed(level)]).toEqual([
      true,
      false,
      false,
    ]);
    confirmations.recordAct(level);
    confirmations.recordAct(role);
    expect([judge("workspace.level"), judge("member.role")]).toEqual([false, true]);
    expect(confirmations.judge(vote(), signer, [signer]).ok).toBe(true);
  });

  test("[SG1] a role in which nobody decides or changes anything needs no click, and one that the shell does not know does", () => {
    const give = (to: string) => code(ask("member.role", { member: ben, from: "guest", to }));
    expect(["member", "guest", "approver", "auditor", "admin", "owner", "night-shift"].map(give)).toEqual([
      "ok",
      "ok",
      ...Array.from({ length: 5 }, () => "not-confirmed"),
    ]);
  });

  test("[SG1] every kind that the table marks says which click it takes, and no other kind takes one", () => {
    const marked = Object.entries(KINDS).flatMap(([kind, { click }]) => (click ? [kind] : []));
    expect(Object.keys(WAYS).sort()).toEqual(marked.sort());
    for (const [kind, way] of Object.entries(WAYS))
      expect([kind, asksInWindow(kind, null)]).toEqual([kind, way === "window"]);
  });
});

test("[LV2] the level of a workspace is not signed for a host alone, whatever was confirmed, nor a kind with another mark", () => {
  const raise = command("workspace.level", { from: 1, to: 2 });
  expect(code(input(COMMAND_TYP, { ...raise, d: "log" }), [confirmed])).toBe("not-confirmed");
  const knows = { ...command("device.knows", { version: "1", knows: 1 }), d: "log" };
  expect(code(input(COMMAND_TYP, { ...knows, x: false }))).toBe("not-signable");
  expect(code(input(COMMAND_TYP, knows))).toBe("ok");
});

describe("new devices", () => {
  const keys = { x: hash("n"), enc: hash("m") };
  const add = (body: object = {}, over: object = {}) =>
    input(COMMAND_TYP, {
      ...command("device.add", { ...keys, pop: "p".repeat(86), kind: "desktop", name: null, ...body }),
      d: "log",
      ...over,
    });
  const device = { wid, ...keys, expires: 1_000 };

  test("[T15] a device is added only with the very keys whose number was confirmed, there and in time", () => {
    expect(code(add())).toBe("not-confirmed");
    expect(code(add(), [device])).toBe("ok");
    expect(code(add({ x: hash("o") }), [device])).toBe("not-confirmed");
    expect(code(add({ enc: hash("o") }), [device])).toBe("not-confirmed");
    expect(code(add({}, { w: id22("v") }), [device])).toBe("not-confirmed");
    expect(code(add(), [{ ...device, expires: 500 }])).toBe("not-confirmed");
    expect(code(add(), [confirmed])).toBe("not-confirmed");
    expect(code(vote(), [device])).toBe("not-confirmed");
  });

  test("[T15] one click adds one device, and a later one takes the place of one that was not used", () => {
    const confirmations = createConfirmations(() => 0);
    confirmations.record(confirmed);
    confirmations.recordDevice({ wid, ...keys });
    expect(confirmations.judge(add(), signer, [signer])).toMatchObject({ ok: true });
    expect(confirmations.judge(add(), signer, [signer])).toMatchObject({ ok: false, why: { code: "not-confirmed" } });
    confirmations.recordDevice({ wid, ...keys });
    confirmations.recordDevice({ wid, ...keys, x: hash("o") });
    expect(confirmations.judge(add(), signer, [signer])).toMatchObject({ ok: false });
    expect(confirmations.judge(vote(), signer, [signer])).toMatchObject({ ok: true });
  });

  test("[T15] no device is replaced by keys that somebody else holds", () => {
    expect(code(input(COMMAND_TYP, command("device.rotate", { ...keys, pop: "p".repeat(86) })), [device])).toBe(
      "not-our-key",
    );
  });
});
