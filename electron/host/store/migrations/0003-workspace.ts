import type { Migration } from "./list.ts";

/** Filled by the room that owns these tables. */
export const workspace: Migration = {
  id: 3,
  name: "workspace",
  sql: "",
};
