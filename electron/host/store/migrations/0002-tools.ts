import type { Migration } from "./list.ts";

/** Filled by the room that owns these tables. */
export const tools: Migration = {
  id: 2,
  name: "tools",
  sql: "",
};
