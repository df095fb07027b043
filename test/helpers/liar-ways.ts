/** How a liar stands between the app and the server: on a socket of one document, and on a connection with channels. */
import * as decoding from "lib0/decoding";
import {
  readConnectionFrame,
  readServerFrame,
  writeData,
  writeHeads,
  writeOpened,
  writeShut,
} from "#core/protocol/channels.ts";
import type { Asked, ChannelHead, Opened } from "#core/protocol/channels.ts";
import { LOG } from "#core/protocol/ids.ts";
import { HEAD, HELLO, readClientFrame, WELCOME } from "#core/protocol/wire.ts";
import { headSaid, read, sha256 } from "./liar-said.ts";
import type { Ask, Connection, Said } from "./liar-said.ts";

export type Swallow = (command: { readonly id: number; readonly jws: string }) => Uint8Array;
export interface Ways {
  readonly wid: string;
  readonly open: Set<Connection>;
  readonly ask: Ask;
  readonly answerOf: (doc: string) => Swallow | undefined;
  /** A HEAD frame with the server's own key. */
  readonly head: (on: Connection, parts: { s: number; h: string; t: number }) => Uint8Array;
  readonly toApp: (frame: Uint8Array | string) => void;
  readonly toServer: (bytes: Uint8Array) => void;
  readonly end: () => void;
  readonly close: (code: number) => void;
}
interface Between {
  fromApp(bytes: Uint8Array): void;
  fromServer(bytes: Uint8Array): void;
  over(): void;
}

export const onDocument = (ways: Ways, doc: string): Between => {
  const connection: Connection = {
    wid: ways.wid,
    doc,
    say: ways.toApp,
    end: ways.end,
    close: ways.close,
    shut: ways.close,
  };
  ways.open.add(connection);
  return {
    fromApp: (bytes) => {
      const answer = ways.answerOf(doc);
      const frame = answer === undefined ? null : readClientFrame(bytes);
      if (answer !== undefined && frame?.type === "cmd") ways.toApp(answer(frame));
      else ways.toServer(bytes);
    },
    fromServer: (bytes) => {
      const said = ways.ask(doc, read(bytes), connection);
      for (const frame of said === true ? [bytes] : said) ways.toApp(frame);
    },
    over: () => void ways.open.delete(connection),
  };
};

interface Told extends Connection {
  readonly channel: number;
  /** What the app has of it, as far as it was shown. */
  length: number;
  hash: string;
}

/** The text of a frame of that type, or undefined. */
const textOf = (type: number, frame: Uint8Array): string | undefined => {
  try {
    const decoder = decoding.createDecoder(frame);
    return decoding.readVarUint(decoder) === type ? decoding.readVarString(decoder) : undefined;
  } catch {
    return undefined;
  }
};
/** What a document socket would say, as it is said about a channel. */
const inChannel = (channel: number, frame: Uint8Array | string): Uint8Array | string => {
  if (typeof frame === "string" || frame.byteLength === 0) return frame;
  const head = textOf(HEAD, frame);
  if (head !== undefined) return writeHeads([{ channel, head }]);
  const welcome = textOf(WELCOME, frame);
  const length = welcome === undefined ? undefined : (JSON.parse(welcome) as { s?: number }).s;
  if (length !== undefined) return writeOpened([{ channel, answer: "changed", length }]);
  return welcome !== undefined || textOf(HELLO, frame) !== undefined ? frame : writeData(channel, frame);
};

export const onChannels = (ways: Ways): Between => {
  const told = new Map<number, Told>();
  const whole: Connection = {
    wid: ways.wid,
    doc: LOG,
    say: ways.toApp,
    end: ways.end,
    close: ways.close,
    shut: ways.close,
  };
  const take = ({ channel, doc, had }: Asked): void => {
    const one: Told = {
      ...whole,
      doc,
      channel,
      length: had?.length ?? 0,
      hash: had?.head ?? "",
      say: (frame) => ways.toApp(inChannel(channel, frame)),
      shut: (code) => {
        ways.toServer(writeShut(channel, 1_000));
        ways.toApp(writeShut(channel, code));
      },
    };
    told.set(channel, one);
    ways.open.add(one);
  };
  /** True where the lie leaves it as it is; otherwise what it says was said. */
  const goes = (on: Told, said: Said): boolean => {
    const answer = ways.ask(on.doc, said, on);
    if (answer !== true) answer.forEach((frame) => on.say(frame));
    return answer === true;
  };
  const isOpened = (item: Opened): boolean => {
    const on = told.get(item.channel);
    if (on === undefined || item.answer === "refused") return true;
    return (
      goes(on, { kind: "hello" }) &&
      goes(on, { kind: "welcome", s: item.answer === "changed" ? item.length : on.length })
    );
  };
  const isHead = ({ channel, head: jws }: ChannelHead): boolean => {
    const on = told.get(channel);
    return on === undefined || goes(on, headSaid(jws));
  };
  /** Of a list that did not change the server signs no head. A liar may say one all the same, as often as the log's. */
  const unasked = (t: number): void => {
    for (const on of told.values()) {
      if (on.doc === LOG || on.hash === "") continue;
      const signed = textOf(HEAD, ways.head(on, { s: on.length, h: on.hash, t })) ?? "";
      goes(on, headSaid(signed));
    }
  };
  const data = (channel: number, inner: Uint8Array, bytes: Uint8Array): void => {
    const on = told.get(channel);
    if (on === undefined) return ways.toApp(bytes);
    const said = read(inner);
    if (!goes(on, said)) return;
    ways.toApp(bytes);
    if (said.kind !== "entries" || said.entries.length === 0) return;
    on.length = said.from + said.entries.length;
    on.hash = sha256(said.entries.at(-1) ?? "");
  };
  return {
    fromApp: (bytes) => {
      const frame = readConnectionFrame(bytes);
      if (frame?.type === "open") frame.asked.forEach(take);
      if (frame?.type === "shut") {
        const on = told.get(frame.channel);
        if (on !== undefined) ways.open.delete(on);
        told.delete(frame.channel);
      }
      const on = frame?.type === "data" ? told.get(frame.channel) : undefined;
      const answer = on === undefined ? undefined : ways.answerOf(on.doc);
      const command = frame?.type === "data" && answer !== undefined ? readClientFrame(frame.frame) : null;
      if (command?.type === "cmd" && answer !== undefined) on?.say(answer(command));
      else ways.toServer(bytes);
    },
    fromServer: (bytes) => {
      const frame = readServerFrame(bytes);
      if (frame === null) return ways.toApp(bytes);
      if (frame.type === "data") return data(frame.channel, frame.frame, bytes);
      if (frame.type === "opened") {
        const left = frame.opened.filter(isOpened);
        return left.length === 0 ? undefined : ways.toApp(writeOpened(left));
      }
      if (frame.type === "heads") {
        const left = frame.heads.filter(isHead);
        if (left.length > 0) ways.toApp(writeHeads(left));
        const log = frame.heads.find(({ channel }) => told.get(channel)?.doc === LOG);
        const said = log === undefined ? undefined : headSaid(log.head);
        return said?.kind === "head" ? unasked(said.t) : undefined;
      }
      if (frame.type === "hello") {
        const answer = ways.ask(LOG, { kind: "hello" }, whole);
        for (const each of answer === true ? [bytes] : answer) ways.toApp(each);
        return;
      }
      ways.toApp(bytes);
    },
    over: () => {
      for (const on of told.values()) ways.open.delete(on);
    },
  };
};
