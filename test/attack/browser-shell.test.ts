/** Raw bytes against a running browser shell. Each attack stands beside the honest request that works. */
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { FRAME_MAX, FRAME_MAX_BYTES } from "#bridge/frames.ts";
import { openWindow, rawRequest, runningShell, tokenIn, upgradeStatus } from "../helpers/browser-shell.ts";
import { tempDir } from "../helpers/temp.ts";

const get = (origin: string, path: string, host = new URL(origin).host) =>
  rawRequest(origin, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
const protocols = (token: string) => `bulkhead, token.${token}`;

describe("pages", () => {
  test("a page is given only under this very address, so a rebound name gets nothing", async () => {
    const { origin } = await runningShell();
    expect(await get(origin, "/")).toContain("main page");
    const port = new URL(origin).port;
    for (const host of [
      `evil.example:${port}`,
      `localhost:${port}`,
      "127.0.0.1",
      `127.0.0.1:${Number(port) + 1}`,
      "",
    ]) {
      const answer = await get(origin, "/", host);
      expect(answer, host).not.toContain("main page");
      expect(answer, host).toMatch(/^HTTP\/1\.1 4/);
    }
  });

  test("no path leads out of the built interface", async () => {
    const { origin } = await runningShell();
    expect(await get(origin, "/assets/a.js")).toContain("export {}");
    for (const path of [
      "/../secret.env",
      "/secret.env",
      "/assets/../secret.env",
      "/%2e%2e/secret.env",
      "/..%2fsecret.env",
      "//etc/passwd",
      "/assets/..\\..\\secret.env",
      "/assets/a.js/../../secret.env",
      "/assets/a.js%00.html",
      "/constructor",
      "/__proto__",
    ]) {
      expect(await get(origin, path), path).toMatch(/^HTTP\/1\.1 404/);
    }
    expect(
      await rawRequest(
        origin,
        `GET http://evil.example/ HTTP/1.1\r\nHost: ${new URL(origin).host}\r\nConnection: close\r\n\r\n`,
      ),
    ).toMatch(/^HTTP\/1\.1 404/);
  });

  test("each origin shows its own page and not the other's", async () => {
    const { origin, popupOrigin } = await runningShell();
    expect(await get(popupOrigin, "/popup.html")).toContain("popup page");
    expect(await get(popupOrigin, "/index.html")).toMatch(/^HTTP\/1\.1 404/);
    expect(await get(origin, "/popup.html")).toMatch(/^HTTP\/1\.1 404/);
  });

  test("every answer forbids framing, foreign content, sniffing and caching of pages", async () => {
    const { origin, popupOrigin } = await runningShell();
    for (const answer of [await get(origin, "/"), await get(popupOrigin, "/")]) {
      const policy = /content-security-policy: (.*)\r/.exec(answer)?.[1] ?? "";
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toContain("unsafe");
      expect(answer).toContain("x-content-type-options: nosniff");
      expect(answer).toContain("cross-origin-opener-policy: same-origin");
      expect(answer).toContain("cache-control: no-store");
    }
  });

  test("only reading is possible", async () => {
    const { origin } = await runningShell();
    expect(
      await rawRequest(
        origin,
        `POST / HTTP/1.1\r\nHost: ${new URL(origin).host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      ),
    ).toMatch(/^HTTP\/1\.1 405/);
  });
});

describe("connections", () => {
  test("a connection needs the page's own origin", async () => {
    const { origin, popupOrigin, token, shell } = await runningShell();
    for (const foreign of [
      null,
      "null",
      "http://evil.example",
      popupOrigin,
      origin.replace("127.0.0.1", "localhost"),
      origin.replace("http:", "https:"),
      `${origin}.evil.example`,
    ]) {
      expect(await upgradeStatus({ to: origin, origin: foreign, protocols: protocols(token) }), String(foreign)).toBe(
        403,
      );
    }
    expect(await upgradeStatus({ to: origin, host: "evil.example", protocols: protocols(token) })).toBe(403);
    // None of the attempts spent the token.
    expect(await upgradeStatus({ to: origin, protocols: protocols(token) })).toBe(101);
    expect(
      await upgradeStatus({ to: origin, protocols: protocols(tokenIn(shell.address())), path: "/elsewhere" }),
    ).toBe(404);
  });

  /** Only an administrator may start something as another account. */
  test.runIf(process.platform === "linux" && process.getuid?.() === 0)(
    "another account of this computer gets nothing for a token that it read on a command line",
    async () => {
      const { origin, shell } = await runningShell();
      const { execFile } = process.getBuiltinModule("node:child_process");
      const { copyFileSync, chmodSync } = process.getBuiltinModule("node:fs");
      // A place from which any account may run it.
      const node = join(tempDir(), "node");
      copyFileSync(process.execPath, node);
      for (const path of [node, dirname(node)]) chmodSync(path, 0o755);
      const connect = `const [to, token] = process.argv.slice(1);
      const { port, host } = new URL(to);
      const socket = require("node:net").createConnection(Number(port), "127.0.0.1", () => socket.write(["GET /port HTTP/1.1", "Host: " + host, "Origin: " + to, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Protocol: bulkhead, token." + token, "", ""].join("\\r\\n")));
      socket.once("data", (bytes) => { process.stdout.write(bytes.toString("latin1").slice(9, 12)); socket.destroy(); });`;
      const as = (uid: number, token: string): Promise<string> =>
        new Promise(
          (resolve, reject) =>
            void execFile(node, ["-e", connect, origin, token], { uid, gid: uid, cwd: "/" }, (error, stdout) =>
              error === null ? resolve(stdout) : reject(error),
            ),
        );
      // This shell runs as the administrator, whose number is 0.
      const token = tokenIn(shell.address());
      expect(await as(65_534, token)).toBe("403");
      expect(await as(0, token)).toBe("101");
    },
  );

  test("a connection needs a token, and an address works once", async () => {
    const { origin, token } = await runningShell();
    for (const offered of [
      null,
      "bulkhead",
      "bulkhead, token.",
      `bulkhead, token.${"A".repeat(43)}`,
      `token.${token}`,
      `bulkhead, token.${token}x`,
      `bulkhead, token.${token}, token.${token}`,
    ]) {
      expect(await upgradeStatus({ to: origin, protocols: offered }), String(offered)).toBe(401);
    }
    expect(await upgradeStatus({ to: origin, protocols: protocols(token) })).toBe(101);
    expect(await upgradeStatus({ to: origin, protocols: protocols(token) })).toBe(401);
  });

  test("the token of one origin opens nothing at the other", async () => {
    const { origin, popupOrigin, token, shell } = await runningShell();
    expect(await upgradeStatus({ to: popupOrigin, protocols: protocols(token) })).toBe(401);
    const main = await openWindow(origin, token);
    const again = String((await main.next((frame) => frame.f === "session"))["token"]);
    expect(await upgradeStatus({ to: popupOrigin, protocols: protocols(again) })).toBe(401);
    void main.call("card.show", { wid: "w".repeat(22), request: "r1" });
    const popupToken = tokenIn(String((await main.next((frame) => frame.f === "popup"))["url"]));
    expect(await upgradeStatus({ to: origin, protocols: protocols(popupToken) })).toBe(401);
    // Positive control: each token at its own place.
    expect(await upgradeStatus({ to: popupOrigin, protocols: protocols(popupToken) })).toBe(101);
    expect(await upgradeStatus({ to: origin, protocols: protocols(again) })).toBe(101);
    expect(await upgradeStatus({ to: origin, protocols: protocols(tokenIn(shell.address())) })).toBe(101);
  });
});

describe("frames", () => {
  test("what is not a frame closes its window and no other", async () => {
    const { origin, shell } = await runningShell();
    const other = await openWindow(origin, tokenIn(shell.address()));
    for (const bad of [
      "",
      "null",
      "{",
      "[]",
      '{"f":"call"}',
      '{"f":"window.open","window":1,"kind":"popup"}',
      '{"f":"ack","n":1,"extra":true}',
      '{"f":"ack","n":-1}',
    ]) {
      const window = await openWindow(origin, tokenIn(shell.address()));
      window.socket.send(bad);
      expect(await window.closed, bad).toBe(1008);
    }
    const binary = await openWindow(origin, tokenIn(shell.address()));
    binary.socket.send(Buffer.from('{"f":"ack","n":1}'));
    expect(await binary.closed).toBe(1008);
    expect((await other.call("model.detect", {})).f).toBe("ok");
  });

  test("a frame above the limit closes its window and no other", async () => {
    const { origin, shell } = await runningShell();
    const window = await openWindow(origin, tokenIn(shell.address()));
    const other = await openWindow(origin, tokenIn(shell.address()));
    expect((await window.call("model.detect", { text: "x".repeat(FRAME_MAX - 200) })).f).toBe("ok");
    window.socket.send(
      JSON.stringify({ f: "call", id: 99, method: "model.detect", params: { text: "x".repeat(FRAME_MAX_BYTES) } }),
    );
    expect(await window.closed).toBe(1009);
    expect((await other.call("model.detect", {})).f).toBe("ok");
  });

  test("a window that does not read is cut off, and the others go on", async () => {
    const { origin, shell } = await runningShell();
    const slow = await openWindow(origin, tokenIn(shell.address()));
    const other = await openWindow(origin, tokenIn(shell.address()));
    slow.socket.send(
      JSON.stringify({ f: "call", id: 1, method: "thread.page", params: { frames: 64, size: 1_000_000 } }),
    );
    // The host is at it, so whatever is asked now is answered after all of it.
    await slow.next((frame) => frame.f === "topic");
    slow.socket.pause();
    const answer = await other.call("thread.page", { frames: 3, size: 1_000_000 });
    expect(answer.f).toBe("ok");
    slow.socket.resume();
    expect(await slow.closed).toBe(1006);
    expect((await other.call("model.detect", {})).f).toBe("ok");
  });
});

describe("decisions", () => {
  const card = { wid: "w".repeat(22), request: "r".repeat(43) };
  const decide = { ...card, vote: "approve", note: "" };

  const withPopup = async () => {
    const running = await runningShell();
    const main = await openWindow(running.origin, running.token);
    void main.call("card.show", card);
    const url = new URL(String((await main.next((frame) => frame.f === "popup"))["url"]));
    return { ...running, main, popup: await openWindow(running.popupOrigin, tokenIn(url.href)), url };
  };

  test("[T20] a decision counts only from the popup's origin", async () => {
    const { main, popup, url, popupOrigin } = await withPopup();
    expect(url.origin).toBe(popupOrigin);
    const fromMain = await main.call("card.decide", decide);
    expect(fromMain["error"]).toMatchObject({ code: "popup-only" });
    const fromPopup = await popup.call("card.decide", decide);
    expect(fromPopup["result"]).toMatchObject({ method: "card.decide", params: decide, kind: "popup" });
  });

  test("a popup decides the card that it was opened for and no other", async () => {
    const { popup } = await withPopup();
    for (const other of [
      { ...decide, request: "x".repeat(43) },
      { ...decide, wid: "x".repeat(22) },
    ])
      expect((await popup.call("card.decide", other))["error"]).toMatchObject({ code: "other-card" });
    for (const bad of [null, {}, { ...decide, vote: "both" }, { ...decide, force: true }])
      expect((await popup.call("card.decide", bad))["error"]).toMatchObject({ code: "bad-params" });
  });

  test("a popup can call nothing but its card", async () => {
    const { popup, main } = await withPopup();
    for (const method of ["search", "thread.page", "invite.create", "model.add", "card.show"])
      expect((await popup.call(method, {}))["error"], method).toMatchObject({ code: "not-in-popup" });
    expect((await popup.call("constructor", {}))["error"]).toMatchObject({ code: "bad-request" });
    expect((await popup.call("card.get", card)).f).toBe("ok");
    expect((await main.call("search", {})).f).toBe("ok");
  });
});
