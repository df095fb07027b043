/**
 * `npm run bench`: measurements on loopback with real processes. `npm run bench -- approval search` runs some suites,
 * `--json FILE` also writes them as an array of `{ name, value, unit, n, peer?, ratio?,
 * goal?, met? }`.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { buildWindows } from "../../scripts/e2e.ts";
import { approval, crowdedApproval } from "./approval.ts";
import { changes } from "./changes.ts";
import { lists } from "./lists.ts";
import type { Measured } from "./measure.ts";
import { table } from "./measure.ts";
import { memory } from "./memory.ts";
import { start } from "./start.ts";
import { sync } from "./sync/suite.ts";
import { threads } from "./threads.ts";

const suites: Readonly<Record<string, () => Promise<Measured[]>>> = {
  approval,
  "crowded-approval": crowdedApproval,
  lists,
  changes,
  start,
  threads,
  memory,
  sync,
};

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: "string" } } });
  const unknown = positionals.filter((name) => !Object.hasOwn(suites, name));
  if (unknown.length > 0) {
    process.stderr.write(`There is no suite ${unknown.join(", ")}. Choose from ${Object.keys(suites).join(", ")}.\n`);
    return 2;
  }
  if (!(await buildWindows())) return 1;
  const rows: Measured[] = [];
  for (const [name, run] of Object.entries(suites)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    process.stderr.write(`measuring ${name}…\n`);
    rows.push(...(await run()));
  }
  process.stdout.write(`${table(rows)}\n`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
  return 0;
};

process.exitCode = await main();
