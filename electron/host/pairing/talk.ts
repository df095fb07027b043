/**
 * What the two computers of one person say to each other past the server: four messages, sealed with a key from the seed
 * that only the code carries. Each is sealed for its place in the talk, so none can be repeated, swapped or sent back.
 *
 *   1  older -> newer   commit   what the older one committed to, and whose workspace this is
 *   2  newer -> older   keys     the new device's keys, their proof, the computer's name and a random text
 *   3  older -> newer   open     the commitment opened: both can now show the number
 *   4  older -> newer   end      added, or why not
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { z } from "zod";
import { asKey } from "#core/protocol/ids.ts";
import { pairIdOf } from "#core/protocol/pair.ts";
import { json, label } from "#core/protocol/parse.ts";
import { nodeCrypto, keyFromSeed } from "#node/crypto.ts";
import type { SeedKey } from "#node/crypto.ts";

const key = z.string().refine((value) => asKey(value) !== undefined);
const shownName = z.string().refine((value) => label(80)(value) !== undefined);
const random = z.string().regex(/^[A-Za-z0-9_-]{22}$/);

const messages = {
  commit: z.strictObject({
    commitment: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
    workspace: shownName,
    person: shownName,
  }),
  keys: z.strictObject({
    x: key,
    enc: key,
    pop: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
    name: shownName,
    newNonce: random,
  }),
  open: z.strictObject({ nonce: random }),
  end: z.strictObject({ problem: z.enum(["declined", "closed-key", "failed", "bad-keys"]).nullable() }),
};
export type Message = keyof typeof messages;
export type Said<M extends Message> = z.output<(typeof messages)[M]>;

export interface PairTalk {
  /** Names the pairing at the server, and proves to it that its holder has the code. */
  readonly key: SeedKey;
  readonly id: string;
  seal<M extends Message>(message: M, said: Said<M>): string;
  /** Undefined for anything that was not sealed as this very message by who has the code. */
  open<M extends Message>(message: M, sealed: string): Said<M> | undefined;
}

export const pairTalk = (seed: string): PairTalk => {
  const signing = keyFromSeed(seed, "bulkhead-pair-v1");
  const sealing = Buffer.from(hkdfSync("sha256", Buffer.from(seed, "base64url"), "", "bulkhead-pair-seal-v1", 32));
  return {
    key: signing,
    id: pairIdOf(nodeCrypto, signing.x),
    seal: (message, said) => {
      const iv = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", sealing, iv).setAAD(Buffer.from(message));
      const body = Buffer.concat([cipher.update(JSON.stringify(said), "utf8"), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64url");
    },
    open: (message, sealed) => {
      const bytes = Buffer.from(sealed, "base64url");
      try {
        const cipher = createDecipheriv("aes-256-gcm", sealing, bytes.subarray(0, 12), { authTagLength: 16 })
          .setAAD(Buffer.from(message))
          .setAuthTag(bytes.subarray(12, 28));
        const said = messages[message].safeParse(
          json(Buffer.concat([cipher.update(bytes.subarray(28)), cipher.final()]).toString("utf8")),
        );
        // The schema of the message is the one that its type names.
        return said.success ? (said.data as Said<typeof message>) : undefined;
      } catch {
        // Not sealed with this pair's key: the stranger is told by the missing word.
        return undefined;
      }
    },
  };
};
