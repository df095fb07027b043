/** Windows that a person answers in leave by themselves, after the outcome could be read. */
import { useEffect } from "react";

/** Closes this window `afterMs` after `over` became true. */
export const useClosing = (over: boolean, afterMs: number): void =>
  useEffect(() => {
    if (!over) return;
    const timer = setTimeout(() => window.close(), afterMs);
    return () => clearTimeout(timer);
  }, [over, afterMs]);
