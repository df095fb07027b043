/** Which tests claim which promise: reads the titles of every test file, of both runners. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** `[T19] [AP4] title` in a string literal claims T19. Ids of rules (AP4) belong to the SPEC files. */
const TITLE = /["'`]((?:\[[A-Z]{1,3}\d+\]\s*)+)/g;
const ID = /\[(T\d+)\]/g;

/** Promise id → the files that claim it. */
export const claimsIn = (folder: string): Map<string, string[]> => {
  const claims = new Map<string, string[]>();
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!/\.(test|spec)\.tsx?$/.test(entry.name)) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), "utf8");
    for (const id of idsIn(text)) claims.set(id, [...(claims.get(id) ?? []), entry.name]);
  }
  return claims;
};

export const idsIn = (text: string): Set<string> => {
  const titles = [...text.matchAll(TITLE)].map((match) => match[1] ?? "");
  return new Set(titles.flatMap((title) => [...title.matchAll(ID)].map((match) => match[1] ?? "")));
};

/** What is wrong between the promises and the claims; empty when they agree. */
export const disagreements = (
  standings: Readonly<Record<string, "proven" | "partly" | "deferred">>,
  claims: ReadonlyMap<string, readonly string[]>,
): string[] => {
  const unknown = [...claims.keys()]
    .filter((id) => !Object.hasOwn(standings, id))
    .map((id) => `${id} is claimed and not a promise`);
  const open = Object.entries(standings).flatMap(([id, standing]) => {
    const claimed = claims.has(id);
    if (standing === "deferred") return claimed ? [`${id} is claimed and marked as deferred`] : [];
    return claimed ? [] : [`${id} is promised and no test claims it`];
  });
  return [...unknown, ...open];
};
