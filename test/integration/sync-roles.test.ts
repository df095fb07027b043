/** Custom roles in apps on a real server: defined, given, changed, and in effect on a connected app at once. */
import { describe, expect, test } from "vitest";
import { main, openApp, joinWith, SERVER, startTeam } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { until } from "../helpers/wait.ts";
import { worded } from "../helpers/worded.ts";
import type { Verdict } from "#bridge/answer.ts";

const define = (app: App, wid: string, name: string, caps: readonly string[], role: string | null = null) =>
  app.room.handlers["role.define"]({ wid, role, name, caps: [...caps] }, main) as Promise<{ role: string }>;
const mine = (app: App, wid: string, capability: string) => app.room.team(wid).mine[capability];

describe("[T7] a custom role", () => {
  test("is defined, shown by name in every app, given, and invited for", async () => {
    const { wid, ada, ben } = await startTeam();
    const { role } = await define(ada, wid, "Release crew", ["tools.use", "threads.create", "approvals.decide"]);
    const seen = await until(() => ben.room.team(wid).roles.find(({ id }) => id === role), "the role at Ben's");
    expect(seen).toEqual({
      id: role,
      name: "Release crew",
      caps: ["threads.create", "tools.use", "approvals.decide"],
      builtIn: false,
      change: { allowed: false, why: worded("The role Member may not manage roles.") },
    });
    expect(ada.room.team(wid).roles.find(({ id }) => id === role)?.change.allowed).toBe(true);
    expect(ada.room.team(wid).roles.find(({ id }) => id === "member")?.change).toEqual({
      allowed: false,
      why: worded("A built-in role stays as it is. Define a role of your own instead."),
    });
    const cleo = await openApp("Cleo");
    await joinWith(ada, cleo, wid, role);
    const explained = cleo.room.handlers["member.explain"]({ wid, member: cleo.room.team(wid).me }, main) as {
      rights: Record<string, Verdict>;
      questions: { kind: string; about: string; verdict: Verdict }[];
    };
    expect(explained.rights["approvals.decide"]).toEqual({
      allowed: true,
      why: worded("The role Release crew may decide approvals."),
    });
    expect(explained.rights["policy.edit"]).toEqual({
      allowed: false,
      why: worded("The role Release crew may not change rules and queues."),
    });
    expect(explained.questions).toEqual(
      expect.arrayContaining([
        {
          kind: "decide-queue",
          about: "Approvers",
          verdict: { allowed: false, why: worded("The queue Approvers names neither this person nor the role.") },
        },
        {
          kind: "give-role",
          about: "Member",
          verdict: { allowed: false, why: worded("The role Release crew may not manage roles.") },
        },
        {
          kind: "change-role",
          about: "Ada",
          verdict: { allowed: false, why: worded("The role Release crew may not manage roles.") },
        },
        { kind: "remove-member", about: "Cleo", verdict: { allowed: true, why: worded("Everybody may leave.") } },
        {
          kind: "remove-member",
          about: "Ada",
          verdict: { allowed: false, why: worded("The role Release crew may not remove members.") },
        },
      ]),
    );
  });

  test("[T5] that loses a right takes it from a connected app at once: the interface, the gate and the server say so", async () => {
    const { wid, ada } = await startTeam();
    const cleo = await openApp("Cleo");
    const { role } = await define(ada, wid, "Worker", ["threads.create", "tools.use"]);
    await joinWith(ada, cleo, wid, role);
    const args = '{"path":"/a"}';
    const waiting = cleo.call(wid, SERVER, args);
    await cleo.room.authority.ask(waiting);
    await ada.decide(wid, (await ada.card(wid)).request, "approve");
    await until(() => cleo.room.authority.standing(waiting.id)?.state === "approved", "the approval");
    await cleo.permitted(waiting);

    await define(ada, wid, "Worker", ["threads.create"], role);
    const rule = "The role Worker may not use tools.";
    await until(() => mine(cleo, wid, "tools.use")?.allowed === false, "the lost right at Cleo's");
    expect(mine(cleo, wid, "tools.use")).toEqual({ allowed: false, why: worded(rule) });
    expect(cleo.room.authority.judge(cleo.call(wid, SERVER, args))).toMatchObject({ kind: "deny", rule: worded(rule) });
    // Checked again at execution: what was approved before does not run now.
    expect(cleo.room.authority.permit(waiting)).toMatchObject({ ok: false });
    expect(cleo.room.workspaces.may(wid, "tools.use")).toEqual({ allowed: false, why: worded(rule) });

    await define(ada, wid, "Worker", ["threads.create", "tools.use"], role);
    await until(() => mine(cleo, wid, "tools.use")?.allowed, "the right is back");
    expect(cleo.room.authority.judge(cleo.call(wid, SERVER, args))).toMatchObject({ kind: "ask" });
  });
});

describe("role.define is refused in words", () => {
  test("[MB5] [MB10] for a right that one does not hold, a role above, a built-in one, one that is not there", async () => {
    const { wid, ada } = await startTeam();
    const cleo = await openApp("Cleo");
    const { role } = await define(ada, wid, "Steward", ["members.assign", "members.invite", "tools.use"]);
    const { role: chief } = await define(ada, wid, "Chief", ["members.assign", "policy.edit"]);
    await joinWith(ada, cleo, wid, role);
    const { role: helper } = await define(cleo, wid, "Helper", ["tools.use"]);
    const beyond = worded("The role Steward does not hold every right of that role.");
    await expect(define(cleo, wid, "Helper", ["tools.use", "policy.edit"], helper)).rejects.toEqual(beyond);
    await expect(define(cleo, wid, "New", ["audit.read"])).rejects.toEqual(beyond);
    await expect(define(cleo, wid, "Chief", ["tools.use"], chief)).rejects.toEqual(beyond);
    await expect(define(ada, wid, "Member", ["tools.use"], "member")).rejects.toEqual(worded(/built-in/));
    await expect(define(ada, wid, "Gone", ["tools.use"], "role-none")).rejects.toMatchObject({ code: "no-such-role" });
    expect(ada.room.team(wid).roles.find(({ id }) => id === chief)?.caps).toEqual(["policy.edit", "members.assign"]);
  });

  test("[T5] by whom the right to give roles is missing, and for a name or a right that cannot be", async () => {
    const { wid, ada, ben } = await startTeam();
    await expect(define(ben, wid, "Mine", ["tools.use"])).rejects.toEqual(
      worded("The role Member may not manage roles."),
    );
    await expect(define(ada, wid, "owner", ["tools.use"])).rejects.toMatchObject({ code: "name-taken" });
    await expect(define(ada, wid, "Flyer", ["fly"])).rejects.toMatchObject({ code: "no-such-right" });
    const { role } = await define(ada, wid, "Crew", ["tools.use", "tools.use"]);
    // Its own name is no other's, and another spelling of it is a change like any other.
    await define(ada, wid, "CREW", [], role);
    expect(ada.room.team(wid).roles.find(({ id }) => id === role)).toMatchObject({ name: "CREW", caps: [] });
    await expect(define(ada, wid, "crew", [])).rejects.toMatchObject({ code: "name-taken" });
  });
});
