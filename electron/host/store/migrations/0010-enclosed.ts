import type { Migration } from "./list.ts";

/**
 * Why a person made a call, in words that they wrote for approvers; and what approvers were given to read beside the
 * arguments (JSON), with the request in `holds` and with the call as its thread shows it.
 */
export const enclosed: Migration = {
  id: 10,
  name: "enclosed",
  sql: `
    ALTER TABLE calls ADD COLUMN why TEXT;
    ALTER TABLE calls ADD COLUMN enclosed TEXT;
    ALTER TABLE holds ADD COLUMN enclosed TEXT;
  `,
};
