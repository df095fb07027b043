/** Files that a program reads are the same in every language, but for the fields that are there to be read by a person. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startedIn } from "../../../helpers/started-in.ts";
import { LOG_FILE, LOG_FOLDER } from "#bridge/log-place.ts";
import type { Live } from "#client/live.ts";
import type { KeptEvidence, WorkspaceStore } from "#client/ports/store.ts";
import { tempDir } from "../../../helpers/temp.ts";

/** The host and a window as they are started by a shell that speaks that language. */
const speaking = async (tag: string) => {
  startedIn(tag);
  const { evidenceFile } = await import("../../../../electron/host/audit/evidence.ts");
  const { reportOf } = await import("../../../../electron/host/app/report.ts");
  const { reportText } = await import("../../../../renderer/pages/settings/report-text.ts");
  return { evidence: evidenceFile(live, rows, 9), report: (dir: string) => reportText(reportOf(dir, shell)) };
};

const shell = { kind: "browser", detail: "a test" } as never;
const live = {
  wid: "w".repeat(22),
  server: () => "https://sync.example.org",
  log: { serverKey: "k", seq: 7, head: "h" },
} as unknown as Live;
const kept = (code: string, at: number): KeptEvidence =>
  ({ wid: live.wid, code, doc: "log", seq: 3, head: "h", shown: "{}", at }) as never;
const rows = {
  evidence: () => [kept("log-fork", 1), kept("withheld", 2), kept("names-differ", 3)],
  entries: () => ["entry"],
} as unknown as WorkspaceStore;

interface Piece {
  readonly code: string;
  sentence?: string;
}
const piecesOf = (text: string): Piece[] => (JSON.parse(text) as { pieces: Piece[] }).pieces;
const SENTENCE = /^ +"sentence": ".*",$/gm;

test("[AU1] evidence is byte for byte the same in every language, but for the sentence of a piece", async () => {
  const [english, other] = [(await speaking("en")).evidence, (await speaking("en-XA")).evidence];
  expect(english.name).toBe(other.name);
  expect(english.text.replaceAll(SENTENCE, "")).toBe(other.text.replaceAll(SENTENCE, ""));
  expect(piecesOf(other.text).map(({ code }) => code)).toEqual(["names-differ", "log-fork", "withheld"]);
  // Control: both were asked in their language, and the sentence is the one field that says so.
  expect(english.text.match(SENTENCE)).toHaveLength(3);
  expect(piecesOf(other.text).filter(({ sentence }) => sentence?.startsWith("⟦") !== true)).toEqual([]);
  expect(piecesOf(english.text).filter(({ sentence }) => sentence === undefined || /⟦/.test(sentence))).toEqual([]);
});

test("[T23] a saved report is byte for byte the same in every language", async () => {
  const dir = tempDir();
  mkdirSync(join(dir, LOG_FOLDER), { recursive: true });
  const line = JSON.stringify({ time: "t", process: "host", event: "rpc.fault", code: "store-failed" });
  writeFileSync(join(dir, LOG_FOLDER, LOG_FILE), `${line}\n`);
  const [english, other] = [(await speaking("en")).report(dir), (await speaking("en-XA")).report(dir)];
  expect(english).toContain(line);
  expect(other).toBe(english);
});
