/** Notes of votes: sealed by the person who votes, opened by those who may read the request. */
import type { ReadRequest } from "#core/rules/read.ts";
import type { Shell } from "../seams.ts";
import { clientCrypto } from "#node/client-crypto.ts";
import type { Live } from "#client/live.ts";
import { devicesOf, NOTE_SEALED_MAX, readers, seal, unseal } from "#client/keys/sealed.ts";

const NOTE_MAX = 2_000;

/** The note of a vote, for whoever may read the request; null where nothing was written. */
export const sealNote = async (live: Live, request: ReadRequest, note: string): Promise<string | null> => {
  const { log, me } = live;
  const words = note.trim().slice(0, NOTE_MAX);
  if (words === "") return null;
  const wide = await seal(clientCrypto, words, [
    ...new Set([...readers(log, request.policy, request.requester, live.serverNow()), ...devicesOf(log, me)]),
  ]);
  // A large team: the person who asked and the one who decided must be able to read it.
  return wide.length <= NOTE_SEALED_MAX ? wide : seal(clientCrypto, words, devicesOf(log, request.requester, me));
};

export interface Notes {
  /** The words of a sealed note: undefined while they still have to be opened, null where this device cannot open it. */
  of(wid: string, request: string, sealed: string): string | null | undefined;
}
/** Opens each note once; `opened` is called when there is something to say of one. */
export const createNotes = (shell: Shell, opened: (wid: string, request: string) => void): Notes => {
  const known = new Map<string, string | null | undefined>();
  return {
    of: (wid, request, sealed) => {
      if (known.has(sealed)) return known.get(sealed);
      const keep = (words: string | null): void => {
        known.set(sealed, words);
        opened(wid, request);
      };
      known.set(sealed, undefined);
      unseal(shell, sealed).then(
        (words) => keep(words.slice(0, NOTE_MAX)),
        // Sealed for others, or damaged: the vote counts without its words.
        () => keep(null),
      );
      return undefined;
    },
  };
};
