/** The server's words against its deeds, on a clock of its own. */
import { describe, expect, test } from "vitest";
import { HEAD_TYP } from "#core/protocol/command.ts";
import { laneDoc, LOG } from "#core/protocol/ids.ts";
import type { DocName, Hash } from "#core/protocol/ids.ts";
import { clientCrypto } from "#node/client-crypto.ts";
import { KEEPS_WORD_MS, SILENT_MS } from "#client/copy/claim.ts";
import { createWitness } from "#client/copy/witness.ts";
import { makeKey } from "../../helpers/node-crypto.ts";
import { createTeam, jws } from "../../helpers/people.ts";

const setup = (over: { verified?: number; key?: boolean } = {}) => {
  const team = createTeam();
  const server = makeKey();
  team.given(team.ada, LOG, "server.key", { x: server.x });
  const lane = laneDoc(team.ada.member);
  const lengths = new Map<DocName, number>([[LOG, over.verified ?? 2]]);
  const commands = new Map<string, number>();
  const lies: string[] = [];
  let at = 0;
  const witness = createWitness({
    crypto: clientCrypto,
    log: team.log,
    now: () => team.now + at,
    monotonic: () => at,
    length: (doc) => lengths.get(doc) ?? 0,
    waiting: () => 0,
    hashAt: (_doc, seq) => (seq === 0 ? "" : `${"h".repeat(42)}${seq}`),
    seqOf: (doc, command) => commands.get(`${doc} ${command}`),
    lie: (code, doc) => void lies.push(`${code} ${doc}`),
  });
  const head = (doc: DocName, s: number, t: number, h = s === 0 ? "" : `${"h".repeat(42)}${s}`) =>
    witness.head(doc, jws(server, team.ada.device, HEAD_TYP, { v: 1, w: team.wid, d: doc, s, h, t: team.now + t }));
  return { team, witness, lies, lane, lengths, commands, head, pass: (ms: number) => void (at += ms) };
};

describe("[LY1] fewer entries than were verified", () => {
  test("in WELCOME are one where it does not get them back in time, of any document", () => {
    const { witness, lies, lane, lengths, pass } = setup();
    lengths.set(lane, 3);
    witness.welcomed(lane, 3);
    expect([witness.short(), witness.owes([lane])]).toEqual([false, false]);
    witness.welcomed(LOG, 1);
    witness.welcomed(lane, 2);
    expect([witness.short(), witness.owes([lane])]).toEqual([true, true]);
    pass(KEEPS_WORD_MS);
    expect([witness.doubt(), lies]).toEqual([null, []]);
    witness.took();
    pass(KEEPS_WORD_MS);
    expect([witness.doubt(), lies]).toEqual([null, []]);
    pass(1);
    witness.doubt();
    expect(lies.toSorted()).toEqual([`rollback ${lane}`, `rollback ${LOG}`]);
  });

  test("are forgiven when it has them, and not for hanging up", () => {
    const { witness, lies, pass } = setup();
    witness.welcomed(LOG, 1);
    pass(KEEPS_WORD_MS - 1);
    witness.down(LOG);
    // Nobody is short of anything who is not there.
    pass(10 * KEEPS_WORD_MS);
    expect([witness.short(), witness.doubt(), lies]).toEqual([false, null, []]);
    witness.welcomed(LOG, 1);
    pass(2);
    witness.doubt();
    expect(lies).toEqual([`rollback ${LOG}`]);
    witness.welcomed(LOG, 2);
    expect(witness.short()).toBe(false);
  });

  test("in a head are one where none corrects it in time, because a node may not have heard yet", () => {
    const { witness, lies, head, pass } = setup();
    witness.welcomed(LOG, 2);
    expect([head(LOG, 1, 1), witness.owes([LOG])]).toEqual([null, true]);
    pass(KEEPS_WORD_MS);
    expect([witness.doubt(), lies]).toEqual([null, []]);
    expect(head(LOG, 2, 2)).toMatchObject({ s: 2 });
    pass(KEEPS_WORD_MS + 1);
    expect([witness.doubt(), lies]).toEqual([null, []]);
    head(LOG, 1, 3);
    pass(KEEPS_WORD_MS + 1);
    witness.doubt();
    expect(lies).toEqual([`rollback ${LOG}`]);
  });
});

describe("[LY3] two heads for one position", () => {
  test.each(["log", "a lane"])(
    "are a fork: verified against shown, shown against shown, shown against what comes (%s)",
    (which) => {
      const doc = (of: { lane: DocName }): DocName => (which === "log" ? LOG : of.lane);
      const code = which === "log" ? "log-fork" : "fork";
      const verified = setup();
      verified.lengths.set(doc(verified), 2);
      verified.head(doc(verified), 1, 1, "x".repeat(43));
      const twice = setup();
      twice.head(doc(twice), 9, 1);
      twice.head(doc(twice), 9, 2, "x".repeat(43));
      const later = setup();
      later.head(doc(later), 9, 1, "x".repeat(43));
      expect(later.lies).toEqual([]);
      later.lengths.set(doc(later), 9);
      later.witness.grew(doc(later));
      for (const each of [verified, twice, later]) expect(each.lies).toEqual([`${code} ${doc(each)}`]);
    },
  );

  test("a position that an approval names is one of them", () => {
    const { witness, lies, lengths } = setup();
    witness.named(5, "x".repeat(43), "entry");
    lengths.set(LOG, 5);
    witness.grew(LOG);
    expect(lies).toEqual([`log-fork ${LOG}`]);
  });
});

describe("[LY5] what was named and does not come", () => {
  test.each(["a head", "WELCOME", "an approval"])(
    "by %s: withheld after 30 s without progress, and over when it comes",
    (by) => {
      const { witness, head, pass, lengths } = setup();
      witness.welcomed(LOG, by === "WELCOME" ? 4 : 2);
      if (by === "a head") head(LOG, 4, 1);
      if (by === "an approval") witness.named(4, `${"h".repeat(42)}4`, "entry");
      expect([witness.owes([LOG]), witness.doubt()]).toEqual([true, null]);
      pass(KEEPS_WORD_MS);
      lengths.set(LOG, 3);
      witness.grew(LOG);
      pass(KEEPS_WORD_MS);
      expect(witness.doubt()).toBeNull();
      pass(1);
      expect(witness.doubt()).toMatchObject({ code: "withheld", doc: LOG });
      lengths.set(LOG, 4);
      witness.grew(LOG);
      head(LOG, 4, 99_999);
      expect([witness.owes([LOG]), witness.doubt()]).toEqual([false, null]);
    },
  );

  test("nothing is withheld while there is no connection", () => {
    const { witness, pass } = setup();
    witness.welcomed(LOG, 4);
    witness.down(LOG);
    pass(KEEPS_WORD_MS * 10);
    expect(witness.doubt()).toBeNull();
  });

  test("[LY7] a command that was confirmed: withheld where it never comes, a lie where another stands in its place", () => {
    const { witness, pass, commands, lengths, lies, lane } = setup();
    const [one, two] = ["1".repeat(43) as Hash, "2".repeat(43) as Hash];
    witness.welcomed(lane, 0);
    witness.promised(one, [lane], { doc: lane, seq: 1 }, "ack");
    pass(KEEPS_WORD_MS + 1);
    expect(witness.doubt()).toMatchObject({ code: "withheld", shown: "ack" });
    commands.set(`${lane} ${one}`, 1);
    lengths.set(lane, 1);
    witness.grew(lane);
    expect([witness.doubt(), lies]).toEqual([null, []]);
    witness.promised(two, [lane], { doc: lane, seq: 2 }, "ack");
    lengths.set(lane, 2);
    witness.grew(lane);
    expect(lies).toEqual([`ack-broken ${lane}`]);
  });
});

describe("[LY6] a server that stands still", () => {
  test("is frozen after a minute without a head, and not before", () => {
    const { witness, head, pass } = setup();
    witness.welcomed(LOG, 2);
    head(LOG, 2, 1);
    pass(SILENT_MS);
    expect(witness.doubt()).toBeNull();
    pass(1);
    expect(witness.doubt()).toMatchObject({ code: "frozen" });
    head(LOG, 2, 2);
    expect(witness.doubt()).toBeNull();
  });

  test("the same head again, an earlier one, or one dated before the newest entry shows nothing", () => {
    const { witness, head, pass } = setup();
    witness.welcomed(LOG, 2);
    expect(head(LOG, 2, -1)).toBeNull();
    expect(head(LOG, 2, 10_000)).toMatchObject({ s: 2 });
    pass(15_000);
    expect([head(LOG, 2, 10_000), head(LOG, 2, 9_000)]).toEqual([null, null]);
    pass(SILENT_MS);
    expect(witness.doubt()).toMatchObject({ code: "head-old" });
    // A server signs one head for all readers of a moment, so right after a reconnect it may come again.
    expect(head(LOG, 2, 20_000)).not.toBeNull();
    pass(1_000);
    expect(head(LOG, 2, 20_000)).not.toBeNull();
  });

  test("a head by another key than the recorded one counts for nothing and is told", () => {
    const { witness, team } = setup();
    witness.welcomed(LOG, 2);
    expect(
      witness.head(
        LOG,
        jws(makeKey(), team.ada.device, HEAD_TYP, { v: 1, w: team.wid, d: LOG, s: 2, h: "", t: team.now }),
      ),
    ).toBeNull();
    expect(witness.doubt()).toMatchObject({ code: "head-signature" });
  });

  test("a head by a key that the rest of the log may name is not held against the server yet", () => {
    const { witness, team } = setup();
    witness.welcomed(LOG, 5);
    expect(
      witness.head(
        LOG,
        jws(makeKey(), team.ada.device, HEAD_TYP, { v: 1, w: team.wid, d: LOG, s: 5, h: "", t: team.now }),
      ),
    ).toBeNull();
    expect(witness.doubt()).toBeNull();
  });
});

describe("[LY6] a server whose clock was ahead and is right again", () => {
  const DAY = 86_400_000;
  test("is heard at once, and not for what was heard before it was ahead", () => {
    const { witness, head, pass } = setup();
    witness.welcomed(LOG, 2);
    expect(head(LOG, 2, 0)).toMatchObject({ s: 2 });
    pass(15_000);
    expect(head(LOG, 2, 2 * DAY)).toMatchObject({ s: 2 });
    pass(15_000);
    expect(head(LOG, 2, 30_000)).toMatchObject({ s: 2 });
    pass(15_000);
    // From there on only what is newer counts, as ever.
    expect(head(LOG, 2, 25_000)).toBeNull();
    expect(head(LOG, 2, 45_000)).toMatchObject({ s: 2 });
    expect(witness.doubt()).toBeNull();
  });

  test("is not heard where its dates are near no clock that was right", () => {
    const { witness, head, pass } = setup();
    witness.welcomed(LOG, 2);
    head(LOG, 2, 0);
    pass(15_000);
    head(LOG, 2, 10 * DAY);
    expect(head(LOG, 2, 5 * DAY)).toBeNull();
    expect(head(LOG, 2, 11 * DAY)).toMatchObject({ s: 2 });
  });
});
