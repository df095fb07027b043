/** What is kept of a workspace: a start from the saved state is the same as folding everything again, or is refused. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import { writeAdmin, writeApprovals, writeState } from "#core/rules/state-text.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";
import type { Taken } from "#core/rules/fold.ts";
import { clientCrypto } from "#node/client-crypto.ts";
import { openKept } from "#client/copy/kept.ts";
import type { Kept, Misfit } from "#client/copy/kept.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { openStore } from "../../../electron/host/store/open.ts";
import type { Store } from "../../../electron/host/store/open.ts";
import { createWorkspaceStore } from "../../../electron/host/store/workspaces.ts";
import type { WorkspaceStore } from "#client/ports/store.ts";
import type { Recording } from "../../corpus/recording.ts";
import { createTeam, makeInvite, QUEUE, requestBody } from "../../helpers/people.ts";
import { tempDir } from "../../helpers/temp.ts";
import { keptRow } from "../../helpers/kept-row.ts";

interface Item {
  readonly doc: DocName;
  readonly text: string;
}
interface Shelf {
  readonly store: Store;
  readonly rows: WorkspaceStore;
  readonly misfits: Misfit[];
  /** Texts that were hashed since the last `open`: how much work a start was. */
  readonly hashed: () => number;
  open(): Kept;
}
const ROW = keptRow();
const shelfOf = (wid: WorkspaceId): Shelf => {
  const store = openStore({ dir: tempDir() });
  onTestFinished(() => store.close());
  const rows = createWorkspaceStore(store);
  rows.add({ ...ROW, wid }, 0);
  const misfits: Misfit[] = [];
  let hashed = 0;
  const crypto: CryptoDep = {
    ...nodeCrypto,
    sha256: (text) => {
      hashed += 1;
      return nodeCrypto.sha256(text);
    },
  };
  return {
    store,
    rows,
    misfits,
    hashed: () => hashed,
    open: () => {
      hashed = 0;
      return openKept({ wid, rows, write: store.write, crypto, misfit: (what) => void misfits.push(what) });
    },
  };
};
const keep = ({ store }: Shelf, kept: Kept, { doc, text }: Item): Taken => {
  const taken = kept.ingest(doc, text);
  if (!taken.ok) throw new Error(`the test takes an entry as given, but: ${taken.code}`);
  store.write(() => kept.keep(doc, taken.seq, [text], [taken]));
  kept.done(doc);
  return taken;
};
const textsOf = (kept: Kept, docs: Iterable<DocName>): string[] => [
  writeState(kept.log),
  writeAdmin(kept.admin),
  ...[...docs].filter((doc) => doc !== LOG && doc !== ADMIN).map((doc) => writeApprovals(kept.approvals(doc))),
];

const FOLDER = resolve(import.meta.dirname, "../../corpus");
const corpus = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .map((file) => JSON.parse(readFileSync(resolve(FOLDER, file), "utf8")) as Recording);

test("[CH16] [CK3] a start from the state and what came after it is the same as folding everything, at every position of every recorded log", () => {
  fc.assert(
    fc.property(fc.constantFrom(...corpus), fc.nat(200), fc.nat(200), ({ workspace, entries }, first, second) => {
      const taken = entries.filter(({ verdict }) => verdict === "ok");
      const docs = new Set(taken.map(({ doc }) => doc));
      const shelf = shelfOf(workspace);
      const cuts = [first % taken.length, second % taken.length].toSorted((a, b) => a - b);
      let kept = shelf.open();
      for (const [index, item] of taken.entries()) {
        // A close saves the state; a kill saves nothing.
        if (index === cuts[0]) kept.save(true);
        if (cuts.includes(index)) kept = shelf.open();
        keep(shelf, kept, item);
      }
      const straight = textsOf(kept, docs);
      const again = textsOf(shelf.open(), docs);
      shelf.rows.dropFold(workspace, LOG);
      shelf.rows.dropFold(workspace, ADMIN);
      expect([again, shelf.misfits]).toEqual([straight, []]);
      expect(textsOf(shelf.open(), docs)).toEqual(straight);
    }),
    { numRuns: 20 },
  );
});

/** A workspace with `count` entries of the log, an invite and a request, all kept, its state saved after `at` of them. */
const lived = (count: number, at = count) => {
  const team = createTeam();
  const ben = team.member("Ben");
  team.given(team.ada, ADMIN, "invite.create", { invite: makeInvite(team.ada, team.wid, team.now).jws, label: "" });
  team.given(ben, QUEUE, "approval.request", requestBody());
  while (team.log.seq < count) team.given(team.ada, LOG, "server.key", { x: team.ada.key.x });
  const shelf = shelfOf(team.wid);
  const kept = shelf.open();
  for (const item of team.entries) {
    keep(shelf, kept, item);
    if (item.doc === LOG && kept.log.seq === at) kept.save(true);
  }
  return { ...shelf, team, kept, shelf };
};

describe("a start", () => {
  test("folds what came after the saved state and nothing before it", () => {
    const { open, hashed, team } = lived(60, 50);
    const state = writeState(open().log);
    // Two hashes for each entry that is folded, and a handful for the saved states.
    expect(hashed()).toBeLessThan(40);
    expect(state).toBe(writeState(team.log));
  });

  test("answers for positions and commands of long ago, and for none that is not folded", () => {
    const { open, team } = lived(20);
    const { log } = open();
    expect([...log.hashes]).toEqual([...team.log.hashes]);
    expect([...log.commands]).toEqual([...team.log.commands]);
    for (const [command, seq] of team.log.commands)
      expect([log.commands.get(command), log.commands.has(command), log.hashes.at(seq)]).toEqual([
        seq,
        true,
        team.log.hashes.at(seq),
      ]);
    expect([log.hashes.at(0), log.hashes.at(21), log.commands.get("x".repeat(43) as never)]).toEqual([
      "",
      undefined,
      undefined,
    ]);
  });

  test.each([
    [
      "a damaged state",
      (shelf: Shelf, wid: string) =>
        shelf.store.db.prepare("UPDATE folds SET state = replace(state, 'Ada', 'Eve') WHERE wid = ?").run(wid),
    ],
    [
      "a state of another format",
      (shelf: Shelf, wid: string) =>
        shelf.store.db.prepare("UPDATE folds SET state = '{\"v\":0}' WHERE wid = ?").run(wid),
    ],
    [
      "a state whose head is not the kept entry's hash",
      (shelf: Shelf, wid: string) =>
        shelf.store.db.prepare("UPDATE folds SET head = ? WHERE wid = ?").run("x".repeat(43), wid),
    ],
    [
      "a state of a position that is not kept",
      (shelf: Shelf, wid: string) => shelf.store.db.prepare("UPDATE folds SET seq = seq + 100 WHERE wid = ?").run(wid),
    ],
    [
      "a store of an earlier version, without states and positions",
      (shelf: Shelf) => shelf.store.db.exec("DELETE FROM folds; DELETE FROM positions"),
    ],
  ])("throws away %s and folds everything again", (_name, harm) => {
    const { open, hashed, team, shelf, misfits } = lived(60);
    open();
    const short = hashed();
    harm(shelf, team.wid);
    const kept = open();
    expect([writeState(kept.log), writeAdmin(kept.admin), misfits]).toEqual([
      writeState(team.log),
      writeAdmin(team.admin),
      [],
    ]);
    expect(hashed()).toBeGreaterThan(short + 60);
  });

  test("folds a queue when somebody asks for it", () => {
    const { open, hashed, team } = lived(10);
    const kept = open();
    const before = hashed();
    expect(writeApprovals(kept.approvals(QUEUE))).toBe(writeApprovals(team.queue));
    expect(hashed()).toBeGreaterThan(before);
  });

  test("names an entry that was verified once and does not fold any more", () => {
    const { open, rows, store, team, misfits } = lived(10);
    store.db
      .prepare("UPDATE chain SET entry = replace(entry, ?, ?) WHERE wid = ? AND doc = 'log' AND seq = 3")
      .run('"s":3', '"s":4', team.wid);
    open();
    expect(misfits).toEqual([]);
    rows.dropFold(team.wid, LOG);
    open();
    expect(misfits).toMatchObject([{ doc: LOG, code: "gap" }]);
  });
});

test("[T24] a kill at any moment loses nothing that was said to be kept, and the next start is the same as folding everything", async () => {
  const team = createTeam();
  while (team.log.seq < 1_600) team.given(team.ada, LOG, "server.key", { x: team.ada.key.x });
  const dir = tempDir();
  const file = join(dir, "entries.json");
  writeFileSync(file, JSON.stringify(team.entries.map(({ text }) => text)));
  const look = <T>(use: (rows: WorkspaceStore, store: Store) => T): T => {
    const store = openStore({ dir });
    try {
      return use(createWorkspaceStore(store), store);
    } finally {
      store.close();
    }
  };
  look((rows) => rows.add({ ...ROW, wid: team.wid }, 0));
  /** Lives until it says that it kept at least so many; answers the last that it said. */
  const killedAt = (count: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [new URL("./kept-child.ts", import.meta.url).pathname, dir, file], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let said = 0;
      createInterface({ input: child.stdout }).on("line", (line) => {
        if (!/^\d+$/.test(line)) return reject(new Error(`the copy stopped: ${line}`));
        said = Number(line);
        if (said >= count) child.kill("SIGKILL");
      });
      child.once("close", () => resolve(said));
    });
  let kept = 0;
  for (const count of [40, 480, 520, 990, 1_030, 1_510, 1_600]) {
    const said = await killedAt(count);
    const found = look((rows, store) => {
      const open = () =>
        openKept({
          crypto: clientCrypto,
          wid: team.wid,
          rows,
          write: store.write,
          misfit: (what) => reported.push(what),
        });
      const reported: Misfit[] = [];
      const { log } = open();
      const text = writeState(log);
      rows.dropFold(team.wid, LOG);
      const refolded = writeState(open().log);
      return { seq: log.seq, same: text === refolded, reported };
    });
    expect([found.same, found.reported, found.seq >= said, found.seq >= kept]).toEqual([true, [], true, true]);
    kept = found.seq;
  }
  expect(kept).toBe(1_600);
});

test("what a transaction refused is neither in the store nor forgotten, and a state is saved only of what is kept", () => {
  const { kept, team, store, rows, open } = lived(10);
  const text = team.take(team.log, team.sign(team.ada, LOG, "server.key", { x: team.ada.key.x }));
  if (!text.ok) throw new Error("the test takes this as given");
  const entry = team.entries.at(-1)?.text ?? "";
  const taken = kept.ingest(LOG, entry);
  if (!taken.ok) throw new Error("the test takes this as given");
  expect(() =>
    store.write(() => {
      kept.keep(LOG, 11, [entry], [taken]);
      throw new Error("killed");
    }),
  ).toThrow("killed");
  expect([kept.log.hashes.at(11), rows.hashAt(team.wid, LOG, 11)]).toEqual([taken.head, undefined]);
  expect(open().log.seq).toBe(10);
});
