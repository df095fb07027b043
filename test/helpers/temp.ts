import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A new empty directory, removed when the running test ends. Outside a test use `tempDir.keep()` and remove it. */
export const tempDir = (): string => {
  const dir = keep();
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 10 }));
  return dir;
};

const keep = (): string => mkdtempSync(join(tmpdir(), "bulkhead-test-"));
tempDir.keep = keep;
