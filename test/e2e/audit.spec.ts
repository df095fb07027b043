/** Everything an Admin does from the screens, found again in the audit; what an Auditor may and may not; custom roles. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { verifyExport } from "../helpers/saved-audit.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { callInNewThread, cardFor } from "../../scripts/apps/team.ts";
import { reportOn } from "../../scripts/verify-audit.ts";
import { canary, findCanaries } from "../helpers/canary.ts";
import { connectModified } from "../helpers/modified-client.ts";
import { bringAs } from "../helpers/world.ts";
import type { Person, World } from "../helpers/world.ts";
import { expect, test } from "./fixtures.ts";
import { addServer, confirmed, inviteLink, openPage, pick, section, statusLine } from "./pages.ts";
import { worded } from "../helpers/worded.ts";

/** Joins with an invite for the role, and gets it where an Admin has to confirm. */
const joins = async (world: World, ada: Person, wid: string, name: string, role: string): Promise<Person> => {
  const person = await world.person(name);
  await bringAs(ada, person, wid, role);
  return person;
};
const openTab = async (page: Page, tab: string): Promise<void> => {
  await section(page, "Team").click();
  await page.getByRole("tab", { name: tab }).click();
};
const memberRow = (page: Page, name: string) =>
  page
    .getByRole("list", { name: "Members" })
    .getByRole("listitem")
    .filter({ has: page.getByRole("button", { name: new RegExp(`Details of ${name}`) }) });
const openMember = async (page: Page, name: string) => {
  await openTab(page, "Members");
  const row = memberRow(page, name);
  const head = row.getByRole("button", { name: new RegExp(`Details of ${name}`) });
  if ((await head.getAttribute("aria-expanded")) !== "true") await head.click();
  return row;
};
const openAudit = async (page: Page) => {
  await section(page, "Audit").click();
  return page.getByRole("table", { name: "Acts, newest first" });
};

test("[T14] [T7] an Admin does every administrative act from a screen, and each is found in the audit", async ({
  team: { ada, ben, wid, tool },
  world,
  browser,
}) => {
  test.slow();
  const secret = canary("thread");
  const hidden = await ben.rpc.call("thread.create", { wid });
  await ben.rpc.call("thread.rename", { thread: hidden.id, title: secret });
  const cleo = await joins(world, ada, wid, "Cleo", "admin");
  const page = await openPage(browser, cleo.app);

  await test.step("invites, and revokes the invite", async () => {
    await inviteLink(page, "Dana");
    await page.getByRole("row", { name: /Dana/ }).getByRole("button", { name: "Revoke invite" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Revoke invite" }).click();
    await expect(page.getByRole("row", { name: /Dana/ })).toContainText("Revoked");
  });

  await test.step("defines a role, changes it and gives it", async () => {
    await openTab(page, "Roles");
    await page.getByRole("button", { name: "New role" }).click();
    const dialog = page.getByRole("dialog", { name: "New role" });
    await dialog.getByRole("textbox", { name: "Name of the role" }).fill("Night shift");
    for (const right of ["Write private threads", "Use tools"])
      await dialog.getByRole("checkbox", { name: right }).click();
    await dialog.getByRole("button", { name: "Define role" }).click();
    await expect(dialog).toBeHidden();
    await openTab(page, "Members");
    const role = memberRow(page, "Ben").getByRole("combobox", { name: "Role of Ben" });
    await confirmed(page, () => pick(role, /^Night shift$/), "Give this role", ["Harbour", "Ben", "Night shift"]);
    await ben.rpc.when("team", wid, (view) =>
      view.roles.some(
        ({ id, name }) => name === "Night shift" && view.members.some((member) => member.me && member.role === id),
      ),
    );
    await openTab(page, "Roles");
    const row = page
      .getByRole("list", { name: "Roles" })
      .getByRole("listitem")
      .filter({ hasText: "Night shift" })
      .first();
    await expect(row).toContainText("Held by Ben");
    await row.getByRole("button", { name: /Night shift/ }).click();
    await expect(row).toContainText("A role cannot be deleted");
    await row.getByRole("button", { name: "Change role" }).click();
    const change = page.getByRole("dialog", { name: "Change the role Night shift" });
    await change.getByRole("checkbox", { name: "Read the audit" }).click();
    await change.getByRole("button", { name: "Save role" }).click();
    await expect(change).toBeHidden();
    await ben.rpc.when(
      "team",
      wid,
      (view) => view.mine["audit.read"]?.allowed === true && view.mine["policy.edit"]?.allowed === false,
    );
  });

  await test.step("asks what Ben may do, and reads the rule", async () => {
    const row = await openMember(page, "Ben");
    await row.getByRole("button", { name: "What can they do, and why?" }).click();
    const dialog = page.getByRole("dialog", { name: "What Ben can do, and why" });
    await expect(dialog).toContainText("The role Night shift may not change rules and queues.");
    await expect(dialog.getByRole("region", { name: "Queues whose requests they can decide" })).toContainText(
      "Approvers",
    );
    await expect(
      dialog
        .getByRole("region", { name: "People they can remove" })
        .getByRole("listitem")
        .filter({ hasText: "Everybody may leave." }),
    ).toContainText("Ben");
    await page.keyboard.press("Escape");
  });

  await test.step("adds a tool server, changes its rule and the queue, and removes it", async () => {
    await addServer(
      page,
      `"${process.execPath}" "${resolve("node_modules/@modelcontextprotocol/server-filesystem/dist/index.js")}" "${world.folder}"`,
      "scratch",
      ["write_file"],
    );
    const server = page.getByRole("region", { name: "scratch" });
    await pick(server.getByRole("combobox", { name: "Policy for write_file", exact: true }), /^Deny/);
    await page
      .getByRole("region", { name: "Changes that are not published" })
      .getByRole("button", { name: "Publish" })
      .click();
    await cleo.rpc.when("tools", wid, (view) =>
      view.servers.some(
        ({ name, tools }) =>
          name === "scratch" && tools.some((each) => each.name === "write_file" && each.effect.kind === "deny"),
      ),
    );
    await page.getByRole("button", { name: "Edit queue Approvers" }).click();
    const queue = page.getByRole("dialog", { name: /Edit queue/ });
    await queue.getByRole("textbox", { name: "Queue name" }).fill("Second look");
    await queue.getByRole("button", { name: "Save queue" }).click();
    await expect(queue).toBeHidden();
    await server
      .getByRole("button", { name: /scratch/ })
      .last()
      .click();
    await page.getByRole("menuitem", { name: "Remove server" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Remove server" }).click();
    await expect(server).toBeHidden();
  });

  await test.step("revokes a device, and removes the person", async () => {
    const row = await openMember(page, "Ben");
    await row.getByRole("button", { name: "Revoke device" }).first().click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Revoke device" }).click();
    await expect(row).toContainText("0 devices");
    await row.getByRole("button", { name: "Remove member" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Remove member" }).click();
    await expect(memberRow(page, "Ben")).toContainText("removed");
  });

  await test.step("finds each act in the audit, with person, role and rule", async () => {
    const table = await openAudit(page);
    const search = page.getByRole("searchbox", { name: "Search acts" });
    await page.getByRole("combobox", { name: "Person" }).selectOption({ label: "Cleo" });
    const acts = [
      "made an invite",
      "revoked an invite",
      "defined the role Night shift",
      "gave Ben the role Night shift instead of Member",
      "defined the tool server scratch",
      "removed the tool server scratch",
      "changed the approval policy",
      "Second look",
      "revoked a device of Ben",
      "removed Ben",
    ];
    for (const act of acts) {
      await search.fill(act);
      await expect(table.getByRole("button", { name: new RegExp(act) }).first()).toBeVisible();
    }
    await expect(table.getByRole("row").nth(1)).toContainText("Admin");
    await table.getByRole("button", { name: /removed Ben/ }).click();
    const dialog = page.getByRole("dialog", { name: "One act" });
    await expect(dialog).toContainText("Cleo, Admin at that moment");
    await expect(dialog).toContainText(/Entry \d+ of the member log/);
    await expect(dialog.getByLabel("Signed entry")).toContainText('"c":"');
    await page.keyboard.press("Escape");
    await search.fill(secret);
    await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
    await page.getByRole("button", { name: "Show everything" }).click();
    await expect(table.getByRole("button", { name: /removed Ben/ })).toBeVisible();
  });

  await test.step("opens no private thread, and does not decide an own request", async () => {
    await expect(cleo.rpc.call("thread.page", { thread: hidden.id, before: null, limit: 10 })).rejects.toThrow();
    expect(await cleo.rpc.when("threads", wid, () => true)).toEqual([]);
    expect(
      findCanaries(
        [...world.files(cleo.app.dataDir), { path: "the page", bytes: Buffer.from(await page.content()) }],
        [secret],
      ),
    ).toEqual([]);
    expect(findCanaries(world.files(ben.app.dataDir), [secret])).not.toEqual([]);
    await cleo.rpc.call("server.accept", { wid, server: tool, values: {} });
    await cleo.rpc.when("tools", wid, (view) => view.servers.some(({ id, state }) => id === tool && state === "ready"));
    await callInNewThread(cleo.rpc, wid, tool, "write_file", { path: `${world.folder}/own.txt`, content: "own" });
    expect((await cardFor(cleo.rpc, wid)).canVote).toEqual({
      allowed: false,
      why: worded("Nobody decides their own request."),
    });
  });
});

test("[T6] [T23] an Auditor reads and saves the audit, a file that verifies alone, and changes nothing", async ({
  team: { ada, ben, wid, tool },
  world,
  browser,
}) => {
  const secret = { args: canary("arguments"), title: canary("title") };
  const thread = await callInNewThread(ben.rpc, wid, tool, "write_file", {
    path: `${world.folder}/a.txt`,
    content: secret.args,
  });
  await ben.rpc.call("thread.rename", { thread, title: secret.title });
  await cardFor(ada.rpc, wid);
  const eli = await joins(world, ada, wid, "Eli", "auditor");
  const page = await openPage(browser, eli.app);
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  const table = await openAudit(page);
  await expect(table.getByRole("button", { name: /asked to run write_file on filesystem/ })).toBeVisible();
  await expect(table.getByRole("button", { name: /Ada made an invite/ }).first()).toBeVisible();

  for (const format of ["jsonl", "csv"] as const) {
    await page.getByRole("button", { name: "Export" }).click();
    const dialog = page.getByRole("dialog", { name: "Export the audit" });
    await pick(dialog.getByRole("combobox", { name: "Format" }), new RegExp(format, "i"));
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      dialog.getByRole("button", { name: "Save file" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`audit-harbour.${format}`);
    const file = resolve(world.dir, `audit-harbour.${format}`);
    await download.saveAs(file);
    await expect(dialog).toContainText("was handed to your system");
    await dialog.getByRole("button", { name: "Done" }).click();
    const { code, lines } = reportOn([file]);
    expect([code, lines[0]]).toEqual([0, expect.stringContaining("Verified")]);
    await page.getByRole("button", { name: "Heads" }).click();
    const heads = page.getByRole("dialog", { name: "Heads of the audit" });
    const verified = verifyExport(nodeCrypto, readFileSync(file, "utf8"), format);
    if (!verified.ok) throw new Error(verified.why.code);
    // A workspace of this computer is called by its name; its id is in the file.
    await expect(heads).toContainText("Workspace Harbour");
    expect(verified.wid).toBe(wid);
    for (const [, hash] of Object.values(verified.heads)) await expect(heads).toContainText(hash);
    await page.keyboard.press("Escape");
    // Only what is in sync can say that nothing was left out.
    await expect(statusLine(page)).toContainText("In sync");
    await page.getByRole("button", { name: "Verify a file" }).click();
    const verifying = page.getByRole("dialog", { name: "Verify a saved audit" });
    const chosen = (text: string) =>
      verifying
        .getByLabel("File", { exact: true })
        .setInputFiles({ name: `changed.${format}`, mimeType: "text/plain", buffer: Buffer.from(text) });
    const saved = readFileSync(file, "utf8");
    await chosen(
      format === "csv" ? saved.replace(",Owner,owner,", ",Guest,owner,") : saved.replace("act.founded", "act.left"),
    );
    await expect(verifying.getByRole("alert")).toContainText(
      `changed.${format}, line ${format === "csv" ? 3 : 2}: The line does not say what its entry says.`,
    );
    if (format === "csv") {
      await chosen(saved.replace("founded the workspace", "found the workspace"));
      await expect(verifying.getByRole("region", { name: "Verified" })).toContainText(
        "The words in 1 line of the file, the first of them line 3, are not those that this version writes.",
      );
    }
    await verifying.getByLabel("File", { exact: true }).setInputFiles(file);
    await expect(verifying.getByRole("region", { name: "Verified" })).toContainText(
      "its history is the one that this computer verified",
    );
    for (const [, hash] of Object.values(verified.heads)) await expect(verifying).toContainText(hash);
    await page.keyboard.press("Escape");
    expect(
      findCanaries(
        [
          { path: format, bytes: readFileSync(file) },
          { path: "the page", bytes: Buffer.from(await page.content()) },
        ],
        Object.values(secret),
      ),
    ).toEqual([]);
    // Positive control: a name that is meant to be there is found by the same scan.
    expect(findCanaries([{ path: format, bytes: readFileSync(file) }], ["write_file"])).not.toEqual([]);
  }
  expect(complaints).toEqual([]);

  await openTab(page, "Invites");
  await expect(page.getByRole("button", { name: "Create invite" }).first()).toBeDisabled();
  await expect(page.getByRole("main")).toContainText("The role Auditor may not invite people.");
  await openTab(page, "Roles");
  await expect(page.getByRole("button", { name: "New role" })).toBeDisabled();
  const row = await openMember(page, "Ben");
  await expect(row.getByRole("combobox", { name: "Role of Ben" })).toBeDisabled();
  await expect(row.getByRole("button", { name: "Remove member" })).toBeDisabled();
  await section(page, "Tools").click();
  await expect(page.getByRole("button", { name: "Edit queue Approvers" })).toBeDisabled();

  const bens = (await eli.rpc.when("team", wid, () => true)).members.find(({ name }) => name === "Ben")?.id ?? "";
  const { base } = await eli.rpc.when("policy", wid, () => true);
  const refused = [
    eli.rpc.call("member.remove", { wid, member: bens }),
    eli.rpc.call("member.setRole", { wid, member: bens, role: "guest" }),
    eli.rpc.call("role.define", { wid, role: null, name: "Mine", caps: [] }),
    eli.rpc.call("invite.create", { wid, role: "guest", label: "", expiresInMs: 3_600_000, uses: 1 }),
    eli.rpc.call("server.remove", { wid, server: tool }),
    eli.rpc.call("policy.change", {
      wid,
      base,
      changes: [{ kind: "effects", server: tool, effects: { write_file: { kind: "allow" } } }],
    }),
  ];
  // All are listened to at once: a refusal that nobody has asked for yet ends the test.
  await Promise.all(refused.map((call) => expect(call).rejects.toThrow(/The role Auditor may not [a-z ]+\./)));
});

test("[T5] [T6] a member without the right sees no audit, is told the rule, and gets no row by RPC or by forging", async ({
  team: { ada, ben, wid },
  browser,
}) => {
  const { role } = await ada.rpc.call("role.define", {
    wid,
    role: null,
    name: "Worker",
    caps: ["threads.create", "tools.use"],
  });
  const me = (await ben.rpc.when("team", wid, () => true)).me;
  await ada.rpc.call("member.setRole", { wid, member: me, role });
  const page = await openPage(browser, ben.app);
  await expect(section(page, "Team")).toBeVisible();
  await ben.rpc.when("team", wid, (view) => view.members.some((member) => member.me && member.role === role));
  await expect(section(page, "Audit")).toBeHidden();
  await page.keyboard.press("Alt+5");
  await expect(page.getByRole("main")).toContainText("The role Worker may not read the audit.");
  const row = await openMember(page, "Ben");
  await row.getByRole("button", { name: "What can I do, and why?" }).click();
  const rights = page.getByRole("dialog").getByRole("region", { name: "Rights" });
  await expect(rights.getByRole("listitem").filter({ hasText: "Use tools" })).toContainText("Allowed");
  await expect(rights.getByRole("listitem").filter({ hasText: "Change rules and queues" })).toContainText(
    "The role Worker may not change rules and queues.",
  );
  // The dialog follows what happens while it is open.
  await ada.rpc.call("role.define", { wid, role, name: "Worker", caps: ["threads.create"] });
  await expect(rights.getByRole("listitem").filter({ hasText: "Use tools" })).toContainText(
    "The role Worker may not use tools.",
  );

  await expect(
    ben.rpc.call("audit.page", { wid, match: { member: null, kind: null, text: "" }, from: null, limit: 10 }),
  ).rejects.toThrow("The role Worker may not read the audit.");
  await expect(ben.rpc.call("audit.exportStart", { wid, format: "csv" })).rejects.toThrow("may not read the audit");
  await expect(
    ben.rpc.call("role.define", { wid, role, name: "Worker", caps: ["tools.use", "policy.edit"] }),
  ).rejects.toThrow("may not manage roles");
  await ben.app.stop();
  const client = await connectModified(ben.net.url, wid, "log", ben.app.dataDir);
  for (const caps of [["tools.use", "policy.edit"], ["audit.read"]])
    expect(await client.send(client.command("role.define", { id: role, name: "Worker", caps }))).toEqual({
      ok: false,
      code: "not-allowed",
    });
  client.close();
  expect(
    (
      await ada.rpc.when("team", wid, ({ roles }) => roles.some(({ id, caps }) => id === role && caps.length === 1))
    ).roles.find(({ id }) => id === role)?.caps,
  ).toEqual(["threads.create"]);
});
