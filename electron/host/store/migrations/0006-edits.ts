import type { Migration } from "./list.ts";

/**
 * A call whose arguments the person changed keeps what was first proposed; the hold of the changed one names the
 * request whose place it takes.
 */
export const edits: Migration = {
  id: 6,
  name: "edits",
  sql: `
    ALTER TABLE calls ADD COLUMN asked TEXT;
    CREATE INDEX calls_of_request ON calls (request) WHERE request IS NOT NULL;
    ALTER TABLE holds ADD COLUMN replaces TEXT;
  `,
};
