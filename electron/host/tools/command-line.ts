/**
 * Splits one pasted command line into words, as a POSIX shell would quote them. No shell is ever run: what only a
 * shell could do (pipes, variables, `~`) is refused by name instead of being passed on with another meaning.
 */
import { Refusal } from "../seams.ts";

const OPERATORS = new Set(["|", "&", ";", "<", ">", "`", "(", ")", "$"]);

const shellOnly = (char: string): Refusal =>
  new Refusal("config-shell-syntax", `The command line holds “${char}”, which only a shell understands, and no shell is run. Write the full text instead, or put it in single quotes.`);
const manyLines = (): Refusal => new Refusal("config-many-lines", "There is more than one command. Paste one command line, or the mcpServers JSON.");
const unclosed = (quote: string): Refusal => new Refusal("config-unclosed-quote", `A quote (${quote}) is opened and never closed. Add the missing one.`);

/** The text of a quoted stretch that begins after its opening quote, and the position after the closing one. */
const quoted = (line: string, from: number, quote: string, backslash: boolean): { text: string; next: number } => {
  let text = "";
  for (let at = from; at < line.length; at += 1) {
    const char = line.charAt(at);
    if (char === quote) return { text, next: at + 1 };
    if (quote === '"' && (char === "$" || char === "`")) throw shellOnly(char);
    const escaped = quote === '"' && backslash && char === "\\" && '"\\$`'.includes(line.charAt(at + 1));
    if (escaped) at += 1;
    text += line.charAt(at);
  }
  throw unclosed(quote);
};

/** One word from its first character on, and the position after it. */
const readWord = (line: string, from: number, backslash: boolean): { text: string; next: number } => {
  let text = "";
  let at = from;
  while (at < line.length && !/\s/.test(line.charAt(at))) {
    const char = line.charAt(at);
    if (OPERATORS.has(char) || (char === "~" && at === from)) throw shellOnly(char);
    if (char === "'" || char === '"') {
      const part = quoted(line, at + 1, char, backslash);
      text += part.text;
      at = part.next;
      continue;
    }
    if (char === "\\" && backslash) at += 1;
    text += line.charAt(at);
    at += 1;
  }
  return { text, next: at };
};

/** @param backslash whether `\` quotes the next character; on Windows it is a part of paths */
export const splitCommandLine = (text: string, backslash: boolean): string[] => {
  const line = text.trim().replace(/\\\r?\n/g, " ");
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    const char = line.charAt(at);
    if (char === "\n") throw manyLines();
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
