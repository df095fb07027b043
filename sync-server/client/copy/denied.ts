/**
 * Documents that the log that is verified here lets this person read, and that the server does not show: it refuses them, closes
 * them for the moment each time, answers nothing, or hangs up before what it named has come. For a moment that is honest: the
 * entry that takes the right is on its way, or a node has not heard yet of the one that gave it. What lasts is a list that is
 * kept from an approver, who would see nothing but that nothing waits.
 */
import type { DocName } from "#core/protocol/ids.ts";
import type { Clock } from "../ports/clock.ts";
import { KEEPS_WORD_MS } from "./claim.ts";
import type { Doubt } from "./witness.ts";

export interface DeniedDeps {
  readonly clock: Pick<Clock, "monotonic">;
  /** What may be read by what is verified here. */
  readonly readable: () => readonly DocName[];
  /** The server let this computer in. */
  readonly isIn: () => boolean;
  /** A document is open, and nothing that the server named of it is missing. */
  readonly isShown: (doc: DocName) => boolean;
}
export interface Denied {
  refused(doc: DocName, code: number): void;
  /** More of it came. */
  grew(doc: DocName): void;
  doubt(): Doubt | null;
  /** What was asked of another server, or before a pause, says nothing of this one. */
  reset(): void;
}

/** Looking costs a question for each document, and is asked for with every entry. */
const LOOK_MS = 1_000;

export const createDenied = ({ clock, readable, isIn, isShown }: DeniedDeps): Denied => {
  /** How long the server did not show each while it let this computer in, ms, and the code of its last refusal. */
  const missing = new Map<DocName, { ms: number; code: number | null }>();
  let lookedAt: number | null = null;
  let found: Doubt | null = null;

  const look = (): void => {
    const now = clock.monotonic();
    const passed = lookedAt === null ? 0 : now - lookedAt;
    lookedAt = isIn() ? now : null;
    found = null;
    if (lookedAt === null) return;
    const mine = new Set(readable());
    for (const doc of missing.keys()) if (!mine.has(doc)) missing.delete(doc);
    for (const doc of mine) {
      const known = missing.get(doc);
      if (isShown(doc)) missing.delete(doc);
      else if (known === undefined) missing.set(doc, { ms: 0, code: null });
      else {
        known.ms += passed;
        if (known.ms > KEEPS_WORD_MS) found ??= doubtOf(doc, known.code);
      }
    }
  };
  return {
    refused: (doc, code) => {
      look();
      missing.set(doc, { ms: missing.get(doc)?.ms ?? 0, code });
    },
    grew: (doc) => {
      const known = missing.get(doc);
      if (known !== undefined) known.ms = 0;
    },
    doubt: () => {
      if (found !== null || lookedAt === null || !isIn() || clock.monotonic() - lookedAt >= LOOK_MS) look();
      return found;
    },
    reset: () => {
      missing.clear();
      lookedAt = null;
      found = null;
    },
  };
};

const doubtOf = (doc: DocName, code: number | null): Doubt => ({
  code: "denied",
  doc,
  shown: code === null ? "OPEN, and nothing that lasted" : `SHUT ${JSON.stringify({ code })}`,
});
