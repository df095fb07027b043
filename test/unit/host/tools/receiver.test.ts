/** Whether values that were given to one launch may go to another one without being asked for anew. */
import { expect, test } from "vitest";
import type { Launch } from "#bridge/views.ts";
import { sameReceiver } from "../../../../electron/host/tools/secrets.ts";

const http = (url: string): Launch => ({ kind: "http", url, headers: [{ name: "Authorization", value: "Bearer ${TOKEN}" }], vars: [{ name: "BASE", secret: false }, { name: "TOKEN", secret: true }] });
const same = (before: string, after: string) => sameReceiver(http(before), http(after));

test("[T38] an address that begins with a value and goes on with another host is another receiver", () => {
  for (const evil of ["${BASE}.evil.example/mcp", "${BASE}evil.example", "${BASE}:8443/mcp", "${BASE}${TOKEN}/mcp", "${BASE}-x.example"]) {
    expect([evil, same("${BASE}/mcp", evil), same("${BASE}", evil)]).toEqual([evil, false, false]);
  }
  expect(same("https://tools.example/mcp", "https://tools.example.evil.example/mcp")).toBe(false);
  // What follows a slash cannot change the host.
  for (const path of ["${BASE}/other", "${BASE}?x=1", "${BASE}#x", "${BASE}"]) expect([path, same("${BASE}/mcp", path)]).toEqual([path, true]);
  expect(same("https://tools.example/a", "https://tools.example/b")).toBe(true);
});
