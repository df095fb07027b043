import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Locked {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly version?: string;
  readonly optionalDependencies?: Record<string, string>;
}

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
  readonly packages: Record<string, Locked>;
};
const installed = Object.entries(packages).filter(([path]) => path !== "");
const nameOf = (path: string): string => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

test("the lock file holds every platform's packages: an npm that wrote it on one system must not fail `npm ci` on another", () => {
  const known = new Set(installed.map(([path]) => nameOf(path)));
  const wanted = installed.flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).map((name) => ({ by: nameOf(path), name })),
  );
  expect(wanted.length).toBeGreaterThan(50);
  expect(wanted.filter(({ name }) => !known.has(name))).toEqual([]);
});

test("each locked package stands with its hash, from no registry but the reader's own, at the version that package.json pins", () => {
  expect(
    installed
      .filter(([, { resolved, integrity = "" }]) => resolved !== undefined || !integrity.startsWith("sha512-"))
      .map(([path]) => path),
  ).toEqual([]);
  const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
    readonly dependencies: Record<string, string>;
    readonly devDependencies: Record<string, string>;
  };
  const pinned = Object.entries({ ...dependencies, ...devDependencies });
  expect(pinned.filter(([name, version]) => packages[`node_modules/${name}`]?.version !== version)).toEqual([]);
});
