/**
 * One running Bulkhead per data folder, whichever shell it runs in: two hosts on one database would run a call twice.
 * The first one listens on a local socket that only this account can reach; a later start hands its link over and ends.
 */
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import type { Server } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { json } from "#core/protocol/parse.ts";
import { DEEP_LINK_MAX } from "./deep-link.ts";
import { refused } from "#bridge/refused.ts";

const LINE_MAX = DEEP_LINK_MAX + 256;
/** A running app may be busy for a while; one that is gone is known at once. */
const HANDOVER_MS = 20_000;
const Asked = z.strictObject({ link: z.string().max(DEEP_LINK_MAX).nullable() });
const Said = z.strictObject({ address: z.string().nullable() });

export type Claim =
  | { readonly first: true; release(): Promise<void> }
  /** `address` of the running one, where it has one to open. */
  | { readonly first: false; readonly address: string | null };

/**
 * Claims the data folder, or hands `link` (as deep-link.ts lets through) to the one that has it. `onLink` answers with
 * an address to open, or null. Throws `Refusal` instance-silent.
 */
export const claimInstance = async (
  data: string,
  link: string | null,
  onLink: (link: string | null) => string | null,
): Promise<Claim> => {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const path = socketPath(data);
  for (let attempt = 0; attempt < 3; attempt++) {
    const server = await listen(path, onLink);
    if (server !== null) return { first: true, release: () => close(server, path) };
    const said = await handOver(path, link);
    if (said === "silent") break;
    if (said !== "nobody") return { first: false, address: said.address };
    // The file was left behind by one that was killed.
    if (process.platform !== "win32") rmSync(path, { force: true });
  }
  throw refused("instance-silent");
};

/** Socket paths are short on every system (104 bytes on macOS), so a deep folder is named by its hash instead. */
export const socketPath = (data: string, platform: NodeJS.Platform = process.platform): string => {
  const whole = resolve(data);
  const name = createHash("sha256").update(whole).digest("hex").slice(0, 24);
  if (platform === "win32") return `\\\\.\\pipe\\bulkhead-${name}`;
  const inside = join(whole, "shell.sock");
  return Buffer.byteLength(inside) < 100 ? inside : join(tmpdir(), `bulkhead-${name}.sock`);
};

const listen = (path: string, onLink: (link: string | null) => string | null): Promise<Server | null> =>
  new Promise((resolveWith, reject) => {
    const server = createServer((socket) => {
      let text = "";
      socket.setEncoding("utf8").setTimeout(HANDOVER_MS, () => socket.destroy());
      socket.on("error", () => socket.destroy());
      socket.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > LINE_MAX) return socket.destroy();
        if (!text.endsWith("\n")) return;
        const asked = Asked.safeParse(json(text));
        socket.end(asked.success ? `${JSON.stringify({ address: onLink(asked.data.link) })}\n` : "");
      });
    });
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolveWith(null) : reject(error),
    );
    server.listen(path, () => {
      if (process.platform !== "win32") chmodSync(path, 0o600);
      resolveWith(server);
    });
  });

const handOver = (path: string, link: string | null): Promise<z.infer<typeof Said> | "nobody" | "silent"> =>
  new Promise((resolveWith) => {
    let text = "";
    let connected = false;
    const socket = createConnection(path, () => {
      connected = true;
      socket.write(`${JSON.stringify({ link })}\n`);
    });
    socket.setEncoding("utf8").setTimeout(HANDOVER_MS, () => socket.destroy());
    socket.on("data", (chunk: string) => (text.length < LINE_MAX ? (text += chunk) : socket.destroy()));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      const said = Said.safeParse(json(text));
      resolveWith(said.success ? said.data : connected ? "silent" : "nobody");
    });
  });

const close = (server: Server, path: string): Promise<void> =>
  new Promise((done) =>
    server.close(() => {
      if (process.platform !== "win32") rmSync(path, { force: true });
      done();
    }),
  );
