/**
 * The templates of a launch. In arguments, in the address and in values of headers `${NAME}` stands for what each
 * computer keeps under that name, and `$${` for the text `${`. The signed log and the launch hash hold templates alone.
 * A template that names what its launch does not list is refused and never passed on as it stands: nobody could tell
 * whether a value was meant.
 */
import type { Launch } from "./tool.ts";

export interface LaunchValue {
  readonly name: string;
  readonly secret: boolean;
}
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "value"; readonly name: string };

const TOKEN = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{/g;

/** Null where `${` begins something that is no name. */
export const piecesOf = (template: string): Piece[] | null => {
  const pieces: Piece[] = [];
  let text = "";
  let at = 0;
  for (const match of template.matchAll(TOKEN)) {
    const [token, name] = match;
    text += template.slice(at, match.index);
    at = match.index + token.length;
    if (token === "$${") text += "${";
    else if (name === undefined) return null;
    else {
      if (text !== "") pieces.push({ kind: "text", text });
      pieces.push({ kind: "value", name });
      text = "";
    }
  }
  text += template.slice(at);
  return text === "" && pieces.length > 0 ? pieces : [...pieces, { kind: "text", text }];
};

/** A template that stands for exactly this text. */
export const literal = (text: string): string => text.replaceAll("${", () => "$${");

/** The template with each value as `of` gives it; one that is no template stays as it is. `first`: nothing stands before it. */
export const filledWith = (template: string, of: (name: string, first: boolean) => string): string =>
  (piecesOf(template) ?? [{ kind: "text", text: template } as const])
    .map((piece, index) => (piece.kind === "text" ? piece.text : of(piece.name, index === 0)))
    .join("");

export const templatesOf = (launch: Launch): readonly string[] =>
  launch.kind === "stdio" ? launch.args : [launch.url, ...launch.headers.map(({ value }) => value)];

/** What each person fills in, in the order of the launch. */
export const valuesOf = (launch: Launch): readonly LaunchValue[] =>
  launch.kind === "stdio" ? [...launch.env, ...launch.vars] : launch.vars;
