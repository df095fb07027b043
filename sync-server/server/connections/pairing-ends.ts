/** Which sockets and channels are an end of a pairing, and how much each has said in it. */
import { CLOSE } from "#core/protocol/wire.ts";
import type { Shut } from "../admission/auth.ts";
import type { Voice } from "./peer.ts";

/** What an end of a pairing does with what is said there, and when it is gone. */
export interface End {
  say(text: string): void;
  left(): void;
}
export interface Ends {
  /** It is an end of this from now on, and of nothing else. */
  set(voice: Voice, end: End): void;
  /** It is no end any more, and nobody hears that it left. */
  forget(voice: Voice): void;
  /** Says it to the other end, or answers why that may not be said. */
  say(voice: Voice, text: string): Shut | undefined;
  left(voice: Voice): void;
}

const NO_END: Shut = { code: CLOSE.forbidden, reason: "no-end-of-a-pairing" };
const TOO_MUCH: Shut = { code: CLOSE.tooMuch, reason: "too-much-said" };

/** `sayingsMost` is how often one end may say something. */
export const createEnds = (sayingsMost: number): Ends => {
  const ends = new Map<Voice, { readonly end: End; said: number }>();
  return {
    set: (voice, end) => void ends.set(voice, { end, said: 0 }),
    forget: (voice) => void ends.delete(voice),
    say: (voice, text) => {
      const own = ends.get(voice);
      if (own === undefined) return NO_END;
      own.said += 1;
      if (own.said > sayingsMost) return TOO_MUCH;
      own.end.say(text);
      return undefined;
    },
    left: (voice) => {
      const own = ends.get(voice);
      ends.delete(voice);
      own?.end.left();
    },
  };
};
