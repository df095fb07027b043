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
import type { Code } from "#core/facts/refusal.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { Timers } from "../ports/clock.ts";
import type { Platform } from "../ports/platform.ts";
import type { OpenSocket, SocketEnd, Trouble } from "../ports/sockets.ts";
import { answeredWords, nameWords } from "./answered-words.ts";
import { troubleWords } from "./trouble-words.ts";
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
  /** Words for a close before WELCOME, where they are not those of an invite. */
  words?(code: number): Code | undefined;
}

const unreachable = (server: string, trouble: Trouble | null = null): Refusal =>
  new Refusal(
    "server-unreachable",
    trouble === null
      ? `The server at ${server} cannot be reached. Check the address and your network, then try again.`
      : troubleWords(trouble, server),
  );
const stranger = (server: string): Refusal =>
  new Refusal(
    "server-not-bulkhead",
    `What answers at ${server} is not a Bulkhead sync server of a version this app knows.`,
  );

const closeRefusal = (server: string, code: number): Refusal => {
  if (code === CLOSE.unknownInvite)
    return new Refusal(
      "invite-unknown",
      "The server does not know this invite. It may have been changed, or the server was set back to an older backup. Ask for a new one.",
    );
  if (code === CLOSE.otherServer) return new Refusal(nameWords(server).code, nameWords(server).message);
  if (code === CLOSE.notFound)
    return new Refusal("no-such-workspace", `There is no such workspace at ${server}. Ask for a new link.`);
  if (code === CLOSE.exists)
    return new Refusal(
      "already-exists",
      "This workspace was founded already. Nothing was changed; begin again to found another one.",
    );
  if (code === CLOSE.foundingClosed)
    return new Refusal(
      "server-closed",
      `The server at ${server} takes no new workspaces now. Ask whoever runs it, or let this app run the server.`,
    );
  if (code === CLOSE.linkNeeded)
    return new Refusal(
      "founding-link",
      `The server at ${server} founds a workspace only with a founding link, which works once and for a day. Ask whoever runs it for a new one, and paste it as the server's address.`,
    );
  if (code === CLOSE.protocolTooOld)
    return new Refusal(
      "update-app",
      `The server at ${server} speaks only newer versions of the protocol than this app. Nothing was sent. Update Bulkhead, then try again.`,
    );
  if (code === CLOSE.serverTooOld)
    return new Refusal(
      "server-too-old",
      `The server at ${server} is older than this app can speak with, or than what this workspace uses. Nothing was sent. Ask whoever runs it to update it, then try again.`,
    );
  if (code === CLOSE.tooMuch)
    return new Refusal(
      "server-busy",
      "The server is taking no more connections from here for the moment. Try again in a minute.",
    );
  if (code === CLOSE.storage)
    return new Refusal(
      "storage",
      "The server could not read its store. Try again in a moment, or tell whoever runs it.",
    );
  return code > 4_000
    ? new Refusal(
        "server-refused",
        `The server at ${server} did not accept how this app answered it. Something between the two may change what is sent, or one of them is much older. Try again, and update Bulkhead if it stays.`,
      )
    : unreachable(server);
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
      if (answered !== null) {
        const words = answeredWords(answered, server);
        return fail(new Refusal(words.code, words.message));
      }
      if (trouble !== null) return fail(unreachable(server, hello === undefined ? trouble : null));
      const own = events?.words?.(code);
      fail(own === undefined ? closeRefusal(server, code) : new Refusal(own.code, own.message));
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
  if (ack === null)
    throw new Refusal(
      "no-answer",
      "The connection was lost before the server answered. Trying again is safe: nothing happens twice.",
    );
  return ack;
};
