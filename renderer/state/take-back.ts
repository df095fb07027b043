/** A vote that waits for the seconds in which it can be taken back. Nothing is signed before they ran out. */
import { useEffect, useRef, useState } from "react";

export type Vote = "approve" | "reject";
export interface TakeBack {
  /** The vote that waits, with the seconds left; null while none does. */
  readonly waiting: { readonly vote: Vote; readonly left: number } | null;
  readonly start: (vote: Vote, seconds: number) => void;
  readonly stop: () => void;
}

export const useTakeBack = (onDone: (vote: Vote) => void): TakeBack => {
  const [waiting, setWaiting] = useState<TakeBack["waiting"]>(null);
  const done = useRef(onDone);
  useEffect(() => {
    done.current = onDone;
  });
  useEffect(() => {
    if (waiting === null) return;
    const timer = setTimeout(() => {
      if (waiting.left > 1) return setWaiting({ ...waiting, left: waiting.left - 1 });
      setWaiting(null);
      done.current(waiting.vote);
    }, 1_000);
    return () => clearTimeout(timer);
  }, [waiting]);
  return { waiting, start: (vote, seconds) => setWaiting({ vote, left: seconds }), stop: () => setWaiting(null) };
};
