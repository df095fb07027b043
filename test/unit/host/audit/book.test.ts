import { describe, expect, test } from "vitest";
import { auditOrder, createAudit } from "#core/audit/audit.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { WAITING_MAX } from "#core/rules/waiting.ts";
import { createAudits } from "../../../../electron/host/audit/audits.ts";
import { createBook } from "../../../../electron/host/audit/book.ts";
import type { WorkspaceStore } from "#client/ports/store.ts";
import { told } from "#bridge/told.ts";
import { crypto } from "../../../helpers/node-crypto.ts";
import { until } from "../../../helpers/wait.ts";
import { createTeam, lane, QUEUE, requestBody } from "../../../helpers/people.ts";
import type { Person, Team } from "../../../helpers/people.ts";

const REQUESTS = 250;
/** A team in which people ask, with the log growing in between. */
const busy = (): Team => {
  const team = createTeam();
  const people = Array.from({ length: REQUESTS / WAITING_MAX }, (_, i) => team.member(`Person ${i}`));
  for (let i = 0; i < REQUESTS; i += 1) {
    team.given(people[i % people.length] as Person, QUEUE, "approval.request", requestBody());
    team.pass(10);
    if (i % 50 === 0)
      team.given(team.ada, LOG, "role.define", { id: "helper", name: `Helper ${i}`, caps: ["tools.use"] });
  }
  return team;
};
const documentsOf = (team: Team): Map<DocName, string[]> => {
  const documents = new Map<DocName, string[]>();
  for (const { doc, text } of team.entries) documents.set(doc, [...(documents.get(doc) ?? []), text]);
  return documents;
};
/** Rows as whoever has all entries writes them. */
const rowsOf = (team: Team) => {
  const audit = createAudit({ crypto }, team.wid);
  return auditOrder(documentsOf(team)).map(({ doc, entry }) => {
    const taken = audit.next(doc, entry);
    if (!taken.ok) throw new Error(taken.code);
    return taken.row;
  });
};
/** Kept entries, as much of each document as `show` was told. */
const kept = (team: Team, lost = 0) => {
  const documents = documentsOf(team).set(lane(team.ada) as DocName, ["a lane is not read"]);
  const shown = new Map<string, number>();
  const rows = {
    unreadDocs: () => lost,
    docs: () => [...documents.keys()].filter((doc) => (shown.get(doc) ?? 0) > 0),
    entries: (_wid: string, doc: string, from = 1, count = -1) =>
      (documents.get(doc as DocName) ?? [])
        .slice(0, shown.get(doc) ?? 0)
        .slice(from - 1, count === -1 ? undefined : from - 1 + count),
  };
  return {
    rows,
    length: (doc: DocName) => documents.get(doc)?.length ?? 0,
    show: (doc: DocName, length: number) => void shown.set(doc, length),
  };
};

describe("the rows of an audit", () => {
  test("[AU1] are written in slices, with others getting their turn, and say how far they are", async () => {
    const team = busy();
    const { rows, show, length } = kept(team);
    for (const doc of [LOG, QUEUE]) show(doc, length(doc));
    show(lane(team.ada) as DocName, 1);
    const told: (number | null)[] = [];
    const book = createBook(team.wid, rows, () => told.push(book.progress()?.done ?? null));
    let turns = 0;
    const spin = () => {
      turns += 1;
      if (book.lines().length < length(LOG) + length(QUEUE)) setImmediate(spin);
    };
    book.look();
    setImmediate(spin);
    await book.settled();
    expect(book.lines().map((line) => book.whole(line))).toEqual(rowsOf(team));
    expect(told.filter((done) => done !== null)).toEqual(told.slice(0, -1));
    expect(told.length).toBeGreaterThan(2);
    expect(turns).toBeGreaterThan(2);
    expect([book.progress(), book.incomplete()]).toEqual([null, false]);
  });

  test("are incomplete where a document that is kept here cannot be named", async () => {
    const team = busy();
    for (const lost of [0, 1]) {
      const { rows, show } = kept(team, lost);
      show(LOG, 4);
      const book = createBook(team.wid, rows, () => undefined);
      book.look();
      await book.settled();
      expect([book.lines().length, book.incomplete()]).toEqual([4, lost === 1]);
    }
  });

  test("[AU5] are the same in whatever order the documents came in, also when an entry comes late", async () => {
    const team = busy();
    const { rows, show, length } = kept(team);
    const book = createBook(team.wid, rows, () => undefined);
    show(LOG, 4);
    book.look();
    await book.settled();
    const first = book.lines();
    expect(first).toHaveLength(4);
    // What follows what is there joins it.
    show(LOG, length(LOG));
    book.look();
    await book.settled();
    expect(book.lines()).toBe(first);
    expect(book.incomplete()).toBe(false);
    // What stands before it makes another book, and the old one keeps what it was.
    show(QUEUE, length(QUEUE));
    book.look();
    await book.settled();
    expect(book.lines()).not.toBe(first);
    expect(first).toHaveLength(length(LOG));
    expect(book.lines().map((line) => book.whole(line))).toEqual(rowsOf(team));
  });

  test("end where an entry is missing, say so, and go on when it is there", async () => {
    const team = busy();
    const { rows, show, length } = kept(team);
    const book = createBook(team.wid, rows, () => undefined);
    // The queue names log positions that are not here.
    show(LOG, 3);
    show(QUEUE, length(QUEUE));
    book.look();
    await book.settled();
    expect(book.incomplete()).toBe(true);
    show(LOG, length(LOG));
    book.look();
    await book.settled();
    expect(book.incomplete()).toBe(false);
    expect(book.lines()).toHaveLength(length(LOG) + length(QUEUE));
  });

  test("are written no further once the book is closed", async () => {
    const team = busy();
    const { rows, show, length } = kept(team);
    show(LOG, length(LOG));
    const book = createBook(team.wid, rows, () => undefined);
    book.look();
    book.close();
    await book.settled();
    expect(book.lines()).toEqual([]);
  });
});

/** What a window goes by: rows that it has stay where they are while this is the same. */
const editionOf = ({ version }: { readonly version: string }): string | undefined => version.split(".")[1];
test.each([
  ["kept", 0],
  ["forgotten meanwhile", 121],
])("a window is told when rows stand elsewhere than before, also of a book that was %s", async (_what, ticks) => {
  const team = busy();
  const { rows, show, length } = kept(team);
  const audits = createAudits({
    rows: rows as unknown as WorkspaceStore,
    may: () => ({ allowed: true, why: told("note", "") }),
    name: () => "Team",
    publish: () => undefined,
  });
  const whole = async (count: number) => {
    await until(() => audits.view(team.wid).rows === count && audits.view(team.wid).progress === null, "the audit");
    const { rows: shown } = await audits.page(team.wid, { member: null, kind: null, text: "" }, 0, count);
    return { edition: editionOf(audits.view(team.wid)), hashes: shown.map(({ doc, seq }) => `${doc} ${seq}`) };
  };
  show(LOG, 5);
  const before = await whole(5);
  // The control: what follows what is there moves nothing.
  show(LOG, length(LOG));
  audits.arrived(team.wid);
  const grown = await whole(length(LOG));
  expect(grown.hashes.slice(0, 5)).toEqual(before.hashes);
  expect(grown.edition).toBe(before.edition);
  for (let n = 0; n < ticks; n += 1) audits.tick();
  show(QUEUE, length(QUEUE));
  audits.arrived(team.wid);
  const later = await whole(length(LOG) + length(QUEUE));
  expect(later.hashes.slice(0, grown.hashes.length)).not.toEqual(grown.hashes);
  expect(later.edition).not.toBe(grown.edition);
  audits.close();
});
