/** The audit in apps on a real server: who may read it, that it follows what happens, and files that verify on their own. */
import type { Refusal } from "#core/facts/refusal.ts";
import { describe, expect, test } from "vitest";
import { verifyExport } from "../helpers/saved-audit.ts";
import type { ExportFormat } from "#core/audit/lines.ts";
import type { AuditMatch, AuditRowView } from "#bridge/audit.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { changePolicy, joinWith, main, openApp, SERVER, startTeam } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { canary, findCanaries } from "../helpers/canary.ts";
import { PATIENCE_MS, until } from "../helpers/wait.ts";
import { worded, wordsOf } from "../helpers/worded.ts";
import { rowActWords } from "#text/facts.ts";

const ALL: AuditMatch = { member: null, kind: null, text: "" };
const page = (app: App, wid: string, match: Partial<AuditMatch> = {}, from: number | null = null, limit = 200) =>
  app.room.handlers["audit.page"]({ wid, match: { ...ALL, ...match }, from, limit }, main);
/** Every row, once the app has as many as `want` accepts. */
const rowsWhen = async (
  app: App,
  wid: string,
  want: (rows: readonly AuditRowView[]) => boolean,
): Promise<readonly AuditRowView[]> => {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const { rows } = await page(app, wid);
    if (want(rows)) return rows;
    if (Date.now() > end)
      throw new Error(`waited in vain; there are ${rows.map((row) => rowActWords(row)).join(" | ")}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
/** Resolves once the app has written everything down that the team did so far: Ada's own log is the newest. */
const whole = async (app: App, ada: App, wid: string): Promise<readonly AuditRowView[]> => {
  const headOf = (of: App, doc: string) => of.room.audit(wid).heads.find((head) => head.doc === doc)?.seq ?? 0;
  await until(
    () => ada.room.audit(wid).progress === null && ada.room.invites(wid).length === headOf(ada, "admin"),
    "Ada's audit",
  );
  await until(
    () =>
      app.room.audit(wid).progress === null && ["log", "admin"].every((doc) => headOf(app, doc) === headOf(ada, doc)),
    `the audit at ${app.name}'s`,
  );
  return rowsWhen(app, wid, (rows) => rows.length === app.room.audit(wid).rows);
};
const exported = async (app: App, wid: string, format: ExportFormat): Promise<string> => {
  const started = await app.room.handlers["audit.exportStart"]({ wid, format }, main);
  for (let text = ""; ;) {
    const piece = await app.room.handlers["audit.exportNext"]({ wid, export: started.export }, main);
    text += piece.text;
    if (piece.done) return text;
  }
};
const codeOf = (work: Promise<unknown> | (() => unknown)): Promise<string> =>
  (async () => (typeof work === "function" ? work() : work))().then(
    () => "done",
    (error: { code: string }) => error.code,
  );

/** Ada's team, with an Auditor who joins when things have happened. */
const withAuditor = async () => {
  const team = await startTeam();
  const eli = await openApp("Eli");
  await joinWith(team.ada, eli, team.wid, "auditor");
  return { ...team, eli };
};

describe("[T6] an Auditor", () => {
  test("[T14] [AU4] reads what happened before and what happens now, invites included, with rule, votes and result", async () => {
    const { wid, ada, ben, eli } = await withAuditor();
    const before = await whole(eli, ada, wid);
    expect(before.filter(({ kind }) => kind === "invite.create")).toHaveLength(2);
    expect(before.map((row) => `${row.who} ${rowActWords(row)}`)).toEqual(
      expect.arrayContaining([
        "Ada founded the workspace Harbour",
        "Ada made an invite",
        "Ben joined with an invite",
        "Ada gave Eli the role Auditor instead of Guest",
        "Ada defined the tool server files, with 1 rule for it",
      ]),
    );

    const call = ben.call(wid, SERVER, '{"path":"/a"}');
    await ben.room.authority.ask(call);
    await ada.decide(wid, (await ada.card(wid)).request, "approve");
    const rows = await rowsWhen(eli, wid, (all) => all.some(({ kind }) => kind === "approval.vote"));
    expect(rows.at(-1)).toMatchObject({
      who: "Ada",
      role: "Owner",
      act: worded("approved what Ben asked (write_file on files)"),
      votes: worded("approvals 1 of 1, rejections 0 of 1"),
      result: "approved",
      doc: "queue:approvers",
    });
    expect(rows.at(-1)?.rule).toEqual([worded("The queue Approvers names this person or the role Owner.")]);
    expect(rows.map(({ at }) => at)).toEqual(rows.map(({ at }) => at).toSorted((a, b) => a - b));
  });

  test("sees the hashes and the exact entry behind a row, and the heads", async () => {
    const { wid, ada, eli } = await withAuditor();
    const [first] = await rowsWhen(eli, wid, (rows) => rows.length > 5);
    const entry = eli.room.handlers["audit.entry"]({ wid, doc: first?.doc ?? "", seq: first?.seq ?? 0 }, main) as {
      hash: string;
      entry: string;
      device: string;
      previous: string;
    };
    expect(entry).toMatchObject({ previous: "", hash: nodeCrypto.sha256(entry.entry), member: ada.room.team(wid).me });
    expect(await codeOf(() => eli.room.handlers["audit.entry"]({ wid, doc: "log", seq: 9_999 }, main))).toBe(
      "no-such-entry",
    );
    await until(
      () =>
        eli.room.audit(wid).heads.find(({ doc }) => doc === "admin")?.seq === 2 &&
        eli.room.audit(wid).progress === null,
      "a whole audit",
    );
    await until(
      () => JSON.stringify(ada.room.audit(wid).heads) === JSON.stringify(eli.room.audit(wid).heads),
      "the same heads in both apps",
    );
  });

  test.each(["jsonl", "csv"] as ExportFormat[])(
    "[AU2] exports a %s that verifies on its own, with the heads that the app shows",
    async (format) => {
      const { wid, ada, eli } = await withAuditor();
      await whole(eli, ada, wid);
      const text = await exported(eli, wid, format);
      const heads = Object.fromEntries(eli.room.audit(wid).heads.map(({ doc, seq, hash }) => [doc, [seq, hash]]));
      expect(verifyExport(nodeCrypto, text, format)).toEqual({
        ok: true,
        wid,
        rows: eli.room.audit(wid).rows,
        heads,
        otherWords: null,
      });
      const lines = text.split("\n");
      expect(verifyExport(nodeCrypto, lines.toSpliced(4, 1).join("\n"), format)).toMatchObject({ ok: false, line: 5 });
    },
  );

  test("is refused every path that configures, with the rule", async () => {
    const { wid, ada, ben, eli } = await withAuditor();
    const { me } = eli.room.team(wid);
    const bens = ben.room.team(wid).me;
    const device = ada.room.team(wid).members.find(({ id }) => id === bens)?.devices[0]?.id ?? "";
    const [queue] = eli.room.queues(wid);
    const { handlers } = eli.room;
    const paths: [string, () => unknown][] = [
      [
        "invite.create",
        () => handlers["invite.create"]({ wid, role: "guest", label: "", expiresInMs: 60_000, uses: 1 }, main),
      ],
      ["invite.revoke", () => handlers["invite.revoke"]({ wid, invite: ada.room.invites(wid)[0]?.id ?? "" }, main)],
      ["member.setRole", () => handlers["member.setRole"]({ wid, member: me, role: "admin" }, main)],
      ["member.remove", () => handlers["member.remove"]({ wid, member: bens }, main)],
      ["device.revoke", () => handlers["device.revoke"]({ wid, device }, main)],
      ["role.define", () => handlers["role.define"]({ wid, role: null, name: "Mine", caps: [] }, main)],
      [
        "policy.change of effects",
        () => changePolicy(eli, wid, { kind: "effects", server: SERVER, effects: { write_file: { kind: "allow" } } }),
      ],
      ["policy.change of a queue", () => changePolicy(eli, wid, { kind: "queue", queue: queue as never })],
      ["policy.undo", () => handlers["policy.undo"]({ wid, before: 0, after: eli.room.policy(wid).base }, main)],
    ];
    await whole(eli, ada, wid);
    const before = (await whole(ada, ada, wid)).length;
    for (const [path, work] of paths) {
      const refusal = await (async () => work())().then(
        () => null,
        (error: Refusal) => error,
      );
      expect([path, refusal?.code, wordsOf(refusal)]).toEqual([
        path,
        "not-permitted",
        expect.stringMatching(/^The role Auditor may not [a-z ]+\.$/),
      ]);
    }
    expect((await page(ada, wid)).total).toBe(before);
  });
});

describe("without the right", () => {
  test("[T6] no row, entry or export leaves the host, and the view says which rule refuses", async () => {
    const { wid, ada, ben } = await startTeam();
    const rule = "The role Member may not read the audit.";
    expect(ben.room.audit(wid)).toMatchObject({
      canRead: { allowed: false, why: worded(rule) },
      rows: 0,
      people: [],
      kinds: [],
      heads: [],
    });
    await expect(page(ben, wid)).rejects.toEqual(worded(rule));
    const attempts = [
      () => ben.room.handlers["audit.entry"]({ wid, doc: "log", seq: 1 }, main),
      () => ben.room.handlers["audit.exportStart"]({ wid, format: "csv" }, main),
    ];
    for (const attempt of attempts) expect(await codeOf(attempt)).toBe("not-permitted");
    // Positive control: the same calls of somebody who may.
    await rowsWhen(ada, wid, (rows) => rows.length > 0);
    expect(await codeOf(() => ada.room.handlers["audit.exportStart"]({ wid, format: "csv" }, main))).toBe("done");
  });

  test("reading does not allow exporting, and a right that is lost while an export runs ends it", async () => {
    const { wid, ada } = await startTeam();
    const eli = await openApp("Eli");
    const { role } = await ada.room.handlers["role.define"](
      { wid, role: null, name: "Reader", caps: ["audit.read"] },
      main,
    );
    await joinWith(ada, eli, wid, role);
    await rowsWhen(eli, wid, (rows) => rows.length > 5);
    expect(eli.room.audit(wid)).toMatchObject({
      canRead: { allowed: true },
      canExport: { allowed: false, why: worded("The role Reader may not export the audit.") },
    });
    expect(await codeOf(() => eli.room.handlers["audit.exportStart"]({ wid, format: "jsonl" }, main))).toBe(
      "not-permitted",
    );

    await ada.room.handlers["role.define"]({ wid, role, name: "Reader", caps: ["audit.read", "audit.export"] }, main);
    await until(() => eli.room.audit(wid).canExport.allowed, "the right at Eli's");
    const started = await eli.room.handlers["audit.exportStart"]({ wid, format: "jsonl" }, main);
    await ada.room.handlers["role.define"]({ wid, role, name: "Reader", caps: ["audit.read"] }, main);
    await until(() => !eli.room.audit(wid).canExport.allowed, "the lost right at Eli's");
    expect(await codeOf(() => eli.room.handlers["audit.exportNext"]({ wid, export: started.export }, main))).toBe(
      "not-permitted",
    );
    await ada.room.handlers["role.define"]({ wid, role, name: "Reader", caps: ["audit.read", "audit.export"] }, main);
    await until(() => eli.room.audit(wid).canExport.allowed, "the right at Eli's again");
    expect(await codeOf(() => eli.room.handlers["audit.exportNext"]({ wid, export: started.export }, main))).toBe(
      "no-such-export",
    );
    expect(await codeOf(() => ada.room.handlers["audit.exportNext"]({ wid, export: "guess" }, main))).toBe(
      "no-such-export",
    );
  });
});

test("a page is a window on what matches: by person, by kind, by words, from the oldest or the newest", async () => {
  const { wid, ada } = await withAuditor();
  const all = await whole(ada, ada, wid);
  const total = (await page(ada, wid)).total;
  expect(all).toHaveLength(total);
  expect((await page(ada, wid, {}, 2, 3)).rows).toEqual(all.slice(2, 5));
  expect(await page(ada, wid, {}, null, 3)).toMatchObject({ rows: all.slice(-3), from: total - 3, total });
  const ben = ada.room.audit(wid).people.find(({ name }) => name === "Ben")?.id ?? "";
  expect((await page(ada, wid, { member: ben })).rows.map((row) => rowActWords(row))).toEqual([
    "joined with an invite",
  ]);
  expect((await page(ada, wid, { kind: "invite.create" })).rows).toHaveLength(2);
  expect((await page(ada, wid, { text: "auditor INSTEAD eli" })).rows.map((row) => rowActWords(row))).toEqual([
    "gave Eli the role Auditor instead of Guest",
  ]);
  expect(await page(ada, wid, { text: "nothing says this" })).toMatchObject({ rows: [], total: 0 });
  expect((await page(ada, wid, {}, 9_999, 5)).rows).toEqual([]);
});

test("[AU5] the rows are the same after a restart, and in another app", async () => {
  const { wid, ada, eli } = await withAuditor();
  const rows = await whole(eli, ada, wid);
  expect(await rowsWhen(ada, wid, (all) => all.length === rows.length)).toEqual(rows);
  await ada.close();
  const again = await openApp("Ada", { dir: ada.dir });
  expect(await rowsWhen(again, wid, (all) => all.length === rows.length)).toEqual(rows);
});

test("[T23] [AU3] arguments, notes and titles stand in no row, no entry and no export; a tool's name does", async () => {
  const { wid, ada, ben, eli } = await withAuditor();
  const planted = { args: canary("args"), note: canary("note") };
  await ben.room.authority.ask(ben.call(wid, SERVER, JSON.stringify({ path: planted.args })));
  await ada.decide(wid, (await ada.card(wid)).request, "reject", planted.note);
  const rows = await rowsWhen(eli, wid, (all) => all.some(({ kind }) => kind === "approval.vote"));
  const entries = rows.map(({ doc, seq }) => eli.room.handlers["audit.entry"]({ wid, doc, seq }, main));
  const sources = Object.entries({
    rows,
    entries,
    view: eli.room.audit(wid),
    csv: await exported(eli, wid, "csv"),
    jsonl: await exported(eli, wid, "jsonl"),
  }).map(([path, value]) => ({ path, bytes: Buffer.from(typeof value === "string" ? value : JSON.stringify(value)) }));
  expect(findCanaries(sources, Object.values(planted))).toEqual([]);
  // Positive control: what is meant to be there is found by the same scan, in every one of them but the view and the bare entries.
  expect(new Set(findCanaries(sources, ["write_file"]).map((hit) => hit.split(":")[0]))).toEqual(
    new Set(["rows", "csv", "jsonl", "entries"]),
  );
});
