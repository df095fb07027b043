/**
 * The app for an Electron that is older than the pinned one: built for that one's Chromium and Node into a temporary
 * folder, with what that Electron lacks before it. Host and sync server run as children of the Node that runs this.
 *
 * The distribution is laid out anew around the app (`resources/app`), by links: a distribution without Electron's own
 * default app ignores the folder that it is given and starts that one.
 */
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { buildElectron, buildRenderer, targetsFrom } from "../build.ts";
import { ROOT } from "../check/step.ts";
import { MAIN_LACKS, PAGE_LACKS } from "./lacks.ts";

export interface OlderApp {
  readonly program: string;
  /** Folder of the built app. */
  readonly app: string;
  remove(): void;
}

export interface Versions {
  readonly electron: string;
  readonly node: string;
}

const majorOf = (version: string): number => Number(version.split(".", 1)[0]);

/** Since Electron 16 every major brings Chromium two majors further: 16 has 96, 22 has 108, 30 has 124. */
export const targetFor = ({ electron, node }: Versions): string =>
  `chrome${64 + 2 * majorOf(electron)}/node${majorOf(node)}`;

export const isOlder = (electron: string, pinned: string): boolean => majorOf(electron) < majorOf(pinned);

export const buildForOlder = async (program: string, versions: Versions): Promise<OlderApp> => {
  const work = mkdtempSync(join(tmpdir(), "bulkhead-desktop-"));
  const app = join(work, "resources/app");
  const own = layOut(dirname(program), work, basename(program));
  const target = targetFor(versions);
  await buildElectron(join(app, "build"), targetsFrom(target));
  await buildRenderer({ outDir: join(app, "build/renderer"), target: target.split("/", 1)[0] ?? "" });
  const assets = join(app, "build/renderer/assets");
  for (const name of readdirSync(assets)) if (name.endsWith(".js")) prepend(join(assets, name), PAGE_LACKS);
  prepend(join(app, "build/main/main.cjs"), MAIN_LACKS);
  const { name, productName, version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Record<
    string,
    string
  >;
  writeFileSync(join(app, "package.json"), JSON.stringify({ name, productName, version, main: "build/main/main.cjs" }));
  for (const part of ["host", "sync-server"])
    writeFileSync(join(app, "build", part, "package.json"), JSON.stringify({ type: "module" }));
  symlinkSync(join(ROOT, "node_modules"), join(app, "node_modules"));
  return {
    program: own,
    app,
    remove: () => rmSync(work, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
};

/** Links to everything of the distribution, and the program itself: a link to that would lead Electron back to where it lies. */
const layOut = (from: string, to: string, program: string): string => {
  mkdirSync(join(to, "resources/app"), { recursive: true });
  for (const name of readdirSync(from))
    if (name !== "resources" && name !== program) symlinkSync(join(from, name), join(to, name));
  for (const name of readdirSync(join(from, "resources")))
    if (!/^app(\.asar)?$/.test(name)) symlinkSync(join(from, "resources", name), join(to, "resources", name));
  const own = join(to, program);
  try {
    linkSync(join(from, program), own);
  } catch {
    // Another disk.
    copyFileSync(join(from, program), own);
  }
  return own;
};

const prepend = (file: string, lines: readonly string[]): void =>
  writeFileSync(file, `${lines.join("\n")}\n${readFileSync(file, "utf8")}`);
