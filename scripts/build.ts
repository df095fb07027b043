/**
 * Builds what runs from a bundle. The browser shell needs only the renderer: Node runs the rest as it is written.
 * Electron needs all of it.
 *
 *   node scripts/build.ts [renderer] [electron]      nothing named: both
 *
 * BULKHEAD_TARGET replaces the targets of what Electron itself runs, for an older Electron: `chrome100/node16` builds
 * main and preloads for those, and main as CommonJS. BULKHEAD_OUT puts Electron's part elsewhere.
 */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import type { InlineConfig } from "vite";
import { isStale } from "./stale.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const at = (path: string) => join(root, path);

/** What is never bundled: Electron's own modules, and what has native code. `ws` asks for the last two if they are there. */
const EXTERNAL = ["electron", "electron/main", "electron/renderer", "better-sqlite3", "bufferutil", "utf-8-validate"];

interface Bundle {
  readonly name: string;
  readonly entries: Readonly<Record<string, string>>;
  readonly format: "es" | "cjs";
  readonly target: string;
}

export interface Targets {
  readonly main: string;
  readonly preload: string;
  readonly mainFormat: "es" | "cjs";
}

/** Reads BULKHEAD_TARGET: `<chrome>/<node>`. */
export const targetsFrom = (text: string | undefined): Targets => {
  const match = /^(chrome[0-9]+)\/(node[0-9]+)$/.exec(text ?? "");
  return match === null
    ? { main: "node24", preload: "chrome140", mainFormat: "es" }
    : { main: match[2] ?? "", preload: match[1] ?? "", mainFormat: "cjs" };
};

const bundles = (targets: Targets): readonly Bundle[] => [
  { name: "main", entries: { main: "electron/main/main.ts" }, format: targets.mainFormat, target: targets.main },
  // A sandboxed preload is a script, not a module, and one file each.
  { name: "preload", entries: { preload: "electron/preload/preload.ts" }, format: "cjs", target: targets.preload },
  { name: "preload", entries: { popup: "electron/preload/popup.ts" }, format: "cjs", target: targets.preload },
  { name: "host", entries: { main: "electron/host/main.ts" }, format: "es", target: "node24" },
  { name: "sync-server", entries: { main: "sync-server/main.ts" }, format: "es", target: "node24" },
];

const configOf = (bundle: Bundle, out: string): InlineConfig => ({
  root,
  configFile: false,
  logLevel: "warn",
  publicDir: false,
  resolve: { conditions: ["node"] },
  ssr: { noExternal: true, external: EXTERNAL },
  build: {
    ssr: true,
    target: bundle.target,
    outDir: join(out, bundle.name),
    emptyOutDir: false,
    minify: false,
    rolldownOptions: {
      input: Object.fromEntries(Object.entries(bundle.entries).map(([name, file]) => [name, at(file)])),
      external: (id: string) => isBuiltin(id) || EXTERNAL.includes(id),
      output: {
        format: bundle.format,
        entryFileNames: bundle.format === "cjs" ? "[name].cjs" : "[name].js",
        codeSplitting: false,
      },
    },
  },
});

/** Builds the bundles that Electron runs into `out`. */
export const buildElectron = async (out: string, targets: Targets): Promise<void> => {
  for (const bundle of bundles(targets)) await build(configOf(bundle, out));
  mkdirSync(join(out, "icons"), { recursive: true });
  cpSync(at("electron/main/icons"), join(out, "icons"), { recursive: true });
  writeFileSync(join(out, "electron.built"), "");
};

const RENDERER_SOURCES = ["renderer", "electron/bridge", "sync-server/core", "vite.config.ts", "package-lock.json"];
const ELECTRON_SOURCES = ["electron", "renderer/text", "sync-server", "package-lock.json", "scripts/build.ts"];

/** `elsewhere` replaces folder and target, for an older Chromium. */
export const buildRenderer = async (elsewhere?: {
  readonly outDir: string;
  readonly target: string;
}): Promise<void> => {
  await build({
    root: at("renderer"),
    configFile: at("vite.config.ts"),
    logLevel: "warn",
    ...(elsewhere === undefined ? {} : { build: elsewhere }),
  });
};

/** Builds the interface when it is older than its sources. */
export const freshRenderer = async (): Promise<void> => {
  if (isStale(at("build/renderer/index.html"), RENDERER_SOURCES.map(at))) await buildRenderer();
};

/** Builds what Electron runs when it is older than its sources. */
export const freshElectron = async (): Promise<void> => {
  if (isStale(at("build/electron.built"), ELECTRON_SOURCES.map(at)))
    await buildElectron(at("build"), targetsFrom(undefined));
};

if (import.meta.main) {
  const asked = process.argv.slice(2);
  const wants = (part: string) => asked.length === 0 || asked.includes(part);
  if (wants("renderer")) await buildRenderer();
  if (wants("electron"))
    await buildElectron(process.env["BULKHEAD_OUT"] ?? at("build"), targetsFrom(process.env["BULKHEAD_TARGET"]));
}
