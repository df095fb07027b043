/**
 * Guests who sit here while their pairing is at home at another node. One knocks with a seat of its own; whichever node is the
 * home answers, and from then on both ends speak by words between the nodes. Nobody is the home of a pairing that is over: who
 * hears no answer in time is told that there is none.
 */
import { randomUUID } from "node:crypto";
import type { PairId, WorkspaceId } from "#core/protocol/ids.ts";
import { CLOSE } from "#core/protocol/wire.ts";
import type { Shut } from "../admission/auth.ts";
import type { Word } from "../system/node-words.ts";
import type { End } from "./pairing-ends.ts";

/** The new device as its pairing sees it, here or at another node. */
export interface Guest {
  say(text: string): void;
  end(shut: Shut): void;
}
export interface GuestHere extends Guest {
  isGone(): boolean;
}
export type WordForGuest = Extract<Word, { k: "in" | "answer" | "over" }>;

export interface AwayGuests {
  /** Answers why the home did not let it in. Otherwise it is `seated` before its home hears that it is there. */
  join(wid: WorkspaceId, id: PairId, guest: GuestHere, seated: (end: End) => void): Promise<Shut | undefined>;
  /** A word of a home; its guest may sit at another node. */
  hear(word: WordForGuest): void;
}
export interface AwayGuestsDeps {
  /** As `ChainStore.tellNodes`. */
  readonly ask: (word: Word) => Promise<boolean>;
  /** Tells the nodes what may get lost. */
  readonly tell: (word: Word) => void;
  /** How long the home of a pairing, somewhere, has to answer. */
  readonly answerMs: number;
}

const NOBODY: Shut = { code: CLOSE.noPairing, reason: "no-such-pairing" };

export const createAwayGuests = ({ ask, tell, answerMs }: AwayGuestsDeps): AwayGuests => {
  const away = new Map<string, { readonly guest: Guest; readonly answered: (shut: Shut | undefined) => void }>();
  return {
    join: async (wid, id, guest, seated) => {
      const seat = randomUUID();
      const asked = Promise.withResolvers<Shut | undefined>();
      const late = setTimeout(() => asked.resolve(NOBODY), answerMs);
      away.set(seat, { guest, answered: asked.resolve });
      // A word that could not be said reaches no other node.
      const others = await ask({ k: "knock", wid, id, seat }).catch(() => false);
      const refused = others ? await asked.promise : NOBODY;
      clearTimeout(late);
      if (refused !== undefined || guest.isGone()) {
        away.delete(seat);
        // Its home may have let it in meanwhile.
        if (others) tell({ k: "left", wid, id, seat });
        return refused;
      }
      seated({
        say: (text) => tell({ k: "say", wid, id, seat, text }),
        left: () => {
          away.delete(seat);
          tell({ k: "left", wid, id, seat });
        },
      });
      tell({ k: "here", wid, id, seat });
      return undefined;
    },
    hear: (word) => {
      const own = away.get(word.seat);
      if (own === undefined) return;
      if (word.k === "in") return own.answered(undefined);
      if (word.k === "answer") return own.guest.say(word.text);
      away.delete(word.seat);
      own.answered(word);
      own.guest.end(word);
    },
  };
};
