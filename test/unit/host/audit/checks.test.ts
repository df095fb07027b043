/** A saved audit that is verified in the app: what it proves, where it breaks, and what a window may not do to the host. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { auditOrder, createAudit } from "#core/audit/audit.ts";
import { exportLines, verifyExport, writeExport } from "../../../helpers/saved-audit.ts";
import type { ExportFormat } from "#core/audit/lines.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import type { AuditCheckView } from "#bridge/audit.ts";
import { CHECK_MAX, createAuditChecks } from "../../../../electron/host/audit/checks.ts";
import type { AuditChecks } from "../../../../electron/host/audit/checks.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { WORDS_LONG } from "../../../../electron/host/audit/fingerprint.ts";
import type { Live } from "#client/live.ts";
import { createTeam, QUEUE, requestBody } from "../../../helpers/people.ts";
import { why } from "#core/facts/why.ts";
import { noted, worded } from "../../../helpers/worded.ts";

const FORMATS: ExportFormat[] = ["jsonl", "csv"];
const saved = (name: string, format: ExportFormat): string =>
  readFileSync(resolve(import.meta.dirname, `../../../corpus/audit-${name}.${format}`), "utf8");
const nobody = (): AuditChecks =>
  createAuditChecks({
    find: () => null,
    may: () => ({ allowed: true, why: noted("") }),
    rows: { docs: () => [], entries: () => [], unreadDocs: () => 0 },
  });
/** The text in pieces of a few characters, and what it is in the end. */
const check = async (
  checks: AuditChecks,
  text: string,
  format: ExportFormat,
  piece = 1_000,
): Promise<AuditCheckView> => {
  const { check: id } = checks.start(format);
  for (let at = 0; at < text.length; at += piece) checks.add(id, text.slice(at, at + piece));
  for (;;) {
    const view = await checks.next(id);
    if (view.state !== "checking") return view;
  }
};
const codeOf = (work: () => unknown): Promise<string> =>
  (async () => work())().then(
    () => "done",
    (error: { code: string }) => error.code,
  );

describe.each(FORMATS)("a saved audit as %s", (format) => {
  test.each(["members", "approvals", "invites"])(
    "[AU2] of the recorded %s is verified in pieces as it is whole, with its ends and the words of its head",
    async (name) => {
      const text = saved(name, format);
      const whole = verifyExport(nodeCrypto, text, format);
      if (!whole.ok) throw new Error(whole.why.code);
      const view = await check(nobody(), text, format, 777);
      expect(view).toMatchObject({
        state: "verified",
        wid: whole.wid,
        rows: whole.rows,
        first: { who: "Ada", act: why("act.founded", "Harbour") },
        here: null,
      });
      if (view.state !== "verified") return;
      expect(Object.fromEntries(view.heads.map(({ doc, seq, hash }) => [doc, [seq, hash]]))).toEqual(whole.heads);
      expect([view.words.length, view.first.at <= view.last.at]).toEqual([WORDS_LONG, true]);
    },
  );

  test("[AU2] [T15] names the first line that was changed, left out or added", async () => {
    const text = saved("members", format);
    const lines = text.split("\n");
    const broken = async (changed: readonly string[]) => {
      const view = await check(nobody(), changed.join("\n"), format);
      return view.state === "broken" ? view.line : view.state;
    };
    const bens = lines.findIndex((line) => line.includes("Ben"));
    expect(await broken(lines.with(bens, (lines[bens] ?? "").replace("Ben", "Eve")))).toBe(bens + 1);
    expect(await broken(lines.toSpliced(4, 1))).toBe(5);
    expect(await broken(lines.toSpliced(4, 0, lines[3] ?? ""))).toBe(5);
    expect(await broken(["nothing of this kind"])).toBe(1);
    expect(await broken([])).toBe(1);
    // Positive control: nothing was changed.
    expect(await broken(lines)).toBe("verified");
  });
});

describe("[AU2] of a workspace that is on this computer", () => {
  const team = createTeam();
  const ben = team.member("Ben");
  const asked = team.given(ben, QUEUE, "approval.request", requestBody());
  team.given(team.ada, QUEUE, "approval.vote", { request: asked, v: "reject", note: null });
  team.given(team.ada, LOG, "role.define", { id: "helper", name: "Helper", caps: [] });
  const documents = new Map<DocName, string[]>();
  for (const { doc, text } of team.entries) documents.set(doc, [...(documents.get(doc) ?? []), text]);
  /** As somebody would write it who has these entries only. */
  const fileOf = (entries: ReadonlyMap<DocName, readonly string[]>): string => {
    const audit = createAudit({ crypto: nodeCrypto }, team.wid);
    const rows = auditOrder(entries).map(({ doc, entry }) => {
      const next = audit.next(doc, entry);
      if (!next.ok) throw new Error(next.code);
      return next.row;
    });
    return writeExport(nodeCrypto, rows, "jsonl");
  };
  const without = (doc: DocName, last: number) =>
    new Map(
      [...documents].map(([name, entries]) => [name, name === doc ? entries.slice(0, entries.length - last) : entries]),
    );
  interface Here {
    readonly kept?: ReadonlyMap<DocName, readonly string[]>;
    readonly allowed?: boolean;
    readonly link?: string;
    readonly lost?: number;
  }
  const standing = async (
    file: ReadonlyMap<DocName, readonly string[]>,
    { kept = documents, allowed = true, link = "in-sync", lost = 0 }: Here = {},
  ) => {
    const live = { log: team.log, link: () => ({ link }) } as unknown as Live;
    const rows = {
      docs: () => [...kept.keys()],
      unreadDocs: () => lost,
      entries: (_wid: string, doc: string, from: number, limit: number) =>
        (kept.get(doc as DocName) ?? []).slice(from - 1, from - 1 + limit),
    };
    const view = await check(
      createAuditChecks({
        find: (wid) => (wid === team.wid ? live : null),
        may: () => ({ allowed, why: noted("") }),
        rows,
      }),
      fileOf(file),
      "jsonl",
    );
    return view.state === "verified" ? view.here?.standing : view.state;
  };

  test("the same history is said to be the same, also where more has happened since", async () => {
    expect(await standing(documents)).toBe("same");
    expect(await standing(without(LOG, 1))).toBe("same");
  });

  test("[T15] votes of a queue, or a whole document, that were left out of a file which verifies are missed", async () => {
    expect(await standing(without(QUEUE, 1))).toBe("left-out");
    expect(await standing(without(QUEUE, 2))).toBe("left-out");
    expect(await standing(new Map([...documents].filter(([doc]) => doc === LOG)))).toBe("left-out");
  });

  test("another history differs, and what this computer does not have proves nothing", async () => {
    const other = new Map(
      [...documents].map(([doc, entries]) => [doc, doc === QUEUE ? entries.map((entry) => `${entry} `) : entries]),
    );
    expect(await standing(documents, { kept: other })).toBe("differs");
    expect(await standing(documents, { kept: without(QUEUE, 1) })).toBe("unknown");
    expect(await standing(documents, { lost: 1 })).toBe("unknown");
    expect([await standing(documents, { allowed: false }), await standing(documents, { link: "offline" })]).toEqual([
      "unknown",
      "unknown",
    ]);
  });
});

describe("a window", () => {
  test("[T25] cannot fill the host's memory, add to what is being verified, or ask for a check that is over", async () => {
    const checks = nobody();
    const { check: big } = checks.start("csv");
    for (let at = 0; at + 4_000_000 <= CHECK_MAX; at += 4_000_000) checks.add(big, "x".repeat(4_000_000));
    expect(await codeOf(() => checks.add(big, "x"))).toBe("check-too-large");
    expect(await codeOf(() => checks.add(big, "x"))).toBe("no-such-check");
    const [first, second, third] = [checks.start("jsonl"), checks.start("jsonl"), checks.start("jsonl")].map(
      ({ check: id }) => id,
    ) as [string, string, string];
    expect(await codeOf(() => checks.add(first, "x"))).toBe("no-such-check");
    checks.add(second, saved("approvals", "jsonl"));
    const seen = await checks.next(second);
    expect(seen.state === "checking" ? await codeOf(() => checks.add(second, "x")) : "over").toMatch(
      /^(check-running|over)$/,
    );
    checks.stop(third);
    expect(await codeOf(() => checks.next(third))).toBe("no-such-check");
  });

  test("that was closed leaves nothing behind", async () => {
    const checks = nobody();
    const { check: id } = checks.start("jsonl");
    checks.add(id, "x");
    for (let n = 0; n < 12; n += 1) checks.tick();
    checks.add(id, "y");
    for (let n = 0; n < 13; n += 1) checks.tick();
    expect(await codeOf(() => checks.add(id, "z"))).toBe("no-such-check");
  });

  test("hears how far a long file is, and others get their turn meanwhile", async () => {
    const team = createTeam();
    for (let n = 0; n < 240; n += 1)
      team.given(team.ada, LOG, "role.define", { id: "helper", name: `Helper ${n}`, caps: [] });
    const audit = createAudit({ crypto: nodeCrypto }, team.wid);
    const rows = team.entries.map(({ doc, text }) => {
      const next = audit.next(doc, text);
      if (!next.ok) throw new Error(next.code);
      return next.row;
    });
    const checks = nobody();
    const { check: id } = checks.start("jsonl");
    for (const line of exportLines(nodeCrypto, rows, "jsonl")) checks.add(id, line);
    let turns = 0;
    const other = (): void => void ((turns += 1), turns < 1_000 && setImmediate(other));
    setImmediate(other);
    expect(await checks.next(id)).toEqual({ state: "checking", rows: 200 });
    expect(turns).toBeGreaterThan(4);
    turns = 1_000;
    expect(await checks.next(id)).toMatchObject({
      state: "verified",
      rows: rows.length,
      last: { who: "Ada", act: worded("defined the role Helper 239: may do nothing") },
    });
  });
});
