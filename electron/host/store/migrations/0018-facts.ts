import type { Migration } from "./list.ts";

/** Where a sentence was kept stands its fact. What was composed before keeps its words, as the argument of a fact. */
const older = (table: string, column: string): string =>
  `UPDATE ${table} SET ${column} = json_object('code', 'older-words', 'args', json_array(${column})) WHERE ${column} <> '';`;

export const facts: Migration = {
  id: 18,
  name: "facts",
  sql: `
    ${older("calls", "rule")}
    ${older("calls", "reason")}
    ${older("holds", "reason")}
    ${older("confirms", "rule")}
    ${older("confirms", "reason")}
    ${older("executed", "rule")}
    UPDATE parts SET text = json_object('code', 'older-words', 'args', json_array(text)) WHERE kind = 'error' AND text <> '';
  `,
};
