/** A member's modified app, and a server that was taken over: neither changes who may do what. */
import { wordsOf } from "../helpers/worded.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { writeEntry } from "#core/protocol/entry.ts";
import type { Hash } from "#core/protocol/ids.ts";
import { connectModified } from "../helpers/modified-client.ts";
import type { ModifiedClient } from "../helpers/modified-client.ts";
import type { Person } from "../helpers/world.ts";
import { expect, test } from "./fixtures.ts";

const roleOf = async (person: Person, wid: string, name: string): Promise<string | undefined> =>
  (await person.rpc.when("team", wid, () => true)).members.find((member) => member.name === name)?.role;

const memberIds = async (person: Person, wid: string) => {
  const team = await person.rpc.when("team", wid, (view) => view.members.length >= 2);
  const idOf = (name: string) => team.members.find((member) => member.name === name)?.id ?? "";
  return { ada: idOf("Ada"), ben: idOf("Ben") };
};

/** An entry that follows the last one and carries `jws`. */
const nextEntry = (client: ModifiedClient, jws: string): string => {
  const last = client.entries().at(-1) ?? "";
  return writeEntry({
    s: client.entries().length + 1,
    p: nodeCrypto.sha256(last) as Hash,
    t: Date.now(),
    c: jws,
    m: null,
  });
};

test("[T15] a raw Yjs write by a signed-in member is refused, and no other app sees it", async ({
  team: { ada, ben, wid },
}) => {
  const ids = await memberIds(ada, wid);
  await ben.app.stop();
  const client = await connectModified(ben.net.url, wid, "log", ben.app.dataDir);
  const before = client.entries().length;
  const promotion = client.command("member.role", { member: ids.ben, from: "member", to: "owner" });
  client.sendRaw(client.update(nextEntry(client, promotion)));
  expect(await client.closed).toBe(4403);

  const again = await connectModified(ben.net.url, wid, "log", ben.app.dataDir);
  expect(again.entries()).toHaveLength(before);
  again.close();
  expect(await roleOf(ada, wid, "Ben")).toBe("member");
  await ada.rpc.when("status", wid, ({ link }) => link === "in-sync");
});

test("[T15] forged commands are refused with the reason: own promotion, Ada's removal, another's name, another workspace", async ({
  team: { ada, ben, wid },
}) => {
  const ids = await memberIds(ada, wid);
  await ben.app.stop();
  const client = await connectModified(ben.net.url, wid, "log", ben.app.dataDir);
  const verdicts = [
    await client.send(client.command("member.role", { member: ids.ben, from: "member", to: "owner" })),
    await client.send(client.command("member.remove", { member: ids.ada })),
    await client.send(
      client.command("policy.set", { base: client.entries().length, unnamed: "ask", rules: [], queues: [] }),
    ),
    await client.send(
      client.command("member.role", { member: ids.ben, from: "member", to: "owner" }, { w: "A".repeat(22) }),
    ),
    await client.send(
      client.command("member.role", { member: ids.ben, from: "member", to: "owner" }).replace(/.{8}$/, "AAAAAAAA"),
    ),
  ];
  for (const verdict of verdicts) expect(verdict).toMatchObject({ ok: false });
  expect(verdicts[0]?.code).toMatch(/not-yours|owners-only|not-allowed/);
  client.close();
  expect(await roleOf(ada, wid, "Ben")).toBe("member");
  expect(await roleOf(ada, wid, "Ada")).toBe("owner");
});

test("[T15] a server that was taken over serves a forged promotion: every app refuses it, says so and keeps its last verified state", async ({
  team: { ada, ben, wid },
}) => {
  const ids = await memberIds(ada, wid);
  await ben.app.stop();
  const client = await connectModified(ben.net.url, wid, "log", ben.app.dataDir);
  // Correct chain, real signature of Ben's own key, but not Ben's to say.
  const forged = client.update(
    nextEntry(client, client.command("member.role", { member: ids.ben, from: "member", to: "owner" })),
  );
  client.close();
  expect(ada.net.forge("log", forged)).toBeGreaterThan(0);

  const status = await ada.rpc.when("status", wid, (now) => now.link === "tampered");
  expect(wordsOf(status.reason) ?? "").not.toBe("");
  expect(await roleOf(ada, wid, "Ben")).toBe("member");
  await ada.rpc.call("thread.create", { wid });
  expect(await ada.rpc.when("threads", wid, (threads) => threads.length === 1)).toHaveLength(1);
});

test("[T15] the last Owner stays", async ({ team: { ada, wid } }) => {
  const ids = await memberIds(ada, wid);
  await expect(ada.rpc.call("member.remove", { wid, member: ids.ada })).rejects.toThrow(/Owner/);
  await expect(ada.rpc.call("member.setRole", { wid, member: ids.ada, role: "member" })).rejects.toThrow(/Owner/);
  expect(await roleOf(ada, wid, "Ada")).toBe("owner");
});
