/** The reason that is being written for one card: kept by the host while the app runs, so that a closed window loses nothing. */
import { useEffect, useRef, useState } from "react";
import { drop } from "#core/facts/drop.ts";
import { request } from "./host.ts";

export const useReason = (wid: string, id: string): readonly [reason: string, write: (next: string) => void] => {
  const [reason, setReason] = useState("");
  const typed = useRef(false);
  useEffect(() => {
    let stale = false;
    // Without it the field is empty; what is typed meanwhile is newer.
    request("card.reason", { wid, request: id, reason: null }).then(
      (kept) => !stale && !typed.current && setReason(kept.reason),
      () => undefined,
    );
    return () => {
      stale = true;
    };
  }, [wid, id]);
  const write = (next: string) => {
    typed.current = true;
    setReason(next);
    drop(request("card.reason", { wid, request: id, reason: next }), "what was typed stays in the window");
  };
  return [reason, write];
};
