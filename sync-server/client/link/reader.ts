/**
 * Reads one document of the log's kind from a length on, over a socket of its own: what lies behind a checkpoint is read
 * while the log's own channel stands at its end.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { writeSyncStep1 } from "y-protocols/sync";
import type { DocName } from "#core/protocol/ids.ts";
import { AUTH, HEAD, HELLO, SYNC, WELCOME, writeText } from "#core/protocol/wire.ts";
import type { Platform } from "../ports/platform.ts";
import { copyOf, watchCopy } from "./copy.ts";
import type { CopyEvents } from "./copy.ts";
import { parseHello, wireWith } from "./greeting.ts";

const CONNECT_WITHIN_MS = 10_000;
/** Between two frames: heads come every 15 s. */
const SILENT_MS = 30_000;
/** Far above a page. */
const FRAME_FROM_SERVER_MAX = 2_097_152;

export interface ReaderFacts {
  readonly platform: Pick<Platform, "openWebSocket" | "timers">;
  /** Origin of the server, as dialled. */
  readonly server: string;
  readonly wid: string;
  readonly doc: DocName;
  /** How many entries are here already. */
  readonly length: number;
  readonly auth: (nonce: string) => Promise<string>;
}
export interface ReaderEvents extends CopyEvents {
  /** The server sent all that it has. */
  whole(): void;
  /** The socket ended; nothing more comes. */
  ended(): void;
}
export interface Reader {
  close(): void;
}

export const openReader = (facts: ReaderFacts, on: ReaderEvents): Reader => {
  const { timers, openWebSocket } = facts.platform;
  const copy = copyOf(facts.length);
  const watched = watchCopy(copy, facts.length, on);
  let over = false;
  let heard: () => void = () => undefined;

  const close = (): void => {
    if (over) return;
    over = true;
    heard();
    ws.cut();
    copy.destroy();
  };
  const end = (): void => {
    if (over) return;
    close();
    on.ended();
  };
  const listen = (): void => {
    heard();
    heard = timers.after(SILENT_MS, end);
  };
  const answer = async (source: string): Promise<void> => {
    const hello = parseHello(source);
    if (hello === undefined || "code" in wireWith(hello)) return end();
    const jws = await facts.auth(hello.nonce);
    if (!over) ws.send(writeText(AUTH, jws));
  };
  const ask = (): void => {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, SYNC);
    writeSyncStep1(encoder, copy);
    ws.send(encoding.toUint8Array(encoder));
  };
  const receive = (bytes: Uint8Array): void => {
    listen();
    const decoder = decoding.createDecoder(bytes);
    const type = decoding.readVarUint(decoder);
    if (type === HELLO) void answer(decoding.readVarString(decoder)).catch(end);
    else if (type === WELCOME) ask();
    // A head comes when everything was sent.
    else if (type === HEAD) on.whole();
    else if (type === SYNC) {
      decoding.readVarUint(decoder);
      watched.apply(decoding.readVarUint8Array(decoder), null);
    }
  };
  const ws = openWebSocket(
    {
      server: facts.server,
      path: `/${facts.wid}/${facts.doc}`,
      withinMs: CONNECT_WITHIN_MS,
      frameMax: FRAME_FROM_SERVER_MAX,
    },
    { frame: receive, ended: end },
  );
  listen();
  return { close };
};
