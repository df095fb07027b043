/** `npm run dist`: builds the installers of this system into `dist/`. Arguments go to electron-builder, e.g. `--dir`. */
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildElectron, buildRenderer, targetsFrom } from "./build.ts";
import { obtainElectron, pinnedElectron } from "./electron-binary.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Folder of the distribution that holds Electron's program; on macOS the program is deep inside the app. */
export const distributionOf = (program: string, platform: NodeJS.Platform): string =>
  platform === "darwin" ? join(program, "../../../..") : dirname(program);

const run = (args: readonly string[]): Promise<number> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, "node_modules/electron-builder/cli.js"), ...args], {
      cwd: root,
      stdio: "inherit",
    });
    child.once("exit", (code) => resolve(code ?? 1));
    child.once("error", () => resolve(1));
  });

const dist = async (args: readonly string[]): Promise<number> => {
  const program = await obtainElectron();
  if (program === null) {
    process.stderr.write(
      `No installer was built: the distribution of Electron ${pinnedElectron()} is not on this computer and could not be fetched. Put it in node_modules/electron/dist, or name its folder in ELECTRON_OVERRIDE_DIST_PATH, then run this again.\n`,
    );
    return 1;
  }
  await buildRenderer();
  await buildElectron(join(root, "build"), targetsFrom(undefined));
  const code = await run([
    "--publish",
    "never",
    `-c.electronDist=${distributionOf(program, process.platform)}`,
    ...args,
  ]);
  if (code !== 0)
    process.stderr.write(
      "electron-builder did not finish: its own words are above. It also fetches the tools that pack an installer; `npm run dist -- --dir` builds the app without packing it.\n",
    );
  return code;
};

if (import.meta.main) process.exitCode = await dist(process.argv.slice(2));
