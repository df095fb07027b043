/** A stop and its evidence on a disk that refuses: memory first, the disk as soon as it takes it. */
import { describe, expect, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { createReplica } from "#client/copy/replica.ts";
import type { Replica } from "#client/copy/replica.ts";
import { KEEPS_WORD_MS } from "#client/copy/claim.ts";
import { platform } from "../../../electron/host/ways/platform.ts";
import { openStore } from "../../../electron/host/store/open.ts";
import { createWorkspaceStore } from "../../../electron/host/store/workspaces.ts";
import type { WorkspaceRow } from "#client/ports/store.ts";
import { createTeam } from "../../helpers/people.ts";
import { tempDir } from "../../helpers/temp.ts";

const TABLES = ["evidence", "workspaces", "chain"] as const;

const copy = () => {
  const team = createTeam();
  team.member("Ben");
  const store = openStore({ dir: tempDir() });
  const rows = createWorkspaceStore(store);
  const time = { now: 0 };
  rows.add(
    {
      wid: team.wid,
      member: team.ada.member,
      device: team.ada.device,
      nextDevice: null,
      server: "http://127.0.0.1:1",
      embedded: null,
      paused: false,
      halt: null,
      pin: [0, ""],
    },
    0,
  );
  const open = (): Replica =>
    createReplica({
      platform,
      row: rows.list()[0] as WorkspaceRow,
      rows,
      write: store.write,
      now: () => 1,
      monotonic: () => time.now,
      changed: () => undefined,
      halted: () => undefined,
    });
  /** The disk refuses everything, or takes it again. */
  const full = (is: boolean): void => {
    for (const table of TABLES)
      for (const what of ["INSERT", "UPDATE"])
        store.db.exec(
          is
            ? `CREATE TEMP TRIGGER full_${table}_${what} BEFORE ${what} ON main.${table} BEGIN SELECT RAISE(ABORT, 'full'); END`
            : `DROP TRIGGER temp.full_${table}_${what}`,
        );
  };
  const texts = team.entries.filter(({ doc }) => doc === LOG).map(({ text }) => text);
  return { team, rows, replica: open(), full, texts, again: open, time };
};

describe("[T15] a lie on a full disk", () => {
  test("stops the copy at once, and is kept with its evidence as soon as there is room", () => {
    const { team, rows, replica, full, texts, again } = copy();
    const [first = "", second = ""] = texts;
    replica.take(LOG, [first]);
    full(true);
    expect(() => replica.suspect(LOG, "fork", "what the server showed")).not.toThrow();
    expect([replica.halt()?.code, replica.lie()]).toEqual(["tampered", "fork"]);
    replica.take(LOG, [second]);
    replica.retry();
    expect([replica.halt()?.code, replica.log.seq, rows.evidence(team.wid)]).toEqual(["tampered", 1, []]);
    full(false);
    replica.retry();
    expect(rows.evidence(team.wid)).toMatchObject([{ code: "fork", shown: "what the server showed", seq: 1 }]);
    expect([replica.halt()?.code, again().halt()?.code]).toEqual(["tampered", "tampered"]);
  });

  test("is not passed over because the copy waits for that disk", () => {
    const { team, rows, replica, full, texts } = copy();
    full(true);
    replica.take(LOG, texts);
    expect(replica.halt()?.code).toBe("store-failed");
    replica.suspect(LOG, "fork", "shown");
    expect([replica.halt()?.code, replica.lie()]).toEqual(["tampered", "fork"]);
    full(false);
    replica.retry();
    // What was verified before is kept, and the copy stays stopped.
    expect([replica.halt()?.code, rows.entries(team.wid, LOG), rows.evidence(team.wid).length]).toEqual([
      "tampered",
      texts,
      1,
    ]);
  });

  test("is gone on from when the person says so, and nothing stops it again later", () => {
    const { team, rows, replica, full, texts, again } = copy();
    full(true);
    replica.suspect(LOG, "fork", "shown");
    expect(() => replica.resume()).toThrow();
    expect(replica.halt()?.code).toBe("tampered");
    full(false);
    replica.resume();
    replica.take(LOG, texts);
    replica.retry();
    expect([replica.halt(), again().halt(), rows.evidence(team.wid).length]).toEqual([null, null, 1]);
  });

  test("a doubt is one all the same, and its evidence follows too", () => {
    const { team, rows, replica, full, time } = copy();
    full(true);
    replica.claims.welcomed(LOG, 1_000);
    time.now += KEEPS_WORD_MS + 1;
    replica.look();
    expect([replica.doubt()?.code, rows.evidence(team.wid)]).toEqual(["withheld", []]);
    full(false);
    replica.retry();
    expect(rows.evidence(team.wid)).toMatchObject([{ code: "withheld" }]);
  });
});
