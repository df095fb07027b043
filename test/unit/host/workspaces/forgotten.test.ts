/** What is kept beside a workspace goes with it: one that comes back under its id begins anew. */
import { expect, test } from "vitest";
import { createHonestyHandlers } from "../../../../electron/host/audit/honesty-handlers.ts";
import type { WorkspaceStore } from "#client/ports/store.ts";
import type { Fingerprints } from "../../../../electron/host/audit/fingerprint.ts";
import type { Live } from "#client/live.ts";
import { createMoments } from "../../../../electron/host/cards/moments.ts";
import { createTeam } from "../../../helpers/people.ts";

const team = createTeam();
const opened = (): Live =>
  ({
    wid: team.wid,
    log: team.log,
    me: team.ada.member,
    serverNow: () => team.now,
    serverAhead: () => 0,
    docs: { queues: () => [], lanes: () => [] },
  }) as unknown as Live;

test("[T24] windows are told how a workspace reads that was forgotten and came back", () => {
  const told: string[] = [];
  const moved = createMoments({ publish: (kind) => void told.push(kind) });
  const first = opened();
  moved(first);
  moved(first);
  expect(told).toEqual(["team", "status"]);
  moved(opened());
  expect(told).toEqual(["team", "status", "team", "status"]);
});

test("[T24] words to compare are worked out again for it, and once while it stays", async () => {
  const made: string[] = [];
  const fingerprints = (wid: string): Fingerprints => {
    made.push(wid);
    return { of: () => Promise.resolve(["anchor"]) };
  };
  let live = opened();
  const handlers = createHonestyHandlers({
    workspace: () => live,
    rows: {} as WorkspaceStore,
    clock: { now: () => 0, monotonic: () => 0 },
    fingerprints,
  });
  const ask = async () => (await handlers["workspace.fingerprint"]({ wid: team.wid, at: null })).words;
  expect([await ask(), await ask(), made.length]).toEqual([["anchor"], ["anchor"], 1]);
  live = opened();
  expect([await ask(), made.length]).toEqual([["anchor"], 2]);
});
