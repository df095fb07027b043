/** A text whose padding is folded into marks that open. */
import { useMemo, useState } from "react";
import { callWords as words } from "../text/calls.ts";
import { folded, type Folded } from "./fold.ts";

export const FoldedText = ({ text }: { readonly text: string }) => {
  const pieces = useMemo(() => folded(text), [text]);
  return pieces.map((piece, at) =>
    piece.kind === "text" ? <span key={at}>{piece.text}</span> : <Fold key={`${at} ${piece.count}`} piece={piece} />,
  );
};

const Fold = ({ piece }: { readonly piece: Folded }) => {
  const [open, setOpen] = useState(false);
  const says = words.folded[piece.marked ? "marked" : "blank"][piece.kind === "lines" ? "lines" : "spaces"](
    piece.count,
  );
  return (
    <>
      <button
        type="button"
        className={piece.kind === "lines" ? "fold block" : "fold"}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {says}
      </button>
      {open && <span className="fold-open">{piece.text}</span>}
    </>
  );
};
