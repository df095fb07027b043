/** Invites, honest and hostile. The windows' part of it is in `join.spec.ts`. */
import { spawnSync } from "node:child_process";
import { invite, join } from "../../scripts/apps/team.ts";
import type { RpcClient } from "../../scripts/apps/rpc-client.ts";
import { RpcRefusal } from "../../scripts/apps/rpc-calls.ts";
import { linkVia, openWorld } from "../helpers/world.ts";
import { expect, test } from "./fixtures.ts";

const refusalOf = async (work: Promise<unknown>): Promise<RpcRefusal> => {
  const outcome = await work.then(
    (value) => new Error(`It went through: ${JSON.stringify(value)}`),
    (error: unknown) => error as Error,
  );
  if (!(outcome instanceof RpcRefusal)) throw outcome;
  return outcome;
};

const workspacesOf = async (rpc: RpcClient) => (await rpc.when("app", null, () => true)).workspaces.length;

/** Flips one character inside the n-th part of the code after `#`. */
const tampered = (link: string, part: number): string => {
  const [page, code] = link.split("#") as [string, string];
  const parts = code.split(".");
  const text = parts[part] ?? "";
  const middle = Math.floor(text.length / 2);
  parts[part] = text.slice(0, middle) + (text[middle] === "A" ? "B" : "A") + text.slice(middle + 1);
  return `${page}#${parts.join(".")}`;
};

test("[T17] the preview names server, workspace, inviter and role; joining gives that role and the tools at first sync", async ({
  team: { ada, wid, tool },
  world,
}) => {
  const cleo = await world.person("Cleo");
  await cleo.rpc.call("profile.set", { name: "Cleo" });
  const { link } = await invite(ada.rpc, wid, { role: "guest" });
  const preview = await cleo.rpc.call("invite.inspect", { link: linkVia(link, cleo.net) });
  expect(preview).toMatchObject({
    server: cleo.net.url,
    workspace: "Harbour",
    wid,
    inviter: "Ada",
    usesLeft: 1,
    alreadyMember: false,
  });
  expect(preview.role.toLowerCase()).toBe("guest");
  expect(await workspacesOf(cleo.rpc)).toBe(0);
  await join(cleo.rpc, "Cleo", linkVia(link, cleo.net));
  const team = await cleo.rpc.when("team", wid, (view) => view.members.some((member) => member.me));
  expect(team.members.find((member) => member.me)?.role).toBe("guest");
  await cleo.rpc.when("tools", wid, ({ servers }) => servers.some(({ id }) => id === tool));
});

test("[T17] used, revoked and expired invites are refused with the reason, also after a restart of the server", async ({
  team: { ada, wid },
  world,
}) => {
  const [cleo, dora] = await Promise.all([world.person("Cleo"), world.person("Dora")]);
  const used = await invite(ada.rpc, wid);
  const revoked = await invite(ada.rpc, wid);
  const open = await invite(ada.rpc, wid);
  await ada.rpc.call("invite.revoke", { wid, invite: revoked.id });
  await join(cleo.rpc, "Cleo", linkVia(used.link, cleo.net));
  await world.server.crash();
  await dora.rpc.call("profile.set", { name: "Dora" });
  expect((await refusalOf(dora.rpc.call("invite.join", { link: linkVia(used.link, dora.net) }))).message).toBe(
    "The server says: This invite has been used up. Ask for a new one.",
  );
  expect((await refusalOf(dora.rpc.call("invite.join", { link: linkVia(revoked.link, dora.net) }))).message).toContain(
    "The server says: This invite was revoked.",
  );
  expect(await workspacesOf(dora.rpc)).toBe(0);
  await join(dora.rpc, "Dora", linkVia(open.link, dora.net));
  expect(await workspacesOf(dora.rpc)).toBe(1);
});

test("[T28] a hostile link gets a sentence, and nothing happens: no workspace, no connection to a stranger", async ({
  team: { ada, wid },
  world,
}) => {
  const cleo = await world.person("Cleo");
  await cleo.rpc.call("profile.set", { name: "Cleo" });
  const { link } = await invite(ada.rpc, wid);
  const good = linkVia(link, cleo.net);
  const code = good.split("#")[1] ?? "";
  const withServer = (address: string): string =>
    `bulkhead://join#${code.split(".").with(4, Buffer.from(address).toString("base64url")).join(".")}`;
  const hostile: Record<string, string> = {
    empty: "",
    words: "please let me in",
    "one megabyte": `bulkhead://join#${"A".repeat(1_000_000)}`,
    script: "javascript:alert(1)#1.a.b.c.d.e",
    "script in the code": `bulkhead://join#<script>alert(1)</script>`,
    "another route": `bulkhead://delete#${code}`,
    "another page than the server it names": good.replace(/^http:\/\/[^/]+/, "https://evil.example"),
    "credentials in the server": withServer("http://a:b@127.0.0.1"),
    "a file as server": withServer("file:///etc/passwd"),
    "tampered workspace": tampered(good, 1),
    "tampered head": tampered(good, 3),
    "tampered server": tampered(good, 4),
    "tampered seed": tampered(good, 5),
    "cut at its end": good.slice(0, -3),
    "a newer format": good.replace("#1.", "#9."),
  };
  for (const [what, bad] of Object.entries(hostile)) {
    // The log itself is read on joining, so a pinned head that is not in it is seen only then.
    const refusal = await refusalOf(
      cleo.rpc.call(what === "tampered head" ? "invite.join" : "invite.inspect", { link: bad }),
    );
    expect(refusal.message, what).toMatch(/[.]$/);
    expect(refusal.message, what).not.toMatch(/\bat \w+ \(|Error:|undefined/);
    expect(refusal.message.length, what).toBeLessThan(400);
    await refusalOf(cleo.rpc.call("invite.join", { link: bad }));
  }
  expect(await workspacesOf(cleo.rpc)).toBe(0);
  const team = await ada.rpc.when("team", wid, () => true);
  expect(team.members).toHaveLength(2);
  // After all of it the honest link still works: no attempt used it up.
  await join(cleo.rpc, "Cleo", good);
});

test("[T28] a link to a server that is another workspace's, or not there, says so", async ({
  team: { ada, wid },
  world,
}) => {
  const elsewhere = await openWorld();
  try {
    const cleo = await world.person("Cleo");
    await cleo.rpc.call("profile.set", { name: "Cleo" });
    const { link } = await invite(ada.rpc, wid);
    const other = { ...cleo.net, url: elsewhere.server.url };
    expect((await refusalOf(cleo.rpc.call("invite.inspect", { link: linkVia(link, other) }))).message).toMatch(/[.]$/);
    await elsewhere.server.down();
    expect((await refusalOf(cleo.rpc.call("invite.inspect", { link: linkVia(link, other) }))).message).toMatch(/[.]$/);
    expect(await workspacesOf(cleo.rpc)).toBe(0);
    await elsewhere.server.up();
  } finally {
    await elsewhere.close();
  }
});

test("[T28] a link from outside only waits for the confirm screen, twice clicked or not, and a second join is refused in words", async ({
  team: { ada, ben, wid },
  world,
}) => {
  const { appLink, link } = await invite(ada.rpc, wid, { uses: 2 });
  const cleo = await world.person("Cleo");
  await cleo.rpc.call("profile.set", { name: "Cleo" });
  for (let click = 0; click < 2; click++) {
    const second = spawnSync(
      process.execPath,
      ["electron/browser-shell/main.ts", "--no-open", "--data", cleo.app.dataDir, appLink],
      { encoding: "utf8" },
    );
    expect(second.status).toBe(0);
  }
  const app = await cleo.rpc.when("app", null, (view) => view.pendingLink !== null);
  expect(app.pendingLink).toContain("#1.");
  expect(app.workspaces).toEqual([]);
  await cleo.rpc.call("link.take", {});
  expect((await cleo.rpc.when("app", null, (view) => view.pendingLink === null)).workspaces).toEqual([]);

  const again = await ben.rpc.call("invite.inspect", { link: linkVia(link, ben.net) });
  expect(again.alreadyMember).toBe(true);
  await ben.rpc
    .call("invite.join", { link: linkVia(link, ben.net) })
    .catch((error: unknown) => expect(error).toBeInstanceOf(RpcRefusal));
  const team = await ada.rpc.when("team", wid, () => true);
  expect(team.members).toHaveLength(2);
});
