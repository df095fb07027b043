/**
 * A short connection before there is a copy: to found a workspace, or to stand at the door with an invite. Everything
 * that the other end may do wrong has a name here, because a link can lead anywhere.
 */
import * as decoding from "lib0/decoding";
import { LOG } from "#core/protocol/ids.ts";
import {
  ACK,
  AUTH,
  CLOSE,
  CMD,
  FRAME_BYTES_MAX,
  HELLO,
  PAIR_NEWS,
  PAIR_SAY,
  WELCOME,
  writeClock,
  writeNumbered,
  writeText,
} from "#core/protocol/wire.ts";
import type { Ack } from "#core/protocol/wire.ts";
import type { Fact } from "#core/facts/refusal.ts";
import { why } from "#core/facts/why.ts";
import type { Why } from "#core/facts/why.ts";
import type { Trouble } from "#core/facts/trouble.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { Timers } from "../ports/clock.ts";
import type { Platform } from "../ports/platform.ts";
import type { OpenSocket, SocketEnd } from "../ports/sockets.ts";
import { answeredFact } from "./answered.ts";
import { parseAck, parseHello, wireWith } from "./greeting.ts";
import type { Hello } from "./greeting.ts";

const WITHIN_MS = 15_000;

export interface Knock {
  readonly hello: Hello;
  /** Text of WELCOME, unread. */
  readonly welcome: string;
  /** Sends one command, and what this computer's clock reads. Rejects with `Refusal("no-answer")` where the connection ends first. */
  send(jws: string, reads: number): Promise<Ack>;
  /** Sends a frame that gets no answer of its own. */
  post(frame: Uint8Array): void;
  close(): void;
}

/** What may come besides, to a device that pairs. */
export interface KnockEvents {
  /** A frame of a pairing. */
  frame(type: number, text: string): void;
  /** The socket ended after WELCOME. */
  closed(code: number): void;
  /** What is said of a close before WELCOME, where it is not what is said of an invite. */
  says?(code: number): Fact | undefined;
}

const unreachable = (server: string, trouble: Trouble | null = null): Refusal =>
  new Refusal(why("server-unreachable", server, trouble));
const stranger = (server: string): Refusal => new Refusal(why("server-stranger", server));

const CLOSED: Readonly<Record<number, (server: string) => Why>> = {
  [CLOSE.unknownInvite]: () => why("invite-unknown"),
  [CLOSE.otherServer]: (server) => why("server-name", server),
  [CLOSE.notFound]: (server) => why("workspace-unknown", server),
  [CLOSE.exists]: () => why("founded-already"),
  [CLOSE.foundingClosed]: (server) => why("server-closed", server),
  [CLOSE.linkNeeded]: (server) => why("founding-link", server),
  [CLOSE.protocolTooOld]: (server) => why("door-app-too-old", server),
  [CLOSE.serverTooOld]: (server) => why("door-server-too-old", server),
  [CLOSE.tooMuch]: () => why("door-busy"),
  [CLOSE.storage]: () => why("door-storage"),
};
const closeRefusal = (server: string, code: number): Refusal => {
  const known = CLOSED[code]?.(server);
  if (known !== undefined) return new Refusal(known);
  return code > 4_000 ? new Refusal(why("server-refused", server)) : unreachable(server);
};

/** Dials the log of a workspace, answers HELLO with what `auth` signs, and waits for WELCOME. Rejects with `Refusal`. */
export const knock = (
  { openWebSocket, timers }: Pick<Platform, "openWebSocket" | "timers">,
  server: string,
  wid: string,
  auth: (nonce: string) => Promise<string>,
  events?: KnockEvents,
): Promise<Knock> =>
  new Promise((resolve, reject) => {
    let hello: Hello | undefined;
    let welcomed = false;
    let answer: ((ack: Ack | null) => void) | null = null;

    const fail = (refusal: Refusal): void => {
      inTime();
      ws.cut();
      answer?.(null);
      reject(refusal);
    };
    const inTime = timers.after(WITHIN_MS, () =>
      fail(hello === undefined ? unreachable(server, { kind: "silent" }) : stranger(server)),
    );

    const greet = async (source: string): Promise<void> => {
      hello = parseHello(source);
      if (hello === undefined) return fail(stranger(server));
      const spoken = wireWith(hello);
      if ("code" in spoken) return fail(closeRefusal(server, spoken.code));
      ws.send(writeText(AUTH, await auth(hello.nonce)));
    };
    const welcome = (source: string): void => {
      if (hello === undefined) return fail(stranger(server));
      inTime();
      welcomed = true;
      resolve({
        hello,
        welcome: source,
        close: () => ws.close(),
        post: (frame) => ws.send(frame),
        send: (jws, reads) => send(timers, ws, jws, reads, (waiting) => (answer = waiting)),
      });
    };
    const receive = (bytes: Uint8Array): void => {
      const decoder = decoding.createDecoder(bytes);
      const type = decoding.readVarUint(decoder);
      if (type === HELLO)
        void greet(decoding.readVarString(decoder)).catch((error: unknown) =>
          fail(error instanceof Refusal ? error : stranger(server)),
        );
      else if (type === WELCOME) welcome(decoding.readVarString(decoder));
      else if (type === PAIR_NEWS || type === PAIR_SAY) events?.frame(type, decoding.readVarString(decoder));
      else if (type === ACK && decoding.readVarUint(decoder) === 1)
        answer?.(parseAck(decoding.readVarString(decoder)) ?? null);
    };
    const ended = ({ code, garbled, trouble, answered }: SocketEnd): void => {
      if (welcomed) {
        fail(unreachable(server));
        return events?.closed(code);
      }
      if (garbled) return fail(stranger(server));
      if (answered !== null) return fail(new Refusal(answeredFact(answered, server)));
      if (trouble !== null) return fail(unreachable(server, hello === undefined ? trouble : null));
      const own = events?.says?.(code);
      fail(own === undefined ? closeRefusal(server, code) : new Refusal(own));
    };
    const ws = openWebSocket(
      { server, path: `/${wid}/${LOG}`, withinMs: WITHIN_MS, frameMax: FRAME_BYTES_MAX },
      { frame: receive, ended },
    );
  });

const send = async (
  timers: Timers,
  ws: OpenSocket,
  jws: string,
  reads: number,
  expect: (answer: (ack: Ack | null) => void) => void,
): Promise<Ack> => {
  const ack = await new Promise<Ack | null>((resolve) => {
    const inTime = timers.after(WITHIN_MS, () => resolve(null));
    expect((given) => {
      inTime();
      resolve(given);
    });
    if (!ws.open()) resolve(null);
    else {
      ws.send(writeClock(reads));
      ws.send(writeNumbered(CMD, 1, jws));
    }
  });
  if (ack === null) throw new Refusal(why("no-answer-yet"));
  return ack;
};
