/** SQL of what a start reads instead of the whole chain: positions of entries, folded states, and where a copy began. */
import type { DocName, Hash } from "#core/protocol/ids.ts";
import type { Begun, FoldRow, FoldStore, Position } from "#client/ports/store.ts";
import type { Store } from "./open.ts";

export const createFoldStore = (store: Store): FoldStore => ({
  ...positions(store),
  ...states(store),
  ...begun(store),
  ...epochs(store),
});

const positions = ({ db, write }: Store) => {
  const hash = db.prepare<[string, string, number], { hash: Hash }>(
    "SELECT hash FROM positions WHERE wid = ? AND doc = ? AND seq = ?",
  );
  const seq = db.prepare<[string, string, string], { seq: number }>(
    "SELECT seq FROM positions WHERE wid = ? AND doc = ? AND command = ?",
  );
  const all = db.prepare<[string, string, number], Position>(
    "SELECT seq, hash, command FROM positions WHERE wid = ? AND doc = ? AND seq <= ? ORDER BY seq",
  );
  const add = db.prepare("INSERT INTO positions (wid, doc, seq, hash, command) VALUES (?, ?, ?, ?, ?)");
  const drop = db.prepare("DELETE FROM positions WHERE wid = ? AND doc = ?");
  return {
    hashAt: (wid: string, doc: string, at: number) => hash.get(wid, doc, at)?.hash,
    seqOf: (wid: string, doc: string, command: string) => seq.get(wid, doc, command)?.seq,
    positions: (wid: string, doc: string, last: number) => all.all(wid, doc, last),
    addPositions: (wid: string, doc: string, added: readonly Position[]) =>
      write(() => added.forEach((item) => add.run(wid, doc, item.seq, item.hash, item.command))),
    dropPositions: (wid: string, doc: string) => void write(() => drop.run(wid, doc)),
  };
};

const states = ({ db, write }: Store) => {
  const read = db.prepare<[string, string], FoldRow>(
    "SELECT seq, head, state, sum FROM folds WHERE wid = ? AND doc = ?",
  );
  const save = db.prepare("INSERT OR REPLACE INTO folds (wid, doc, seq, head, state, sum) VALUES (?, ?, ?, ?, ?, ?)");
  const drop = db.prepare("DELETE FROM folds WHERE wid = ? AND doc = ?");
  return {
    fold: (wid: string, doc: string) => read.get(wid, doc),
    saveFold: (wid: string, doc: string, row: FoldRow) =>
      void write(() => save.run(wid, doc, row.seq, row.head, row.state, row.sum)),
    dropFold: (wid: string, doc: string) => void write(() => drop.run(wid, doc)),
  };
};

const begun = ({ db, write }: Store) => {
  const read = db.prepare<[string], Begun>("SELECT seq, state FROM begun WHERE wid = ?");
  const add = db.prepare("INSERT INTO begun (wid, seq, state) VALUES (?, ?, ?)");
  const end = db.prepare("DELETE FROM begun WHERE wid = ?");
  return {
    begun: (wid: string) => read.get(wid),
    begin: (wid: string, row: Begun) => void write(() => add.run(wid, row.seq, row.state)),
    endBegun: (wid: string) => void write(() => end.run(wid)),
  };
};

const epochs = ({ db, write }: Store) => {
  const all = db.prepare<[string], { doc: DocName }>("SELECT doc FROM closed_epochs WHERE wid = ? ORDER BY doc");
  const close = db.prepare("INSERT OR IGNORE INTO closed_epochs (wid, doc) VALUES (?, ?)");
  return {
    closedEpochs: (wid: string) => all.all(wid).map((row) => row.doc),
    closeEpoch: (wid: string, doc: string) => void write(() => close.run(wid, doc)),
  };
};
