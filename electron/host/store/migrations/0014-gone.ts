import type { Migration } from "./list.ts";

/**
 * A call that goes with its thread takes along what stands of it elsewhere: what approvers were given to read, words of
 * a decision, and what its person was shown. What is left of a hold withdraws the request, and holds no text.
 */
export const gone: Migration = {
  id: 14,
  name: "gone",
  sql: `
    CREATE TRIGGER calls_gone AFTER DELETE ON calls BEGIN
      UPDATE holds SET enclosed = NULL, reason = NULL WHERE call = old.id;
      DELETE FROM confirms WHERE call = old.id;
    END;
  `,
};
