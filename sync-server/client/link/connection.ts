/**
 * The one connection of this device to a workspace. It alone dials, waits between two attempts, answers the server's
 * question with one signature, and notices that nothing is heard any more. What is said on it is for channels.ts.
 */
import { readServerFrame } from "#core/protocol/channels.ts";
import type { ServerFrame } from "#core/protocol/channels.ts";
import { pauseBefore } from "#core/protocol/pauses.ts";
import { AUTH, writeText } from "#core/protocol/wire.ts";
import type { Platform } from "../ports/platform.ts";
import { parseHello, wireWith } from "./greeting.ts";
import type { Trouble } from "#core/facts/trouble.ts";
import type { OpenSocket, SocketEnd } from "../ports/sockets.ts";

/** Largest frame from a server: heads of as many channels as there may be. */
const FRAME_FROM_SERVER_MAX = 2_097_152;
const CONNECT_WITHIN_MS = 10_000;
/** Between two attempts, ms. */
const PAUSES = { first: 200, most: 5_000 };
/** The log's head comes every 15 s. */
const SILENT_MS = 30_000;
/** How often it is looked whether something was heard, and the channels are told that the connection lives. */
const LOOK_MS = 5_000;

export interface Question {
  readonly nonce: string;
  /** The version of the wire that is spoken from here on. */
  readonly wire: number;
  /** The range that the server said. */
  readonly heard: readonly [number, number];
}
export interface ConnectionDeps {
  readonly platform: Pick<Platform, "openWebSocket" | "timers">;
  readonly wid: string;
  /** Origin of the server, as dialled. */
  readonly server: () => string;
  readonly auth: (question: Question) => Promise<string>;
  readonly monotonic: () => number;
  /** From 0 to 1: whole teams must not dial in step. */
  readonly random: () => number;
}
/** A frame that is for the channels. */
export type ChannelFrame = Exclude<ServerFrame, { type: "hello" | "welcome" }>;
export interface ConnectionHears {
  /** The answer is on its way: what is sent from here on is read after it. */
  answered(): void;
  /** The server took the answer. */
  welcomed(): void;
  /** May throw where it cannot be: that ends the connection. */
  frame(frame: ChannelFrame): void;
  /** The connection still lives. */
  lives(): void;
  /** A connection ended or could not be made, as SocketEnd says; it is tried again. */
  down(garbled: boolean, trouble: Trouble | null, answered: number | null): void;
  /** The server turned this device away with a code of its own, or cannot be spoken with. It is not tried again. */
  refused(code: number): void;
}
export interface Connection {
  /** Dials where nothing is under way and no pause is kept. */
  dial(): void;
  /** Since the answer to the server's question was sent. */
  answered(): boolean;
  /** Since the server took it. */
  open(): boolean;
  send(frame: Uint8Array): void;
  /** What was heard shows that the connection is of use: the next pause is a short one. */
  works(): void;
  close(): void;
}

type Stage = "idle" | "pausing" | "dialling" | "answering" | "answered" | "open";

export const createConnection = (deps: ConnectionDeps, on: ConnectionHears): Connection => {
  const { wid, server, auth, monotonic } = deps;
  const { timers, openWebSocket } = deps.platform;
  let stage: Stage = "idle";
  let socket: OpenSocket | null = null;
  let failures = 0;
  let heardAt = 0;
  let undo: () => void = () => undefined;

  const leave = (next: Stage): void => {
    undo();
    socket = null;
    stage = next;
  };
  const refuse = (code: number): void => {
    leave("idle");
    on.refused(code);
  };
  const ended = ({ code, garbled, trouble, answered }: SocketEnd): void => {
    if (!garbled && code >= 4_400 && code < 4_500) return refuse(code);
    leave("pausing");
    failures += 1;
    undo = timers.after(pauseBefore(failures, PAUSES, deps.random), start);
    on.down(garbled, trouble, answered);
  };
  const lost = (trouble: Trouble | null = null): void => {
    socket?.cut();
    ended({ code: 1006, garbled: false, trouble, answered: null });
  };
  const look = (): void => {
    if (monotonic() - heardAt > SILENT_MS) return lost({ kind: "silent" });
    undo = timers.after(LOOK_MS, look);
    on.lives();
  };

  const answer = async (asked: OpenSocket | null, question: Question): Promise<void> => {
    const jws = await auth(question);
    if (asked !== socket || asked?.open() !== true) return;
    asked.send(writeText(AUTH, jws));
    stage = "answered";
    on.answered();
  };
  const onHello = (source: string): void => {
    const hello = parseHello(source);
    // A second question would get a second signature.
    if (hello === undefined || stage !== "dialling") throw new Error("malformed HELLO");
    stage = "answering";
    const asked = socket;
    const spoken = wireWith(hello);
    if ("code" in spoken) {
      asked?.close();
      return refuse(spoken.code);
    }
    answer(asked, { nonce: hello.nonce, wire: spoken.wire, heard: [hello.from, hello.to] }).catch(() => {
      // A signature that the shell refused is tried again with the next connection.
      if (asked !== null && asked === socket) lost();
    });
  };
  const onWelcome = (): void => {
    if (stage !== "answered") throw new Error("not asked for");
    stage = "open";
    on.welcomed();
  };
  const receive = (bytes: Uint8Array): void => {
    heardAt = monotonic();
    const frame = readServerFrame(bytes);
    if (frame === null) throw new Error("malformed frame");
    if ("text" in frame) return frame.type === "hello" ? onHello(frame.text) : onWelcome();
    // Who was closed here is told in the log's channel why, and is never welcomed.
    if (stage !== "open" && !(stage === "answered" && frame.type === "data")) throw new Error("before WELCOME");
    on.frame(frame);
  };
  function start(): void {
    stage = "dialling";
    heardAt = monotonic();
    undo = timers.after(LOOK_MS, look);
    socket = openWebSocket(
      { server: server(), path: `/${wid}`, withinMs: CONNECT_WITHIN_MS, frameMax: FRAME_FROM_SERVER_MAX },
      { frame: receive, ended },
    );
  }
  return {
    dial: () => {
      if (stage === "idle") start();
    },
    answered: () => stage === "answered" || stage === "open",
    open: () => stage === "open",
    send: (frame) => socket?.send(frame),
    works: () => {
      failures = 0;
    },
    close: () => {
      const was = socket;
      leave("idle");
      failures = 0;
      was?.close();
    },
  };
};
