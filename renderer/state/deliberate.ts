/**
 * Whether a press was meant for what it hits. Keys and clicks meant for another window land in a new one for a moment:
 * a press counts only if it began in this window, after it was seen, and was not held from before.
 */
import { useEffect, useRef, type MouseEvent } from "react";

export type Deliberate = (event: MouseEvent) => boolean;

export const useDeliberate = (seen: boolean): Deliberate => {
  const now = useRef(seen);
  useEffect(() => {
    now.current = seen;
  }, [seen]);
  const began = useRef<{ readonly pointer: boolean; readonly good: boolean } | null>(null);
  useEffect(() => {
    const onPointer = () => {
      began.current = { pointer: true, good: now.current };
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Enter" || event.key === " ")
        began.current = { pointer: false, good: now.current && !event.repeat };
    };
    const onLeave = () => {
      began.current = null;
    };
    window.addEventListener("pointerdown", onPointer, true);
    window.addEventListener("keydown", onKey, true);
    window.addEventListener("blur", onLeave);
    return () => {
      window.removeEventListener("pointerdown", onPointer, true);
      window.removeEventListener("keydown", onKey, true);
      window.removeEventListener("blur", onLeave);
    };
  }, []);
  return ({ detail }) => {
    const press = began.current;
    began.current = null;
    // Without a key or a pointer it is a screen reader that presses: it says which button it means.
    return now.current && (press === null ? detail === 0 : press.good);
  };
};
