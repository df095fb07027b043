/** A document's channel on a connection: what its copy is fed with, what is owed to the server, what waits for an answer. */
import * as decoding from "lib0/decoding";
import { writeCredit, writeData } from "#core/protocol/channels.ts";
import type { Had } from "#core/protocol/channels.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { ACK, CMD, SYNC, writeNumbered } from "#core/protocol/wire.ts";
import type { Ack } from "#core/protocol/wire.ts";
import { createChannel } from "./channel.ts";
import type { ChannelEvents } from "./channel.ts";
import { parseAck } from "./greeting.ts";
import { createParked } from "./parked.ts";
import { createPending } from "./pending.ts";

export interface HeldDeps {
  readonly number: number;
  readonly doc: DocName;
  readonly begun: Had;
  /** What the server is told of it; null where its head is wanted in any case. */
  readonly had: Had | null;
  /** How many of its entries are folded. */
  readonly folded: () => number;
  readonly send: (frame: Uint8Array) => void;
  readonly on: ChannelEvents;
}
export interface Held {
  readonly number: number;
  readonly doc: DocName;
  readonly had: Had | null;
  open: boolean;
  /** Asks for its entries, where the server was not told what is here. */
  begin(): void;
  /** Throws for what belongs in no channel. */
  take(frame: Uint8Array): void;
  /** Null where the channel is lost first. */
  send(jws: string): Promise<Ack | null>;
  /** More is folded: what it took of the way is given back. */
  giveBack(): void;
  /** The connection lives. */
  feed(): void;
  end(code: number): void;
}

export const createHeld = ({ number, doc, begun, had, folded, send, on }: HeldDeps): Held => {
  const parked = createParked();
  const pending = createPending();
  /** Entries that are here or came. */
  let length = begun.length;
  const channel = createChannel(
    { doc, length, told: had !== null, send: (frame) => send(writeData(number, frame)) },
    {
      entries: (added) => {
        length += added.length;
        on.entries(added);
      },
      rewritten: on.rewritten,
    },
  );
  const giveBack = (): void => {
    const bytes = parked.folded(folded());
    if (bytes > 0) send(writeCredit([{ channel: number, bytes }]));
  };
  return {
    number,
    doc,
    had,
    open: false,
    begin: () => {
      if (had === null) channel.ask();
    },
    take: (frame) => {
      const decoder = decoding.createDecoder(frame);
      const type = decoding.readVarUint(decoder);
      if (type === SYNC) {
        channel.take(frame);
        parked.came(frame.byteLength, length);
        return giveBack();
      }
      if (type !== ACK) throw new Error("not for a channel");
      const id = decoding.readVarUint(decoder);
      const ack = parseAck(decoding.readVarString(decoder));
      if (ack === undefined) throw new Error("malformed ACK");
      pending.settle(id, ack);
    },
    send: (jws) => {
      const { id, answer } = pending.add();
      send(writeData(number, writeNumbered(CMD, id, jws)));
      return answer;
    },
    giveBack,
    feed: channel.feed,
    end: (code) => {
      channel.end(code);
      pending.drop();
    },
  };
};
