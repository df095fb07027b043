/** Which rows of an audit a person looks for. */
import type { AuditMatch } from "#bridge/audit.ts";
import { rowSearchWords } from "#text/facts.ts";
import type { Line } from "./book.ts";

/**
 * Every word must stand somewhere in what the window shows of the row, in the language in which it shows it: the shell
 * tells the host and the windows the same one. Codes and kinds count too, so that what an export names is found as well.
 */
export const matcher = ({ member, kind, text }: AuditMatch): ((line: Line) => boolean) => {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return (line) => {
    if ((member !== null && line.member !== member) || (kind !== null && line.kind !== kind)) return false;
    if (words.length === 0) return true;
    const said = `${line.who}\n${line.role[1]}\n${rowSearchWords(line)}\n${line.kind}\n${line.result}`.toLowerCase();
    return words.every((word) => said.includes(word));
  };
};
