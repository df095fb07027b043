/** What stands between the server and its database: a pooler, TLS, a company's authority. */
import { createServer, connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSecureContext, TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openPostgresStore } from "../../sync-server/server/store/postgres-store.ts";
import { makeAuthority, makeCertificate } from "../helpers/certificates.ts";
import type { Certificate } from "../helpers/certificates.ts";
import { READY_MS, startPostgres } from "../helpers/postgres.ts";
import type { Postgres } from "../helpers/postgres.ts";
import { startProcess } from "../helpers/sync-process.ts";
import { tempDir } from "../helpers/temp.ts";

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, READY_MS);
afterAll(() => postgres.remove());

/** The code of an SSLRequest, where other startup messages have their version. */
const SSL_REQUEST = 80_877_103;
/** What PgBouncer takes at the start of a connection. */
const KNOWN = new Set([
  "user",
  "database",
  "application_name",
  "client_encoding",
  "datestyle",
  "timezone",
  "standard_conforming_strings",
  "options",
]);
const NOTIFICATION = "A".codePointAt(0);

const errorOf = (code: string, words: string): Buffer => {
  const body = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${words}\0\0`);
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const settingsIn = (startup: Buffer): string[] =>
  startup
    .subarray(8)
    .toString()
    .split("\0")
    .filter((_, i) => i % 2 === 0)
    .filter((name) => name !== "");

/** Passes whole messages of the database on, but for notifications. */
const withoutNotifications = (to: Socket): ((chunk: Buffer) => void) => {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length >= rest.readInt32BE(1) + 1) {
      const message = rest.subarray(0, rest.readInt32BE(1) + 1);
      rest = rest.subarray(message.length);
      if (message[0] !== NOTIFICATION) to.write(message);
    }
  };
};

interface Between {
  /** Refuses what PgBouncer does not know. */
  readonly strict?: boolean;
  /** As in transaction mode: who listens hears nothing. */
  readonly deaf?: boolean;
  readonly tls?: Certificate;
}
const listen = async (onSocket: (socket: Socket) => void): Promise<number> => {
  const server = createServer((socket) => onSocket(socket.on("error", () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
};

/** A pooler before the test's database; answers the address that leads through it, and what it was asked to set. */
const pooled = async (how: Between) => {
  const url = new URL(await postgres.database());
  const [host, port] = [url.hostname, Number(url.port)];
  const asked: string[] = [];
  let said = "";
  const serve = (client: Socket, startup: Buffer): void => {
    const settings = settingsIn(startup);
    asked.push(...settings);
    const unknown = settings.find((name) => !KNOWN.has(name));
    if (how.strict === true && unknown !== undefined)
      return void client.end(errorOf("08P01", `unsupported startup parameter: ${unknown}`));
    const server = connect(port, host, () => server.write(startup));
    const pass = how.deaf === true ? withoutNotifications(client) : (chunk: Buffer) => void client.write(chunk);
    server
      .on("data", pass)
      .on("error", () => undefined)
      .on("close", () => client.destroy());
    client.on("data", (chunk: Buffer) => {
      said += chunk.toString("latin1");
      server.write(chunk);
    });
    client.on("close", () => server.destroy());
  };
  const near = await listen((socket) => {
    socket.once("data", (first: Buffer) => {
      if (first.readInt32BE(4) !== SSL_REQUEST) return serve(socket, first);
      if (how.tls === undefined) return void socket.write("N");
      socket.write("S");
      const secure = new TLSSocket(socket, {
        isServer: true,
        secureContext: createSecureContext({ cert: how.tls.cert, key: how.tls.key }),
      });
      secure.on("error", () => undefined).once("data", (startup: Buffer) => serve(secure, startup));
    });
  });
  url.port = String(near);
  return { url, asked, said: () => said };
};
const open = async (url: URL, echoMs?: number) => {
  const store = await openPostgresStore({ url: url.href, ...(echoMs === undefined ? {} : { echoMs }) });
  onTestFinished(() => store.close());
  return store;
};

describe("[ST20] a pooler", () => {
  test("in session mode is enough, also one that refuses settings at the start of a connection; the limits hold all the same", async () => {
    const { url, asked, said } = await pooled({ strict: true });
    await open(url);
    expect(asked).not.toContain("statement_timeout");
    // Said on the connection itself instead.
    expect(said()).toContain("set statement_timeout = 10000; set idle_in_transaction_session_timeout = 10000;");
  });

  test("in transaction mode, where LISTEN hears nothing, is refused in one sentence; straight to the same database it starts", async () => {
    const { url } = await pooled({ strict: true, deaf: true });
    await expect(open(url, 300)).rejects.toMatchObject({
      code: "unwritable",
      message: expect.stringContaining("a pooler in transaction mode stands in between") as unknown,
    });
    await open((await pooled({ strict: true })).url, 30_000);
  });

  test("that refuses says that its log knows why", async () => {
    const port = await listen((socket) =>
      socket.once("data", () => socket.end(errorOf("08P01", "no such database: secret"))),
    );
    const refused = open(new URL(`postgres://a:b@127.0.0.1:${port}/c`));
    await expect(refused).rejects.toMatchObject({
      message: expect.stringMatching(/^The pooler before the database refused/) as unknown,
    });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining("secret") as unknown });
  });
});

describe("[ST21] TLS to the database that cannot be used says why", () => {
  const DAY = 86_400_000;
  const root = makeAuthority();
  const cases: [string, Between, RegExp][] = [
    [
      "an authority that this computer does not know",
      { tls: makeCertificate({ name: "127.0.0.1", by: makeAuthority("Somebody") }) },
      /is not trusted by this computer.*sslrootcert/,
    ],
    ["nobody's word but its own", { tls: makeCertificate({ name: "127.0.0.1" }) }, /is not trusted by this computer/],
    [
      "an expired certificate",
      { tls: makeCertificate({ name: "127.0.0.1", by: root, from: Date.now() - 9 * DAY, until: Date.now() - DAY }) },
      /has expired/,
    ],
    [
      "one that is not valid yet",
      { tls: makeCertificate({ name: "127.0.0.1", by: root, from: Date.now() + DAY }) },
      /is not valid yet.*clock/,
    ],
    ["one for another name", { tls: makeCertificate({ name: "other.example", by: root }) }, /is for another name/],
    ["no TLS there", {}, /does not speak TLS/],
  ];
  test.each(cases)("%s", async (title, how, sentence) => {
    const { url } = await pooled(how);
    const file = join(tempDir(), "ca.pem");
    writeFileSync(file, root.cert);
    url.search = title.startsWith("an authority") ? "?sslmode=verify-full" : `?sslmode=verify-full&sslrootcert=${file}`;
    await expect(open(url)).rejects.toMatchObject({ message: expect.stringMatching(sentence) as unknown });
  });

  test("control: one that the named authority vouches for is taken", async () => {
    const { url } = await pooled({ tls: makeCertificate({ name: "127.0.0.1", by: root }) });
    const file = join(tempDir(), "ca.pem");
    writeFileSync(file, root.cert);
    url.search = `?sslmode=verify-full&sslrootcert=${file}`;
    expect(await (await open(url)).workspaces()).toEqual([]);
  });
});

test.runIf(process.platform === "linux")(
  "[ST21] a company's authority in this computer's store is enough, without it the database is not trusted",
  async () => {
    const root = makeAuthority();
    const { url } = await pooled({ tls: makeCertificate({ name: "127.0.0.1", by: root }) });
    url.search = "?sslmode=verify-full";
    const file = join(tempDir(), "system.pem");
    writeFileSync(file, root.cert);
    const flags = ["--port", "0", "--postgres"];
    const without = startProcess(flags, { BULKHEAD_POSTGRES: url.href });
    expect(await without.exit).toBe(1);
    expect(without.errors()).toContain("is not trusted by this computer");
    expect(
      await startProcess(["--postgres", "--new-store"], { BULKHEAD_POSTGRES: url.href, SSL_CERT_FILE: file }).exit,
    ).toBe(0);
    const server = startProcess(flags, { BULKHEAD_POSTGRES: url.href, SSL_CERT_FILE: file });
    expect(await server.url).toMatch(/^http:/);
  },
);
