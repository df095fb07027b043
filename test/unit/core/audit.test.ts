import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createActs } from "#core/audit/acts.ts";
import { auditOrder, createAudit } from "#core/audit/audit.ts";
import type { AuditRow } from "#core/audit/audit.ts";
import { verifyExport, writeExport } from "../../helpers/saved-audit.ts";
import type { ExportFormat } from "#core/audit/lines.ts";
import { isoTime } from "#core/audit/iso-time.ts";
import { stateHashOf } from "#core/rules/checkpoint.ts";
import { bodies } from "#core/protocol/command.ts";
import { hashOf } from "#core/protocol/crypto.ts";
import { writeEntry } from "#core/protocol/entry.ts";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import { BUILD, KNOWS } from "#core/protocol/levels.ts";
import { record } from "#core/protocol/parse.ts";
import type { DocName, Hash, ServerId } from "#core/protocol/ids.ts";
import { crypto } from "../../helpers/node-crypto.ts";
import {
  createTeam,
  deviceBody,
  rotateBody,
  joinBody,
  lane,
  makeDevice,
  makeInvite,
  makePerson,
  QUEUE,
  queueOf,
  requestBody,
} from "../../helpers/people.ts";
import type { Team } from "../../helpers/people.ts";
import { why } from "#core/facts/why.ts";
import { rowWords } from "#text/facts.ts";
import * as core from "#core/audit/export.ts";
import type { WordRow } from "#core/audit/export.ts";

const FORMATS: ExportFormat[] = ["jsonl", "csv"];
const NASTY = '=HYPERLINK("x"), "Ben"';

/** A team that did everything once. */
const busy = () => {
  const team = createTeam();
  const [ben, cleo, dana] = [team.member(NASTY), team.member("Cleo", "approver"), team.member("Dana", "admin")];
  const phone = makeDevice(ben);
  team.given(ben, LOG, "device.add", deviceBody(team.wid, phone));
  const next = makeDevice(ben);
  team.given(phone, LOG, "device.rotate", rotateBody(team.wid, next));
  team.given(dana, LOG, "device.revoke", { device: next.device });
  team.given(team.ada, LOG, "role.define", { id: "helper", name: "Helper", caps: ["tools.use"] });
  team.given(dana, LOG, "tool.define", {
    id: "A".repeat(22),
    name: "Files",
    launch: { kind: "http", url: "https://tools.example/?key=SECRET-IN-URL", headers: [], vars: [] },
    tools: [],
    policy: null,
  });
  team.given(dana, LOG, "tool.define", {
    id: "B".repeat(22),
    name: "Notes",
    launch: { kind: "http", url: "https://notes.example", headers: [], vars: [] },
    tools: [],
    policy: null,
  });
  team.given(dana, LOG, "tool.remove", { id: "B".repeat(22) });
  const steps = [{ afterMs: 3_600_000, all: [{ n: 1, roles: ["owner"], members: [] }] }];
  team.given(dana, LOG, "policy.set", {
    base: 0,
    unnamed: "ask",
    rules: [
      {
        id: "r1",
        server: "A".repeat(22),
        tools: [],
        except: true,
        args: [],
        roles: [],
        effect: { kind: "ask", queue: "approvers" },
      },
    ],
    queues: [
      queueOf("approvers", [{ n: 2, roles: ["approver", "owner"] }], { steps, practice: true, oneForTwo: true }),
    ],
  });
  const at = team.log.servers.get("A".repeat(22) as ServerId)?.position;
  const seen = { server: "A".repeat(22), base: at, tool: "read", schema: crypto.sha256("read") };
  team.given(dana, LOG, "tool.accept", { ...seen, readOnly: true, destructive: false });
  team.given(dana, LOG, "tool.withdraw", seen);
  team.given(dana, LOG, "device.knows", { version: "2.0.0", knows: 2 });
  team.given(dana, LOG, "member.rename", { name: "Dana K." });
  const eli = makePerson("Eli");
  team.given(
    eli,
    LOG,
    "member.join",
    joinBody(team.wid, makeInvite(team.ada, team.wid, team.now, { role: "approver", mode: "confirm" }), eli),
  );
  team.given(dana, LOG, "member.refuse", { member: eli.member });
  team.given(team.ada, LOG, "server.key", { x: team.ada.key.x });
  const invite = makeInvite(team.ada, team.wid, team.now);
  team.given(team.ada, ADMIN, "invite.create", { invite: invite.jws, label: "LABEL" });
  team.given(team.ada, LOG, "invite.revoke", { id: invite.id });
  const first = team.given(ben, QUEUE, "approval.request", requestBody({ rule: "r1", jwe: "SEALED-TEXT" }));
  const asked = team.given(ben, QUEUE, "approval.request", requestBody({ replaces: first, jwe: "SEALED-TEXT" }));
  team.given(ben, QUEUE, "approval.rewrap", { request: asked, jwe: "SEALED-AGAIN" });
  team.pass(1_000);
  team.given(team.ada, LOG, "approval.delegate", { to: cleo.member, until: team.now + 86_400_000 });
  team.given(cleo, QUEUE, "approval.vote", { request: asked, v: "approve", note: "SEALED-NOTE" });
  team.given(ben, QUEUE, "approval.used", { request: asked, result: "ok" });
  team.given(team.ada, LOG, "approval.undelegate", {});
  const other = team.given(ben, QUEUE, "approval.request", requestBody());
  team.given(cleo, QUEUE, "approval.vote", { request: other, v: "reject", note: null });
  const practice = team.given(team.ada, QUEUE, "approval.request", requestBody({ practice: true }));
  team.given(team.ada, QUEUE, "approval.cancel", { request: practice });
  const lost = makeDevice(ben);
  team.given(
    lost,
    LOG,
    "member.join",
    joinBody(team.wid, makeInvite(dana, team.wid, team.now, { member: ben.member }), lost),
  );
  team.given(team.ada, LOG, "epoch.open", { doc: QUEUE, n: 2 });
  team.given(team.ada, LOG, "checkpoint", {
    v: 2,
    at: [team.log.seq, team.log.head],
    stateHash: stateHashOf(crypto, team.log),
  });
  team.given(dana, LOG, "member.remove", { member: ben.member });
  return team;
};
const documentsOf = (team: Team) => {
  const documents = new Map<DocName, string[]>();
  for (const { doc, text } of team.entries) documents.set(doc, [...(documents.get(doc) ?? []), text]);
  return documents;
};
const rowsOf = (team: Team): AuditRow[] => {
  const audit = createAudit({ crypto }, team.wid);
  return auditOrder(documentsOf(team)).map(({ doc, entry }) => {
    const taken = audit.next(doc, entry);
    if (!taken.ok) throw new Error(taken.code);
    return taken.row;
  });
};

describe("rows", () => {
  test("[AU1] [T14] every kind of act is a row, in words, with person, device, role and the rule", () => {
    const rows = rowsOf(busy());
    // Level 1 is the newest level, so nobody can raise it: test/compat.
    expect(Object.keys(bodies).filter((kind) => !rows.some((row) => row.kind === kind))).toEqual(["workspace.level"]);
    for (const row of rows)
      expect([
        row.kind,
        row.who !== "" && row.act.code !== "act.later" && row.rule.length > 0 && row.role[1] !== "",
      ]).toEqual([row.kind, true]);
    const said = (kind: string) =>
      rows.filter((row) => row.kind === kind).map((row) => `${row.who} (${row.role[1]}) ${rowWords(row).act}`);
    expect(said("member.role")).toEqual([
      "Ada (Owner) gave Cleo the role Approver instead of Guest",
      "Ada (Owner) gave Dana the role Admin instead of Guest",
    ]);
    expect(said("approval.vote")[0]).toBe(
      `Cleo (Approver) approved what ${NASTY} asked (write_file on Files), in the place of Ada`,
    );
    expect(said("member.join").at(-1)).toBe(
      `${NASTY} (Member) came back with a new device, let in by Dana K.; older devices were closed`,
    );
    expect(said("member.rename")).toEqual(["Dana K. (Admin) changed the own name to Dana K."]);
    expect(said("member.refuse")).toEqual(["Dana K. (Admin) refused Eli the role that the invite promised"]);
    expect(said("tool.accept")).toEqual(["Dana (Admin) accepted what the tool read of Files says of itself now"]);
    expect(said("tool.withdraw")).toEqual(["Dana (Admin) took back an accepted definition of the tool read of Files"]);
    expect(said("member.remove")).toEqual([`Dana K. (Admin) removed ${NASTY}`]);
  });

  test("[AU1] a vote says what was counted, which rule let it count and what came of it", () => {
    const votes = rowsOf(busy()).filter((row) => row.kind === "approval.vote");
    expect(votes.map((row) => [rowWords(row).votes, row.result, rowWords(row).rule])).toEqual([
      [
        "approvals 2 of 2, rejections 0 of 1",
        "approved",
        "The queue Queue approvers names this person or the role Approver.",
      ],
      [
        "approvals 0 of 2, rejections 1 of 1",
        "rejected",
        "The queue Queue approvers names this person or the role Approver.",
      ],
    ]);
  });

  test("[AU1] a request says in words which rule asked, also where its author names one that is none", () => {
    const team = busy();
    team.given(team.ada, `${QUEUE}@2` as DocName, "approval.request", requestBody({ rule: "r9" }));
    const rules = rowsOf(team)
      .filter((row) => row.kind === "approval.request")
      .map((row) => rowWords(row).rule.replace(/^The role \w+ may use tools\. /, ""));
    expect(rules).toEqual([
      "Every tool of Files asks Queue approvers.",
      ...Array.from({ length: 3 }, () => "No rule names this call, so it asks Queue approvers."),
      "It names a rule that was not in force, and asks Queue approvers.",
    ]);
  });

  test("[AU1] an approval stands after the log entry that it names, and a lane is not told twice", () => {
    const team = busy();
    const documents = documentsOf(team).set(lane(team.ada), ["not read"]);
    const order = auditOrder(documents).map(({ doc }) => doc);
    expect(order.filter((doc) => doc.startsWith("lane:"))).toEqual([]);
    const rows = rowsOf(team);
    expect(rows.map(({ position, doc, seq }) => (doc === LOG ? seq : position))).toEqual(
      [...rows].map(({ position, doc, seq }) => (doc === LOG ? seq : position)).sort((a, b) => a - b),
    );
    expect(createAudit({ crypto }, team.wid).next(lane(team.ada), "x")).toEqual({ ok: false, code: "wrong-doc" });
  });

  test("[AU5] between two log positions acts of all documents stand by time, however the entries came in", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const reviews = "queue:reviews" as DocName;
    team.given(team.ada, LOG, "policy.set", {
      base: 0,
      unnamed: "ask",
      rules: [],
      queues: [queueOf("approvers", [{ n: 1, roles: ["owner"] }]), queueOf("reviews", [{ n: 1, roles: ["owner"] }])],
    });
    for (const doc of [reviews, QUEUE, reviews, QUEUE]) {
      team.pass(1_000);
      team.given(ben, doc, "approval.request", requestBody());
    }
    const documents = documentsOf(team);
    expect(
      auditOrder(documents)
        .slice(-4)
        .map(({ doc }) => doc),
    ).toEqual([reviews, QUEUE, reviews, QUEUE]);
    expect(auditOrder(documents).map(({ entry }) => entry)).toEqual(team.entries.map(({ text }) => text));
    const turned = new Map([...documents].reverse());
    expect(auditOrder(turned)).toEqual(auditOrder(documents));
    expect(
      auditOrder(new Map([...documents].map(([doc, entries]) => [doc, [...entries, "no entry"]])))
        .slice(-documents.size)
        .map(({ entry }) => entry),
    ).toEqual([...documents].map(() => "no entry"));
  });

  test("[AU3] [T23] no sealed text, address, label or note is in the words", () => {
    const words = rowsOf(busy())
      .map(({ entry: _entry, ...row }) => JSON.stringify({ ...row, words: rowWords(row) }))
      .join("\n");
    for (const secret of ["SEALED", "SECRET-IN-URL", "LABEL"]) expect(words).not.toContain(secret);
    expect(words).toContain("write_file");
  });

  test("[AU1] times are written as ISO 8601", () => {
    for (const ms of [
      0, 951_782_399_999, 951_782_400_000, 1_709_164_800_000, 1_800_000_000_123, 4_102_444_799_999, 253_402_300_799_999,
    ])
      expect(isoTime(ms)).toBe(new Date(ms).toISOString());
  });
});

describe.each(FORMATS)("an export as %s", (format) => {
  const written = () => {
    const team = busy();
    return { team, text: writeExport(crypto, rowsOf(team), format) };
  };
  const first = format === "csv" ? 2 : 1;

  test("[AU2] [T6] verifies on its own, and says which heads it ends with", () => {
    const { team, text } = written();
    expect(verifyExport(crypto, text, format)).toEqual({
      ok: true,
      wid: team.wid,
      rows: team.entries.length,
      heads: {
        [LOG]: [team.log.seq, team.log.head],
        [QUEUE]: [team.queue.seq, team.queue.head],
        [ADMIN]: [1, team.admin.head],
      },
      otherWords: null,
    });
  });

  /** Changes one line; what must then be named is that line. */
  const lineOf = (text: string, at: number, change: (line: string) => string): string =>
    text
      .split("\n")
      .map((line, i) => (i === at ? change(line) : line))
      .join("\n");
  const cases: [string, number, (line: string) => string][] = [
    [
      "an act",
      6,
      (line) => line.replace("act.device.added", "act.device.revoked").replace(",device.add,", ",device.revoke,"),
    ],
    ["a name", 3, (line) => line.replace("Ada", "Eve")],
    ["a time", 4, (line) => line.replace("2027", "2026")],
    [
      "a result, or in a CSV a role",
      18,
      (line) =>
        line
          .replace(/"result":"\w+"/, '"result":"approved"')
          .replace(/,(Owner|Admin|Member|Approver|Guest),/, ",Helper,"),
    ],
    ["a hash", 5, (line) => line.replace(/[A-Za-z0-9_-]{43}/, "A".repeat(43))],
    ["the entry itself", 7, (line) => line.replace(/(s\W+)(\d+)(\W+p\W)/, "$199$3")],
    ["the chain", 8, (line) => line.replace(/[A-Za-z0-9_-]{43}("\})?$/, `${"B".repeat(43)}$1`)],
  ];
  test.each(cases)("[AU2] names the line in which %s was changed", (_title, at, change) => {
    const { text } = written();
    const changed = lineOf(text, at + first, change);
    expect(changed).not.toBe(text);
    expect(verifyExport(crypto, changed, format)).toMatchObject({ ok: false, line: at + first + 1 });
  });

  test("[AU2] names the line where lines were taken out, doubled, swapped, added or cut off", () => {
    const { text } = written();
    const lines = text.trimEnd().split("\n");
    const at = 5 + first;
    const verdict = (changed: readonly string[]) => verifyExport(crypto, `${changed.join("\n")}\n`, format);
    const line = (changed: readonly string[]) => {
      const answer = verdict(changed);
      return answer.ok ? 0 : answer.line;
    };
    expect(line(lines.toSpliced(at, 1))).toBe(at + 1);
    expect(line(lines.toSpliced(at, 0, lines[at] ?? ""))).toBe(at + 2);
    expect(line(lines.toSpliced(at, 2, lines[at + 1] ?? "", lines[at] ?? ""))).toBe(at + 1);
    expect(line(lines.slice(0, -1))).toBe(lines.length - 1);
    expect(line(lines.slice(0, -2))).toBe(lines.length - 2);
    expect(line([...lines, "more"])).toBe(lines.length);
    expect(line(lines)).toBe(0);
  });

  test("[AU2] with chain and rows written again by a forger, the signatures still tell", () => {
    const team = busy();
    const rows = rowsOf(team);
    const forged = rows.map((row) =>
      row.kind === "member.remove"
        ? { ...row, act: why("act.left"), entry: row.entry.replace(/"c":"(.)/, '"c":"$1A') }
        : row,
    );
    const at = forged.findIndex((row) => row.kind === "member.remove") + first + 1;
    expect(verifyExport(crypto, writeExport(crypto, forged, format), format)).toMatchObject({ ok: false, line: at });
    const said = rows.map((row) => (row.kind === "member.remove" ? { ...row, who: "Cleo" } : row));
    expect(verifyExport(crypto, writeExport(crypto, said, format), format)).toEqual({
      ok: false,
      judged: true,
      line: at,
      why: why("export.differs"),
    });
  });

  test("[AU2] what is no export is refused in its first line", () => {
    for (const text of ["", "\n", "{}", '"', "a,b\n", "null\nnull\n"])
      expect(verifyExport(crypto, text, format)).toMatchObject({ ok: false });
  });
});

test("[AU2] a spreadsheet shows a name that begins like a formula as text", () => {
  const line =
    writeExport(crypto, rowsOf(busy()), "csv")
      .split("\n")
      .find((row) => row.includes("HYPERLINK")) ?? "";
  expect(line).toContain(`"'=HYPERLINK(""x""), ""Ben"""`);
});

test("[AU2] an export of one workspace is not passed off as another's: it names its founding", () => {
  const [mine, other] = [createTeam(), createTeam()];
  const text = writeExport(crypto, rowsOf(mine), "jsonl").split("\n");
  const foreign = writeExport(crypto, rowsOf(other), "jsonl").split("\n");
  expect(verifyExport(crypto, [foreign[0], foreign[1], ...text.slice(2)].join("\n"), "jsonl")).toMatchObject({
    ok: false,
    line: 3,
  });
  expect(verifyExport(crypto, text.join("\n"), "jsonl")).toMatchObject({ wid: mine.wid as unknown as Hash });
});

test("[FC1] a row keeps the name that stood at its place, so a later name changes no export of what was before", () => {
  const team = createTeam();
  const ben = team.member("Ben");
  team.given(team.ada, LOG, "member.role", { member: ben.member, from: "member", to: "approver" });
  const before = writeExport(crypto, rowsOf(team), "jsonl").split("\n").slice(0, -2);
  team.given(ben, LOG, "member.rename", { name: "Benjamin" });
  const rows = rowsOf(team);
  expect(writeExport(crypto, rows, "jsonl").split("\n").slice(0, before.length)).toEqual(before);
  const given = rows.findLast(({ kind }) => kind === "member.role");
  expect(given?.act.args[0]).toEqual([ben.member, "Ben"]);
});

describe("[FC3] what this version cannot judge", () => {
  const lines = () => writeExport(crypto, rowsOf(busy()), "jsonl").split("\n");
  test("a file of a later format is not called forged, and not verified either", () => {
    const text = ['{"format":3,"knows":1}', ...lines().slice(1)].join("\n");
    expect(verifyExport(crypto, text, "jsonl")).toEqual({
      ok: false,
      judged: false,
      line: 1,
      why: why("export.other-format", 3),
    });
    expect(verifyExport(crypto, lines().join("\n"), "jsonl")).toMatchObject({ ok: true });
  });

  test("what the writer knew is part of the chain: another number is another file", () => {
    const text = ['{"format":2,"knows":7}', ...lines().slice(1)].join("\n");
    expect(verifyExport(crypto, text, "jsonl")).toMatchObject({ ok: false, judged: true, line: 2 });
  });

  /** As a writer of that level saves it. */
  const savedBy = (knows: number, saved: readonly string[]): string[] => {
    const first = JSON.stringify({ format: 2, knows });
    let chain = hashOf(crypto, `bulkhead-audit-v2 jsonl ${first}`);
    const chained = saved.slice(1).map((line) => {
      const { chain: _before, ...body } = JSON.parse(line) as Record<string, unknown>;
      chain = hashOf(crypto, `${chain}\n${JSON.stringify(body)}`);
      return JSON.stringify({ ...body, chain });
    });
    return [first, ...chained];
  };
  const withNext = (team: Team, knows: number, command: string) => {
    const saved = writeExport(crypto, rowsOf(team), "jsonl").trimEnd().split("\n");
    const entry = { s: team.log.seq + 1, p: team.log.head as Hash, t: team.now, a: 0, c: command, m: null };
    const line = JSON.stringify({ doc: LOG, entry: writeEntry(entry) });
    const text = savedBy(knows, [...saved.slice(0, -1), line, saved.at(-1) ?? ""]).join("\n");
    return { line: saved.length, verdict: verifyExport(crypto, text, "jsonl") };
  };

  test("a history that uses what came with a later level cannot be judged; one that only lies is forged", () => {
    const team = createTeam();
    const { line, verdict } = withNext(team, KNOWS + 1, team.sign(team.ada, LOG, "vault.open", {}));
    expect(verdict).toEqual({ ok: false, judged: false, line, why: why("export.needs-level", KNOWS + 1) });
    const lies = withNext(team, KNOWS + 1, team.sign(team.ada, LOG, "member.rename", {}));
    expect(lies.verdict).toMatchObject({ ok: false, judged: true });
  });

  test("what its writer could not read either is forged: nobody calls it too new to judge", () => {
    const team = createTeam();
    const unsigned = ["e30", Buffer.from('{"v":2}').toString("base64url"), "AA"].join(".");
    for (const command of [team.sign(team.ada, LOG, "vault.open", {}), unsigned]) {
      const { line, verdict } = withNext(team, KNOWS, command);
      expect(verdict).toMatchObject({ ok: false, judged: true, line });
    }
  });

  test("what the writer passed over is passed over by a verifier that knows it, and by it alone", () => {
    const team = createTeam();
    expect(team.send(team.ada, LOG, "card.seen", {}, { x: false })).toMatchObject({ ok: true, kind: null });
    const rows = rowsOf(team);
    expect(rows.at(-1)).toMatchObject({ kind: "later", act: why("act.later") });
    expect(verifyExport(crypto, writeExport(crypto, rows, "jsonl"), "jsonl")).toMatchObject({ ok: true });
    const seen = { since: 2, critical: false, phone: false, click: false, fields: {} };
    const bodies = { ...BUILD.bodies, "card.seen": record({}) };
    const build = { ...BUILD, knows: 2, kinds: { ...BUILD.kinds, "card.seen": seen }, bodies };
    const kindOf = (knows: number) => {
      const acts = createActs({ crypto, build }, team.wid, { knows });
      return team.entries
        .map(({ doc, text }) => acts.next(doc, text))
        .map((taken) => taken.ok && taken.act.kind)
        .at(-1);
    };
    expect([kindOf(1), kindOf(2)]).toEqual(["later", "card.seen"]);
  });

  test("a first line with anything else in it is no head of this format", () => {
    for (const head of ['{"format":2,"knows":1,"more":1}', '{"knows":1,"format":2}', '{"format":"2","knows":1}'])
      expect(verifyExport(crypto, [head, ...lines().slice(1)].join("\n"), "jsonl")).toMatchObject({
        ok: false,
        line: 1,
      });
  });
});

describe("words are no part of what an export proves", () => {
  const others: WordRow = (row) => ({ ...rowWords(row), act: `hat ${row.act.code} getan`, rule: "Regel" });
  test.each(FORMATS)("%s: with every word of this version changed the verdict stays, and a CSV says so", (format) => {
    const text = writeExport(crypto, rowsOf(busy()), format);
    const [here, elsewhere] = [verifyExport(crypto, text, format), core.verifyExport(crypto, text, format, others)];
    expect(here).toMatchObject({ ok: true, otherWords: null });
    const rows = here.ok ? here.rows : 0;
    expect(elsewhere).toEqual({ ...here, otherWords: format === "csv" ? { lines: rows, first: 3 } : null });
  });

  test("control: an argument that was changed is no word", () => {
    const text = writeExport(crypto, rowsOf(busy()), "jsonl");
    const changed = text.replace('"name":"Files"', '"name":"Other"').replace(/(act\.role",.*?)"Cleo"/, '$1"Eve"');
    expect(changed).not.toBe(text);
    expect(core.verifyExport(crypto, changed, "jsonl", others)).toMatchObject({ ok: false, judged: true });
  });

  test("a word that somebody changed in a CSV is told with its line; a name there is no word", () => {
    const text = writeExport(crypto, rowsOf(busy()), "csv");
    const at = text.split("\n").findIndex((line) => line.includes("added a device"));
    expect(verifyExport(crypto, text.replace("added a device", "kept a device"), "csv")).toMatchObject({
      ok: true,
      otherWords: { lines: 1, first: at + 1 },
    });
    expect(verifyExport(crypto, text.replace(",Cleo,", ",Eve,"), "csv")).toMatchObject({ ok: false });
  });
});

test("[AU6] the words of format 1 are imported by the verifier and by nothing else", () => {
  const files = globSync("{sync-server,electron,renderer,scripts}/**/*.{ts,tsx}");
  const importing = files.filter(
    (file) => !file.includes("audit/v1/") && /from "[^"]*\/v1\//.test(readFileSync(file, "utf8")),
  );
  expect(importing).toEqual(["sync-server/core/audit/export.ts"]);
});
