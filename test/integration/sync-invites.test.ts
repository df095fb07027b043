/** Links that are wrong in every way a link can be: each gets its own name and sentence, and nothing happens. */
import { createServer } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocketServer } from "ws";
import { AUTH_TYP, INVITE_TYP } from "#core/protocol/command.ts";
import { readLink, writeCode } from "#core/protocol/link.ts";
import { HELLO, WELCOME, writeText } from "#core/protocol/wire.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { Fact } from "#core/facts/refusal.ts";
import { nodeCrypto, inviteKey } from "#node/crypto.ts";
import { previewOf } from "../../electron/host/workspaces/founding.ts";
import { main, openApp, startTeam } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { makeKey } from "../helpers/node-crypto.ts";
import { jws } from "../helpers/people.ts";
import { until } from "../helpers/wait.ts";
import { worded, wordsOf } from "../helpers/worded.ts";

const inspect = (app: App, link: string) => app.room.handlers["invite.inspect"]({ link }, main);
const join = (app: App, link: string) => app.room.handlers["invite.join"]({ link }, main);
const codeIn = (link: string) => {
  const read = readLink(nodeCrypto, link);
  if (!read.ok) throw new Error(read.problem);
  return read.code;
};
const invited = async (over: { role?: string; uses?: number } = {}) => {
  const team = await startTeam();
  const invite = await team.ada.room.handlers["invite.create"](
    { wid: team.wid, role: over.role ?? "member", label: "", expiresInMs: 3_600_000, uses: over.uses ?? 1 },
    main,
  );
  const cleo = await openApp("Cleo");
  return { ...team, invite, link: invite.link ?? "", cleo };
};
/** Codes with which looking and joining are refused; each comes with a sentence, and leaves nothing behind. */
/** What the server says is told as its word: the code of what it says. */
const saidIn = ({ code, view }: Refusal): string =>
  code === "server-says" && "args" in view ? (view.args[0] as Fact).code : code;
const refusals = async (app: App, link: string): Promise<string[]> => {
  const codes: string[] = [];
  for (const attempt of [inspect, join]) {
    const refused: unknown = await Promise.resolve(attempt(app, link)).then(
      () => null,
      (error: unknown) => error,
    );
    if (!(refused instanceof Refusal)) throw new Error("it was not refused");
    codes.push(
      /^[A-Z].*[.?]$/.test(wordsOf(refused) ?? "") && app.room.summaries().length === 0
        ? saidIn(refused)
        : `no sentence for ${refused.code}`,
    );
  }
  return codes;
};

const [WID, SEED] = ["a".repeat(22), "a".repeat(22)];
const hello = (v: number): Uint8Array =>
  writeText(HELLO, JSON.stringify({ from: v, to: v, nonce: "n".repeat(32), origin: "", key: "k".repeat(43) }));
/** A server that says `text` to whoever dials it and `next` to whatever they answer, and a link that leads there. */
const impostor = async () => {
  const http = createServer((_request, response) => void response.end("hello"));
  const sockets = new WebSocketServer({ noServer: true });
  const say = { text: "" as string | Uint8Array, next: null as Uint8Array | null };
  http.on("upgrade", (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (ws) => {
      ws.send(say.text);
      ws.on("message", () => say.next !== null && ws.send(say.next));
    }),
  );
  await new Promise<void>((resolve) => void http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    sockets.clients.forEach((ws) => ws.terminate());
    http.close();
  });
  const address = http.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { say, link: `1.${WID}.1.${"a".repeat(43)}.${nodeCrypto.encode(`http://127.0.0.1:${port}`)}.${SEED}` };
};

describe("[T28] a hostile link does nothing and says why", () => {
  test.each([
    ["a megabyte", "x".repeat(1_048_576), "link-too-long"],
    ["script", "javascript:alert(1)", "link-malformed"],
    ["markup", "<img src=x onerror=alert(1)>", "link-malformed"],
    ["an empty text", "", "link-malformed"],
    ["another scheme", `file:///etc#1.${"a".repeat(22)}`, "link-malformed"],
    ["a newer version", "2.abc", "link-version"],
    [
      "a server that is no origin",
      `1.${"a".repeat(22)}.1.${"a".repeat(43)}.${nodeCrypto.encode("http://user@evil.test/x")}.${"a".repeat(22)}`,
      "link-server",
    ],
    [
      "a page of another server than it names",
      `https://evil.test/join#1.${"a".repeat(22)}.1.${"a".repeat(43)}.${nodeCrypto.encode("https://sync.example.org")}.${"a".repeat(22)}`,
      "link-server",
    ],
    [
      "a server that is not there",
      `1.${"a".repeat(22)}.1.${"a".repeat(43)}.${nodeCrypto.encode("http://127.0.0.1:1")}.${"a".repeat(22)}`,
      "server-unreachable",
    ],
  ])("%s", async (_name, link, code) => {
    expect(await refusals(await openApp("Cleo"), link)).toEqual([code, code]);
  });

  test("a server that is something else", async () => {
    const { say, link } = await impostor();
    const cleo = await openApp("Cleo");
    for (const text of [
      "hello",
      new Uint8Array([255]),
      new Uint8Array(0),
      writeText(HELLO, "{}"),
      writeText(WELCOME, "{}"),
    ]) {
      say.text = text;
      await expect(inspect(cleo, link)).rejects.toMatchObject({ code: "server-stranger" });
    }
    say.text = hello(2);
    await expect(inspect(cleo, link)).rejects.toMatchObject({ code: "door-app-too-old" });
    say.text = hello(1);
    for (const welcome of [
      "",
      "{}",
      JSON.stringify({ s: 1, invite: "a.b.c", workspace: "W", inviter: "I", used: 0, problem: null }),
    ]) {
      say.next = writeText(WELCOME, welcome);
      await expect(inspect(cleo, link)).rejects.toMatchObject({ code: "invite-bad" });
    }
  });

  test("a server that shows another invite than the link's, or names that are none", async () => {
    const { say, link } = await impostor();
    const cleo = await openApp("Cleo");
    const [own, other] = [inviteKey(SEED), inviteKey("b".repeat(22))];
    say.text = hello(1);
    const shows = (
      over: Record<string, unknown>,
      typ = INVITE_TYP,
      said: Record<string, unknown> = {},
    ): Promise<unknown> => {
      const payload = {
        v: 1,
        w: WID,
        id: own.id,
        x: own.x,
        role: "owner",
        exp: Date.now() + 3_600_000,
        uses: 1,
        mode: "confirm",
        member: null,
        ...over,
      };
      const invite = jws(makeKey(), "d".repeat(22), typ, payload);
      say.next = writeText(
        WELCOME,
        JSON.stringify({
          s: 1,
          invite,
          workspace: "W",
          inviter: "I",
          used: 0,
          problem: null,
          member: null,
          role: "Owner",
          ...said,
        }),
      );
      return Promise.resolve(inspect(cleo, link));
    };
    for (const over of [
      { w: "c".repeat(22) },
      { x: other.x },
      { id: other.id },
      { x: other.x, id: other.id },
      { member: "m".repeat(22) },
    ])
      await expect(shows(over)).rejects.toMatchObject({ code: "invite-bad" });
    await expect(shows({}, AUTH_TYP)).rejects.toMatchObject({ code: "invite-bad" });
    // Characters that reverse or break the line would let a name say something else beside the others.
    for (const name of ["inviter", "workspace", "role"])
      for (const text of ["Ada\u202egnimrahC", "Ada\nOwner", "x".repeat(81)])
        await expect(shows({}, INVITE_TYP, { [name]: text })).rejects.toMatchObject({ code: "invite-bad" });
    await expect(shows({})).resolves.toMatchObject({ workspace: "W", inviter: "I", role: "Owner", confirm: true });
  });

  test("a changed seed, another workspace, a forgotten workspace", async () => {
    const { cleo, link } = await invited();
    const code = codeIn(link);
    expect(await refusals(cleo, writeCode(nodeCrypto, { ...code, seed: "b".repeat(22) }))).toEqual([
      "invite-unknown",
      "invite-unknown",
    ]);
    expect(await refusals(cleo, writeCode(nodeCrypto, { ...code, wid: "b".repeat(22) as never }))).toEqual([
      "workspace-unknown",
      "workspace-unknown",
    ]);
  });

  test("a head that the log does not have stops the join before anything is believed", async () => {
    const { cleo, ada, wid, link } = await invited();
    const code = codeIn(link);
    await expect(
      join(cleo, writeCode(nodeCrypto, { ...code, head: [code.head[0], "b".repeat(43) as never] })),
    ).rejects.toMatchObject({ code: "joined-other-history" });
    expect(cleo.room.summaries()).toEqual([]);
    expect(ada.room.team(wid).members).toHaveLength(2);
  });
});

describe("[T28] an invite names its role", () => {
  test("also one that the workspace defined, and says that it did", async () => {
    const { wid, ada } = await startTeam();
    const crew = (
      await ada.room.handlers["role.define"]({ wid, role: null, name: "Night shift", caps: ["tools.use"] }, main)
    ).role;
    const made = (role: string) =>
      ada.room.handlers["invite.create"]({ wid, role, label: "", expiresInMs: 3_600_000, uses: 1 }, main);
    const cleo = await openApp("Cleo");
    expect(await inspect(cleo, (await made(crew)).link ?? "")).toMatchObject({
      role: "Night shift",
      roleDefined: true,
    });
    expect(await inspect(cleo, (await made("auditor")).link ?? "")).toMatchObject({ role: "Auditor", confirm: true });
  });

  test("whatever a server calls it: a built-in role keeps its name, and no other passes for one", () => {
    const at = (role: string, said: string) =>
      previewOf(
        {
          code: { server: "https://x.test", wid: "w", head: [1, "h"], seed: "s" },
          greeting: { workspace: "W", inviter: "I", used: 0, member: null, role: said },
          invite: { role, mode: "direct", exp: 1, uses: 1 },
        } as never,
        false,
      );
    expect([at("owner", "Guest"), at("role-1", "Guest"), at("role-1", "")]).toMatchObject([
      { role: "Owner", roleDefined: false },
      { role: "Guest", roleDefined: true },
      { role: "role-1", roleDefined: true },
    ]);
  });
});

describe("[T17] an invite says what it is worth", () => {
  test("used up", async () => {
    const { cleo, link } = await invited();
    await join(cleo, link);
    expect(await refusals(await openApp("Dan"), link)).toEqual(["invite-used", "invite-used"]);
  });

  test("revoked, also between looking and joining", async () => {
    const { cleo, ada, wid, link, invite } = await invited();
    await inspect(cleo, link);
    await ada.room.handlers["invite.revoke"]({ wid, invite: invite.id }, main);
    expect(await refusals(cleo, link)).toEqual(["invite-revoked", "invite-revoked"]);
    expect(ada.room.invites(wid).find((item) => item.id === invite.id)?.state).toBe("revoked");
  });

  test("expired", async () => {
    const { cleo, link, server } = await invited();
    // By the server: Cleo's own clock may be wrong.
    cleo.clock.pass(3_600_001);
    expect(await inspect(cleo, link)).toMatchObject({ workspace: "Harbour" });
    await server.pass(3_600_001);
    expect(await refusals(cleo, link)).toEqual(["invite-expired", "invite-expired"]);
  });

  test("made by somebody who may no longer invite", async () => {
    const { cleo, ada, ben, wid } = await invited();
    const member = ben.room.team(wid).me;
    await ada.room.handlers["member.setRole"]({ wid, member, role: "admin" }, main);
    await until(() => ben.room.team(wid).mine["members.invite"]?.allowed, "Ben's right");
    const invite = await ben.room.handlers["invite.create"](
      { wid, role: "member", label: "", expiresInMs: 3_600_000, uses: 1 },
      main,
    );
    await ada.room.handlers["member.setRole"]({ wid, member, role: "member" }, main);
    expect(await refusals(cleo, invite.link ?? "")).toEqual(["inviter-lost-right", "inviter-lost-right"]);
  });

  test("pending when the server restarts", async () => {
    const { cleo, server, wid, link } = await invited();
    await server.stop("SIGKILL");
    await server.start();
    expect(await join(cleo, link)).toEqual({ wid });
    await cleo.inSync(wid);
  });

  test("a person without the right is told so before anything is signed", async () => {
    const { ben, wid } = await invited();
    const commands = () => ben.shell.signed.filter((purpose) => purpose !== AUTH_TYP).length;
    const before = commands();
    await expect(
      ben.room.handlers["invite.create"]({ wid, role: "member", label: "", expiresInMs: 60_000, uses: 1 }, main),
    ).rejects.toEqual(worded("The role Member may not invite people."));
    expect(commands()).toBe(before);
  });

  test("the join whose answer was lost is the same join when it is tried again", async () => {
    const { cleo, ada, wid, link } = await invited();
    await join(cleo, link);
    const member = cleo.room.team(wid).me;
    const kept = cleo.store.db.prepare("SELECT count(*) AS n FROM joins").get();
    expect(kept).toEqual({ n: 0 });
    // As after a kill between the server's yes and our own note of it: the command is there, the workspace is not.
    const entries = cleo.store.db
      .prepare("SELECT entry FROM chain WHERE doc = 'log' ORDER BY seq DESC LIMIT 1")
      .get() as { entry: string };
    const jws = (JSON.parse(entries.entry) as { c: string }).c;
    const { id } = ada.room.invites(wid)[0] ?? { id: "" };
    await cleo.room.handlers["workspace.forget"]({ wid }, main);
    cleo.store.db
      .prepare("INSERT INTO joins (wid, invite, member, jws, expires_at) VALUES (?, ?, ?, ?, ?)")
      .run(wid, id, member, jws, Date.now() + 3_600_000);
    expect(await join(cleo, link)).toEqual({ wid });
    expect(cleo.room.team(wid).me).toBe(member);
    await until(() => ada.room.team(wid).members.some(({ id: each }) => each === member), "Cleo at Ada's");
    expect(ada.room.team(wid).members).toHaveLength(3);
  });
});

test("[T28] an invite is never told without its link on the computer that made it", async () => {
  const { ada, wid } = await startTeam();
  const told: (string | null)[] = [];
  const keep = ada.published.push.bind(ada.published);
  // What a window would be sent if each change were told at once.
  ada.published.push = (...topics) => {
    told.push(...ada.room.invites(wid).map(({ link }) => link));
    return keep(...topics);
  };
  const { link } = await ada.room.handlers["invite.create"](
    { wid, role: "member", label: "Cleo", expiresInMs: 3_600_000, uses: 1 },
    main,
  );
  expect(link).not.toBeNull();
  expect(told).toContain(link);
  expect(told).not.toContain(null);
});
