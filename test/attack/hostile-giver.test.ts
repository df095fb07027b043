/**
 * A server that was set back to a copy takes back what it lost, and somebody tries to give it something else: made up, in
 * another order, of another time, for another place, or only the half that suits them. Each control is the true history
 * given at last: the server has it byte for byte.
 */
import { describe, expect } from "vitest";
import { DAY } from "#core/protocol/command.ts";
import { writeEntry } from "#core/protocol/entry.ts";
import { writeGiven } from "#core/protocol/give-back.ts";
import { LOG } from "#core/protocol/ids.ts";
import { CLOSE, GIVE } from "#core/protocol/wire.ts";
import { positionOf, startGiver } from "../helpers/giver.ts";
import { attack } from "../helpers/hostile.ts";
import { commandAt, dateOf, giverOf, lostOf, setBack, truly } from "../helpers/lost-log.ts";
import type { SetBack } from "../helpers/lost-log.ts";
import { crypto, makeKey } from "../helpers/node-crypto.ts";
import { jws, makePerson, QUEUE, requestBody } from "../helpers/people.ts";
import { seenBy } from "../helpers/sync-world.ts";
import { untilAnswered } from "../helpers/wait.ts";
import { open } from "../helpers/wire-client.ts";

const edited = (entry: string, change: object): string =>
  JSON.stringify({ ...(JSON.parse(entry) as object), ...change });

const HISTORIES: [string, (of: SetBack) => readonly string[]][] = [
  [
    "an own command, valid and in its place, in place of the last",
    (of) => {
      const last = JSON.parse(of.truth.at(-1) ?? "{}") as { s: number; p: string; t: number };
      const own = of.world.sign(
        of.mallory,
        LOG,
        "member.rename",
        { name: "Owner" },
        { seen: [1, crypto.sha256(of.truth[0] ?? "")] },
      );
      return [...lostOf(of).slice(0, -1), writeEntry({ ...last, p: last.p as never, c: own, m: null })];
    },
  ],
  ["the entries in another order", (of) => lostOf(of).toReversed()],
  [
    "an entry that is dated a second earlier",
    (of) =>
      lostOf(of).map((entry, index) =>
        index === 0 ? edited(entry, { t: (JSON.parse(entry) as { t: number }).t - 1_000 }) : entry,
      ),
  ],
  ["an entry left out and another twice", (of) => [...lostOf(of).slice(1), lostOf(of)[1] ?? ""]],
  ["the same words with another spelling", (of) => lostOf(of).map((entry) => entry.replace("{", "{ "))],
  ["no words at all", (of) => lostOf(of).map(() => "x")],
];

describe("[T26] [T15] what is given back to a server must be what it had", () => {
  attack.for(HISTORIES)("[GB2] under a true head: %s", async ([, history], { control }) => {
    const of = await setBack();
    const giver = await giverOf(of);
    expect(await giver.offer(of.head(of.truth.length))).toMatchObject({ a: "give" });
    expect(await giver.give(of.kept + 1, history(of))).toMatchObject({ a: "refused", s: of.kept });
    expect(await of.stored()).toEqual(of.truth.slice(0, of.kept));
    await control(() => truly(of));
  });

  const heads: [string, (of: SetBack) => string | Promise<string>][] = [
    [
      "signed with another key",
      (of) =>
        jws(makeKey(), of.mallory.device, "bulkhead-head+jws", {
          v: 1,
          w: of.world.wid,
          d: LOG,
          s: 99,
          h: "h".repeat(43),
          t: 1,
        }),
    ],
    [
      "signed by a member",
      (of) =>
        jws(of.mallory.key, of.mallory.device, "bulkhead-head+jws", {
          v: 1,
          w: of.world.wid,
          d: LOG,
          s: 99,
          h: "h".repeat(43),
          t: 1,
        }),
    ],
    [
      "with another position under the same signature",
      (of) => {
        const [header = "", body = "", signature = ""] = of.head(of.truth.length).split(".");
        return [
          header,
          crypto.encode((crypto.decode(body) ?? "").replace(`"s":${of.truth.length}`, '"s":99')),
          signature,
        ].join(".");
      },
    ],
    [
      "of another list",
      async (of) => {
        const wire = await open(of.world.url, of.world.wid, "queue:approvers", of.ben);
        await wire.synced();
        await wire.until(() => wire.heads.length > 0);
        return wire.heads[0] ?? "";
      },
    ],
    [
      "that the server signed as an answer",
      async (of) => {
        const giver = await giverOf(of);
        await giver.offer(of.head(of.kept));
        return giver.wire.wants[0] ?? "";
      },
    ],
    ["that is none", () => "trust me"],
  ];
  attack.for(heads)("[GB1] [T15] nobody is heard with a head %s", async ([, head], { control }) => {
    const of = await setBack();
    const giver = await giverOf(of);
    await expect(giver.offer(await head(of))).rejects.toThrow();
    expect((await giver.wire.closed).code).toBe(CLOSE.unauthorized);
    expect(await of.stored()).toHaveLength(of.kept);
    await control(() => truly(of));
  });

  attack(
    "[GB1] a giver reads nothing and sends no command, and nothing is taken that was not asked for",
    async ({ control }) => {
      const of = await setBack();
      const unasked = await giverOf(of);
      unasked.wire.raw(writeGiven(GIVE, { from: of.kept + 1, entries: lostOf(of) }));
      expect((await unasked.wire.closed).code).toBe(CLOSE.malformed);
      const reader = await giverOf(of);
      await reader.offer(of.head(of.kept));
      reader.wire.step1();
      await reader.offer(of.head(of.kept));
      expect(reader.wire.entries()).toEqual([]);
      reader.wire.cmd(of.world.sign(of.mallory, LOG, "member.rename", { name: "Owner" })).catch(() => undefined);
      expect((await reader.wire.closed).code).toBe(CLOSE.unauthorized);
      await control(() => truly(of));
    },
  );

  attack("[GB2] gaps, more than was asked for, and another workspace's history", async ({ control }) => {
    const of = await setBack();
    for (const [from, entries] of [
      [of.kept + 2, lostOf(of)],
      [of.kept, of.truth.slice(of.kept - 1)],
      [of.kept + 1, [...lostOf(of), "more"]],
    ] as const) {
      const giver = await giverOf(of);
      await giver.offer(of.head(of.truth.length));
      expect(await giver.give(from, entries)).toMatchObject({ a: "refused" });
    }
    const other = await setBack();
    const stranger = await startGiver(of.url, other.world.wid, LOG);
    await expect(stranger.offer(other.head(other.truth.length))).rejects.toThrow();
    expect(await of.stored()).toHaveLength(of.kept);
    await control(() => truly(of));
  });

  attack(
    "[GB4] more than a run may hold is not held, and who says nothing gives way to the next",
    async ({ control }) => {
      const of = await setBack({ runMax: 3_000, giveWithinMs: 700 });
      const full = await giverOf(of);
      await full.offer(of.head(of.truth.length));
      expect(await full.give(of.kept + 1, ["x".repeat(4_000)])).toMatchObject({ a: "refused" });
      const silent = await giverOf(of);
      for (const each of [silent, await giverOf(of), await giverOf(of)])
        expect(await each.offer(of.head(of.truth.length))).toMatchObject({ a: "give" });
      const next = await giverOf(of);
      expect(await next.offer(of.head(of.truth.length))).toMatchObject({ a: "wait" });
      expect((await silent.wire.closed).code).toBe(CLOSE.authTooLate);
      await control(async () => {
        const small = await giverOf(of);
        const first = of.head(of.kept + 1);
        expect(await small.offer(first)).toMatchObject({ a: "give" });
        expect(await small.give(of.kept + 1, lostOf(of).slice(0, 1))).toMatchObject({ a: "done" });
      });
    },
  );
});

describe("[T26] [T15] somebody who was removed after the copy was made", () => {
  attack(
    "[GB3] cannot give back the half that suits them and then write: who has the rest comes first",
    async ({ control }) => {
      const of = await setBack({ quietMs: 3_000 });
      const giver = await giverOf(of);
      // All that was before the removal, which is true.
      expect(await giver.offer(of.head(of.kept + 1))).toMatchObject({ a: "give" });
      expect(await giver.give(of.kept + 1, lostOf(of).slice(0, 1))).toMatchObject({ a: "done" });
      expect(await commandAt(of, of.mallory)).toEqual({ ok: false, code: "recovering" });
      await control(async () => {
        const honest = await giverOf(of);
        await honest.offer(of.head(of.truth.length));
        expect(await honest.give(of.kept + 2, lostOf(of).slice(1))).toMatchObject({ a: "done" });
        await untilAnswered(async () => of.lines.includes("recovered"), "recovered");
        expect(await commandAt(of, of.world.ada)).toMatchObject({ ok: true, s: of.truth.length + 1 });
      });
      await expect(commandAt(of, of.mallory)).rejects.toThrow("closed with");
    },
  );

  attack("[GB3] cannot write at another node while this one is given back what it lost", async ({ control }) => {
    const of = await setBack({ quietMs: 3_000 });
    const there = { ...of, url: await of.beside() };
    const giver = await giverOf(of);
    await giver.offer(of.head(of.truth.length));
    await untilAnswered(
      async () => of.lines.filter((event) => event === "set-back").length === 2,
      "the other node knows",
    );
    expect(await commandAt(there, of.mallory)).toEqual({ ok: false, code: "recovering" });
    await control(async () => {
      await giver.give(of.kept + 1, lostOf(of));
      await untilAnswered(async () => of.lines.filter((event) => event === "recovered").length === 2, "both recovered");
      expect(await commandAt(there, of.world.ada)).toMatchObject({ ok: true, s: of.truth.length + 1 });
    });
    await expect(commandAt(there, of.mallory)).rejects.toThrow("closed with");
  });

  attack("[GB3] cannot hold a workspace up with what they prove and do not give", async ({ control }) => {
    const of = await setBack({ stallMs: 1_000 });
    const giver = await giverOf(of);
    await giver.offer(of.head(of.truth.length));
    expect(await commandAt(of, of.ben)).toEqual({ ok: false, code: "recovering" });
    await untilAnswered(async () => of.lines.includes("recovered"), "the hold is over");
    await giver.offer(of.head(of.truth.length));
    await control(async () => expect(await commandAt(of, of.world.ada)).toMatchObject({ ok: true }));
  });

  attack("[GB2] cannot put two histories together once something was appended to the copy", async ({ control }) => {
    const of = await setBack();
    expect(await commandAt(of, of.world.ada)).toMatchObject({ ok: true, s: of.kept + 1 });
    const now = await of.stored();
    const behind = await giverOf(of);
    expect(await behind.offer(of.head(of.kept + 1))).toMatchObject({ a: "fork" });
    const ahead = await giverOf(of);
    expect(await ahead.offer(of.head(of.truth.length))).toMatchObject({ a: "give", s: of.kept + 1 });
    expect(await ahead.give(of.kept + 2, of.truth.slice(of.kept + 1))).toMatchObject({ a: "fork" });
    expect(await of.stored()).toEqual(now);
    expect(of.lines).toContain("give-back-fork");
    // Nobody is held up by what cannot be.
    await control(async () => {
      await untilAnswered(async () => of.lines.includes("recovered"), "the hold is over");
      expect(await commandAt(of, of.world.ada)).toMatchObject({ ok: true, s: of.kept + 2 });
    });
  });

  attack(
    "[GB1] a device that the copy never knew gives back its own joining, and no more than that",
    async ({ control }) => {
      const of = await setBack();
      const dana = makePerson("Dana");
      await expect(commandAt(of, dana)).rejects.toThrow("closed with");
      await control(() => truly(of));
      await expect(commandAt(of, dana)).rejects.toThrow("closed with");
    },
  );
});

describe("[T26] [T15] what the server took last, and had not signed", () => {
  /** Gives all but the last entry as proven, and then says what came after it. */
  const withTail = async (of: SetBack, tail: readonly string[]): Promise<string> => {
    const { length } = of.truth;
    const giver = await giverOf(of);
    if ((await giver.offer(of.head(length - 1))).a === "give")
      await giver.give(of.kept + 1, of.truth.slice(of.kept, length - 1));
    return (await giver.give(length, tail)).a;
  };
  const last = (of: SetBack, change: object = {}): string => edited(of.truth.at(-1) ?? "{}", change);
  const timeOf = (entry: string): number => (JSON.parse(entry) as { t: number }).t;

  const tails: [string, (of: SetBack) => readonly string[]][] = [
    ["dated before the newest head", (of) => [last(of, { t: timeOf(last(of)) - 60_000 })]],
    ["dated after the next head would have come", (of) => [last(of, { t: timeOf(last(of)) + 60_000 })]],
    ["in a time of the workspace that is a thousand years ahead", (of) => [last(of, { a: 1_000 * 365 * DAY })]],
    ["behind another entry", (of) => [last(of, { p: "x".repeat(43) })]],
    ["that is no entry", () => ["trust me"]],
  ];
  attack.for(tails)("[GB7] is not believed %s", async ([, tail], { control }) => {
    const of = await setBack();
    expect(await withTail(of, tail(of))).toBe("refused");
    expect(await of.stored()).toHaveLength(of.truth.length - 1);
    await control(async () => {
      expect(await withTail(of, [last(of)])).toBe("wait");
      await untilAnswered(async () => of.lines.includes("recovered"), "recovered");
      expect(await of.stored()).toEqual(of.truth);
    });
  });

  attack(
    "[GB7] is not believed days before what else the server had, in a list where nothing was lost",
    async ({ control }) => {
      const of = await setBack();
      const { world, ben } = of;
      const queue = await open(world.url, world.wid, QUEUE, ben);
      await queue.synced();
      const headFrom = async (t: number): Promise<string> =>
        queue
          .until(() => queue.heads.some((head) => dateOf(head) >= t))
          .then(() => queue.heads.findLast((head) => dateOf(head) >= t) ?? "");
      const early = await headFrom(0);
      world.pass(3 * DAY);
      await world.member("Dora");
      await world.log.until(() => world.log.heads.some((head) => positionOf(head) > of.truth.length));
      const late = await headFrom(dateOf(early) + DAY);
      const log = await giverOf(of);
      await log.offer(world.log.heads.at(-1) ?? "");
      expect(await log.give(of.kept + 1, world.log.entries().slice(of.kept))).toMatchObject({ a: "done" });
      const asks = async (head: string): Promise<string> => {
        const giver = await startGiver(of.url, world.wid, QUEUE);
        expect(await giver.offer(head)).toMatchObject({ a: "done", s: 0 });
        const t = dateOf(head);
        const c = world.sign(ben, QUEUE, "approval.request", requestBody(), {
          exp: t + 60_000,
          seen: seenBy(of.truth.slice(0, of.kept)),
        });
        return (
          await giver.give(1, [
            writeEntry({ s: 1, p: "", t, c, m: [of.kept, crypto.sha256(of.truth[of.kept - 1] ?? "")] as never }),
          ])
        ).a;
      };
      expect(await asks(early)).toBe("refused");
      await control(async () => expect(await asks(late)).toBe("wait"));
    },
  );

  attack("[GB7] must fold like anything else, and where nothing is lost nothing is taken", async ({ control }) => {
    const of = await setBack();
    const own = of.world.sign(
      of.mallory,
      LOG,
      "member.remove",
      { member: of.ben.member },
      { seen: [1, crypto.sha256(of.truth[0] ?? "")] },
    );
    expect(await withTail(of, [last(of, { c: own })])).toBe("wait");
    await untilAnswered(async () => of.lines.includes("recovered"), "recovered");
    expect(await of.stored()).toHaveLength(of.truth.length - 1);
    expect(of.lines).toContain("give-back-refused");
    // It is over: what comes now is no loss.
    expect(await withTail(of, [last(of)])).toBe("refused");
    await control(() => truly({ ...of, kept: of.truth.length - 1 }));
  });
});
