/**
 * Pairing a second device. Everything is in the fragment, like an invite:
 *
 *   bulkhead://pair#<code>
 *   code = 1.<wid>.<headSeq>.<headHash>.<member>.<base64url of the server's origin>.<seed>
 *
 * From the seed (16 random bytes, shown to nobody but the other screen) both ends derive a signing key, whose hash names
 * the pairing at the server, and a sealing key, with which they talk past it. Who holds the code could still stand between
 * the two, so both screens show a number that neither end can choose: the device that is there already commits to a
 * random text before it hears from the new one, and opens it afterwards.
 */
import type { CryptoDep } from "./crypto.ts";
import { asHash, asMemberId, asWorkspaceId } from "./ids.ts";
import type { Hash, MemberId, PairId, WorkspaceId } from "./ids.ts";
import { LINK_MAX, readLink } from "./link.ts";
import { isServerOrigin } from "./origin.ts";

export interface PairCode {
  readonly wid: WorkspaceId;
  readonly head: readonly [number, Hash];
  /** Whose device it becomes. */
  readonly member: MemberId;
  /** 16 bytes, base64url. */
  readonly seed: string;
  /** Origin of the sync server. */
  readonly server: string;
}

export type PairLinkProblem = "pair-too-long" | "pair-malformed" | "pair-version" | "pair-server" | "pair-is-invite";

export const pairIdOf = (crypto: CryptoDep, x: string): PairId =>
  crypto.sha256(`bulkhead-pair-id-v1\0${x}`).slice(0, 22) as PairId;

export const writePairCode = (crypto: CryptoDep, code: PairCode): string =>
  ["1", code.wid, code.head[0], code.head[1], code.member, crypto.encode(code.server), code.seed].join(".");

/** Reads the link or the bare code. */
export const readPairLink = (
  crypto: CryptoDep,
  input: string,
): { ok: true; code: PairCode } | { ok: false; problem: PairLinkProblem } => {
  const no = (problem: PairLinkProblem) => ({ ok: false, problem }) as const;
  if (input.length > LINK_MAX) return no("pair-too-long");
  const link = input.trim();
  const hash = link.indexOf("#");
  if (hash >= 0 && !/^bulkhead:\/\/pair\/?$/.test(link.slice(0, hash)))
    return no(/\/join\/?$/.test(link.slice(0, hash)) ? "pair-is-invite" : "pair-malformed");
  const parts = link.slice(hash + 1).split(".");
  if (parts[0] !== "1" && /^[0-9]{1,3}$/.test(parts[0] ?? "") && parts.length > 1) return no("pair-version");
  const [, w, seq, pinned, person, encoded, seed] = parts;
  const wid = asWorkspaceId(w);
  const head = asHash(pinned);
  const member = asMemberId(person);
  const server = encoded === undefined ? undefined : crypto.decode(encoded);
  if (hash < 0 && readLink(crypto, link).ok) return no("pair-is-invite");
  if (
    parts.length !== 7 ||
    parts[0] !== "1" ||
    wid === undefined ||
    head === undefined ||
    member === undefined ||
    server === undefined
  )
    return no("pair-malformed");
  if (!/^[1-9][0-9]{0,14}$/.test(seq ?? "") || !/^[A-Za-z0-9_-]{22}$/.test(seed ?? "") || seed === undefined)
    return no("pair-malformed");
  return isServerOrigin(server)
    ? { ok: true, code: { wid, head: [Number(seq), head], member, seed, server } }
    : no("pair-server");
};

/** Everything that was exchanged: whoever changed any of it for one end changed the number there. */
export interface PairTalk {
  readonly wid: string;
  readonly member: string;
  /** What the new device sent: its keys and name, and a random text. */
  readonly x: string;
  readonly enc: string;
  readonly name: string;
  readonly newNonce: string;
  /** What the other device had committed to before. */
  readonly nonce: string;
}

export const pairCommitment = (crypto: CryptoDep, nonce: string): string =>
  crypto.sha256(`bulkhead-pair-commit-v1\0${nonce}`);

/** The number that both screens show: six digits. */
export const pairNumber = (crypto: CryptoDep, talk: PairTalk): string => {
  const hash = crypto.sha256(
    JSON.stringify([
      "bulkhead-pair-number-v1",
      talk.wid,
      talk.member,
      talk.x,
      talk.enc,
      talk.name,
      talk.newNonce,
      talk.nonce,
    ]),
  );
  // 48 bits: the remainder is even to one part in 280 million.
  let bits = 0;
  for (const letter of hash.slice(0, 8)) bits = bits * 64 + ALPHABET.indexOf(letter);
  return String(bits % 1_000_000).padStart(6, "0");
};
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
