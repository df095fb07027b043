import { wordsOf } from "../../../helpers/worded.ts";
import { fork, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ToWindow } from "../../../../electron/bridge/frames.ts";
import { topics } from "../../../../electron/bridge/contract.ts";
import { heldAfter, type HeldValue } from "#bridge/change.ts";
import type { AppView } from "../../../../electron/bridge/app.ts";
import { HOST_ENV, type FromShell, type ToShell } from "../../../../electron/bridge/shell-port.ts";
import type { Refusal } from "#core/facts/refusal.ts";
import { VERSION } from "#bridge/version.ts";
import { openStore } from "../../../../electron/host/store/open.ts";
import { lastTurn, startModelServer } from "../../../helpers/model-server.ts";
import { tempDir } from "../../../helpers/temp.ts";
import { testShell } from "../../../helpers/test-shell.ts";
import { until as awaited } from "../../../helpers/wait.ts";

const ROOT = join(import.meta.dirname, "../../../..");

/** The value of `app` after every frame that came. */
const appAfter = (held: HeldValue, frames: readonly ToWindow[]): HeldValue =>
  frames.reduce((now, frame) => (frame.f === "change" ? (heldAfter(now, frame) ?? now) : now), held);

interface HostProcess {
  readonly child: ChildProcess;
  readonly said: ToShell[];
  readonly log: () => string;
  tell(message: FromShell): void;
  until<S extends ToShell["s"]>(s: S): Promise<Extract<ToShell, { s: S }>>;
  /** A window over the shell's channel. */
  window(n: number): { call(method: string, params: unknown): Promise<ToWindow>; frames: ToWindow[] };
  exit: Promise<number | null>;
}
/** The real process, with a shell that has real keys and no windows. */
const startHost = (dir: string, env: Record<string, string> = {}): HostProcess => {
  const shell = testShell(dir);
  const nobody = "http://127.0.0.1:9";
  const child = fork(join(ROOT, "electron/host/main.ts"), [], {
    execPath: process.execPath,
    env: {
      PATH: process.env["PATH"] ?? "",
      [HOST_ENV.dataDir]: dir,
      [HOST_ENV.shellKind]: "browser",
      [HOST_ENV.shellDetail]: "a test",
      BULKHEAD_OLLAMA_URL: nobody,
      BULKHEAD_LMSTUDIO_URL: nobody,
      ...env,
    },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said: ToShell[] = [];
  let log = "";
  child.stderr?.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const tell = (message: FromShell): void => {
    if (child.connected) child.send(message);
  };
  child.on("message", (raw) => {
    const message = raw as ToShell;
    said.push(message);
    if (message.s !== "request") return;
    shell.request(message.method as "keys.get", message.params as Record<string, never>).then(
      (value) => tell({ s: "answer", id: message.id, ok: true, value }),
      (error: Refusal) => tell({ s: "refusal", id: message.id, ok: false, error: error.view }),
    );
  });
  const until: HostProcess["until"] = (s) =>
    awaited(() => said.find((each) => each.s === s) as never, `the host to say ${s}`);
  return {
    child,
    said,
    log: () => log,
    tell,
    until,
    exit: new Promise((resolve) => child.once("exit", (code) => resolve(code))),
    window: (n) => {
      tell({ s: "window.open", window: n, kind: "main" });
      const frames: ToWindow[] = [];
      child.on("message", (raw) => {
        const message = raw as ToShell;
        if (message.s === "window.send" && message.window === n) frames.push(message.frame as ToWindow);
      });
      let id = 0;
      return {
        frames,
        call: (method, params) => {
          const mine = ++id;
          tell({ s: "window.frame", window: n, frame: { f: "call", id: mine, method, params } });
          return awaited(() => frames.find((frame) => "id" in frame && frame.id === mine), "the answer");
        },
      };
    },
  };
};
const resultOf = <T>(frame: ToWindow): T => {
  if (frame.f !== "ok") throw new Error(JSON.stringify(frame));
  return frame.result as T;
};

describe("the host's process", () => {
  test("says that it is ready, serves a window with values of the agreed shape, and ends when asked", async () => {
    const host = startHost(tempDir());
    expect(await host.until("ready")).toEqual({ s: "ready", version: VERSION });
    const window = host.window(1);
    const first = topics.app.value.parse(resultOf(await window.call("watch", { topic: "app" })));
    let app: HeldValue = { n: 0, value: first };
    expect(first).toMatchObject({
      person: null,
      workspaces: [],
      shell: { kind: "browser", detail: "a test" },
      keys: { storage: "file" },
    });
    expect(first.keys?.device).toMatch(/^[\w-]{22}$/);
    topics.models.value.parse(resultOf(await window.call("watch", { topic: "models" })));
    await window.call("profile.set", { name: "Ada" });
    await awaited(() => {
      app = appAfter(app, window.frames);
      return (app.value as AppView).person?.name === "Ada";
    }, "the person");
    host.tell({ s: "stop" });
    expect(await host.exit).toBe(0);
    expect(host.log()).not.toContain("Ada");
  });

  test("[T28] a link that comes before the rooms are open is kept, shown, and does nothing by itself", async () => {
    const host = startHost(tempDir());
    host.tell({ s: "link", url: "bulkhead://join#canary" });
    await host.until("ready");
    const window = host.window(1);
    const before = resultOf<AppView>(await window.call("watch", { topic: "app" }));
    expect(before.pendingLink).toBe("bulkhead://join#canary");
    await window.call("link.take", {});
    await awaited(
      () => (appAfter({ n: 0, value: before }, window.frames).value as AppView).pendingLink === null,
      "no link",
    );
    expect(
      host.said
        .filter((message) => message.s === "request")
        .map((message) => message.s === "request" && message.method),
    ).not.toContain("keys.sign");
    expect(host.log()).not.toContain("canary");
  });

  test("ends with its parent", async () => {
    const host = startHost(tempDir());
    await host.until("ready");
    host.child.disconnect();
    expect(await host.exit).toBe(0);
  });

  test("goes on where nobody reads its log any more", async () => {
    const host = startHost(tempDir());
    // Before it writes that it is ready.
    host.child.stderr?.destroy();
    await host.until("ready");
    const window = host.window(1);
    expect(resultOf<AppView>(await window.call("watch", { topic: "app" })).version).toBe(VERSION);
    host.tell({ s: "stop" });
    expect(await host.exit).toBe(0);
  });

  test.runIf(process.platform !== "win32")(
    "ends in order where its terminal is closed, also when it is asked twice",
    async () => {
      const host = startHost(tempDir());
      await host.until("ready");
      for (const signal of ["SIGHUP", "SIGINT", "SIGINT", "SIGTERM"] as const) host.child.kill(signal);
      expect(await host.exit).toBe(0);
    },
  );

  test("says a damaged store in words, keeps the file aside and stays, so that the words stay too", async () => {
    const dir = tempDir();
    writeFileSync(join(dir, "bulkhead.db"), "this is no database ".repeat(500));
    const host = startHost(dir);
    const failed = await host.until("failed");
    expect(failed.error.code).toBe("store-corrupt");
    expect(
      readdirSync(dir).some((name) => wordsOf(failed.error)?.includes(name) === true && name.endsWith(".corrupt")),
    ).toBe(true);
    expect(host.child.exitCode).toBeNull();
    host.tell({ s: "stop" });
    expect(await host.exit).toBe(0);
    const next = startHost(dir);
    await next.until("ready");
    // Whoever lost one file has a backup from then on.
    await awaited(() => existsSync(join(dir, "bulkhead.backup")), "the backup");
    next.tell({ s: "stop" });
    expect(await next.exit).toBe(0);
  });

  test("a folder that another host has open is store-locked, and it ends so that it is started again", async () => {
    const dir = tempDir();
    const other = openStore({ dir });
    onTestFinished(() => other.close());
    const host = startHost(dir);
    expect((await host.until("failed")).error.code).toBe("store-locked");
    expect(await host.exit).toBe(1);
  });

  test("started without a folder it says so", async () => {
    const child = fork(join(ROOT, "electron/host/main.ts"), [], {
      execPath: process.execPath,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: { PATH: process.env["PATH"] ?? "" },
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const failed = await new Promise((resolve) => child.once("message", resolve));
    expect(failed).toMatchObject({ s: "failed", error: { code: "no-folder" } });
  });
});

test("a local model server is found and can be used after one request", async () => {
  const server = await startModelServer((_index, body) => [{ text: `You said ${lastTurn(body).text}` }], {
    models: ["tiny"],
  });
  onTestFinished(() => server.close());
  const host = startHost(tempDir(), { BULKHEAD_OLLAMA_URL: server.url });
  await host.until("ready");
  const window = host.window(1);
  const detected = { kind: "ollama", baseUrl: server.url, models: [{ name: "tiny", to: null }] };
  // One look is short, because nobody waits long for what may not be there: a busy machine may miss it, and another finds it.
  const look = async () => {
    await window.call("model.detect", {});
    return topics.models.value.parse(resultOf(await window.call("watch", { topic: "models" }))).detected;
  };
  await expect.poll(look).toEqual([detected]);
  const { id } = resultOf<{ id: string }>(
    await window.call("model.add", { kind: "ollama", name: "Tiny", model: "tiny", baseUrl: server.url, key: null }),
  );
  expect(resultOf(await window.call("model.test", { model: id }))).toEqual({ ok: true, problem: null });
  expect(server.requests[0]?.body).toContain("Say: ready");
});

test("the version is that of the package", () => {
  expect((JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string }).version).toBe(VERSION);
});
