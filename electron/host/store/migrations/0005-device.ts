import type { Migration } from "./list.ts";

/**
 * The device as which this install speaks in a workspace. Null in a row of an earlier version, where every workspace
 * had the install's only key: it is filled when the row is next opened. `next_device` is the key that a rotation leads
 * to, from before it is sent until the log shows it in force.
 */
export const device: Migration = {
  id: 5,
  name: "device",
  sql: `
    ALTER TABLE workspaces ADD COLUMN device TEXT;
    ALTER TABLE workspaces ADD COLUMN next_device TEXT;
  `,
};
