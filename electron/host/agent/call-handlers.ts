/** What a person may do with one of their own calls before it has begun. */
import type { Capability } from "#core/roles.ts";
import { Refusal, type Handlers, type Tools } from "../seams.ts";
import { callView } from "../store/messages.ts";
import type { CallRow, RunStore } from "../store/runs.ts";
import type { ThreadRow } from "../store/threads.ts";
import type { Engine } from "./engine.ts";

export interface CallHandlerParts {
  readonly runs: Pick<RunStore, "get" | "call" | "ofRequest" | "threadOf">;
  readonly tools: Pick<Tools, "find">;
  readonly engine: Pick<Engine, "cancelCall" | "editCall">;
  /** Throws `Refusal("no-such-thread")`. */
  readonly thread: (id: string) => ThreadRow;
  /** Throws `Refusal("not-allowed")`. */
  readonly must: (wid: string, ...capabilities: readonly Capability[]) => void;
}

export const createCallHandlers = ({ runs, tools, engine, thread: get, must }: CallHandlerParts): Pick<Handlers, "call.cancel" | "call.edit" | "call.ofRequest"> => {
  const own = (thread: string, id: string): CallRow => {
    const call = runs.call(id);
    if (call === null || runs.get(call.run)?.thread !== get(thread).id) throw new Refusal("no-such-call", "This call does not exist any more.");
    return call;
  };
  return {
    "call.cancel": ({ thread, call }) => {
      engine.cancelCall(own(thread, call).id);
      return {};
    },
    "call.edit": async ({ thread, call, args }) => {
      const { id, server, tool } = own(thread, call);
      checkCall(tools, must, { wid: get(thread).wid, server, tool, args });
      await engine.editCall(id, args);
      return {};
    },
    "call.ofRequest": ({ wid, request }) => {
      const call = runs.ofRequest(wid, request);
      const place = call === null ? null : runs.threadOf(call.run);
      return { own: call === null || place === null ? null : { thread: place.thread, call: callView(call) } };
    },
  };
};

/** What a person wants to call must be callable by them, and be one JSON object. Throws `Refusal`. */
export const checkCall = (tools: Pick<Tools, "find">, must: CallHandlerParts["must"], { wid, server, tool, args }: { wid: string; server: string; tool: string; args: string }): void => {
  must(wid, "threads.create", "tools.use");
  if (tools.find(wid, server, tool) === null) throw new Refusal("no-such-tool", "This tool cannot be called now. Open Tools to see whether its server runs.");
  if (!isObjectText(args)) throw new Refusal("bad-arguments", "The arguments must be a JSON object. Nothing was called.");
};

const isObjectText = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};
