/** Tool names as model providers take them: letters, digits, `_` and `-`, at most 64, and one name for one tool. */
import { createHash } from "node:crypto";

export const NAME_MAX = 64;
const clean = (text: string): string => text.replaceAll(/[^A-Za-z0-9_-]/g, "_");
const mark = (server: string, tool: string): string =>
  createHash("sha256").update(`${server}\0${tool}`).digest("hex").slice(0, 8);

/**
 * `server name__tool`, as long as that says it unchanged. Otherwise, and where two tools would share a name, a mark
 * made of the server's id and the tool's name is added, so a name never depends on what else is in the catalogue
 * unless two are the same. `taken` is what earlier tools were given.
 */
export const providerName = (
  server: { id: string; name: string },
  tool: string,
  taken: ReadonlySet<string>,
): string => {
  const plain = `${server.name}__${tool}`;
  const cleaned = clean(plain);
  if (cleaned === plain && plain.length <= NAME_MAX && !taken.has(plain)) return plain;
  return `${cleaned.slice(0, NAME_MAX - 9)}_${mark(server.id, tool)}`;
};
