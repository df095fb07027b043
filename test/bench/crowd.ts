/** Many people, none of whom has an app: rooms in this process that ask and go. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { WAITING_MAX } from "#core/rules/waiting.ts";
import { createBeat } from "../../electron/host/beat.ts";
import { NOTHING } from "../../electron/host/gate/enclosure.ts";
import { createLog } from "../../electron/host/log.ts";
import type { SyncRoom } from "../../electron/host/rooms.ts";
import { createLedger } from "../../electron/host/store/ledger.ts";
import { openStore } from "../../electron/host/store/open.ts";
import { createSettingsStore } from "../../electron/host/store/settings.ts";
import { createSyncRoom } from "../../electron/host/workspace-rooms.ts";
import { invite } from "../../scripts/apps/team.ts";
import { testShell } from "../helpers/test-shell.ts";
import type { Person } from "../helpers/world.ts";

const PEOPLE = 50;

/** As many people as a team may have, each of whom asks for as much as one may: the ids of what they asked. */
export const crowd = async (dir: string, ada: Person, wid: string): Promise<string[]> => {
  const { link } = await invite(ada.rpc, wid, { uses: PEOPLE });
  const { queues } = await ada.rpc.when("tools", wid, (view) => view.queues.length > 0);
  const ids: string[] = [];
  for (let index = 0; index < PEOPLE; index++) {
    const { room, close } = await roomOf(join(dir, `crowd-${index}`), `Person ${index}`);
    await room.handlers["invite.join"]({ link });
    while (room.status(wid).link !== "in-sync") await sleep(10);
    for (let n = 0; n < WAITING_MAX; n++) {
      const args = JSON.stringify({
        path: `/notes/${index}-${n}.txt`,
        content: "Some words that somebody wrote. ".repeat(8),
      });
      const queue = queues[0]?.id ?? "";
      const wish = { wid, queue, server: null, tool: "write_file", args };
      ids.push((await room.handlers["practice.ask"](wish)).request);
    }
    while (room.status(wid).queued > 0) await sleep(10);
    await close();
  }
  return ids;
};

interface Crowded {
  readonly room: SyncRoom;
  /** Also what a host hands to its rooms, whose beat would keep this process alive. */
  readonly close: () => Promise<void>;
}
const roomOf = async (dir: string, name: string): Promise<Crowded> => {
  mkdirSync(dir);
  const beat = createBeat();
  const store = openStore({ dir });
  const settings = createSettingsStore(store);
  settings.setPerson(name);
  const clock = { now: () => Date.now(), monotonic: () => performance.now() };
  const none = () => [];
  const tools = { setCatalogue: none, ready: none, find: () => null, onChange: () => none, close: async () => {} };
  const room = createSyncRoom({
    store,
    ledger: createLedger(store),
    settings,
    shell: testShell(dir),
    clock,
    log: createLog(() => undefined, clock.now),
    publisher: { publish: () => undefined },
    tools: { ...tools, run: () => Promise.reject(new Error("no tools run here")) },
    beat,
    enclose: () => Promise.resolve(NOTHING),
    proposed: () => null,
    presentText: () => Promise.resolve(null),
    modelName: () => null,
    popupOpen: () => false,
    forgetThreads: () => undefined,
    forgetTools: () => undefined,
  });
  await room.open();
  const close = async (): Promise<void> => {
    await room.close();
    beat.close();
    store.close();
  };
  return { room, close };
};
