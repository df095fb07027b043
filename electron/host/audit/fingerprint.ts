/**
 * The head of the member log at one position, as words that two people can compare aloud. Where a server shows two
 * halves of a team different logs, the words differ from the first position on that differs.
 *
 * How strong they must be: the server chooses the time of each entry, so it can try many hashes for one entry, and it can
 * do so on both branches. Making two branches read the same is a birthday problem: for N bits about 2^(N/2) tries. Six
 * words of a short list (48 bits) would be 2^24 hashes, a second's work. Eight words of 256 are 64 bits and so 2^32
 * tries, and each try is one scrypt of 64 MB and about a fifth of a second: some 27 years of a processor core for one
 * position, while two people wait for the entry. As every head contains the one before it, this has to be paid again for
 * each later position, and the people choose at which they compare.
 */
import { scrypt } from "node:crypto";
import type { Hash } from "#core/protocol/ids.ts";
import { putNewest } from "#core/protocol/newest.ts";
import { SPOKEN_WORDS } from "./spoken-words.ts";

const LABEL = "bulkhead-fingerprint-v1";
const COST = 65_536;
const BLOCK = 8;
export const WORDS_LONG = 8;
const KEPT = 16;

/** Takes a processor core for a moment, in the thread pool. */
const wordsOf = (wid: string, seq: number, head: Hash): Promise<readonly string[]> =>
  new Promise((resolve, reject) => {
    scrypt(
      head,
      JSON.stringify([LABEL, wid, seq]),
      WORDS_LONG,
      { N: COST, r: BLOCK, p: 1, maxmem: 256 * COST * BLOCK },
      (error, bytes) => {
        if (error === null) resolve([...bytes].map((byte) => SPOKEN_WORDS[byte] ?? ""));
        else reject(error);
      },
    );
  });

export interface Fingerprints {
  of(seq: number, head: Hash): Promise<readonly string[]>;
}

/** Keeps the newest few: a window that is drawn again asks again. */
export const createFingerprints = (wid: string): Fingerprints => {
  const kept = new Map<string, Promise<readonly string[]>>();
  return {
    of: (seq, head) => {
      const name = `${seq} ${head}`;
      const known = kept.get(name) ?? wordsOf(wid, seq, head);
      putNewest(kept, name, known, KEPT);
      return known;
    },
  };
};
