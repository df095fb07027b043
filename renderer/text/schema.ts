/** What is wrong with a value that was typed into a tool's form. */
import { numberWords } from "./common.ts";
import { words } from "./words.ts";

export const schemaWords = words("schema.schemaWords", {
  needed: "This is needed.",
  exact: "A number here would arrive as another one. Write fewer digits.",
  oneLine: "Write at least one line.",
  oneOf: "Choose one of the list.",
  number: "Write a number.",
  whole: "Write a whole number.",
  json: "This is not JSON yet.",
  object: 'Write one JSON object, such as {"path": "notes.txt"}.',
  atLeast: (n: number) => `At least ${n}.`,
  atMost: (n: number) => `At most ${n}.`,
  tooShort: (n: number) => `At least ${numberWords(n)} characters.`,
  tooLong: (n: number) => `At most ${numberWords(n)} characters.`,
  pattern: (pattern: string) => `This must match ${pattern}.`,
} as const);
