/** SQL of the heads that the server signed over verified entries. */
import type { SignedHeadRow, SignedHeadStore } from "#client/ports/store.ts";
import type { Store } from "./open.ts";

/** Of so many positions the newest head is kept. */
const EVERY = 100;

export const createSignedHeadStore = ({ db, write }: Store): SignedHeadStore => {
  const all = db.prepare<[string], SignedHeadRow>(
    "SELECT doc, seq, jws FROM signed_heads WHERE wid = ? ORDER BY doc, seq",
  );
  const drop = db.prepare<[string, string, number, number]>(
    "DELETE FROM signed_heads WHERE wid = ? AND doc = ? AND seq <= ? AND seq > ?",
  );
  const add = db.prepare<[string, string, number, string]>(
    "INSERT INTO signed_heads (wid, doc, seq, jws) VALUES (?, ?, ?, ?)",
  );
  return {
    signedHeads: (wid) => all.all(wid),
    addSignedHead: (wid, { doc, seq, jws }) =>
      write(() => {
        drop.run(wid, doc, seq, seq - 1 - ((seq - 1) % EVERY));
        add.run(wid, doc, seq, jws);
      }),
  };
};
