/** A clock that only moves when told. Satisfies the host's `Clock`. */
export interface TestClock {
  now(): number;
  monotonic(): number;
  advance(ms: number): void;
}

export const testClock = (start = 1_700_000_000_000): TestClock => {
  let passed = 0;
  return {
    now: () => start + passed,
    monotonic: () => passed,
    advance: (ms) => {
      passed += ms;
    },
  };
};
