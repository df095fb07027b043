/** How much of a length limit is used: silent while there is room, said while typing once it is nearly or more than full. */
import { AlertCircle } from "lucide-react";
import { limitWords as words } from "../text/typed.ts";

const NEARLY = 0.9;

export const Limit = ({ length, max }: { readonly length: number; readonly max: number }) => {
  if (length <= max * NEARLY) return null;
  if (length <= max)
    return (
      <p className="faint number limit" role="status">
        {words.count(length, max)}
      </p>
    );
  return (
    <div className="problem plain limit" role="alert">
      <AlertCircle className="icon small" aria-hidden />
      <span className="number">{words.over(length, max)}</span>
    </div>
  );
};
