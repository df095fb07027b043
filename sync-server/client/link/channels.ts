/**
 * The documents of one workspace as channels on its connection: opened in one batch, closed and opened again as the fold
 * changes. A document that did not change costs its number.
 */
import { OPEN_MAX, writeOpen, writeShut } from "#core/protocol/channels.ts";
import type { Asked, ChannelHead, Had, Opened } from "#core/protocol/channels.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { writeClock } from "#core/protocol/wire.ts";
import type { Ack } from "#core/protocol/wire.ts";
import type { ChannelEvents } from "./channel.ts";
import { createConnection } from "./connection.ts";
import type { ChannelFrame, ConnectionDeps, ConnectionHears } from "./connection.ts";
import { createHeld } from "./held.ts";
import type { Held } from "./held.ts";
import { createRests } from "./rests.ts";
import { LOST } from "./virtual-socket.ts";

export interface ChannelsDeps extends ConnectionDeps {
  /** What this computer's clock says, ms. */
  readonly date: () => number;
  /** How much of a document is verified. What waited to be verified is forgotten, and comes anew. */
  readonly begin: (doc: DocName) => Had;
  /** How many entries of a document are folded. */
  readonly folded: (doc: DocName) => number;
  /** Whether a signed head of the document is wanted although it may not have changed. */
  readonly wantsHead: (doc: DocName, length: number) => boolean;
  /** Documents that should be open now, the log first. */
  readonly wanted: () => readonly DocName[];
  /** Position of the verified log. */
  readonly position: () => number;
  readonly on: ChannelsHear;
}
export interface ChannelsHear {
  entries(doc: DocName, added: readonly string[]): void;
  rewritten(doc: DocName, ...how: Parameters<ChannelEvents["rewritten"]>): void;
  /** The channel of a document is open; the server says how many entries it has, and whether those are the ones here. */
  welcome(doc: DocName, length: number, unchanged: boolean): void;
  /** May throw where this is no head: that ends the connection. */
  head(doc: DocName, jws: string): void;
  /** All was told of what a frame said of channels: once for many of them. */
  told(): void;
  /** The channel of a document is closed: here, or for the moment, or with the connection. */
  closed(doc: DocName): void;
  /** The server closed the channel of a document for good. */
  refused(doc: DocName, code: number): void;
  down: ConnectionHears["down"];
  /** The server turned this device away. */
  turnedAway(code: number): void;
}
export interface Channels {
  /** Opens what is wanted and not open, closes what is not, and dials or hangs up as that asks for. */
  reconcile(): void;
  open(doc: DocName): boolean;
  /** Null where there is no channel, or it is lost first. */
  send(doc: DocName, jws: string): Promise<Ack | null>;
  /** More of a document is folded. */
  folded(doc: DocName): void;
  closeAll(): void;
  /** What the server turned away may be opened again. */
  forgive(): void;
}

/** Close code of RFC 6455 where there is nothing wrong. */
const DONE = 1000;
const isFinal = (code: number): boolean => code >= 4_400 && code < 4_500;

export const createChannels = (deps: ChannelsDeps): Channels => {
  const { on } = deps;
  const { timers } = deps.platform;
  const docs = new Map<DocName, Held>();
  const numbers = new Map<number, Held>();
  /** Documents that the server closed for good, with the log position at that time. */
  const shut = new Map<DocName, number>();
  const rests = createRests(timers, () => reconcile());
  let last = 0;
  let turned = false;

  const hold = (doc: DocName): Held => {
    last += 1;
    const number = last;
    const begun = deps.begin(doc);
    // The log's head comes in any case, and who was closed is told why only where the length is said.
    const had = doc !== LOG && deps.wantsHead(doc, begun.length) ? null : begun;
    const held = createHeld({
      number,
      doc,
      begun,
      had,
      folded: () => deps.folded(doc),
      send: (frame) => connection.send(frame),
      on: {
        entries: (added) => on.entries(doc, added),
        rewritten: (code, update) => on.rewritten(doc, code, update),
      },
    });
    docs.set(doc, held);
    numbers.set(number, held);
    return held;
  };
  const drop = (held: Held, code: number): void => {
    docs.delete(held.doc);
    numbers.delete(held.number);
    held.end(code);
    on.closed(held.doc);
  };
  const dropAll = (): void => {
    for (const held of docs.values()) drop(held, LOST);
    last = 0;
    rests.calm();
  };
  const tellClock = (): void => connection.send(writeClock(deps.date()));
  const endedWith = (held: Held, code: number): void => {
    drop(held, code);
    if (!isFinal(code)) return rests.add(held.doc);
    shut.set(held.doc, deps.position());
    on.refused(held.doc, code);
  };
  const opened = (item: Opened): void => {
    const held = known(item.channel);
    if (held === undefined) return;
    if (held.open) throw new Error("opened twice");
    if (item.answer === "refused") return endedWith(held, item.code);
    const unchanged = item.answer === "unchanged";
    if (unchanged && held.had === null) throw new Error("unchanged, and was not told what is here");
    held.open = true;
    held.begin();
    on.welcome(held.doc, item.answer === "changed" ? item.length : (held.had?.length ?? 0), unchanged);
  };
  /** Undefined for one that was closed here; throws for one that never was. */
  const known = (number: number): Held | undefined => {
    if (number > last) throw new Error("a channel that nobody asked for");
    return numbers.get(number);
  };
  const head = ({ channel, head: jws }: ChannelHead): void => {
    const held = known(channel);
    if (held === undefined) return;
    if (!held.open) throw new Error("a head before the channel is open");
    // A server whose clock was just set right learns it from those who are here.
    if (held.doc === LOG) tellClock();
    on.head(held.doc, jws);
  };
  const inChannel = (frame: Extract<ChannelFrame, { type: "data" | "shut" }>): void => {
    const held = known(frame.channel);
    if (held === undefined) return;
    if (frame.type === "data") held.take(frame.frame);
    else endedWith(held, frame.code);
  };
  const take = (frame: ChannelFrame): void => {
    if (frame.type === "opened") frame.opened.forEach(opened);
    else if (frame.type === "heads") frame.heads.forEach(head);
    else inChannel(frame);
    if (frame.type === "data") return;
    if (frame.type === "heads") connection.works();
    on.told();
  };

  const connection = createConnection(deps, {
    // In the same breath as the answer: it saves a round trip, and who was closed here is told why in the log's channel.
    answered: () => askFor(missing().slice(0, OPEN_MAX)),
    welcomed: () => {
      tellClock();
      reconcile();
    },
    frame: take,
    lives: () => {
      for (const held of docs.values()) held.feed();
    },
    down: (...how) => {
      dropAll();
      on.down(...how);
    },
    refused: (code) => {
      turned = true;
      dropAll();
      on.turnedAway(code);
    },
  });

  const missing = (): DocName[] =>
    deps.wanted().filter((doc) => !docs.has(doc) && !rests.has(doc) && (shut.get(doc) ?? -1) < deps.position());
  const askFor = (which: readonly DocName[]): void => {
    for (let from = 0; from < which.length; from += OPEN_MAX) {
      const asked: Asked[] = which.slice(from, from + OPEN_MAX).map((doc) => {
        const { number: channel, had } = hold(doc);
        return { channel, doc, had };
      });
      connection.send(writeOpen(asked));
    }
  };
  function reconcile(): void {
    const wanted = new Set(deps.wanted());
    if (wanted.size === 0) return hangUp();
    if (!turned) connection.dial();
    // Until the answer is taken, what was asked for with it stands.
    if (!connection.open()) return;
    for (const held of docs.values()) {
      if (wanted.has(held.doc)) continue;
      connection.send(writeShut(held.number, DONE));
      drop(held, DONE);
    }
    askFor(missing());
  }
  const hangUp = (): void => {
    connection.close();
    dropAll();
  };
  return {
    reconcile,
    open: (doc) => docs.get(doc)?.open === true,
    send: (doc, jws) => {
      const held = docs.get(doc);
      if (held?.open !== true) return Promise.resolve(null);
      tellClock();
      return held.send(jws);
    },
    folded: (doc) => docs.get(doc)?.giveBack(),
    closeAll: hangUp,
    forgive: () => {
      shut.clear();
      turned = false;
    },
  };
};
