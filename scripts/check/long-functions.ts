/** The most lines of a function. */
export const LINES_MAX = 120;

/** `file function`: the lines that it may have. A number here may only fall, and a row goes when its function is short. */
export const LONG: Readonly<Record<string, number>> = {
  "electron/host/agent/engine.ts createEngine": 143,
  "electron/host/agent/model-steps.ts createModelSteps": 185,
  "electron/host/agent/threads.ts createThreads": 188,
  "electron/host/audit/audits.ts createAudits": 139,
  "electron/host/cards/announcements.ts createAnnouncements": 128,
  "electron/host/cards/cards.ts createCards": 145,
  "electron/host/host.ts openHost": 170,
  "electron/host/models/models.ts createModels": 149,
  "electron/host/rpc/serve.ts createRpc": 140,
  "electron/host/tools/runner.ts createRunner": 133,
  "electron/host/tools/servers.ts createServers": 142,
  "electron/host/workspace-rooms.ts createSyncRoom": 233,
  "electron/host/workspaces/lives.ts createLives": 145,
  "renderer/bridge.ts createBridge": 133,
  "renderer/lists.ts createLists": 131,
  "renderer/pages/thread/composer.tsx Writer": 129,
  "scripts/apps/rpc-client.ts connectWith": 190,
  "sync-server/client/copy/kept.ts openKept": 158,
  "sync-server/client/copy/replica.ts createReplica": 153,
  "sync-server/client/link/channels.ts createChannels": 157,
  "sync-server/client/link/history.ts createHistory": 135,
  "sync-server/client/link/link.ts createLink": 131,
  "sync-server/client/link/outbox.ts createOutbox": 160,
  "sync-server/client/live.ts createLive": 278,
  "sync-server/server/connections/rendezvous.ts createRendezvous": 191,
  "sync-server/server/order/sequencer.ts createSequencer": 210,
  "sync-server/server/order/workspace.ts loadWorkspace": 166,
  "sync-server/server/server.ts startServer": 144,
};
