/** Records what has no recording yet. Existing ones are never written again: old logs must fold, and old exports verify, for ever. */
import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { exportOf, EXPORTED, fileOf, FORMATS } from "./exported.ts";
import { record } from "./recording.ts";
import { scenarios } from "./scenarios.ts";

const keep = (name: string, make: () => string): void => {
  const path = resolve(import.meta.dirname, name);
  if (!existsSync(path)) writeFileSync(path, make());
};

for (const name of Object.keys(scenarios)) keep(`${name}.json`, () => `${JSON.stringify(record(name), null, 1)}\n`);
for (const name of EXPORTED)
  for (const version of [1, 2] as const)
    for (const format of FORMATS) keep(fileOf(name, version, format), () => exportOf(record(name), version, format));
