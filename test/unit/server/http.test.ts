import { expect, test } from "vitest";
import { startWorld } from "../../helpers/sync-world.ts";

test("[SV60] /healthz says that the store can be read", async () => {
  const { url } = await startWorld();
  const answer = await fetch(`${url}/healthz`);
  expect([answer.status, await answer.json()]).toEqual([200, { ok: true }]);
});

test("[SV61] /join is the same page for everybody, under a policy that lets it load and send nothing", async () => {
  const { url } = await startWorld();
  const [one, two] = await Promise.all([fetch(`${url}/join`), fetch(`${url}/join?<script>alert(1)</script>`)]);
  expect(one.headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/);
  expect(one.headers.get("referrer-policy")).toBe("no-referrer");
  expect(one.headers.get("x-content-type-options")).toBe("nosniff");
  expect(one.headers.get("cache-control")).toBe("no-store");
  const page = await one.text();
  expect(page).toContain("Open Bulkhead");
  expect(await two.text()).toBe(page);
});

test.each(["/", "/index.html", "/join/", "/join/../healthz/x", "/.env", "/data/workspaces.sqlite"])("[SV62] %s does not exist", async (path) => {
  const { url } = await startWorld();
  expect((await fetch(`${url}${path}`)).status).toBe(404);
});

test("[SV62] only reading is answered", async () => {
  const { url } = await startWorld();
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) expect((await fetch(`${url}/join`, { method })).status).toBe(405);
  expect((await fetch(`${url}/join`, { method: "HEAD" })).status).toBe(200);
});
