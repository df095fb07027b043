/**
 * Invite links. Everything is in the fragment, which no browser sends to a server:
 *
 *   https://<server>/join#<code>      a page of the sync server that opens the app and shows the code to paste
 *   bulkhead://join#<code>
 *   code = 1.<wid>.<headSeq>.<headHash>.<base64url of the server's origin>.<seed>
 *
 * The seed (16 random bytes) is the invite key's secret. The pinned head lets a joiner refuse a log that lacks it. The
 * last part has one length, so a link that lost its end is told from a whole one; a server's address cut short is
 * another server's.
 */
import type { CryptoDep } from "./crypto.ts";
import { asHash, asWorkspaceId } from "./ids.ts";
import type { Hash, WorkspaceId } from "./ids.ts";
import { isServerOrigin } from "./origin.ts";

export const LINK_MAX = 2_048;

export interface InviteCode {
  readonly wid: WorkspaceId;
  readonly head: readonly [number, Hash];
  /** 16 bytes, base64url. */
  readonly seed: string;
  /** Origin of the sync server, e.g. `https://sync.example.org`. */
  readonly server: string;
}

export type LinkProblem = "link-too-long" | "link-malformed" | "link-version" | "link-server";

/** What every code looks like, for the page behind a link: it shows the code and cannot read it. */
export const CODE_SHAPE = /^1\.[\w-]{22}\.[1-9]\d{0,14}\.[\w-]{43}\.[\w-]{1,400}\.[\w-]{22}$/;

export const writeCode = (crypto: CryptoDep, code: InviteCode): string =>
  ["1", code.wid, code.head[0], code.head[1], crypto.encode(code.server), code.seed].join(".");

const strip = (link: string): string => {
  const hash = link.indexOf("#");
  return hash < 0 ? link : link.slice(hash + 1);
};

/** Reads a link of either form or a bare code; for an https link the page's own origin must be the server it names. */
export const readLink = (
  crypto: CryptoDep,
  input: string,
): { ok: true; code: InviteCode } | { ok: false; problem: LinkProblem } => {
  const no = (problem: LinkProblem) => ({ ok: false, problem }) as const;
  if (input.length > LINK_MAX) return no("link-too-long");
  const link = input.trim();
  const isWeb = /^https?:\/\//.test(link);
  if (!isWeb && link.includes("#") && !/^bulkhead:\/\/join\/?#/.test(link)) return no("link-malformed");
  const parts = strip(link).split(".");
  if (parts[0] !== "1" && /^[0-9]{1,3}$/.test(parts[0] ?? "") && parts.length > 1) return no("link-version");
  const [, w, seq, hash, encoded, seed] = parts;
  const wid = asWorkspaceId(w);
  const head = asHash(hash);
  const server = encoded === undefined ? undefined : crypto.decode(encoded);
  if (parts.length !== 6 || parts[0] !== "1" || wid === undefined || head === undefined || server === undefined)
    return no("link-malformed");
  if (!/^[1-9][0-9]{0,14}$/.test(seq ?? "") || !/^[A-Za-z0-9_-]{22}$/.test(seed ?? "") || seed === undefined)
    return no("link-malformed");
  if (!isServerOrigin(server)) return no("link-server");
  if (isWeb && !link.startsWith(`${server}/join#`)) return no("link-server");
  return { ok: true, code: { wid, head: [Number(seq), head], seed, server } };
};
