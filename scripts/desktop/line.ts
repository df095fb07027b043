/** One line about the desktop specs: how many, and on which Electron, as the app itself answered while they ran. */

/** The part of Playwright's JSON report that is read here. */
export interface DesktopReport {
  readonly suites: readonly DesktopSuite[];
}
interface DesktopSuite {
  readonly specs?: readonly {
    readonly tests: readonly {
      readonly annotations: readonly { readonly type: string; readonly description?: string }[];
    }[];
  }[];
  readonly suites?: readonly DesktopSuite[];
}

/** Type of the annotation with which a spec says what it ran on. */
export const SHELL = "shell";

export const desktopLine = ({ suites }: DesktopReport, asked: string): string => {
  const tests = suites.flatMap(function testsOf({ specs = [], suites: inner = [] }: DesktopSuite): DesktopTest[] {
    return [...specs.flatMap((spec) => spec.tests), ...inner.flatMap(testsOf)];
  });
  const ran = new Set(
    tests
      .flatMap(({ annotations }) => annotations)
      .flatMap(({ type, description }) => (type === SHELL && description !== undefined ? [description] : [])),
  );
  const count = `${tests.length} ${tests.length === 1 ? "spec" : "specs"}`;
  return ran.size === 0
    ? `Desktop: ${count} for Electron ${asked}, and none of them got it to start.`
    : `Desktop: ${count} on ${[...ran].join(" and ")}.`;
};
type DesktopTest = NonNullable<DesktopSuite["specs"]>[number]["tests"][number];
