import { connect } from "node:net";
import type { Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createLimits, LIMITS } from "../../../sync-server/server/admission/limits.ts";
import { createDoor, listen } from "../../../sync-server/server/connections/listen.ts";
import { createOrigins } from "../../../sync-server/server/admission/origins.ts";
import { startWorld } from "../../helpers/sync-world.ts";
import { until } from "../../helpers/wait.ts";

test("[SV60] /healthz says that the store can be read", async () => {
  const { url } = await startWorld();
  const answer = await fetch(`${url}/healthz`);
  expect([answer.status, await answer.json()]).toEqual([200, { ok: true }]);
});

test("[SV61] /join is the same page for everybody, under a policy that lets it load and send nothing", async () => {
  const { url } = await startWorld();
  const [one, two] = await Promise.all([fetch(`${url}/join`), fetch(`${url}/join?<script>alert(1)</script>`)]);
  expect(one.headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
  );
  expect(one.headers.get("referrer-policy")).toBe("no-referrer");
  expect(one.headers.get("x-content-type-options")).toBe("nosniff");
  expect(one.headers.get("cache-control")).toBe("no-store");
  const page = await one.text();
  expect(page).toContain("Open Bulkhead");
  expect(await two.text()).toBe(page);
});

test.each(["/", "/index.html", "/join/", "/join/../healthz/x", "/.env", "/data/workspaces.sqlite"])(
  "[SV62] %s does not exist",
  async (path) => {
    const { url } = await startWorld();
    expect((await fetch(`${url}${path}`)).status).toBe(404);
  },
);

test("[SV62] only reading is answered", async () => {
  const { url } = await startWorld();
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"])
    expect((await fetch(`${url}/join`, { method })).status).toBe(405);
  expect((await fetch(`${url}/join`, { method: "HEAD" })).status).toBe(200);
});

/** The door alone, so that its connections can be counted, and somebody who never hangs up. */
const atDoor = async (strangers: number) => {
  const door = createDoor({
    limits: createLimits({ ...LIMITS, strangers }, Date.now),
    trustProxy: false,
    origins: () => createOrigins([], port, Date.now),
    originUnknown: () => undefined,
    healthy: async () => true,
    onSocket: () => undefined,
  });
  let count = -1;
  const look = setInterval(() => door.getConnections((_error, found) => (count = found)), 20);
  const port = await listen(door, "127.0.0.1", 0);
  onTestFinished(() => {
    clearInterval(look);
    door.close();
  });
  const say = async (text: string): Promise<{ socket: Socket; heard: () => string; ended: Promise<void> }> => {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    onTestFinished(() => void socket.destroy());
    let heard = "";
    const ended = new Promise<void>((resolve) => socket.on("end", resolve)).then(() => void (count = -1));
    socket.on("error", () => undefined).on("data", (bytes) => (heard += bytes.toString()));
    socket.write(text);
    return { socket, heard: () => heard, ended };
  };
  return { port, say, connections: () => count };
};
const dialText = (path: string, host: string, more = ""): string =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${more}\r\n`;

const ROOM = `/${"W".repeat(22)}/log`;
test.each([
  [404, "/nothing", "", 10],
  [421, ROOM, "other.example", 10],
  [403, ROOM, "", 10],
  [503, ROOM, "", 0],
] as const)(
  "[LI11] who is turned away with %i takes no place here any more, although they never hang up",
  async (status, path, host, strangers) => {
    const { port, say, connections } = await atDoor(strangers);
    const turned = await say(
      dialText(path, host || `127.0.0.1:${port}`, status === 403 ? "Origin: https://evil.example\r\n" : ""),
    );
    await turned.ended;
    expect(turned.heard()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(turned.socket.writable).toBe(true);
    await until(() => connections() === 0, "the place to be free again");
    // A count of none says nothing where none is ever counted.
    if (strangers > 0) {
      await say(dialText(ROOM, `127.0.0.1:${port}`));
      await until(() => connections() === 1, "somebody who was let in");
    }
  },
);

test("[LI11] one answer a connection: who asks hundreds of times in one breath and reads nothing is not served for ever", async () => {
  const { say, connections } = await atDoor(10);
  const asked = await say("GET /join HTTP/1.1\r\nHost: x\r\n\r\n".repeat(400));
  await asked.ended;
  expect(asked.heard().match(/HTTP\/1\.1 /g)).toHaveLength(1);
  await until(() => connections() === 0, "the place to be free again");
});
