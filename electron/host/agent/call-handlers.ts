/** What a person may do with one of their own calls before it has begun. */
import { refused, refusalOf } from "#bridge/refused.ts";
import type { callMethods } from "#bridge/call.ts";
import { type HandlersOf, type PresentText, type Tools, type Workspaces } from "../seams.ts";
import { callView } from "../store/messages.ts";
import type { CallRow, RunStore } from "../store/runs.ts";
import type { ThreadRow } from "../store/threads.ts";
import { readArgs } from "../json/args.ts";
import { misfit } from "../tools/schema-fit.ts";
import type { Engine, EngineParts } from "./engine.ts";
import { serversUp } from "./servers-up.ts";

export interface CallHandlerParts {
  readonly runs: Pick<RunStore, "get" | "call" | "ofRequest" | "threadOf">;
  readonly tools: Pick<Tools, "find">;
  readonly engine: Pick<Engine, "cancelCall" | "editCall" | "stop">;
  /** Throws `Refusal("no-such-thread")`. */
  readonly thread: (id: string) => ThreadRow;
  readonly may: Workspaces["may"];
  /** As the engine's. */
  readonly settled?: EngineParts["settled"];
  readonly presentText: PresentText;
}

export const createCallHandlers = ({
  runs,
  tools,
  engine,
  thread: get,
  may,
  settled,
  presentText,
}: CallHandlerParts): HandlersOf<typeof callMethods> => {
  const own = (thread: string, id: string): CallRow => {
    const call = runs.call(id);
    if (call === null || runs.get(call.run)?.thread !== get(thread).id) throw refused("no-such-call");
    return call;
  };
  /** Right after a start of the host a call waits already while its server is still on its way up. */
  const toolUp = async (wid: string, { server, tool }: CallRow): Promise<void> => {
    if (tools.find(wid, server, tool) !== null || (await serversUp(settled, wid, server))) return;
    throw refused("tool-starting");
  };
  return {
    "run.stop": ({ thread }) => {
      engine.stop(get(thread).id);
      return {};
    },
    "call.cancel": ({ thread, call }) => {
      engine.cancelCall(own(thread, call).id);
      return {};
    },
    "call.edit": async ({ thread, call, args }) => {
      const { wid } = get(thread);
      await toolUp(wid, own(thread, call));
      // Thread and call may be gone after the wait, and the rights may have changed.
      const { id, server, tool } = own(thread, call);
      for (const right of ["threads.create", "tools.use"] as const) {
        const { allowed, why } = may(wid, right);
        if (!allowed) throw refused("call-not-allowed", why);
      }
      checkCall(tools, { wid, server, tool, args });
      await engine.editCall(id, args);
      return {};
    },
    "call.present": async ({ thread, call: id }) => {
      const { wid } = get(thread);
      const { server, tool, args } = own(thread, id);
      return { before: (await presentText({ wid, server, tool, args }))?.before ?? null };
    },
    "call.ofRequest": ({ wid, request }) => {
      const call = runs.ofRequest(wid, request);
      const place = call === null ? null : runs.threadOf(call.run);
      return { own: call === null || place === null ? null : { thread: place.thread, call: callView(call) } };
    },
  };
};

/** What a person wants to call must be callable by them, with arguments that arrive as they are written. Throws `Refusal`. */
export const checkCall = (
  tools: Pick<Tools, "find">,
  { wid, server, tool, args }: { wid: string; server: string; tool: string; args: string },
): void => {
  const found = tools.find(wid, server, tool);
  if (found === null) throw refused("tool-not-here");
  const read = readArgs(args);
  if (!read.ok) throw refusalOf(read.error);
  const problem = misfit(found.def.inputSchema, args);
  if (problem !== null) throw refused("tool-takes-others", problem);
};
