/** The agent host as a process, as an administrator sets it up: behind a proxy, with a company's authority in the system's store. */
import { fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ToWindow } from "#bridge/frames.ts";
import type { Fact, Refusal } from "#core/facts/refusal.ts";
import { HOST_ENV } from "#bridge/shell-port.ts";
import type { FromShell, ToShell } from "#bridge/shell-port.ts";
import { hostEnvironment } from "../../electron/shell/host-env.ts";
import { createServer } from "node:https";
import { makeCertificate } from "../helpers/certificates.ts";
import { tempDir } from "../helpers/temp.ts";
import { portOf, root, startProxy } from "../helpers/tls-world.ts";
import { testShell } from "../helpers/test-shell.ts";
import { until } from "../helpers/wait.ts";
import { wordsOf } from "../helpers/worded.ts";

const entry = join(import.meta.dirname, "../../electron/host/main.ts");

/** A host, its log, and calls over a window of it. `route` is what the system says of any address. */
const startHost = async (env: Readonly<Record<string, string>>, route = "DIRECT") => {
  const dir = tempDir();
  const shell = testShell(dir);
  const nobody = "http://127.0.0.1:9";
  const child = fork(entry, [], {
    env: {
      ...hostEnvironment(
        { PATH: process.env["PATH"], BULKHEAD_OLLAMA_URL: nobody, BULKHEAD_LMSTUDIO_URL: nobody, ...env },
        { data: dir, kind: "browser", detail: "a test" },
      ),
      [HOST_ENV.dataDir]: dir,
    },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let log = "";
  child.stderr?.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const frames: ToWindow[] = [];
  let isReady = false;
  const tell = (message: FromShell): void => void (child.connected && child.send(message));
  child.on("message", (raw) => {
    const message = raw as ToShell;
    if (message.s === "ready") isReady = true;
    if (message.s === "window.send") frames.push(message.frame as ToWindow);
    if (message.s !== "request") return;
    const answer =
      message.method === "proxy.of"
        ? Promise.resolve(route)
        : shell.request(message.method as "keys.get", message.params as Record<string, never>);
    answer.then(
      (value) => tell({ s: "answer", id: message.id, ok: true, value }),
      (error: Refusal) => tell({ s: "refusal", id: message.id, ok: false, error: error.view }),
    );
  });
  await until(() => isReady, "the host");
  tell({ s: "window.open", window: 1, kind: "main" });
  let id = 0;
  const call = async (method: string, params: unknown): Promise<Record<string, unknown>> => {
    const mine = ++id;
    tell({ s: "window.frame", window: 1, frame: { f: "call", id: mine, method, params } });
    return (await until(
      () => frames.find((frame) => "id" in frame && frame.id === mine),
      "an answer",
    )) as unknown as Record<string, unknown>;
  };
  await call("profile.set", { name: "Ada" });
  return { call, log: () => log };
};
type Host = Awaited<ReturnType<typeof startHost>>;

/** The sentence in which an answer says what failed. */
const told = (answer: unknown): string | undefined => {
  const { error, result } = answer as { error?: Fact; result?: { error?: Fact; problem?: Fact } };
  return wordsOf(error ?? result?.error ?? result?.problem);
};
const found = (host: Host, server: string) =>
  host.call("workspace.create", { name: "Team", server: { kind: "url", url: server } });
const testModel = async (host: Host, origin: string): Promise<unknown> => {
  const added = await host.call("model.add", {
    kind: "openai-compatible",
    name: "Far",
    model: "m",
    baseUrl: `${origin}/v1`,
    key: null,
  });
  return host.call("model.test", { model: (added["result"] as { id: string }).id });
};
const farAway = async (): Promise<number> => {
  const { cert, key } = makeCertificate({ name: "*.example.org", by: root });
  return portOf(createServer({ cert, key }, (_request, response) => response.writeHead(404).end()));
};

test.each<[string, (at: string) => Parameters<typeof startHost>]>([
  ["of the environment", (at) => [{ HTTPS_PROXY: `http://ada:canary@${at}`, NO_PROXY: "intranet.invalid" }]],
  ["of the system", (at) => [{}, `PROXY ${at}`]],
])("[WA2] a host behind the proxy %s founds and asks models through it", async (title, how) => {
  const far = await farAway();
  const proxy = await startProxy({ to: () => far });
  const host = await startHost(...how(`127.0.0.1:${proxy.port}`));
  await found(host, "https://sync.example.org");
  expect(proxy.asked).toEqual(["sync.example.org:443"]);
  await testModel(host, "https://model.example.org:8443");
  expect(proxy.asked).toEqual(["sync.example.org:443", "model.example.org:8443"]);
  if (title === "of the environment") await found(host, "https://intranet.invalid");
  expect(proxy.asked).toHaveLength(2);
  expect(host.log()).not.toContain("canary");
});

test.runIf(process.platform === "linux")(
  "[WA4] an authority in the system's store is trusted; without it the words name the certificate",
  async () => {
    const { cert, key } = makeCertificate({ name: "127.0.0.1", by: root });
    const origin = `https://127.0.0.1:${await portOf(createServer({ cert, key }, (_request, response) => response.writeHead(404).end()))}`;
    const store = join(tempDir(), "ca.pem");
    writeFileSync(store, root.cert);
    const trusted = await startHost({ SSL_CERT_FILE: store });
    expect(told(await found(trusted, origin))).toContain("is not a Bulkhead sync server");
    expect(told(await testModel(trusted, origin))).toContain("no model endpoint at this address");
    const given = await startHost({ NODE_EXTRA_CA_CERTS: store });
    expect(told(await found(given, origin))).toContain("is not a Bulkhead sync server");
    const stranger = await startHost({});
    expect(told(await found(stranger, origin))).toContain("is not trusted by this computer");
    expect(told(await testModel(stranger, origin))).toContain("is not trusted by this computer");
  },
);
