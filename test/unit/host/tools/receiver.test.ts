/** Whether values that were given to one launch may go to another one without being asked for anew. */
import { expect, test } from "vitest";
import type { Launch } from "#bridge/tool.ts";
import { sameReceiver } from "../../../../electron/host/tools/secrets.ts";

const http = (url: string): Launch => ({
  kind: "http",
  url,
  headers: [{ name: "Authorization", value: "Bearer ${TOKEN}" }],
  vars: [
    { name: "BASE", secret: false },
    { name: "TOKEN", secret: true },
  ],
});
const same = (before: string, after: string) => sameReceiver(http(before), http(after));

test("[T38] an address that begins with a value and goes on with another host is another receiver", () => {
  for (const evil of [
    "${BASE}.evil.example/mcp",
    "${BASE}evil.example",
    "${BASE}:8443/mcp",
    "${BASE}${TOKEN}/mcp",
    "${BASE}-x.example",
  ]) {
    expect([evil, same("${BASE}/mcp", evil), same("${BASE}", evil)]).toEqual([evil, false, false]);
  }
  expect(same("https://tools.example/mcp", "https://tools.example.evil.example/mcp")).toBe(false);
  // What follows a slash cannot change the host.
  for (const path of ["${BASE}/other", "${BASE}?x=1", "${BASE}#x", "${BASE}"])
    expect([path, same("${BASE}/mcp", path)]).toEqual([path, true]);
  expect(same("https://tools.example/a", "https://tools.example/b")).toBe(true);
});

test("[T38] another package, image or script under the same runner is another program, and another release is not", () => {
  const run = (command: string, ...args: string[]): Launch => ({
    kind: "stdio",
    command,
    args,
    env: [{ name: "TOKEN", secret: true }],
    vars: [],
  });
  const others: readonly (readonly [Launch, Launch])[] = [
    [run("npx", "-y", "@good/server"), run("npx", "-y", "@evil/server")],
    [run("npx", "-y", "good"), run("npx", "-y", "good@npm:evil")],
    [run("npx", "-y", "good"), run("npx", "--registry=https://evil.example", "-y", "good")],
    [run("C:\\node\\NPX.cmd", "good"), run("C:\\node\\NPX.cmd", "evil")],
    [run("/usr/bin/uvx", "good"), run("/usr/bin/uvx", "--from", "evil", "good")],
    [run("docker", "run", "-i", "-e", "TOKEN", "good"), run("docker", "run", "-i", "-e", "TOKEN", "evil")],
    [run("python3.12", "-m", "good"), run("python3.12", "-m", "evil")],
    [run("node", "/srv/good.js"), run("node", "/srv/evil.js")],
    [run("good"), run("evil")],
  ];
  for (const [before, after] of others) expect([after, sameReceiver(before, after)]).toEqual([after, false]);
  expect(sameReceiver(run("npx", "-y", "@good/server@1.2.3"), run("npx", "-y", "@good/server@latest"))).toBe(true);
  expect(sameReceiver(run("npx", "-y", "@good/server"), run("npx", "-y", "@good/server@^2.0.0"))).toBe(true);
  // A program of its own gets what it got, whatever it is told.
  expect(sameReceiver(run("/opt/good/server", "--root", "/a"), run("/opt/good/server", "--root", "/b"))).toBe(true);
});
