/** A whole host in this process, with one window: real store, keys and rooms. Ends with the test. */
import { onTestFinished } from "vitest";
import type { Method, Result } from "#bridge/contract.ts";
import type { ToWindow } from "#bridge/frames.ts";
import type { WindowKind } from "#bridge/shell-port.ts";
import { openHost } from "../../electron/host/host.ts";
import type { Host } from "../../electron/host/host.ts";
import { createLog } from "../../electron/host/log.ts";
import type { Shell } from "../../electron/host/seams.ts";
import { openStore } from "../../electron/host/store/open.ts";
import type { Store } from "../../electron/host/store/open.ts";
import { createBeat } from "../../electron/host/beat.ts";
import { tempDir } from "./temp.ts";
import { testShell } from "./test-shell.ts";

export interface TestHost {
  /** Lines of the host's log. */
  readonly lines: readonly string[];
  readonly store: Store;
  /** As a main window calls it, through the gate of the RPC. Rejects with `{ code, message }`. */
  call<M extends Method>(method: M, params: unknown): Promise<Result<M>>;
  /** The same from the popup, without the shell that sees the click. */
  popup: TestHost["call"];
}

/** No model servers are looked for: the ports are closed ones. */
const LOCAL = { ollama: "http://127.0.0.1:1", lmStudio: "http://127.0.0.1:1" };

/** `before` finds the store as an earlier start left it, and the shell with its keys. */
export const openTestHost = async (
  name: string,
  before: (store: Store, shell: Shell) => Promise<void> = () => Promise.resolve(),
): Promise<TestHost> => {
  const dir = tempDir();
  const store = openStore({ dir });
  const shell = testShell(dir);
  const lines: string[] = [];
  await before(store, shell);
  const clock = { now: () => Date.now(), monotonic: () => performance.now() };
  const beat = createBeat();
  const host = await openHost({
    store,
    dir,
    shell,
    about: { kind: "browser", detail: "a test" },
    clock,
    log: createLog((line) => lines.push(line), clock.now),
    local: LOCAL,
    beat,
  });
  onTestFinished(async () => {
    beat.close();
    await host.close();
    store.close();
  });

  const call = window(host, "main");
  await call("profile.set", { name });
  return { lines, store, call, popup: window(host, "popup") };
};

const window = (host: Host, kind: WindowKind): TestHost["call"] => {
  const waiting = new Map<number, (frame: ToWindow) => void>();
  let send: (frame: unknown) => void = () => undefined;
  host.rpc.attach(
    {
      send: (frame) => void ("id" in frame && waiting.get(frame.id)?.(frame)),
      onFrame: (listener) => {
        send = listener;
      },
      onClose: () => undefined,
    },
    kind,
  );
  let last = 0;
  return async <M extends Method>(method: M, params: unknown): Promise<Result<M>> => {
    last += 1;
    const id = last;
    const frame = await new Promise<ToWindow>((resolve) => {
      waiting.set(id, resolve);
      send({ f: "call", id, method, params });
    });
    waiting.delete(id);
    if (frame.f === "error") throw frame.error;
    if (frame.f !== "ok") throw new Error(`an answer of another kind: ${frame.f}`);
    return frame.result as Result<M>;
  };
};
