/** How many attacks a test run stood, counted from the results of the attacks themselves (test/helpers/hostile.ts). */

/** What an attack leaves in its result: whom it attacked, and how often it showed that the same can succeed. */
export interface Hostile {
  readonly against: "server" | "client";
  readonly controls: number;
}

/** The part of a test report (Vitest's JSON) that is read here. */
export interface HostileReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly meta?: { readonly hostile?: Hostile } }[];
  }[];
}

export const hostileLine = ({ testResults }: HostileReport): string => {
  const stood = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .flatMap(({ status, meta }) =>
      status === "passed" && meta?.hostile !== undefined && meta.hostile.controls > 0 ? [meta.hostile] : [],
    );
  const count = (against: Hostile["against"]): number => stood.filter((hostile) => hostile.against === against).length;
  return `Withstood ${count("server")} attacks on the server and ${count("client")} lies to the client, each with a positive control.`;
};
