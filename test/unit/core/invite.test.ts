import { describe, expect, test } from "vitest";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import { readLink, writeCode } from "#core/protocol/link.ts";
import { roleOf } from "#core/rules/may.ts";
import type { Hash } from "#core/protocol/ids.ts";
import { crypto, makeKey, randomId } from "../../helpers/node-crypto.ts";
import { createTeam, joinBody, makeInvite, makePerson } from "../../helpers/people.ts";
import type { InviteKit, InviteParts, Person, Team } from "../../helpers/people.ts";

const no = (code: string) => ({ ok: false, code });
const join = (team: Team, invite: InviteKit, who: Person, over: Record<string, unknown> = {}) =>
  team.send(who, LOG, "member.join", { ...joinBody(team.wid, invite, who), ...over });
const by = (team: Team, who: Person, parts?: InviteParts) => makeInvite(who, team.wid, team.now, parts);

test("[IN0] [T17] a good invite makes exactly the member it says, once", () => {
  const team = createTeam();
  const invite = by(team, team.ada, { role: "guest" });
  const ben = makePerson("Ben");
  expect(join(team, invite, ben).ok).toBe(true);
  expect(roleOf(team.log, ben.member)).toBe("guest");
  expect(join(team, invite, makePerson("Cleo"))).toEqual(no("invite-used"));
});

describe("[T17] an invite is refused", () => {
  const cases: [string, string, (team: Team) => { invite: InviteKit; over?: Record<string, unknown> }][] = [
    ["[IN1] made by nobody of this workspace", "invite-bad", (team) => ({ invite: by(team, makePerson("Eve")) })],
    [
      "[IN1] signed by Eve under Ada's device id",
      "invite-bad",
      (team) => ({ invite: by(team, { ...makePerson("Eve"), device: team.ada.device }) }),
    ],
    [
      "[IN1] made for another workspace",
      "invite-bad",
      (team) => ({ invite: by(team, team.ada, { w: createTeam().wid }) }),
    ],
    ["[IN1] whose id is not its key's", "invite-bad", (team) => ({ invite: by(team, team.ada, { id: randomId() }) })],
    [
      "[IN1] changed after signing",
      "invite-bad",
      (team) => {
        const invite = by(team, team.ada);
        const [h, p, s] = invite.jws.split(".") as [string, string, string];
        return {
          invite: {
            ...invite,
            jws: [h, crypto.encode((crypto.decode(p) ?? "").replace('"role":"member"', '"role":"guest"')), s].join("."),
          },
        };
      },
    ],
    [
      "[IN1] of which a part is missing",
      "invite-bad",
      (team) => ({ invite: { ...by(team, team.ada), jws: by(team, team.ada).jws.slice(0, -10) } }),
    ],
    [
      "[IN2] after its last minute",
      "invite-expired",
      (team) => ({ invite: by(team, team.ada, { exp: team.now - 1 }) }),
    ],
    [
      "[IN4] that was revoked",
      "invite-revoked",
      (team) => {
        const invite = by(team, team.ada);
        team.given(team.ada, LOG, "invite.revoke", { id: invite.id });
        return { invite };
      },
    ],
    [
      "[IN5] without the proof that its key signs",
      "bad-proof",
      (team) => {
        const invite = by(team, team.ada);
        return { invite: { ...invite, key: makeKey() } };
      },
    ],
    [
      "[IN5] with a proof that was seen, for other keys",
      "bad-proof",
      (team) => {
        const invite = by(team, team.ada, { uses: 2 });
        return { invite, over: { proof: joinBody(team.wid, invite, makePerson("Ben")).proof } };
      },
    ],
    [
      "[IN5] with a proof for another encryption key",
      "bad-proof",
      (team) => ({ invite: by(team, team.ada), over: { enc: makeKey().x } }),
    ],
    [
      "[IN6] for a role above Member without confirmation",
      "needs-confirm",
      (team) => ({ invite: by(team, team.ada, { role: "approver" }) }),
    ],
    [
      "[IN7] by a Member, who may not invite",
      "inviter-lost-right",
      (team) => ({ invite: by(team, team.member("Cleo")) }),
    ],
    [
      "[IN7] by an Admin for the role Owner",
      "inviter-lost-right",
      (team) => ({ invite: by(team, team.member("Cleo", "admin"), { role: "owner", mode: "confirm" }) }),
    ],
    [
      "[IN7] by somebody who lost the right since",
      "inviter-lost-right",
      (team) => {
        const cleo = team.member("Cleo", "admin");
        const invite = by(team, cleo);
        team.given(team.ada, LOG, "member.role", { member: cleo.member, from: "admin", to: "member" });
        return { invite };
      },
    ],
    [
      "[IN7] by a device that was revoked since",
      "inviter-lost-right",
      (team) => {
        const cleo = team.member("Cleo", "admin");
        const invite = by(team, cleo);
        team.given(team.ada, LOG, "device.revoke", { device: cleo.device });
        return { invite };
      },
    ],
    [
      "[IN8] to take over a member who exists",
      "already-exists",
      (team) => {
        const invite = by(team, team.ada);
        const ben = makePerson("Ben");
        return { invite, over: joinBody(team.wid, invite, { ...ben, member: team.ada.member }) };
      },
    ],
  ];
  test.each(cases)("%s (%s)", (_title, code, prepare) => {
    const team = createTeam();
    const { invite, over = {} } = prepare(team);
    const eve = makePerson("Eve");
    // What decides must be the one broken thing: keys of the body are always those of the sender.
    const fixed =
      "x" in over
        ? {
            ...over,
            x: eve.key.x,
            enc: eve.enc,
            proof: invite.key.sign(
              JSON.stringify(["bulkhead-join-v1", team.wid, invite.id, eve.key.x, eve.enc, over["member"]]),
            ),
          }
        : over;
    expect(join(team, invite, eve, fixed)).toEqual(no(code));
    expect(join(team, by(team, team.ada), eve).ok).toBe(true);
  });
});

test("[IN3] an invite for three people admits three", () => {
  const team = createTeam();
  const invite = by(team, team.ada, { uses: 3 });
  const verdicts = ["Ben", "Cleo", "Dana", "Eve"].map((name) => join(team, invite, makePerson(name)).ok);
  expect(verdicts).toEqual([true, true, true, false]);
});

test("[IN4] [T17] a revocation wins over a redeem that was signed before it and arrives after it", () => {
  const team = createTeam();
  const invite = by(team, team.ada);
  const ben = makePerson("Ben");
  const redeem = team.sign(ben, LOG, "member.join", joinBody(team.wid, invite, ben));
  team.given(team.ada, LOG, "invite.revoke", { id: invite.id });
  expect(team.take(team.log, redeem)).toEqual(no("invite-revoked"));
});

test("[IN6] an invite with confirmation makes a Guest, who is promised a role that an Admin then gives", () => {
  const team = createTeam();
  const invite = by(team, team.ada, { role: "approver", mode: "confirm" });
  const ben = makePerson("Ben");
  expect(join(team, invite, ben).ok).toBe(true);
  expect(team.log.members.get(ben.member)).toMatchObject({ promised: "approver" });
  expect(roleOf(team.log, ben.member)).toBe("guest");
  team.given(team.ada, LOG, "member.role", { member: ben.member, from: "guest", to: "approver" });
  expect(team.log.members.get(ben.member)?.promised).toBeNull();
});

test("[IN8] the joiner's command is signed by the joiner's own new key", () => {
  const team = createTeam();
  const invite = by(team, team.ada);
  const [ben, eve] = [makePerson("Ben"), makePerson("Eve")];
  expect(team.send(eve, LOG, "member.join", joinBody(team.wid, invite, ben))).toEqual(no("unknown-device"));
  expect(team.send({ ...eve, device: ben.device }, LOG, "member.join", joinBody(team.wid, invite, ben))).toEqual(
    no("bad-signature"),
  );
  expect(join(team, invite, ben).ok).toBe(true);
});

test("[IN9] an invite is announced once, by the device that signed it, and only by those who may invite", () => {
  const team = createTeam();
  const [admin, ben] = [team.member("Cleo", "admin"), team.member("Ben")];
  const announce = (who: Person, jws: string) =>
    team.send(who, ADMIN, "invite.create", { invite: jws, label: "for the new one" });
  const invite = by(team, team.ada);
  expect(announce(ben, by(team, ben).jws)).toEqual(no("not-allowed"));
  expect(announce(admin, invite.jws)).toEqual(no("invite-bad"));
  expect(announce(team.ada, invite.jws).ok).toBe(true);
  expect(announce(team.ada, invite.jws)).toEqual(no("already-exists"));
  expect(team.admin.invites.get(invite.id)).toMatchObject({ role: "member", uses: 1, by: team.ada.member });
});

describe("links", () => {
  const team = createTeam();
  const code = {
    wid: team.wid,
    head: [1, team.log.head as Hash] as const,
    seed: "A".repeat(22),
    server: "https://sync.example.org",
  };
  const text = writeCode(crypto, code);

  test.each([
    text,
    `  ${text}\n`,
    `bulkhead://join#${text}`,
    `bulkhead://join/#${text}`,
    `https://sync.example.org/join#${text}`,
  ])("[IN10] reads %s", (link) => {
    expect(readLink(crypto, link)).toEqual({ ok: true, code });
  });

  const parts = text.split(".");
  const without = (i: number, value: string): string => parts.map((part, at) => (at === i ? value : part)).join(".");
  const bad: [string, string, string][] = [
    ["of 1 MB", "link-too-long", "a".repeat(1_048_576)],
    ["with script in it", "link-malformed", "bulkhead://join#<script>alert(1)</script>"],
    ["to another page of the app", "link-malformed", `bulkhead://settings#${text}`],
    ["of another scheme", "link-malformed", `javascript://join#${text}`],
    ["of a later version", "link-version", without(0, "2")],
    ["whose page is another server's", "link-server", `https://evil.example/join#${text}`],
    ["whose page only begins like the server", "link-server", `https://sync.example.org.evil.example/join#${text}`],
    ["that names a file as server", "link-server", without(4, crypto.encode("file:///etc/passwd"))],
    [
      "that names a server with a password",
      "link-server",
      without(4, crypto.encode("https://ada:pw@sync.example.org")),
    ],
    ["that names a server with a path", "link-server", without(4, crypto.encode("https://sync.example.org/x"))],
    ["whose seed is short", "link-malformed", without(5, "AAAA")],
    ["whose head is zero", "link-malformed", without(2, "0")],
    ["without the workspace", "link-malformed", without(1, "")],
    ["with something after it", "link-malformed", `${text}.x`],
    ["that is empty", "link-malformed", ""],
    ["whose server is cut short", "link-malformed", `1.${"a".repeat(22)}.1.${"a".repeat(43)}.aHR0c`],
  ];
  test.each(bad)("[IN10] [T28] a link %s is refused as %s", (_title, problem, link) => {
    expect(readLink(crypto, link)).toEqual({ ok: false, problem });
  });

  test("[IN10] a link that lost its end, wherever it was cut, is told as cut and never as another server's", () => {
    for (const link of [text, `bulkhead://join#${text}`, `https://sync.example.org/join#${text}`])
      for (let lost = 1; lost < text.length; lost++)
        expect([lost, readLink(crypto, link.slice(0, -lost))]).toEqual([
          lost,
          { ok: false, problem: "link-malformed" },
        ]);
  });
});
