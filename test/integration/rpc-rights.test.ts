/** Every method of the table as every role calls it, through the RPC of a whole host on a signed log. */
import { describe, expect, test } from "vitest";
import { methods, type Method } from "#bridge/contract.ts";
import { CAPABILITIES, type Capability } from "#core/protocol/capabilities.ts";
import { BUILT_IN_ROLES } from "#core/rules/roles.ts";
import { CAPABILITY_WORDS } from "../../renderer/text/capability-words.ts";
import { startServerProcess } from "../helpers/app.ts";
import { openTestHost } from "../helpers/host.ts";
import type { TestHost } from "../helpers/host.ts";
import { callIn } from "../helpers/sample-calls.ts";
import type { Fact } from "#core/facts/refusal.ts";
import { wordsOf } from "../helpers/worded.ts";

const every = Object.keys(methods) as Method[];
const rightsOf = (method: Method): readonly Capability[] => {
  const { needs } = methods[method];
  if (typeof needs === "string") return [needs];
  return "none" in needs || "in" in needs ? [] : needs;
};
const withRight = every.filter((method) => rightsOf(method).length > 0);
const asked = [...new Set(withRight.flatMap(rightsOf))];
const withoutRight = (reason: string): Method[] =>
  every.filter((method) => {
    const { needs } = methods[method];
    return typeof needs === "object" && "none" in needs && needs.none === reason;
  });
const inHandler = every.filter((method) => {
  const { needs } = methods[method];
  return typeof needs === "object" && "in" in needs;
});

/** Follows the rule where the call is about threads. */
const STAYS = " What is here stays readable; an Admin can give you another role.";

interface Situation {
  readonly ada: TestHost;
  readonly ben: TestHost;
  readonly wid: string;
  /** Ben's own, from when he was a Member. */
  readonly thread: string;
  /** Ben, as a member. */
  readonly me: string;
  /** Ada gives Ben this role; resolves when Ben's own copy has it. */
  give(role: string): Promise<void>;
}
type Team = { me: string; members: { id: string; role: string; devices: { id: string }[] }[] };
const teamOf = (of: TestHost, wid: string) => of.call("watch", { topic: `team/${wid}` }) as Promise<Team>;
const situation = async (): Promise<Situation> => {
  const server = await startServerProcess();
  const [ada, ben] = [await openTestHost("Ada"), await openTestHost("Ben")];
  const { wid } = await ada.call("workspace.create", { name: "Harbour", server: { kind: "url", url: server.url } });
  const invite = await ada.call("invite.create", { wid, role: "member", label: "", expiresInMs: 3_600_000, uses: 1 });
  await ben.call("invite.join", { link: invite.link });
  const { me } = await teamOf(ben, wid);
  const roleAt = async (of: TestHost) => (await teamOf(of, wid)).members.find(({ id }) => id === me)?.role;
  await expect.poll(() => roleAt(ada)).toBe("member");
  const give = async (role: string): Promise<void> => {
    await ada.call("member.setRole", { wid, member: me, role });
    await expect.poll(() => roleAt(ben)).toBe(role);
  };
  const { id: thread } = await ben.call("thread.create", { wid });
  return { ada, ben, wid, thread, me, give };
};

const answerOf = (work: Promise<unknown>): Promise<{ code: string; message: string }> =>
  work.then(
    () => ({ code: "done", message: "" }),
    (error: Fact) => ({ code: error.code, message: wordsOf(error) ?? "" }),
  );
/** From a window that it is open to. */
const reach = (of: TestHost, method: Method, place: { wid: string; thread: string }) =>
  answerOf((methods[method].windows.includes("main") ? of.call : of.popup)(method, callIn(method, place)));

describe("[T5] [T6] [T7] every method that needs a right", () => {
  /** What each of them answers to Ben: the rule that refuses, or that he got past the right. */
  const answers = async (at: Situation): Promise<string[][]> => {
    const all: string[][] = [];
    for (const method of withRight) {
      const { code, message } = await reach(at.ben, method, at);
      // Behind the right another refusal waits, since nothing of what the call names is there.
      all.push([method, code === "not-permitted" ? message.replace(STAYS, "") : "past the right"]);
    }
    return all;
  };
  const expected = (holds: ReadonlySet<Capability>, name: string): string[][] =>
    withRight.map((method) => {
      const missing = rightsOf(method).find((right) => !holds.has(right));
      return [
        method,
        missing === undefined ? "past the right" : `The role ${name} may not ${CAPABILITY_WORDS[missing]}.`,
      ];
    });

  test("is refused to each built-in role that lacks it, and let through for each that holds it", async () => {
    const at = await situation();
    for (const { id, caps, name } of BUILT_IN_ROLES) {
      await at.give(id);
      expect(await answers(at)).toEqual(expected(caps, name));
    }
  });

  test("is refused to a role that lacks exactly that right, and every other one is let through", async () => {
    const at = await situation();
    for (const right of asked) {
      const caps = CAPABILITIES.filter((each) => each !== right);
      const { role } = await at.ada.call("role.define", { wid: at.wid, role: null, name: `No ${right}`, caps });
      await at.give(role);
      expect(await answers(at)).toEqual(expected(new Set(caps), `No ${right}`));
    }
  });
});

describe("[T6] [T14] an Auditor changes nothing", () => {
  test("each method is refused, or only reads, or is about themselves and their own computer", async () => {
    const at = await situation();
    const { ada, ben, wid, thread } = at;
    const hers = await teamOf(ada, wid);
    const device = hers.members.find(({ id }) => id === hers.me)?.devices[0]?.id;
    const { request } = await ada.call("practice.ask", {
      wid,
      queue: "approvers",
      server: null,
      tool: "example",
      args: "{}",
    });
    await at.give("auditor");
    const total = async (): Promise<number> =>
      (await ada.call("audit.page", { wid, match: { member: null, kind: null, text: "" }, from: null, limit: 1 }))
        .total;
    await expect.poll(() => ada.call("watch", { topic: `audit/${wid}` })).toMatchObject({ progress: null });
    await expect.poll(async () => total()).toBeGreaterThan(5);
    const before = await total();

    // What depends on its subject, with subjects that are there.
    const tries: Partial<Record<Method, readonly [TestHost["call"], unknown]>> = {
      "workspace.checkpoint": [ben.call, { wid }],
      "workspace.raise": [ben.call, { wid, from: 1, to: 2 }],
      "member.remove": [ben.call, { wid, member: hers.me }],
      "device.revoke": [ben.call, { wid, device }],
      "card.get": [ben.call, { wid, request }],
      "card.show": [ben.call, { wid, request }],
      "card.decide": [ben.popup, { wid, request, vote: "approve", note: "" }],
    };
    // What is watched, whole or in pieces, asks the row of its topic.
    expect([...Object.keys(tries), "watch", "list.page", "list.row"].sort()).toEqual([...inHandler].sort());
    const refused: Record<string, string> = {};
    for (const [method, [call, params]] of Object.entries(tries))
      refused[method] = Object.values(await answerOf(call(method as Method, params))).join(": ");
    expect(refused).toEqual({
      "workspace.checkpoint": "owner-signs: Only an Owner can do this.",
      "workspace.raise": "owner-signs: Only an Owner can do this.",
      "member.remove": "not-permitted: The role Auditor may not remove members.",
      "device.revoke": "not-permitted: The role Auditor may not remove members.",
      "card.get": "role-may-not: The role Auditor may not decide approvals.",
      "card.show": "role-may-not: The role Auditor may not decide approvals.",
      "card.decide": "role-may-not: The role Auditor may not decide approvals.",
    });
    for (const method of withRight) {
      const reads = rightsOf(method).every((right) => right.startsWith("audit."));
      const { code } = await reach(ben, method, at);
      if (reads) expect([method, code]).not.toEqual([method, "not-permitted"]);
      else expect([method, code]).toEqual([method, "not-permitted"]);
    }
    const last: Method = "workspace.forget";
    for (const method of [...withoutRight("reads"), ...withoutRight("here").filter((each) => each !== last), last])
      expect([method, (await reach(ben, method, { wid, thread })).code]).not.toEqual([method, "internal"]);
    expect(await total()).toBe(before);
    // Control: whoever may do them does the same things, and each is a row at once.
    const { me } = at;
    for (const [method, params] of [
      ["card.get", { wid, request }],
      ["workspace.checkpoint", { wid }],
      ["member.remove", { wid, member: me }],
    ] as const)
      expect([method, (await answerOf(ada.call(method, params))).code]).toEqual([method, "done"]);
    await expect.poll(total).toBeGreaterThan(before + 1);
  });

  test("what they may sign is about themselves, and nothing else is", () => {
    expect(withoutRight("self").sort()).toEqual([
      "call.cancel",
      "delegation.clear",
      "device.replaceKey",
      "invite.join",
      "pair.answer",
      "pair.arrive",
      "pair.offer",
      "practice.withdraw",
      "profile.set",
      "run.stop",
      "workspace.create",
    ]);
  });
});
