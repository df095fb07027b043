import type { Migration } from "./list.ts";

/**
 * A thread keeps the model it has sent to, and what its person was told of where the text goes. Threads that followed
 * the default and have sent are bound to the one it is now; nothing is known of what their person was told.
 */
export const modelPlaces: Migration = {
  id: 9,
  name: "model-places",
  sql: `
    ALTER TABLE models ADD COLUMN runs_here INTEGER NOT NULL DEFAULT 0 CHECK (runs_here IN (0, 1));
    ALTER TABLE threads ADD COLUMN told TEXT NOT NULL DEFAULT '';
    UPDATE threads SET model_choice = (SELECT id FROM models WHERE is_default = 1)
      WHERE model_choice = 'default' AND EXISTS (SELECT 1 FROM models WHERE is_default = 1)
        AND EXISTS (SELECT 1 FROM runs WHERE runs.thread = threads.id AND runs.kind = 'agent');
  `,
};
