/**
 * Finds Electron's program, or tries once to fetch it. The package brings only a downloader; machines without access to
 * the download keep a note of the failure, so that the next start does not wait again.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../node_modules/electron/", import.meta.url));
const failedNote = fileURLToPath(new URL("../build/electron-fetch-failed", import.meta.url));

export const FETCH_MS = 60_000;
export const RETRY_AFTER_MS = 3_600_000;

/** Path of the program in `electron`'s folder, or null. ELECTRON_OVERRIDE_DIST_PATH names another distribution. */
export const findElectron = (
  env: Readonly<Record<string, string | undefined>> = process.env,
  from: string = folder,
): string | null => {
  const own = env["BULKHEAD_ELECTRON"];
  if (own !== undefined && own !== "") return existsSync(own) ? own : null;
  const dist = env["ELECTRON_OVERRIDE_DIST_PATH"];
  const name = programName(process.platform);
  const program = dist === undefined || dist === "" ? join(from, "dist", name) : join(dist, name);
  return existsSync(program) ? program : null;
};

export const programName = (platform: NodeJS.Platform): string =>
  platform === "darwin" ? "Electron.app/Contents/MacOS/Electron" : platform === "win32" ? "electron.exe" : "electron";

/** Whether a fetch failed less than an hour ago. */
export const failedLately = (note: string, now: number): boolean => {
  const stat = statSync(note, { throwIfNoEntry: false });
  return stat !== undefined && now - stat.mtimeMs >= 0 && now - stat.mtimeMs < RETRY_AFTER_MS;
};

/** The program, fetched when it is missing and was not found missing lately; null when it cannot be had. */
export const obtainElectron = async (): Promise<string | null> => {
  const found = findElectron();
  if (found !== null || failedLately(failedNote, Date.now()) || !existsSync(join(folder, "install.js"))) return found;
  process.stdout.write("Fetching Electron once; this can take a minute.\n");
  await fetchOnce();
  const fetched = findElectron();
  if (fetched === null) {
    mkdirSync(dirname(failedNote), { recursive: true });
    writeFileSync(failedNote, "Electron could not be fetched. Remove this file to try again at once.\n");
  }
  return fetched;
};

const fetchOnce = (): Promise<void> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(folder, "install.js")], { stdio: "ignore" });
    const patience = setTimeout(() => child.kill("SIGKILL"), FETCH_MS);
    const done = () => (clearTimeout(patience), resolve());
    child.once("exit", done);
    child.once("error", done);
  });

/** Version of Electron that the app is written against. */
export const pinnedElectron = (): string =>
  (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string }).version;
