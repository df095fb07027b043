/**
 * Imports that point back today, `file > target`. The list may only shrink: one that nothing needs any more is a breach.
 */
export const EXCEPTIONS: readonly string[] = [
  // Sentences about refusals that the client still composes itself.
  "sync-server/client/copy/lie-words.ts > renderer/text/facts.ts",
  "sync-server/client/link/clocks.ts > renderer/text/facts.ts",
  "sync-server/client/link/outbox.ts > renderer/text/facts.ts",
  "sync-server/client/upkeep/checkpoints.ts > renderer/text/facts.ts",
  // The client was moved out of the app; what it is handed as a port still comes from the app's own files.
  "sync-server/client/link/socket.ts > electron/host/ways/connectors.ts",
  "sync-server/client/link/socket.ts > electron/host/ways/trouble.ts",
  // Rooms of the host that still meet in both directions.
  "electron/host/gate/gate.ts > electron/host/cards/notes.ts",
  "electron/host/gate/hold.ts > electron/host/team/names.ts",
  "electron/host/gate/practice.ts > electron/host/cards/card-view.ts",
  "electron/host/gate/standing.ts > electron/host/cards/notes.ts",
  "electron/host/models/step.ts > electron/host/tools/args.ts",
  "electron/host/team/invites.ts > electron/host/workspaces/founding.ts",
  "electron/host/team/rotation.ts > electron/host/cards/card-view.ts",
];
