/**
 * Who may connect. An address carries a token that works once; the connection it opens is given another one, with
 * which the same tab connects again. A token is bound to the kind of window, and a popup's to its card.
 */
import { createHash, randomBytes } from "node:crypto";
import type { RelayedKind } from "../shell/relay.ts";

export interface Tokens {
  /** A token that opens one connection. */
  once(of: RelayedKind): string;
  /** What a token opens for a window of this kind, and the token for the next time. Undefined for a stranger. */
  redeem(token: string, kind: RelayedKind["kind"]): { readonly of: RelayedKind; readonly again: string } | undefined;
}

/** Popups come and go; the oldest tokens are forgotten beyond this. */
const KEPT = 500;

export const createTokens = (): Tokens => {
  // Kept by their hash: looking one up takes the same time whatever was guessed.
  const firsts = new Map<string, RelayedKind>();
  const agains = new Map<string, RelayedKind>();

  const issue = (into: Map<string, RelayedKind>, of: RelayedKind): string => {
    const token = randomBytes(32).toString("base64url");
    into.set(hash(token), of);
    for (const oldest of into.keys()) {
      if (into.size <= KEPT) break;
      into.delete(oldest);
    }
    return token;
  };

  return {
    once: (of) => issue(firsts, of),
    redeem: (token, kind) => {
      const key = hash(token);
      const again = agains.get(key);
      if (again !== undefined) return again.kind === kind ? { of: again, again: token } : undefined;
      const first = firsts.get(key);
      if (first === undefined || first.kind !== kind) return undefined;
      firsts.delete(key);
      return { of: first, again: issue(agains, first) };
    },
  };
};

const hash = (token: string): string => createHash("sha256").update(token).digest("base64url");
