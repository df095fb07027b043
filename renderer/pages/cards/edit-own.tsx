/** Changing an own call from the card that asks for it, where it was asked from this computer. */
import { useEffect, useState } from "react";
import type { CardSummary } from "#bridge/card.ts";
import type { Result } from "#bridge/contract.ts";
import { Button, Key } from "../../parts/basic.tsx";
import { EditCall, isEditable } from "../../parts/edit-call.tsx";
import { request } from "../../state/host.ts";
import { isPlainKey } from "../../state/keys.ts";
import { editWords as words } from "../../text/edit.ts";

type Own = NonNullable<Result<"call.ofRequest">["own"]>;

/** The call, asked for again whenever its card changes; null for a card from another computer. */
const useOwnCall = (wid: string, { request: id, state, mine, practice, votes }: CardSummary): Own | null => {
  const [found, setFound] = useState<Own | null>(null);
  const open = mine && !practice && (state === "pending" || state === "approved");
  const version = `${state} ${votes.length}`;
  useEffect(() => {
    let stale = false;
    if (open)
      request("call.ofRequest", { wid, request: id }).then(
        ({ own }) => !stale && setFound(own),
        // Without it there is nothing to change, and the card says everything else.
        () => undefined,
      );
    return () => {
      stale = true;
    };
  }, [wid, id, open, version]);
  return open && found !== null && isEditable(found.call) ? found : null;
};

export const EditOwn = ({ wid, card }: { readonly wid: string; readonly card: CardSummary }) => {
  const own = useOwnCall(wid, card);
  const [editing, setEditing] = useState<Own | null>(null);
  useEffect(() => {
    if (own === null) return;
    const onKey = (event: KeyboardEvent) => {
      if (!isPlainKey(event, "e")) return;
      event.preventDefault();
      setEditing(own);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [own]);
  return (
    <>
      {own !== null && (
        <Button aria-keyshortcuts="E" onClick={() => setEditing(own)}>
          {words.edit} <Key>E</Key>
        </Button>
      )}
      {editing !== null && (
        <EditCall wid={wid} thread={editing.thread} call={editing.call} onClose={() => setEditing(null)} />
      )}
    </>
  );
};
