/**
 * Tells what a server answered from what happened to the connection. The SDK uses numbers of its own for a connection
 * that ended and for an answer that did not come, and servers use the same ones: -32000 is their usual error.
 */
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { McpError, type JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import { AnswerTooLarge, TOO_LARGE } from "./wire.ts";

/** Rides along with an error that came over the wire; the SDK hands it on untouched. */
const FROM_SERVER = Object.freeze({});

/** The same transport, with every error that a server answers marked before the SDK reads it. */
export const markAnswers = (transport: Transport): Transport => {
  let deliver: Transport["onmessage"];
  return Object.defineProperty(transport, "onmessage", {
    get: () => deliver,
    set: (next: Transport["onmessage"]) => {
      deliver = next === undefined ? undefined : (message, extra) => next(marked(message), extra);
    },
  });
};

const marked = (message: JSONRPCMessage): JSONRPCMessage =>
  "error" in message && !(message.error.data instanceof AnswerTooLarge)
    ? { ...message, error: { ...message.error, data: FROM_SERVER } }
    : message;

/** What the wire says in place of an answer that it skipped. */
export const skippedAnswer = (id: number): JSONRPCMessage => ({
  jsonrpc: "2.0",
  id,
  error: { code: TOO_LARGE, message: "too large", data: new AnswerTooLarge() },
});
export const isTooLarge = (error: unknown): boolean =>
  error instanceof AnswerTooLarge || (error instanceof McpError && error.data instanceof AnswerTooLarge);

/** The server's own words where the error is its answer, else null. */
export const serversWords = (error: unknown): string | null =>
  error instanceof McpError && error.data === FROM_SERVER ? error.message.replace(/^(?:MCP error -?\d+: )+/, "") : null;
