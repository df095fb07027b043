/**
 * Documents that the server refuses for good although the log that is verified here lets this person read them. For a moment
 * that is honest: the entry that takes the right is on its way, or a node has not heard yet of the one that gave it. What
 * lasts is a list that is kept from an approver, who would see nothing but that nothing waits.
 */
import type { DocName } from "#core/protocol/ids.ts";
import { KEEPS_WORD_MS } from "./claim.ts";
import type { Doubt } from "./witness.ts";

export interface DeniedDeps {
  readonly monotonic: () => number;
  /** What may be read by what is verified here. */
  readonly readable: () => readonly DocName[];
  /** The server let this computer in. */
  readonly isIn: () => boolean;
}
export interface Denied {
  refused(doc: DocName, code: number): void;
  /** It is open: asking anew by itself starts nothing anew. */
  opened(doc: DocName): void;
  doubt(): Doubt | null;
  /** What was asked of another server, or before a pause, says nothing of this one. */
  reset(): void;
}

export const createDenied = ({ monotonic, readable, isIn }: DeniedDeps): Denied => {
  const since = new Map<DocName, { readonly at: number; readonly code: number }>();
  return {
    refused: (doc, code) => {
      if (!since.has(doc)) since.set(doc, { at: monotonic(), code });
    },
    opened: (doc) => void since.delete(doc),
    doubt: () => {
      if (since.size === 0 || !isIn()) return null;
      const mine = new Set(readable());
      for (const [doc, { at, code }] of since) {
        if (!mine.has(doc)) since.delete(doc);
        else if (monotonic() - at > KEEPS_WORD_MS)
          return { code: "denied", doc, shown: `SHUT ${JSON.stringify({ code })}` };
      }
      return null;
    },
    reset: () => since.clear(),
  };
};
