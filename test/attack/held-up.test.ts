/**
 * A server that was set back takes back what it lost, and somebody who may speak there keeps it from doing so, or keeps
 * everybody waiting for it. Whoever was removed after the copy was made gains most: what is not given back in time never is.
 */
import { describe, expect } from "vitest";
import { writeEntry } from "#core/protocol/entry.ts";
import { hashOf } from "#core/protocol/crypto.ts";
import { writeOffer } from "#core/protocol/give-back.ts";
import { LOG } from "#core/protocol/ids.ts";
import { CLOSE, OFFER } from "#core/protocol/wire.ts";
import { positionOf, startGiver } from "../helpers/giver.ts";
import { attack } from "../helpers/hostile.ts";
import { commandAt, dateOf, giverOf, lostOf, setBack, truly } from "../helpers/lost-log.ts";
import type { SetBack } from "../helpers/lost-log.ts";
import { crypto, makeKey, randomId } from "../helpers/node-crypto.ts";
import { untilAnswered } from "../helpers/wait.ts";
import { open } from "../helpers/wire-client.ts";

describe("[T26] [T15] somebody who may give keeps nobody else from giving", () => {
  attack("[GB4] by holding every place at a document and giving nothing", async ({ control }) => {
    const of = await setBack({ patienceMs: 300 });
    const silent = await Promise.all(Array.from({ length: 3 }, () => giverOf(of)));
    const answers = await Promise.all(silent.map((giver) => giver.offer(of.head(of.truth.length))));
    expect(answers.map(({ a }) => a)).toContain("give");
    const honest = await giverOf(of);
    await untilAnswered(
      async () => (await honest.offer(of.head(of.truth.length))).a === "give",
      "a place for the honest one",
      10_000,
    );
    expect(await honest.give(of.kept + 1, lostOf(of))).toMatchObject({ a: "done", s: of.truth.length });
    expect(await of.stored()).toEqual(of.truth);
    await control(async () => {
      await untilAnswered(async () => of.lines.includes("recovered"), "recovered");
      expect(await commandAt(of, of.world.ada)).toMatchObject({ ok: true });
    });
  });
});

describe("[T26] [T15] whoever gives is held to what a member may send", () => {
  attack("[GB4] a run in many frames goes through at full speed, and a flood of them does not", async ({ control }) => {
    const of = await setBack();
    const { world } = of;
    for (let i = 0; i < 80; i += 1) await world.send(world.log, world.ada, LOG, "server.key", { x: makeKey().x });
    await world.log.until(() => world.log.heads.some((head) => positionOf(head) >= of.truth.length + 80));
    const [truth, head] = [world.log.entries(), world.log.heads.at(-1) ?? ""];
    await control(async () => {
      const giver = await startGiver(of.url, world.wid, LOG);
      expect(await giver.offer(head)).toMatchObject({ a: "give", s: of.kept });
      for (let seq = of.kept + 1; seq < truth.length; seq += 1)
        expect(await giver.give(seq, [truth[seq - 1] ?? ""])).toMatchObject({ a: "give", s: seq });
      expect(await giver.give(truth.length, truth.slice(-1))).toMatchObject({ a: "done" });
      expect(await of.stored()).toEqual(truth);
    });
    const flood = await giverOf(of);
    await flood.offer(head);
    for (let i = 0; i < 1_000; i += 1) flood.wire.raw(writeOffer(OFFER, { head, nonce: randomId() }));
    expect((await flood.wire.closed).code).toBe(CLOSE.tooMuch);
  });
});

describe("[T26] somebody who may give holds nobody up for longer than it takes", () => {
  /** Entries of their own behind what is there, dated by the newest head. */
  const tail = (of: SetBack, t: number, length: number): string[] => {
    const entries: string[] = [];
    for (let s = of.truth.length + 1; entries.length < length; s += 1) {
      const p = hashOf(crypto, entries.at(-1) ?? of.truth.at(-1) ?? "");
      entries.push(
        writeEntry({ s, p, t, c: of.world.sign(of.ben, LOG, "member.rename", { name: `Ben ${s}` }), m: null }),
      );
    }
    return entries;
  };

  attack("[GB3] [GB7] by bringing ever newer and longer words that nothing proves", async ({ control }) => {
    const of = await setBack({ quietMs: 4_000 });
    await truly(of);
    const reader = await open(of.url, of.world.wid, LOG, of.ben);
    await reader.synced();
    let [last, length] = [0, 0];
    await untilAnswered(
      async () => {
        const head = reader.heads.at(-1);
        if (
          head === undefined ||
          dateOf(head) < last + 2_500 ||
          positionOf(head) < of.truth.length ||
          of.lines.includes("recovered")
        )
          return of.lines.includes("recovered");
        last = dateOf(head);
        const giver = await startGiver(of.url, of.world.wid, LOG);
        await giver.offer(head);
        await giver.give(of.truth.length + 1, tail(of, last, (length += 1))).catch(() => undefined);
        giver.wire.close();
        return false;
      },
      "the hold is over",
      15_000,
    );
    await control(async () => expect(await commandAt(of, of.world.ada)).toMatchObject({ ok: true }));
  });

  attack("[GB3] by giving one by one what only they have", async ({ control }) => {
    const of = await setBack({ quietMs: 500, stallMs: 60_000, longestMs: 2_000 });
    const giver = await giverOf(of);
    expect(await giver.offer(of.head(of.kept + 1))).toMatchObject({ a: "give" });
    expect(await giver.give(of.kept + 1, lostOf(of).slice(0, 1))).toMatchObject({ a: "done" });
    expect(await giver.offer(of.head(of.truth.length))).toMatchObject({ a: "give" });
    expect(await commandAt(of, of.ben)).toEqual({ ok: false, code: "recovering" });
    await untilAnswered(async () => of.lines.includes("recovered"), "the hold is over", 10_000);
    // Nor once more, for the next piece.
    await giver.offer(of.head(of.truth.length));
    await control(async () => expect(await commandAt(of, of.world.ada)).toMatchObject({ ok: true }));
  });
});
