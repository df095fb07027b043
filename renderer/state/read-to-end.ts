/** Whether the end of a text was in view. A text that changes must be read anew. */
import { useCallback, useEffect, useState, type RefCallback } from "react";

export interface Reading {
  /** For the mark behind the last line. */
  readonly end: RefCallback<HTMLElement>;
  readonly read: boolean;
  /** Whether the end lies below what is in view now. */
  readonly below: boolean;
  readonly toEnd: () => void;
}

/** `key` names what is read; `watching` is whether anybody could be reading now. */
export const useReadToEnd = (key: string, watching: boolean): Reading => {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [readKey, setReadKey] = useState<string | null>(null);
  const [below, setBelow] = useState(false);
  const end = useCallback((found: HTMLElement | null) => setElement(found), []);
  useEffect(() => {
    if (element === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        const last = entries.at(-1);
        if (last === undefined) return;
        setBelow(!last.isIntersecting && last.rootBounds !== null && last.boundingClientRect.top > last.rootBounds.top);
        if (last.isIntersecting && watching) setReadKey(key);
      },
      { root: element.closest("[data-reading]"), threshold: 0.5 },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [element, key, watching]);
  return { end, read: readKey === key, below, toEnd: () => element?.scrollIntoView({ block: "end" }) };
};

/** True once `value` has been true for `ms`: what changed under a pointer is not hit by a press meant for what was there. */
export const useSettled = (value: boolean, ms: number): boolean => {
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    if (!value) return setSettled(false);
    const timer = setTimeout(() => setSettled(true), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return value && settled;
};
