import { useEffect, useState } from "react";

/**
 * True once this window has been shown for `ms` since it appeared or last got the focus. Keys and clicks meant for
 * another window land in a new one for a moment; they must not decide anything.
 */
export const useSeenFor = (ms: number): boolean => {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const restart = () => {
      clearTimeout(timer);
      setSeen(false);
      if (document.visibilityState === "visible") timer = setTimeout(() => setSeen(true), ms);
    };
    restart();
    window.addEventListener("focus", restart);
    document.addEventListener("visibilitychange", restart);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("focus", restart);
      document.removeEventListener("visibilitychange", restart);
    };
  }, [ms]);
  return seen;
};
