/**
 * How a new device begins with a checkpoint instead of the whole history. Over a short connection of its own it asks for
 * the state that was signed, and for the entries from the checkpoint's own on to the head that its link pins: that head
 * proves them, and they the state. What is behind it is read and verified afterwards (history.ts).
 *
 * No answer, or none in time, means that everything is read from the start, as it always was. An answer that cannot be
 * true is a server that lies.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { decodeUtf8 } from "lib0/string";
import { writeSyncStep1 } from "y-protocols/sync";
import { startFromCheckpoint } from "#core/rules/checkpoint.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { Hash } from "#core/protocol/ids.ts";
import {
  AUTH,
  HELLO,
  readStatePage,
  STATE,
  STATE_PAGE,
  SYNC,
  WELCOME,
  writeAskState,
  writeText,
} from "#core/protocol/wire.ts";
import type { StatePage } from "#core/protocol/wire.ts";
import { copyOf, watchCopy } from "./copy.ts";
import type { Platform } from "../ports/platform.ts";
import { parseHello, wireWith } from "./greeting.ts";

/** A log below this is read as fast as a state. */
export const BEGIN_FROM = 500;
/** Between two frames of a server that is at work. */
const SILENT_MS = 15_000;
/** For all of it: some megabytes over a slow line. Whoever sends a little now and then would otherwise keep a join waiting for ever. */
const WITHIN_MS = 300_000;
/** A log of some millions of entries. */
const STATE_BYTES_MAX = 268_435_456;
const FRAME_FROM_SERVER_MAX = 67_108_864;

export interface BeginFacts {
  readonly platform: Platform;
  readonly server: string;
  readonly wid: string;
  readonly pin: readonly [number, Hash | ""];
  readonly auth: (nonce: string) => Promise<string>;
  /** The newest level that is known; this build's, but for tests. */
  readonly knows?: number;
}
export type Beginning =
  /** `seq` is the last entry that `state` covers. */
  | { readonly kind: "state"; readonly seq: number; readonly state: string }
  | { readonly kind: "none" }
  | { readonly kind: "lie"; readonly code: string; readonly shown: string };

interface Fetched {
  readonly state: string;
  readonly entries: readonly string[];
}

/** Never rejects. */
export const beginWith = async (facts: BeginFacts, withinMs = WITHIN_MS): Promise<Beginning> => {
  // Without an offer everything is read from the first entry.
  const fetched = await fetchStart(facts, withinMs).catch(() => null);
  if (fetched === null) return { kind: "none" };
  const start = startFromCheckpoint(
    facts.platform.crypto,
    { ...fetched, pin: [facts.pin[0], facts.pin[1]] },
    facts.knows,
  );
  // Read from the start, the log says at which entry this app has to be updated; nobody lied.
  if (!start.ok && start.code === "newer") return { kind: "none" };
  if (!start.ok) return { kind: "lie", code: start.code, shown: fetched.entries[0] ?? "" };
  return start.log.wid === facts.wid
    ? { kind: "state", seq: start.log.seq, state: fetched.state }
    : { kind: "lie", code: "wrong-workspace", shown: fetched.entries[0] ?? "" };
};

/** Null where the server has no checkpoint. Rejects where the connection ends or falls silent. */
const fetchStart = (
  { platform: { timers, openWebSocket }, server, wid, pin, auth }: BeginFacts,
  withinMs: number,
): Promise<Fetched | null> =>
  new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      heard();
      inTime();
      ws.cut();
      settle();
    };
    const fail = (): void => end(() => reject(new Error("no state")));
    let heard = timers.after(SILENT_MS, fail);
    const inTime = timers.after(withinMs, fail);
    const follow = createFollower(pin[0], (entries) => end(() => resolve({ state: pages.text(), entries })), fail);
    const pages = createPages((seq) => (seq === 0 ? end(() => resolve(null)) : ws.send(follow.from(seq))));

    const greet = async (source: string): Promise<void> => {
      const hello = parseHello(source);
      if (hello === undefined || "code" in wireWith(hello)) return fail();
      ws.send(writeText(AUTH, await auth(hello.nonce)));
    };
    const receive = (bytes: Uint8Array): void => {
      const decoder = decoding.createDecoder(bytes);
      const type = decoding.readVarUint(decoder);
      // Heads come for ever, also from a server that never sends the rest.
      if (type === STATE || type === SYNC) {
        heard();
        heard = timers.after(SILENT_MS, fail);
      }
      if (type === HELLO) void greet(decoding.readVarString(decoder)).catch(fail);
      else if (type === WELCOME) ws.send(writeAskState(pin[0]));
      else if (type === STATE) pages.take(readStatePage(decoder));
      else if (type === SYNC) follow.take(decoder);
    };
    const ws = openWebSocket(
      { server, path: `/${wid}/${LOG}`, withinMs: SILENT_MS, frameMax: FRAME_FROM_SERVER_MAX },
      { frame: receive, ended: fail },
    );
  });

/** The pages of a state, in order; `whole` is told the position of its checkpoint. Throws where they do not fit together. */
const createPages = (whole: (seq: number) => void) => {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  let first: StatePage | null = null;
  return {
    take: (page: StatePage): void => {
      first ??= page;
      if (page.seq === 0) return whole(0);
      bytes += page.bytes.byteLength;
      // Every page but the last is full: empty ones would never end.
      const isShort = page.page !== page.pages && page.bytes.byteLength !== STATE_PAGE;
      if (
        isShort ||
        page.page !== parts.length + 1 ||
        page.seq !== first.seq ||
        page.pages !== first.pages ||
        bytes > STATE_BYTES_MAX
      )
        throw new Error("pages of no one state");
      parts.push(page.bytes);
      if (page.page === page.pages) whole(page.seq);
    },
    text: (): string => decodeUtf8(joined(parts, bytes)),
  };
};

const joined = (parts: readonly Uint8Array[], bytes: number): Uint8Array => {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
};

/** The entries from a checkpoint's own on, until `last` is there. */
const createFollower = (last: number, whole: (entries: readonly string[]) => void, fail: () => void) => {
  const entries: string[] = [];
  let apply: (update: Uint8Array) => void = fail;
  return {
    from: (seq: number): Uint8Array => {
      const copy = copyOf(seq - 1);
      const take = (added: readonly string[]): void => {
        for (const entry of added) entries.push(entry);
        if (seq - 1 + entries.length >= last) whole(entries);
      };
      const watched = watchCopy(copy, seq - 1, { entries: take, rewritten: fail });
      apply = (update) => watched.apply(update, null);
      const encoder = encoding.createEncoder();
      encoding.writeVarUint(encoder, SYNC);
      writeSyncStep1(encoder, copy);
      return encoding.toUint8Array(encoder);
    },
    take: (decoder: decoding.Decoder): void => {
      decoding.readVarUint(decoder);
      apply(decoding.readVarUint8Array(decoder));
    },
  };
};
