import { expect, test } from "vitest";
import { failedSpecs, failedUnits, shakySpecs } from "../../../scripts/failed-tests.ts";

const passed = { fullName: "holds", status: "passed", failureMessages: [] };
const escape = String.fromCharCode(27);

test("a failed test is named with its file and the beginning of its reason", () => {
  const why = `${escape}[31mError: waited in vain${escape}[39m\n${Array.from({ length: 20 }, (_, at) => `    at frame ${at}`).join("\n")}`;
  const told = failedUnits({
    testResults: [
      {
        name: "a.test.ts",
        status: "failed",
        message: "",
        assertionResults: [passed, { fullName: "keeps waiting", status: "failed", failureMessages: [why] }],
      },
    ],
  });
  expect(told).toHaveLength(1);
  expect(told[0]?.split("\n").slice(0, 2)).toEqual(["Failed: a.test.ts > keeps waiting", "    Error: waited in vain"]);
  expect(told[0]).not.toContain("frame 7");
});

test("a file that did not load is a failure too, and one that passed is none", () => {
  const file = (status: string, message: string) => ({
    name: `${status}.test.ts`,
    status,
    message,
    assertionResults: status === "passed" ? [passed] : [],
  });
  expect(failedUnits({ testResults: [file("passed", ""), file("failed", "SyntaxError: no")] })).toEqual([
    "Failed: failed.test.ts > the file did not run\n    SyntaxError: no",
  ]);
});

test("a failed spec is found in groups of groups, beside what stopped the run", () => {
  const spec = (title: string, ok: boolean) => ({
    title,
    file: "b.spec.ts",
    ok,
    tests: [{ status: ok ? "expected" : "unexpected", results: [{ errors: ok ? [] : [{ message: "Timeout" }] }] }],
  });
  const told = failedSpecs({
    errors: [{ message: "no browser" }],
    suites: [{ specs: [spec("fine", true)], suites: [{ suites: [{ specs: [spec("never shows", false)] }] }] }],
  });
  expect(told).toEqual([
    "Failed: test/e2e > the run itself\n    no browser",
    "Failed: test/e2e/b.spec.ts > never shows\n    Timeout",
  ]);
});

test("a spec that passed only when it was tried again is named with the reason of its first try, and is no failure", () => {
  const spec = (title: string, status: string, tries: readonly string[]) => ({
    title,
    file: "c.spec.ts",
    ok: true,
    tests: [{ status, results: tries.map((message) => ({ errors: message === "" ? [] : [{ message }] })) }],
  });
  const report = {
    errors: [],
    suites: [{ suites: [{ specs: [spec("stands", "expected", [""]), spec("shakes", "flaky", ["Timeout", ""])] }] }],
  };
  expect(failedSpecs(report)).toEqual([]);
  expect(shakySpecs(report)).toEqual(["Passed only at the second try: test/e2e/c.spec.ts > shakes\n    Timeout"]);
});
