import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { auditOrder, createAudit } from "#core/audit/audit.ts";
import type { AuditRow } from "#core/audit/audit.ts";
import { writeExport } from "../../helpers/saved-audit.ts";
import type { ExportFormat } from "#core/audit/lines.ts";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { ROOT } from "../../../scripts/check/step.ts";
import { reportOn } from "../../../scripts/verify-audit.ts";
import { crypto } from "../../helpers/node-crypto.ts";
import { createTeam, makeInvite, QUEUE, requestBody } from "../../helpers/people.ts";
import { tempDir } from "../../helpers/temp.ts";

const rowsOfTeam = (): AuditRow[] => {
  const team = createTeam();
  const ben = team.member("=1+1");
  const cleo = team.member("Cleo", "approver");
  team.given(team.ada, LOG, "role.define", { id: "helper", name: "+Helper", caps: ["tools.use"] });
  team.given(team.ada, ADMIN, "invite.create", {
    invite: makeInvite(team.ada, team.wid, team.now).jws,
    label: "@label",
  });
  const asked = team.given(ben, QUEUE, "approval.request", requestBody());
  team.given(cleo, QUEUE, "approval.vote", { request: asked, v: "approve", note: null });
  team.given(team.ada, LOG, "role.define", { id: "later", name: "Later", caps: [] });
  const documents = new Map<DocName, string[]>();
  for (const { doc, text } of team.entries) documents.set(doc, [...(documents.get(doc) ?? []), text]);
  const audit = createAudit({ crypto }, team.wid);
  return auditOrder(documents).flatMap(({ doc, entry }) => {
    const taken = audit.next(doc, entry);
    return taken.ok ? [taken.row] : [];
  });
};

const saved = (text: string, name: string): string => {
  const file = join(tempDir(), name);
  writeFileSync(file, text);
  return file;
};

test.each(["jsonl", "csv"] as ExportFormat[])(
  "[T6] [AU2] a true file as %s is verified with workspace, rows and heads, by the command alone",
  (format) => {
    const rows = rowsOfTeam();
    const file = saved(writeExport(crypto, rows, format), `audit.${format}`);
    const ran = spawnSync(process.execPath, [join(ROOT, "scripts/verify-audit.ts"), file], {
      encoding: "utf8",
      cwd: tempDir(),
    });
    expect(ran.stderr).toBe("");
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain("Verified: every line says what its signed entry says");
    expect(ran.stdout).toContain(`Rows       ${rows.length}\n`);
    for (const doc of [LOG, ADMIN, QUEUE]) {
      const last = rows.findLast((row) => row.doc === doc);
      expect(ran.stdout).toContain(`  ${doc}  ${last?.seq ?? 0}  ${last?.hash ?? ""}\n`);
    }
  },
);

type Lines = readonly string[];
const tampers: [string, ExportFormat, (lines: Lines) => Lines][] = [
  ["a changed cell", "csv", (lines) => lines.with(5, (lines[5] ?? "").replace("Owner", "Guest"))],
  ["a changed cell", "jsonl", (lines) => lines.with(4, (lines[4] ?? "").replace('"Owner"', '"Guest"'))],
  ["a removed row", "csv", (lines) => lines.toSpliced(4, 1)],
  ["a removed row", "jsonl", (lines) => lines.toSpliced(4, 1)],
  ["two rows in the other order", "csv", (lines) => lines.with(3, lines[4] ?? "").with(4, lines[3] ?? "")],
  ["two rows in the other order", "jsonl", (lines) => lines.with(3, lines[4] ?? "").with(4, lines[3] ?? "")],
  ["the mark before a formula taken away", "csv", (lines) => lines.map((line) => line.replace("'=1+1", "=1+1"))],
  [
    "a formula put before a name",
    "csv",
    (lines) => lines.map((line) => line.replace(",Cleo,", ',"=HYPERLINK(""x"")",')),
  ],
  ["the last row and its line of heads cut off", "jsonl", (lines) => lines.slice(0, -2)],
];
test.each(tampers)("[T6] [AU2] %s (%s) is found, with its line and a failing exit code", (_what, format, change) => {
  const lines = writeExport(crypto, rowsOfTeam(), format).trimEnd().split("\n");
  const changed = change(lines);
  expect(changed).not.toEqual(lines);
  const wrong = changed.findIndex((line, index) => line !== lines[index]);
  const line = wrong === -1 ? changed.length : wrong + 1;
  const report = reportOn([saved(`${changed.join("\n")}\n`, `audit.${format}`)]);
  expect([report.code, report.lines[0]]).toEqual([
    1,
    expect.stringMatching(new RegExp(`^NOT VERIFIED: line ${line}: .+\\.$`)),
  ]);
  expect(reportOn([saved(`${lines.join("\n")}\n`, `audit.${format}`)]).code).toBe(0);
});

test("[AU2] of what a forger can leave out no word is said that it is there: the newest acts of one queue, or all of them", () => {
  const rows = rowsOfTeam();
  const vote = rows.findLastIndex(({ doc }) => doc === QUEUE);
  // A later act of another document would show a file that was simply cut.
  expect(rows.slice(vote + 1).map(({ doc }) => doc)).toContain(LOG);
  for (const left of [rows.toSpliced(vote, 1), rows.filter(({ doc }) => doc !== QUEUE)]) {
    const { code, lines } = reportOn([saved(writeExport(crypto, left, "csv"), "audit.csv")]);
    expect([code, lines.some((line) => line.includes(rows[vote]?.hash ?? ""))]).toEqual([0, false]);
    expect(lines.join("\n")).not.toMatch(/none is missing|complete|all acts|nothing was/i);
    expect(lines.at(-1)).toMatch(
      /cannot show that nothing came after those entries, that no other document was left out/,
    );
  }
});

test("what cannot be read is no verdict", () => {
  for (const files of [[], ["a.jsonl", "b.jsonl"], [saved("", "audit.xlsx")], [join(tempDir(), "none.csv")]])
    expect(reportOn(files)).toMatchObject({ code: 2, lines: [expect.stringMatching(/[.?]$|jsonl$/)] });
  expect(reportOn([saved("", "audit.jsonl")]).code).toBe(1);
});
