/** Which tests failed and why, from the reports: said once more after everything, where a long log is read first. */

/** The part of Vitest's JSON report that is read here. */
export interface UnitReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}
/** The part of Playwright's JSON report that is read here: files hold specs and groups, groups hold the same. */
export interface E2eReport {
  readonly suites: readonly E2eSuite[];
  readonly errors: readonly { readonly message?: string }[];
}
interface E2eSuite {
  readonly specs?: readonly E2eSpec[];
  readonly suites?: readonly E2eSuite[];
}
interface E2eSpec {
  readonly title: string;
  readonly file: string;
  readonly ok: boolean;
  readonly tests: readonly {
    readonly status: string;
    readonly results: readonly { readonly errors: readonly { readonly message?: string }[] }[];
  }[];
}

/** Enough for a stack's own frames; the rest is in the log above. */
const WHY_LINES = 8;

export const failedUnits = ({ testResults }: UnitReport): string[] =>
  testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === "failed");
    // A file that does not load has no tests that could fail.
    if (failed.length === 0) return status === "failed" ? [told(name, "the file did not run", message)] : [];
    return failed.map(({ fullName, failureMessages }) => told(name, fullName, failureMessages?.[0] ?? ""));
  });

export const failedSpecs = ({ suites, errors }: E2eReport): string[] => [
  ...errors.map(({ message }) => told("test/e2e", "the run itself", message ?? "")),
  ...specsIn(suites)
    .filter(({ ok }) => !ok)
    .map((spec) => specTold("Failed", spec)),
];

/** What failed and then passed is no failure and no secret: it has a cause that somebody is to find. */
export const shakySpecs = ({ suites }: E2eReport): string[] =>
  specsIn(suites)
    .filter(({ tests }) => tests.some(({ status }) => status === "flaky"))
    .map((spec) => specTold("Passed only at the second try", spec));

const specsIn = (suites: readonly E2eSuite[]): E2eSpec[] =>
  suites.flatMap(({ specs = [], suites: inner = [] }) => [...specs, ...specsIn(inner)]);
const specTold = (what: string, { file, title, tests }: E2eSpec): string =>
  told(
    `test/e2e/${file}`,
    title,
    tests.flatMap(({ results }) => results).flatMap((result) => result.errors)[0]?.message ?? "",
    what,
  );

// Colours are for a terminal; what follows is read in a stored log.
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");
const told = (file: string, test: string, why: string, what = "Failed"): string =>
  [
    `${what}: ${file} > ${test}`,
    ...why
      .replaceAll(COLOUR, "")
      .split("\n")
      .slice(0, WHY_LINES)
      .map((line) => `    ${line}`),
  ].join("\n");
