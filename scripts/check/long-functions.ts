/** The most lines of a function. */
export const LINES_MAX = 120;

/**
 * `file function`: the lines that it may have. A number here may only fall, and a row goes when its function is short.
 * Each group says why its functions are long.
 */
export const LONG: Readonly<Record<string, number>> = {
  // Parts put together, in the order in which they need each other. What has a state of its own is in a file already.
  "electron/host/host.ts openHost": 170,
  "electron/host/workspace-rooms.ts createSyncRoom": 233,
  "electron/host/workspaces/lives.ts createLives": 145,
  "sync-server/client/copy/replica.ts createReplica": 153,
  "sync-server/client/live.ts createLive": 278,
  "sync-server/server/server.ts startServer": 140,
  // What windows may ask of one noun, a handler each.
  "electron/host/agent/threads.ts createThreads": 178,
  "electron/host/cards/cards.ts createCards": 145,
  "electron/host/models/models.ts createModels": 149,
  "electron/host/audit/audits.ts createAudits": 139,
  // One state and its steps: cut in two, each half would write what the other reads.
  "electron/host/agent/engine.ts createEngine": 138,
  "electron/host/cards/announcements.ts createAnnouncements": 128,
  "electron/host/rpc/serve.ts createRpc": 136,
  "electron/host/tools/runner.ts createRunner": 133,
  "electron/host/tools/servers.ts createServers": 142,
  "renderer/bridge.ts createBridge": 129,
  "renderer/lists.ts createLists": 131,
  "sync-server/client/copy/kept.ts openKept": 158,
  "sync-server/client/link/channels.ts createChannels": 157,
  "sync-server/client/link/history.ts createHistory": 135,
  "sync-server/client/link/link.ts createLink": 131,
  "sync-server/client/link/outbox.ts createOutbox": 160,
  "sync-server/server/connections/rendezvous.ts createRendezvous": 140,
  "sync-server/server/order/sequencer.ts createSequencer": 205,
  // One form, with what each of its fields shows.
  "renderer/pages/thread/composer.tsx Writer": 121,
};
