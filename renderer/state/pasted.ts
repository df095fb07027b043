/** A link or code that is looked at before anything happens: pasted here, or brought by the operating system. */
import { useEffect, useState } from "react";
import { attempt, useAction, type Action } from "./action.ts";
import { request } from "./host.ts";

export interface Pasted<P> {
  readonly text: string;
  setText(text: string): void;
  /** What the text turned out to be, or null before it was looked at. */
  readonly preview: P | null;
  readonly action: Action;
  look(): void;
  /** The one that came from outside is not offered again. */
  take(): void;
  clear(): void;
}

export const usePasted = <P>(fromOutside: string | null, inspect: (text: string) => Promise<P>): Pasted<P> => {
  const [text, setText] = useState(fromOutside ?? "");
  const [preview, setPreview] = useState<P | null>(null);
  const action = useAction("inline");
  const look = (what: string) => void action.run(async () => setPreview(await inspect(what.trim())));
  useEffect(() => {
    if (fromOutside === null) return;
    setText(fromOutside);
    setPreview(null);
    look(fromOutside);
    // Looks once for each one that arrives.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [fromOutside]);
  return {
    text,
    setText,
    preview,
    action,
    look: () => look(text),
    take: () => {
      if (fromOutside !== null) attempt(() => request("link.take", {}));
    },
    clear: () => {
      setPreview(null);
      setText("");
    },
  };
};
