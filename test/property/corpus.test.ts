/** Logs that were recorded once and fold to the same verdicts and states for ever: a change here would fork every team. */
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { verifyExport } from "../helpers/saved-audit.ts";
import { isReject } from "#core/facts/reject.ts";
import type { ExportFormat } from "#core/audit/lines.ts";
import { exportOf, EXPORTED, fileOf, FORMATS } from "../corpus/exported.ts";
import { record, replay } from "../corpus/recording.ts";
import type { Recording } from "../corpus/recording.ts";
import { scenarios } from "../corpus/scenarios.ts";
import { crypto } from "../helpers/node-crypto.ts";

const FOLDER = resolve(import.meta.dirname, "../corpus");
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.slice(0, -5));
const read = (name: string): Recording =>
  JSON.parse(readFileSync(resolve(FOLDER, `${name}.json`), "utf8")) as Recording;

describe.each(names)("the recorded log %s", (name) => {
  test("[CK5] folds to the recorded verdicts and states", () => {
    const recording = read(name);
    const { verdicts, states } = replay(recording);
    expect(verdicts).toEqual(recording.entries.map(({ verdict }) => verdict));
    expect(states).toEqual(recording.states);
  });

  test("[CK5] [CH16] what was taken folds to the same states without checking signatures again", () => {
    const recording = read(name);
    const entries = recording.entries.filter(({ verdict }) => verdict === "ok");
    const { verdicts, states } = replay({ workspace: recording.workspace, entries }, { trusted: true });
    expect(new Set(verdicts)).toEqual(new Set(["ok"]));
    for (const [doc, hash] of Object.entries(states)) expect([doc, hash]).toEqual([doc, recording.states[doc]]);
  });

  test("[CK5] is what its script records: the same keys, the same bytes", () => {
    expect(record(name)).toEqual(read(name));
  });
});

const saved = (name: string, version: 1 | 2, format: ExportFormat): string =>
  readFileSync(resolve(FOLDER, fileOf(name, version, format)), "utf8");

describe.each(EXPORTED.flatMap((name) => FORMATS.map((format) => [name, format] as const)))(
  "the exported audit of %s as %s",
  (name, format) => {
    test("[AU6] of format 1 verifies, and its words are those that were written then", () => {
      const kept = saved(name, 1, format);
      expect(verifyExport(crypto, kept, format)).toMatchObject({ ok: true, otherWords: null });
      expect(exportOf(read(name), 1, format)).toBe(kept);
    });

    test("[AU6] of format 1 does not with one word changed", () => {
      const kept = saved(name, 1, format);
      expect(kept).toContain("founded the workspace");
      expect(verifyExport(crypto, kept.replace("founded the workspace", "made the workspace"), format)).toMatchObject({
        ok: false,
        judged: true,
      });
    });

    test("[AU6] of format 2 verifies, and its codes are those that were written then", () => {
      const kept = saved(name, 2, format);
      expect(verifyExport(crypto, kept, format)).toMatchObject({ ok: true });
      if (format === "jsonl") expect(exportOf(read(name), 2, format)).toBe(kept);
    });

    test("[AU6] of format 2 does not with one code, argument or name changed", () => {
      const kept = saved(name, 2, format);
      const changes: readonly (readonly [string, string])[] =
        format === "jsonl"
          ? [
              ["act.founded", "act.joined"],
              ['"args":["Harbour"]', '"args":["Harbor"]'],
              ['"who":"Ada"', '"who":"Eve"'],
            ]
          : [[",Ada,", ",Eve,"]];
      for (const [was, is] of changes) {
        expect(kept).toContain(was);
        expect(verifyExport(crypto, kept.replace(was, is), format)).toMatchObject({ ok: false, judged: true });
      }
    });
  },
);

test("[CK5] every scenario is recorded, and together they meet 43 kinds of refusal", () => {
  expect(names.toSorted()).toEqual(Object.keys(scenarios).toSorted());
  const met = new Set(names.flatMap((name) => read(name).entries.map(({ verdict }) => verdict)));
  expect([...met].filter((code) => code !== "ok" && !isReject(code))).toEqual([]);
  expect(met.size - 1).toBe(43);
});

test("[CK5] the replay sees a verdict or a state that differs", () => {
  const recording = read("approvals");
  const taken = recording.entries.findIndex(({ doc, verdict }) => doc.startsWith("queue:") && verdict === "ok");
  const without = replay({ ...recording, entries: recording.entries.toSpliced(taken, 1) });
  expect(without.states).not.toEqual(recording.states);
  expect(without.verdicts).not.toEqual(recording.entries.map(({ verdict }) => verdict));
});
