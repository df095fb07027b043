/** Numbered rules: which ones the SPEC files state, and which ones a test begins with. Each must be on both sides. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** `**SV20** A Yjs write …`, `**CH6, CH7**`, `**SV30 to SV35**`. */
const STATED = /\*\*([A-Z]{2}\d[^*]*)\*\*/g;
/** The first words of a title: `[T15] [GB2] …`, `SV20, SV21 …`. */
const TITLE = /["'`](?:\[T\d+\]\s*)*((?:\[?[A-Z]{2}\d{1,2}\b\]?(?:,\s*|\s+and\s+|\s+to\s+|\s*))+)/g;
const RANGE = /([A-Z]{2})(\d+)\s+to\s+(?:[A-Z]{2})?(\d+)/g;
const ONE = /[A-Z]{2}\d+/g;

const idsOf = (words: string): string[] => [
  ...[...words.matchAll(RANGE)].flatMap(([, name = "", from, to]) =>
    Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => `${name}${Number(from) + i}`),
  ),
  ...[...words.matchAll(ONE)].map(([id]) => id),
];
const found = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].flatMap(([, words = ""]) => idsOf(words));

export const statedIn = (spec: string): Set<string> => new Set(found(spec, STATED));
export const citedIn = (test: string): Set<string> => new Set(found(test, TITLE));

const SKIPPED = new Set(["node_modules", "build", "dist", "test-results"]);
/** Texts of the files under a folder whose names fit. */
export const textsUnder = (folder: string, name: RegExp): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) || entry.name.startsWith(".") ? [] : textsUnder(path, name);
    return name.test(entry.name) ? [readFileSync(path, "utf8")] : [];
  });
