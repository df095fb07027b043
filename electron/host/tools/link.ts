/** The protocol over a wire: greets a server, lists its tools, sends calls, and turns every failure into a named one. */
import { told, type Told } from "#bridge/told.ts";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import {
  ErrorCode,
  LoggingMessageNotificationSchema,
  McpError,
  ToolListChangedNotificationSchema,
  type LoggingMessageNotification,
} from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import type { ToolDef } from "../seams.ts";
import { isTooLarge, markAnswers, serversWords } from "./answered.ts";
import { limits, type Limits } from "./limits.ts";
import type { ServerLog } from "./server-log.ts";
import { readToolDefs } from "./tool-defs.ts";
import { ConnectionForgotten, failure, type Failure, type Wire } from "./wire.ts";

const RawList = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().max(4_096).optional() });

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export interface Link {
  open(timeout: number): Promise<Answer<readonly ToolDef[]>>;
  list(): Promise<Answer<readonly ToolDef[]>>;
  /** One request of any method; a call of a tool is sent by `run-call.ts` alone. */
  request<T extends z.ZodType>(
    request: { readonly method: string; readonly params: Record<string, unknown> },
    answer: T,
    signal: AbortSignal,
  ): Promise<Answer<z.output<T>>>;
  close(): Promise<void>;
}

export interface LinkDeps {
  readonly wire: Wire;
  readonly limits: Limits;
  readonly serverLog: ServerLog;
  /** The wire ended without `close()`. Called once, also when that was before `open` resolved. */
  readonly onEnd: (why: Failure) => void;
  readonly onListChanged: () => void;
  /** After each list: how many tools the server names, and each that is left out. */
  readonly onListed?: (listed: Listed) => void;
}
export interface Listed {
  readonly count: number;
  readonly left: readonly Told[];
}

/** What servers are told about us; not the version of the app, which is nobody's business. */
const CLIENT_VERSION = "1";
const GONE = failure(told("tool-server-ended"));

/** What a server says for its log, as one line of it. */
const logLine = ({ level, logger, data }: LoggingMessageNotification["params"]): string =>
  `${level}${logger === undefined ? "" : ` (${logger})`}: ${typeof data === "string" ? data : (JSON.stringify(data) ?? "")}`;

export const createLink = (deps: LinkDeps): Link => {
  const client = new Client({ name: "Bulkhead", version: CLIENT_VERSION }, { capabilities: {} });
  let closing = false;
  let ended = false;

  client.onclose = () => {
    if (closing || ended) return;
    ended = true;
    deps.onEnd(deps.wire.failure() ?? GONE);
  };
  // Noise of a connection goes to the server's own log; what matters also ends the connection or fails a request.
  client.onerror = (error) => deps.serverLog.add(`protocol: ${error.message.slice(0, 500)}`);

  const named = (error: unknown): Failure => {
    const said = serversWords(error);
    if (said !== null) return failure(told("tool-protocol-error", deps.serverLog.masked(said).slice(0, 1_000)));
    if (isTooLarge(error)) return failure(told("tool-answer-too-large", deps.limits.message / 1_024 / 1_024));
    if (error instanceof ConnectionForgotten) return failure(told("tool-connection-forgotten"));
    const known = deps.wire.failure();
    if (known !== null) return known;
    if (error instanceof McpError && error.code === ErrorCode.RequestTimeout) return failure(told("tool-timeout"));
    if (error instanceof McpError && error.code === ErrorCode.ConnectionClosed) return GONE;
    return closing ? GONE : failure(told("tool-answer-invalid"));
  };
  const attempt = async <T>(work: () => Promise<T>): Promise<Answer<T>> => {
    try {
      return { ok: true, value: await work() };
    } catch (error) {
      return { ok: false, failure: named(error) };
    }
  };

  const listAll = async (timeout: number): Promise<readonly ToolDef[]> => {
    if (client.getServerCapabilities()?.tools === undefined) return [];
    const raw: unknown[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < limits.toolPages && raw.length < limits.tools * 2; page += 1) {
      const params = cursor === undefined ? {} : { cursor };
      const answer = await client.request({ method: "tools/list", params }, RawList, { timeout });
      raw.push(...answer.tools.slice(0, limits.tools * 2));
      if (answer.nextCursor === undefined) break;
      cursor = answer.nextCursor;
    }
    const left: Told[] = [];
    const defs = readToolDefs(raw, (why) => left.push(why));
    for (const why of left) deps.serverLog.say(why);
    deps.onListed?.({ count: raw.length, left });
    return defs;
  };

  return {
    open: (timeout) =>
      attempt(async () => {
        client.setNotificationHandler(ToolListChangedNotificationSchema, deps.onListChanged);
        client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) =>
          deps.serverLog.add(logLine(params)),
        );
        await client.connect(markAnswers(deps.wire.transport), { timeout });
        return listAll(timeout);
      }),
    list: () => attempt(() => listAll(deps.limits.list)),
    request: (request, answer, signal) =>
      attempt(() => client.request(request, answer, { signal, timeout: deps.limits.call })),
    async close() {
      closing = true;
      await deps.wire.close();
      await client.close();
    },
  };
};
