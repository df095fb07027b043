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

/** Popups come and go; of each kind of window the tokens that were used longest ago are forgotten beyond this. */
const KEPT = 500;

export const createTokens = (): Tokens => {
  // Kept by their hash: looking one up takes the same time whatever was guessed.
  const firsts = new Map<string, RelayedKind>();
  const agains = new Map<string, RelayedKind>();

  const issue = (into: Map<string, RelayedKind>, of: RelayedKind): string => {
    const token = randomBytes(32).toString("base64url");
    into.set(hash(token), of);
    if (into.size > KEPT) forgetOldest(into, of.kind);
    return token;
  };

  return {
    once: (of) => issue(firsts, of),
    redeem: (token, kind) => {
      const key = hash(token);
      const again = agains.get(key);
      if (again !== undefined) {
        if (again.kind !== kind) return undefined;
        agains.delete(key);
        agains.set(key, again);
        return { of: again, again: token };
      }
      const first = firsts.get(key);
      if (first === undefined || first.kind !== kind) return undefined;
      firsts.delete(key);
      return { of: first, again: issue(agains, first) };
    },
  };
};

/** Of its own kind alone: many popups must not shut out the main window that opened them. */
const forgetOldest = (from: Map<string, RelayedKind>, kind: RelayedKind["kind"]): void => {
  const same = [...from].filter(([, of]) => of.kind === kind);
  for (const [key] of same.slice(0, Math.max(0, same.length - KEPT))) from.delete(key);
};

const hash = (token: string): string => createHash("sha256").update(token).digest("base64url");
