/**
 * Which build wrote the store last, and what a build has to know to read it (LV10). An older one would fold what it does
 * not know, and take its own misreading for somebody's lie: it opens nothing instead, and says which version can.
 */
import type { Database } from "better-sqlite3";
import { z } from "zod";
import { json } from "#core/protocol/parse.ts";
import type { Knows } from "#core/rules/state.ts";
import { refused } from "#bridge/refused.ts";
import { level } from "./migrations/0017-level.ts";

const NAME = "written-by";
const Writer = z.object({ version: z.string(), knows: z.number() });

/** The last one, or null where the store is new, older than this row, or says nothing that can be read. */
export const lastWriter = (db: Database): Knows | null => {
  const row = db.prepare<[string], { value: string }>("SELECT value FROM settings WHERE name = ?").get(NAME);
  return Writer.safeParse(json(row?.value ?? "")).data ?? null;
};

/** Reads only. Throws `Refusal("store-above")` where a log is kept that is above what this build knows. */
export const checkWriter = (db: Database, build: Knows): void => {
  if (Number(db.pragma("user_version", { simple: true })) < level.id) return;
  const needs =
    db.prepare<[], { level: number | null }>("SELECT max(level) AS level FROM workspaces").get()?.level ?? 1;
  if (needs <= build.knows) return;
  throw refused("store-above", needs, build.version, lastWriter(db)?.version ?? null);
};

/** Names this build as the last that wrote. */
export const nameWriter = (db: Database, { version, knows }: Knows): void => {
  const last = lastWriter(db);
  if (last?.version === version && last.knows === knows) return;
  db.prepare<[string, string]>(
    "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  ).run(NAME, JSON.stringify({ version, knows }));
};
