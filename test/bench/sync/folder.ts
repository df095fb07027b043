/** A folder that is gone afterwards. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const tempFolder = (): { path: string; remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), "bulkhead-bench-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};
