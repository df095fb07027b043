/**
 * Somebody with a real invite takes a name that an approver trusts, or names a tool server like another. Names are never
 * unique, so each card, notice and vote has to tell which person it is; what hides in a name is refused before it is signed.
 */
import type { MemberId } from "#core/protocol/ids.ts";
import { why } from "#core/facts/why.ts";
import { wordsOf } from "../helpers/worded.ts";
import { describe, expect, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { markOf, nameInLine, serversAlike } from "../../electron/host/people/names.ts";
import { joinWith, openApp, startTeam } from "../helpers/app.ts";
import { lie } from "../helpers/hostile.ts";
import { createTeam, makeInvite, makePerson, joinBody } from "../helpers/people.ts";
import { until } from "../helpers/wait.ts";

/** All are taken by the core: none hides anything, and each is read as the Owner's name. */
const borrowed = [
  "Ada",
  "ada",
  "ADA",
  "Аda",
  "Adа",
  "Аdа",
  "Ada.",
  "'Ada'",
  "Ada (Owner)",
  "Ada – Owner",
  "Ada, Owner",
  "Αda",
  "Ada\u200d",
  "𝐀da",
  "Ａｄａ",
  "ᴀda",
  "Ada 2",
];

describe.each(borrowed)("a member who calls themselves %j", (name) => {
  lie("[T31] is told apart from the Owner Ada by role and date, on cards, votes and notices", async ({ control }) => {
    const team = createTeam();
    team.given(team.ada, LOG, "member.rename", { name: "Ada!" });
    team.given(team.ada, LOG, "member.rename", { name: "Ada" });
    const eve = team.member(name);
    const mark = markOf(team.log, eve.member);
    const inLine = (member: MemberId) => wordsOf(why("line-name", nameInLine(team.log, member)));
    expect(mark.alike).toContainEqual({ name: "Ada", role: "Owner" });
    expect(mark.role).toBe("Member");
    expect(inLine(eve.member)).toContain("(Member, joined ");
    expect(inLine(eve.member)).toContain("not Ada, Owner");
    await control(() => {
      const ben = team.member("Ben");
      expect(markOf(team.log, ben.member).alike).toEqual([]);
      expect(inLine(ben.member)).toBe("Ben");
    });
  });
});

/** Refused when somebody joins with it or changes to it: what is read is not what is there. */
const hiding = [
  "Ada\u200b",
  "\u202eadA",
  "Ada\u2066",
  "Ada\u00ad",
  "Ada\u{e0041}",
  " Ada",
  "Ada ",
  "Ada\u00a0",
  "Ada\u3164",
  "Ada\n",
  "Ada\ud800",
  "Ada\u2060",
  "Ada\u115f",
  "\ufeffAda",
  "Ada\u061c",
  "Ada\u2028",
  "",
];
describe.each(hiding)("a name like %j", (name) => {
  lie("[T31] [UN1] is refused by the rules, at joining and at renaming", async ({ control }) => {
    const team = createTeam();
    const ben = team.member("Ben");
    expect(team.send(ben, LOG, "member.rename", { name })).toMatchObject({ ok: false, code: "malformed" });
    const eve = { ...makePerson("Eve"), name };
    expect(
      team.send(eve, LOG, "member.join", joinBody(team.wid, makeInvite(team.ada, team.wid, team.now), eve)),
    ).toMatchObject({ ok: false, code: "malformed" });
    await control(() => {
      for (const honest of [
        "Адам Ковальский",
        "שרה",
        "علی‌رضا",
        "अनिता",
        "José Ångström",
        "O'Neil-Smith",
        "王小明",
        "Zoë 👩‍💻",
      ])
        expect(team.send(ben, LOG, "member.rename", { name: honest }).ok).toBe(true);
    });
  });
});

test("[UN1] no verdict about a name depends on Unicode tables: every code point is refused or taken as it is spelled out", () => {
  const team = createTeam();
  const ben = team.member("Ben");
  // Unassigned today, letters tomorrow: taken, and marked by apps.
  for (const char of ["\u0378", "\u{1fffa}", "\ue000"])
    expect(team.send(ben, LOG, "member.rename", { name: `Ben${char}` }).ok).toBe(true);
});

lie("[T31] a person who takes another name is shown with the one they had", async ({ control }) => {
  const { wid, ada, ben } = await startTeam();
  expect(await ben.room.rename("Benjamin")).toEqual({ told: 1, waiting: 0 });
  await until(
    () => ada.room.team(wid).members.some(({ name, formerly }) => name === "Benjamin" && formerly.includes("Ben")),
    "the new name at Ada's",
  );
  expect(await ben.room.rename("Benjamin")).toEqual({ told: 0, waiting: 0 });
  // The log holds it, whatever the computer that asked says of itself.
  await control(async () => {
    const call = ben.call(wid, ben.room.policy(wid).servers[0]?.id ?? "", '{"path":"/a"}');
    await ben.room.authority.ask(call);
    expect(await ada.card(wid)).toMatchObject({
      requester: "Benjamin",
      who: { role: "Member", formerly: ["Ben"], alike: [] },
    });
  });
});

lie("[T31] a second Ada asks: her card and her vote say that she is not the Owner", async ({ control }) => {
  const { wid, ada, ben } = await startTeam();
  const other = await openApp("Ada");
  await joinWith(ada, other, wid, "member");
  const server = ada.room.policy(wid).servers[0]?.id ?? "";
  await other.room.authority.ask(other.call(wid, server, '{"path":"/a"}'));
  const card = await ada.card(wid);
  expect(card).toMatchObject({ requester: "Ada", who: { role: "Member", alike: [{ name: "Ada", role: "Owner" }] } });
  await ada.decide(wid, card.request, "reject");
  await until(
    () => ada.room.cards(wid).find(({ request }) => request === card.request)?.votes.length === 1,
    "the vote",
  );
  expect(ada.room.cards(wid).find(({ request }) => request === card.request)?.votes[0]?.mark).toMatchObject({
    role: "Owner",
    alike: [{ name: "Ada", role: "Member" }],
  });
  await control(async () => {
    await ben.room.authority.ask(ben.call(wid, server, '{"path":"/b"}'));
    await until(() => ada.room.cards(wid).some(({ requester }) => requester === "Ben"), "Ben's card");
    expect(ada.room.cards(wid).find(({ requester }) => requester === "Ben")?.who.alike).toEqual([]);
  });
});

lie("[T31] two tool servers of one name are counted on the card", async ({ control }) => {
  const team = createTeam();
  const define = (id: string, name: string) =>
    team.given(team.ada, LOG, "tool.define", {
      id: id.repeat(22),
      name,
      launch: { kind: "http", url: "https://tools.example", headers: [], vars: [] },
      tools: [],
      policy: null,
    });
  define("A", "files");
  await control(() => expect(serversAlike(team.log, "files")).toBe(1));
  define("B", "fiIes");
  define("C", "Files (team)");
  expect(serversAlike(team.log, "files")).toBe(3);
});
