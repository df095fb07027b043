import type { Migration } from "./list.ts";

/** Who decided stands as a fact. The names that were joined to a piece of a sentence before stay as they are. */
const older = (value: string): string => `json_object('code', 'older-words', 'args', json_array(${value}))`;
const deciders = (table: string): string => `
  UPDATE ${table} SET decided_by = ${older("decided_by")} WHERE decided_by <> '';
  UPDATE ${table} SET reason = json_set(reason, '$.args[0]', ${older("json_extract(reason, '$.args[0]')")})
    WHERE json_valid(reason) AND json_extract(reason, '$.code') = 'rejected' AND json_type(reason, '$.args[0]') = 'text';`;

export const decidersFact: Migration = {
  id: 19,
  name: "deciders",
  sql: deciders("calls") + deciders("holds"),
};
