/** Cold start of an app: shell and agent host, until the host says it is ready. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startApp } from "../../scripts/apps/app.ts";
import { nodeStep } from "../../scripts/check/step.ts";
import { measured, percentile, timings } from "./measure.ts";
import type { Measured } from "./measure.ts";

const ROUNDS = 7;

export const start = async (): Promise<Measured[]> => {
  const dir = mkdtempSync(join(tmpdir(), "bulkhead-bench-"));
  const samples: number[] = [];
  try {
    for (let round = -1; round < ROUNDS; round++) {
      const begun = performance.now();
      const app = await startApp({ dataDir: dir });
      if (round >= 0) samples.push(performance.now() - begun);
      await app.stop();
    }
    const node = await timings(ROUNDS, () => nodeStep("--eval", ["0"]));
    return [
      measured("cold start of shell and agent host p50", percentile(samples, 0.5), "ms", ROUNDS, {
        name: "node --eval 0",
        value: percentile(node, 0.5),
      }),
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};
