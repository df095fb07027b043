/**
 * Splits one pasted command line into words, as a POSIX shell would quote them. No shell is ever run: what only a
 * shell could do (pipes, substitutions) is refused by name instead of being passed on with another meaning. A variable
 * and the home folder come back as the references `${NAME}`, which the import makes values of this computer; a dollar
 * that a shell would leave alone comes back as `PLAIN_DOLLAR`, so that the two cannot be taken for each other.
 */
import { refused } from "#bridge/refused.ts";
import type { Refusal } from "#core/facts/refusal.ts";

/** Of the private range: no command line that is accepted holds it. */
export const PLAIN_DOLLAR = "\ue024";
const OPERATORS = new Set(["|", "&", ";", "<", ">", "`", "(", ")"]);
const VARIABLE = /\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/y;

const shellOnly = (char: string): Refusal => refused("config-shell-syntax", char);

/** The reference that begins at a dollar, and the position after it. */
const variableAt = (line: string, at: number): { text: string; next: number } => {
  VARIABLE.lastIndex = at;
  const [token, braced, bare] = VARIABLE.exec(line) ?? [];
  if (token === undefined) throw shellOnly("$");
  return { text: `\${${braced ?? bare ?? ""}}`, next: at + token.length };
};

const plain = (char: string): string => (char === "$" ? PLAIN_DOLLAR : char);

/** The text of a quoted stretch that begins after its opening quote, and the position after the closing one. */
const quoted = (line: string, from: number, quote: string, backslash: boolean): { text: string; next: number } => {
  let text = "";
  for (let at = from; at < line.length; at += 1) {
    const char = line.charAt(at);
    if (char === quote) return { text, next: at + 1 };
    if (quote === '"' && char === "`") throw shellOnly(char);
    if (quote === '"' && char === "$") {
      const variable = variableAt(line, at);
      text += variable.text;
      at = variable.next - 1;
      continue;
    }
    const escaped = quote === '"' && backslash && char === "\\" && '"\\$`'.includes(line.charAt(at + 1));
    if (escaped) at += 1;
    text += plain(line.charAt(at));
  }
  throw refused("config-unclosed-quote", quote);
};

/** One word from its first character on, and the position after it. */
const readWord = (line: string, from: number, backslash: boolean): { text: string; next: number } => {
  let text = "";
  let at = from;
  while (at < line.length && !/\s/.test(line.charAt(at))) {
    const char = line.charAt(at);
    if (OPERATORS.has(char) || (char === "~" && at === from && !/[\\/\s]|^$/.test(line.charAt(at + 1))))
      throw shellOnly(char);
    if (char === "$" || (char === "~" && at === from)) {
      const variable = char === "$" ? variableAt(line, at) : { text: "${HOME}", next: at + 1 };
      text += variable.text;
      at = variable.next;
      continue;
    }
    if (char === "'" || char === '"') {
      const part = quoted(line, at + 1, char, backslash);
      text += part.text;
      at = part.next;
      continue;
    }
    if (char === "\\" && backslash) at += 1;
    text += plain(line.charAt(at));
    at += 1;
  }
  return { text, next: at };
};

/** @param backslash whether `\` quotes the next character; on Windows it is a part of paths */
export const splitCommandLine = (text: string, backslash: boolean): string[] => {
  if (text.includes(PLAIN_DOLLAR)) throw shellOnly(PLAIN_DOLLAR);
  const line = text.trim().replace(/\\\r?\n/g, " ");
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    const char = line.charAt(at);
    if (char === "\n") throw refused("config-many-lines");
    if (/\s/.test(char)) {
      at += 1;
      continue;
    }
    const word = readWord(line, at, backslash);
    words.push(word.text);
    at = word.next;
  }
  return words;
};
