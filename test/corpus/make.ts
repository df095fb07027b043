/** Records the scenarios that have no log yet. Existing logs are never written again: old logs must fold for ever. */
import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { record } from "./recording.ts";
import { scenarios } from "./scenarios.ts";

for (const name of Object.keys(scenarios)) {
  const path = resolve(import.meta.dirname, `${name}.json`);
  if (!existsSync(path)) writeFileSync(path, `${JSON.stringify(record(name), null, 1)}\n`);
}
