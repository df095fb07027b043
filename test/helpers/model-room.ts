/** The models room over a real store and real adapters, with a scripted endpoint behind it. */
import type { Told } from "#bridge/told.ts";
import { onTestFinished } from "vitest";
import { createLog } from "../../electron/host/log.ts";
import type { ModelRequest, StepResult } from "../../electron/host/models/model.ts";
import { createModels, type ModelsRoom } from "../../electron/host/models/models.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { type Shell } from "../../electron/host/seams.ts";
import { createModelStore, type ModelRow } from "../../electron/host/store/models.ts";
import { openStore } from "../../electron/host/store/open.ts";
import { startModelServer, type ModelScript, type ModelServer, type ModelServerOptions } from "./model-server.ts";
import { tempDir } from "./temp.ts";
import { PATIENCE_MS } from "./wait.ts";

export const KEY = "sk-test-4f9c2d7be1a84d0c9e";
export interface ModelRoom {
  room: ModelsRoom;
  lines: string[];
  sealed: string[];
  /** Topics that were published. */
  published: string[];
  add(kind: ModelRow["kind"], baseUrl: string | null, key?: string | null, model?: string): Promise<string>;
}
export const modelRoom = (
  options: { silenceMs?: number; bytes?: number; ollama?: string; lmStudio?: string } = {},
): ModelRoom => {
  const store = openStore({ dir: tempDir() });
  onTestFinished(() => store.close());
  const lines: string[] = [];
  const sealed: string[] = [];
  const published: string[] = [];
  const shell: Shell = {
    request: async (method, params) => {
      if (method === "secret.wrap") {
        const wrapped = `wrapped:${Buffer.from((params as { text: string }).text).toString("hex")}`;
        sealed.push(wrapped);
        return wrapped;
      }
      return Buffer.from((params as { sealed: string }).sealed.slice(8), "hex").toString();
    },
  };
  let id = 0;
  const room = createModels({
    rows: createModelStore(store),
    shell,
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    log: createLog(
      (line) => lines.push(line),
      () => 0,
    ),
    publish: { publish: (kind) => void published.push(kind) },
    newId: () => `model-${++id}`,
    local: {
      ollama: options.ollama ?? "http://127.0.0.1:9",
      lmStudio: options.lmStudio ?? "http://127.0.0.1:9",
      answerMs: PATIENCE_MS,
    },
    limits: { silenceMs: options.silenceMs ?? PATIENCE_MS, bytes: options.bytes ?? 1_000_000 },
    again: { times: 2, first: 5, most: 5 },
  });
  const add: ModelRoom["add"] = async (kind, baseUrl, key = KEY, model = "scripted") =>
    (await room.handlers["model.add"]({ kind, name: "Scripted", model, baseUrl, key })).id;
  return { room, lines, sealed, published, add };
};
export const served = async (script: ModelScript, options: ModelServerOptions = {}): Promise<ModelServer> => {
  const server = await startModelServer(script, options);
  onTestFinished(() => server.close());
  return server;
};

export const ask: ModelRequest = {
  instructions: "Be brief.",
  turns: [
    { from: "person", text: "Read a.txt" },
    {
      from: "agent",
      text: "Reading.",
      calls: [{ id: "c1", name: "files__read", input: { path: "a.txt" }, output: "hello", ok: true }],
    },
    { from: "person", text: "And b.txt" },
  ],
  tools: [
    {
      name: "files__read",
      description: "Reads a file",
      inputSchema: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
    },
  ],
};
export interface Ran {
  result: StepResult | null;
  refusal: Refusal | null;
  deltas: string[];
  waits: (Told | null)[];
}
export const run = async (room: ModelsRoom, model: string): Promise<Ran> => {
  const deltas: string[] = [];
  const waits: (Told | null)[] = [];
  try {
    const result = await room.step(model, ask, {
      signal: new AbortController().signal,
      onText: (delta) => deltas.push(delta),
      onWait: (why) => waits.push(why),
    });
    return { result, refusal: null, deltas, waits };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { result: null, refusal: error, deltas, waits };
  }
};
