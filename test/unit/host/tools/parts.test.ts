import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { definitionJson, stableText } from "#core/protocol/definition.ts";
import { testClock } from "../../../helpers/clock.ts";
import { createLineReader } from "../../../../electron/host/tools/line-reader.ts";
import { launchHash, schemaHash } from "../../../../electron/host/tools/schema-hash.ts";
import { createServerLog } from "../../../../electron/host/tools/server-log.ts";
import { readJson } from "../../../../electron/host/json/strict-json.ts";

const hashOf = (definition: Record<string, unknown>): string => schemaHash(definitionJson(definition) ?? "");

describe("hashes", () => {
  const launch = {
    kind: "stdio" as const,
    command: "npx",
    args: ["-y", "x"],
    env: [{ name: "A", secret: true }],
    vars: [],
  };

  test("the bytes that are hashed never change by accident", () => {
    expect(stableText({ b: [1, null, "é"], a: { d: true, c: undefined } }, 3)).toBe(
      '{"a":{"d":true},"b":[1,null,"é"]}',
    );
    expect(launchHash(launch)).toBe("hGF0Fx_KhxY2ly4Azj4-XQCwFXzJJMxextU9d5ffneY");
    expect(hashOf({ name: "t", inputSchema: { type: "object" }, _meta: { x: 1 } })).toBe(
      "BmQK4H9FxXYnYyAMkRB70gHX0hRGuN40xM3a6Y5n9YY",
    );
  });

  test("every part of a launch counts, the order of keys does not", () => {
    const others = [
      { ...launch, command: "npy" },
      { ...launch, args: ["x", "-y"] },
      { ...launch, env: [] },
      { ...launch, env: [{ name: "A", secret: false }] },
    ];
    expect(new Set([launch, ...others].map(launchHash)).size).toBe(5);
    expect(launchHash({ vars: [], env: launch.env, args: launch.args, command: launch.command, kind: "stdio" })).toBe(
      launchHash(launch),
    );
  });

  test("every part of a tool that a person or a model reads counts", () => {
    const tool = {
      name: "t",
      title: "T",
      description: "d",
      inputSchema: { type: "object" },
      outputSchema: { type: "object" },
      annotations: { readOnlyHint: true },
    };
    const changed = Object.keys(tool).map((key) => ({ ...tool, [key]: "other" }));
    expect(new Set([tool, ...changed].map(hashOf)).size).toBe(7);
    expect(hashOf({ ...tool, _meta: { volatile: 1 } })).toBe(hashOf(tool));
  });
});

describe("strict JSON", () => {
  test("takes every JSON text that JSON.parse takes, with the same value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        const read = readJson(text, { lenient: true, maxDepth: 32 });
        expect(read.ok && stableText(read.value, 32)).toBe(stableText(JSON.parse(text), 32));
      }),
    );
  });

  test("takes nothing else than JSON.parse takes when it is strict, and says no without an exception", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            '"a"',
            "1",
            "-",
            "01",
            ".5",
            "true",
            "nul",
            "//x\n",
            " ",
            '"\\u12"',
          ),
          { maxLength: 8 },
        ),
        (pieces) => {
          const text = pieces.join("");
          let valid = true;
          try {
            JSON.parse(text);
          } catch {
            valid = false;
          }
          const read = readJson(text, { lenient: false, maxDepth: 32 });
          expect(read.ok || read.problem === "duplicate-key").toBe(valid);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("lines", () => {
  const small = { message: 20, line: 60, floodBytes: 1_000, floodLines: 50, floodWindow: 1_000 };
  const collect = () => {
    const clock = testClock();
    const got: string[] = [];
    const reader = createLineReader(small, clock, {
      line: (text) => got.push(text),
      skipped: (head, tail) => got.push(`skipped ${head.slice(0, 2)}…${tail.slice(-2)}`),
      flooded: () => got.push("flooded"),
    });
    return { got, clock, push: (text: string) => reader.push(Buffer.from(text)) };
  };

  test("come out whole however the bytes are cut, also inside a character", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 5, unit: fc.constantFrom("a", "é", "😀", "{") }), {
          minLength: 1,
          maxLength: 8,
        }),
        fc.integer({ min: 1, max: 7 }),
        (lines, step) => {
          const seen: string[] = [];
          const reader = createLineReader(small, testClock(), {
            line: (text) => seen.push(text),
            skipped: () => seen.push("skipped"),
            flooded: () => seen.push("flooded"),
          });
          const bytes = Buffer.from(`${lines.join("\n")}\n`);
          for (let at = 0; at < bytes.length; at += step) reader.push(bytes.subarray(at, at + step));
          expect(seen).toEqual(lines);
        },
      ),
    );
  });

  test("too long ones are skipped and the next is read", () => {
    const { got, push } = collect();
    push(`ab${"x".repeat(15)}`);
    push(`${"x".repeat(15)}yz\nnext\n`);
    expect(got).toEqual(["skipped ab…yz", "next"]);
  });

  test("one without an end, too many lines, or too many bytes in the window are a flood, once", () => {
    const endless = collect();
    for (let n = 0; n < 10; n += 1) endless.push("x".repeat(10));
    expect(endless.got).toEqual(["flooded"]);
    const many = collect();
    many.push("\n".repeat(200));
    expect(many.got).toEqual(["flooded"]);
    const heavy = collect();
    for (let n = 0; n < 40; n += 1) heavy.push(`${"x".repeat(30)}\n`);
    expect(heavy.got.filter((line) => line === "flooded")).toHaveLength(1);
    expect(heavy.got.at(-1)).toBe("flooded");
    const patient = collect();
    for (let n = 0; n < 10; n += 1) {
      patient.push("\n".repeat(49));
      patient.clock.advance(1_000);
    }
    expect(patient.got).toEqual([]);
  });
});

describe("log of a server", () => {
  test("keeps the last 500 lines, each cut at 2 kB, without control characters", () => {
    const log = createServerLog(testClock());
    const sink = log.sink();
    for (let n = 0; n < 600; n += 1) sink(Buffer.from(`line ${n}\n`));
    expect([log.lines().length, log.lines()[0]]).toEqual([500, "line 100"]);
    sink(Buffer.from(`\u001b[31mred\u001b[0m\u0007 ${"é".repeat(3_000)}\n`));
    const last = log.lines().at(-1) ?? "";
    expect(last.startsWith("red é")).toBe(true);
    expect(Buffer.byteLength(last)).toBeLessThanOrEqual(2_048);
    expect(last).not.toContain("\ufffd");
  });

  test("blacks out a secret also where a line is cut", () => {
    const log = createServerLog(testClock());
    log.hide(["s3cret-value"]);
    log.add(`${"x".repeat(2_040)}s3cret-value and s3cret-value`);
    expect(log.lines().join()).not.toContain("s3c");
  });

  test("drops what comes too fast and says how much", () => {
    const clock = testClock();
    const log = createServerLog(clock);
    const sink = log.sink();
    for (let n = 0; n < 30; n += 1) sink(Buffer.from(`${"x".repeat(99_999)}\n`));
    clock.advance(1_000);
    sink(Buffer.from("calm again\n"));
    expect(log.lines().slice(-3)).toEqual([
      "(too much output at once: the rest of this second is not kept)",
      "(2000000 bytes of output not kept)",
      "calm again",
    ]);
  });
});
