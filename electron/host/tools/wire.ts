/** A connection to one MCP server, below the protocol: a process, or an address. */
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { Told } from "#bridge/told.ts";

export interface Wire {
  /** For the SDK's client, which reads and writes messages through it. */
  readonly transport: Transport;
  /** Why the connection ended or never began; null while there is no reason but an ordinary close. */
  failure(): Failure | null;
  /** Ends the process with all it started, or the connection. */
  close(): Promise<void>;
}

/** `lasting`: trying again without a change by a person would fail in the same way. */
export interface Failure {
  readonly problem: Told;
  readonly lasting: boolean;
}

export const failure = (problem: Told, lasting = false): Failure => ({ problem, lasting });

/** Stands in the place of an answer that was too large to read, in the stream of a process. */
export const TOO_LARGE = -31_999;

/** The answer to this request came, and was larger than this app reads. */
export class AnswerTooLarge extends Error {}
/** The server does not know the connection that this request named, so it did nothing with it. */
export class ConnectionForgotten extends Error {}
