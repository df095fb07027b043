/** Who may start threads and call tools from them: the role decides, at every call, over the RPC. */
import { describe, expect, test } from "vitest";
import { startServerProcess } from "../helpers/app.ts";
import { openTestHost } from "../helpers/host.ts";
import type { TestHost } from "../helpers/host.ts";
import { worded } from "../helpers/worded.ts";

interface Pair {
  readonly ada: TestHost;
  readonly ben: TestHost;
  readonly wid: string;
  /** Ada gives Ben this role; resolves when Ben's own copy has it. */
  give(role: string): Promise<void>;
}
/** Ada owns a workspace, Ben joined it as a Member. */
const pair = async (): Promise<Pair> => {
  const server = await startServerProcess();
  const [ada, ben] = [await openTestHost("Ada"), await openTestHost("Ben")];
  const { wid } = await ada.call("workspace.create", { name: "Harbour", server: { kind: "url", url: server.url } });
  const invite = await ada.call("invite.create", { wid, role: "member", label: "", expiresInMs: 3_600_000, uses: 1 });
  await ben.call("invite.join", { link: invite.link });
  const team = (of: TestHost) =>
    of.call("watch", { topic: `team/${wid}` }) as Promise<{ me: string; members: { id: string; role: string }[] }>;
  const { me } = await team(ben);
  const roleAt = async (of: TestHost) => (await team(of)).members.find(({ id }) => id === me)?.role;
  await expect.poll(() => roleAt(ada)).toBe("member");
  const give = async (role: string): Promise<void> => {
    await ada.call("member.setRole", { wid, member: me, role });
    await expect.poll(() => roleAt(ben)).toBe(role);
  };
  return { ada, ben, wid, give };
};
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error: { code: string }) => error.code,
  );
const attempts = (of: TestHost, wid: string, thread: string): (readonly [string, () => Promise<unknown>])[] => [
  ["thread.create", () => of.call("thread.create", { wid })],
  ["thread.send", () => of.call("thread.send", { thread, text: "hello" })],
  ["thread.retry", () => of.call("thread.retry", { thread })],
  ["thread.callTool", () => of.call("thread.callTool", { thread, server: "s", tool: "t", args: "{}" })],
];
const codes = async (of: TestHost, wid: string, thread: string): Promise<string[]> => {
  const all: string[] = [];
  for (const [, attempt] of attempts(of, wid, thread)) all.push(await codeOf(attempt()));
  return all;
};
/** Past the rights, there is no model, nothing to retry, and no such tool. */
const ALLOWED = ["done", "no-model-chosen", "nothing-to-retry", "tool-not-here"];
const REFUSED = ["not-permitted", "not-permitted", "not-permitted", "not-permitted"];

describe("[T5] [T7] threads", () => {
  test("are for those whose role allows them; a changed role is in force at the next call, both ways", async () => {
    const { ben, wid, give } = await pair();
    const { id: thread } = await ben.call("thread.create", { wid });
    expect(await codes(ben, wid, thread)).toEqual(ALLOWED);
    for (const [role, name] of [
      ["guest", "Guest"],
      ["auditor", "Auditor"],
    ] as const) {
      await give(role);
      expect(await codes(ben, wid, thread)).toEqual(REFUSED);
      for (const [, attempt] of attempts(ben, wid, thread))
        await expect(attempt()).rejects.toEqual(
          worded(new RegExp(`^The role ${name} may not write private threads\\.`)),
        );
      // What was written stays the person's own.
      expect(await ben.call("thread.page", { thread, before: null, limit: 10 })).toEqual({ messages: [], total: 0 });
      expect(await ben.call("thread.rename", { thread, title: "Mine" })).toEqual({});
      await give("member");
      expect(await codes(ben, wid, thread)).toEqual(ALLOWED);
    }
    for (const role of ["approver", "admin", "owner"]) {
      await give(role);
      expect(await codes(ben, wid, thread)).toEqual(ALLOWED);
    }
  });

  test("of a removed member take nothing more, and stay readable", async () => {
    const { ada, ben, wid } = await pair();
    const { id: thread } = await ben.call("thread.create", { wid });
    const { me } = (await ben.call("watch", { topic: `team/${wid}` })) as { me: string };
    await ada.call("member.remove", { wid, member: me });
    await expect.poll(() => codeOf(ben.call("thread.create", { wid }))).toBe("not-permitted");
    expect(await codes(ben, wid, thread)).toEqual(REFUSED);
    expect(await ben.call("thread.page", { thread, before: null, limit: 10 })).toEqual({ messages: [], total: 0 });
  });
});
