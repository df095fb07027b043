/** Somebody who gives a server back what it lost, or says so: raw frames over a socket of a document. */
import { readWant, writeGiven, writeOffer } from "#core/protocol/give-back.ts";
import type { Want } from "#core/protocol/give-back.ts";
import { GIVE, OFFER } from "#core/protocol/wire.ts";
import { crypto, randomId } from "./node-crypto.ts";
import { dial } from "./wire-client.ts";
import type { Wire } from "./wire-client.ts";

export interface Giver {
  readonly wire: Wire;
  /** Resolves with the answer; rejects where the socket is closed in place of one. */
  offer(head: string): Promise<Want>;
  give(from: number, entries: readonly string[]): Promise<Want>;
}

export const startGiver = async (url: string, wid: string, doc: string): Promise<Giver> => {
  const wire = dial(url, wid, doc);
  const { key } = await wire.hello;
  const answered = async (frame: Uint8Array): Promise<Want> => {
    const before = wire.wants.length;
    wire.raw(frame);
    await wire.until(() => wire.wants.length > before);
    const want = readWant(crypto, key, wire.wants[before] ?? "");
    if (want === undefined) throw new Error("the answer is not signed by the server");
    return want;
  };
  return {
    wire,
    offer: (head) => answered(writeOffer(OFFER, { head, nonce: randomId() })),
    give: (from, entries) => answered(writeGiven(GIVE, { from, entries })),
  };
};

/** Position that a head names. */
export const positionOf = (head: string): number =>
  (JSON.parse(crypto.decode(head.split(".")[1] ?? "") ?? "{}") as { s: number }).s;
