/**
 * The shell's part in pairing a second device. A new device is authority that outlives everything else, so a host that
 * was taken over must not be able to add one of its own choice: the shell itself commits to a random text, hears which
 * keys the host says have come, opens the commitment, and shows the number that follows from both in the popup window.
 * A host that puts in other keys cannot make that number the one on the person's other screen. Only the keys behind a
 * number that the person said is the same are signed (confirm.ts).
 */
import { randomBytes } from "node:crypto";
import { pairCommitment, pairNumber } from "#core/protocol/pair.ts";
import { PAIRING_MS } from "#core/protocol/wire.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { refused } from "#bridge/refused.ts";

/** What the popup window shows, all of it from here. */
export interface ShownPairing {
  readonly name: string;
  readonly number: string;
}
/** A new device's keys, for one workspace. */
export interface NewDevice {
  readonly wid: string;
  readonly x: string;
  readonly enc: string;
}
export interface NewDeviceWords {
  readonly x: string;
  readonly enc: string;
  readonly name: string;
  readonly newNonce: string;
}

export interface Pairings {
  /** Begins a pairing, which ends the one before it. */
  begin(of: { readonly wid: string; readonly member: string; readonly pairing: string }): {
    readonly commitment: string;
  };
  /** Opens the commitment, once, and not often: many sets of keys would let somebody search for a number. Throws `Refusal`. */
  reveal(pairing: string, words: NewDeviceWords): { readonly nonce: string; readonly number: string };
  shown(wid: string, pairing: string): ShownPairing | undefined;
  /** The person said that the number is the same, or is not. Answers whose keys may be added; works once. */
  answer(wid: string, pairing: string, same: boolean): NewDevice | undefined;
}

interface Open {
  readonly wid: string;
  readonly member: string;
  readonly pairing: string;
  readonly nonce: string;
  readonly expires: number;
  words: NewDeviceWords | null;
}

/** Numbers in the time of one pairing. A host that could have as many as it likes would soon have the one on the other screen. */
const NUMBERS_MAX = 8;

/** `now` is a clock that does not go back, ms. */
export const createPairings = (now: () => number): Pairings => {
  let open: Open | null = null;
  /** When the last numbers were made. */
  let made: number[] = [];
  const find = (pairing: string): Open | undefined =>
    open !== null && open.pairing === pairing && open.expires > now() ? open : undefined;
  const numberOf = ({ wid, member, nonce }: Open, words: NewDeviceWords): string =>
    pairNumber(nodeCrypto, { wid, member, nonce, ...words });
  return {
    begin: (of) => {
      open = { ...of, nonce: randomBytes(16).toString("base64url"), expires: now() + PAIRING_MS, words: null };
      return { commitment: pairCommitment(nodeCrypto, open.nonce) };
    },
    reveal: (pairing, words) => {
      const found = find(pairing);
      if (found === undefined) throw refused("no-pairing", "over");
      if (found.words !== null) throw refused("pairing-used");
      made = made.filter((at) => at > now() - PAIRING_MS);
      if (made.length >= NUMBERS_MAX) throw refused("too-many-pairings");
      made.push(now());
      found.words = words;
      return { nonce: found.nonce, number: numberOf(found, words) };
    },
    shown: (wid, pairing) => {
      const found = find(pairing);
      return found === undefined || found.wid !== wid || found.words === null
        ? undefined
        : { name: found.words.name, number: numberOf(found, found.words) };
    },
    answer: (wid, pairing, same) => {
      const found = find(pairing);
      if (found === undefined || found.wid !== wid || found.words === null) return undefined;
      open = null;
      return same ? { wid, x: found.words.x, enc: found.words.enc } : undefined;
    },
  };
};
