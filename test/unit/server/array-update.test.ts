import * as fc from "fast-check";
import { expect, test } from "vitest";
import * as Y from "yjs";
import { arrayUpdate, lengthInStateVector } from "../../../sync-server/server/fan-out/array-update.ts";
import { stateVector } from "../../helpers/wire-client.ts";

/** What Yjs itself makes of the same array. */
const byYjs = (entries: string[]): Y.Doc => {
  const doc = new Y.Doc();
  doc.clientID = 1;
  doc.getArray("e").push(entries);
  return doc;
};

test("[SV2] a whole document is byte for byte what Yjs writes", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary", maxLength: 40 }), { minLength: 1, maxLength: 30 }), (entries) => {
      expect(arrayUpdate(0, entries)).toEqual(Y.encodeStateAsUpdate(byYjs(entries)));
    }),
  );
});

test("[SV2] pages of any size, in order and with repeats, make the same document and state vector", () => {
  const pages = fc.array(fc.array(fc.string({ maxLength: 20 }), { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(pages, fc.nat(7), (parts, again) => {
      const all = parts.flat();
      const doc = new Y.Doc();
      let from = 0;
      const updates = parts.map((part) => {
        const update = arrayUpdate(from, part);
        from += part.length;
        return update;
      });
      for (const update of updates) Y.applyUpdate(doc, update);
      Y.applyUpdate(doc, updates[again % updates.length] as Uint8Array);
      expect(doc.getArray("e").toArray()).toEqual(all);
      expect(lengthInStateVector(Y.encodeStateVector(doc))).toBe(all.length);
      expect(Y.encodeStateVector(doc)).toEqual(Y.encodeStateVector(byYjs(all)));
    }),
  );
});

test("[SV2] a client that has a part gets the rest, as Yjs would send it", () => {
  const entries = ["a", "b", "c", "d"];
  const doc = byYjs(entries);
  expect(arrayUpdate(2, entries.slice(2))).toEqual(Y.encodeStateAsUpdate(doc, stateVector(2)));
  expect(arrayUpdate(4, [])).toEqual(Y.encodeStateAsUpdate(doc, Y.encodeStateVector(doc)));
});

test("[SV2] a state vector is read strictly, and other clients in it are ignored", () => {
  expect(lengthInStateVector(new Uint8Array([0]))).toBe(0);
  expect(lengthInStateVector(new Uint8Array([2, 9, 5, 1, 3]))).toBe(3);
  for (const bytes of [[], [1], [1, 1], [1, 1, 3, 0], [200]])
    expect(lengthInStateVector(new Uint8Array(bytes))).toBeNull();
});
