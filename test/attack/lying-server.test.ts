/**
 * A server that lies to a real app over real sockets. It has the real workspace, the real key and every signed command,
 * and says what no honest server says. Each lie is told while an approval waits to be used: it must not run, nothing
 * verified may be lost, what needs no approval goes on, and the person is told which lie it was. The positive control is
 * the same server telling the truth: the app is in sync again and the approval runs.
 */
import { wordsOf } from "../helpers/worded.ts";
import { describe, expect } from "vitest";
import * as encoding from "lib0/encoding";
import * as Y from "yjs";
import { LOG } from "#core/protocol/ids.ts";
import { CLOSE, HEAD, HELLO, SYNC, WELCOME, writeText } from "#core/protocol/wire.ts";
import { SERVER } from "../helpers/app.ts";
import { lie } from "../helpers/hostile.ts";
import { ackFrame, entriesFrame, sha256, strangerKey, welcomeFrame } from "../helpers/liar-said.ts";
import type { Lie, Said } from "../helpers/liar-said.ts";
import { evidenceOf, holdsOut, keptBy, main, startLiedTo } from "../helpers/lied-to.ts";
import type { LiedTo } from "../helpers/lied-to.ts";
import { PATIENCE_MS, until } from "../helpers/wait.ts";

/** What an app says when it is lied to: which lie, and what its status line shows. */
type Told = "tampered" | "withheld";
interface Row {
  readonly lie: string;
  readonly says: string;
  readonly told?: Told;
  /** Begins to lie; what is said stays so until the truth. */
  readonly begin: (of: LiedTo) => Promise<void> | void;
  /** Time that passes then, ms. */
  readonly later?: number;
  /** Told once, so connecting again is enough. */
  readonly once?: true;
  /** The app holds what the server now denies for ever; the control is somebody who was told the truth. */
  readonly stays?: true;
}
type Head = Extract<Said, { kind: "head" }>;
const isLane = (of: LiedTo): string => of.lane();

/** Says something else in place of each head of these documents. */
const headsOf =
  (docs: (of: LiedTo) => string, say: (of: LiedTo, head: Head, doc: string) => Promise<Uint8Array[]> | Uint8Array[]) =>
  (of: LiedTo) => {
    of.his.tell(docs(of), (said, on) => {
      if (said.kind !== "head") return true;
      void (async () => {
        for (const frame of await say(of, said, on.doc)) on.say(frame);
      })();
      return [];
    });
  };
/** Says other entries than the server has next. */
const entriesOf =
  (
    docs: (of: LiedTo) => string,
    change: (entries: readonly string[], of: LiedTo, from: number) => readonly unknown[],
  ) =>
  async (of: LiedTo) => {
    of.his.tell(docs(of), (said) =>
      said.kind === "entries" && said.entries.length > 0
        ? [entriesFrame(said.from, change(said.entries, of, said.from) as string[], said.whole)]
        : true,
    );
    if (docs(of) === LOG) await of.act();
    else await of.ben.room.authority.ask(of.ben.call(of.wid, SERVER, "{}"));
  };
/** The same, of several entries that came while Ben was away. */
const pageOf = (change: (entries: readonly string[], of: LiedTo) => readonly string[]) => async (of: LiedTo) => {
  await of.ben.room.handlers["workspace.pause"]({ wid: of.wid, paused: true }, main);
  for (let i = 0; i < 3; i += 1) await of.act();
  // However the server cuts its pages.
  const page: { from: number; entries: string[] } = { from: 0, entries: [] };
  of.his.tell(LOG, (said) => {
    if (said.kind !== "entries" || said.entries.length === 0) return true;
    if (page.entries.length === 0) page.from = said.from;
    page.entries.push(...said.entries);
    if (page.entries.length < 2) return [];
    return [entriesFrame(page.from, change(page.entries.splice(0), of), said.whole)];
  });
  await of.ben.room.handlers["workspace.pause"]({ wid: of.wid, paused: false }, main);
};
const edited = (
  entry: string,
  change: (parts: { s: number; p: string; t: number; c: string; m?: [number, string] }) => object,
): string => {
  const parts = JSON.parse(entry) as { s: number; p: string; t: number; c: string; m?: [number, string] };
  return JSON.stringify({ ...parts, ...change(parts) });
};
const commandOf = (entry: string): string => (JSON.parse(entry) as { c: string }).c;
const reworded = (jws: string, change: (text: string) => string): string => {
  const [head = "", body = "", signature = ""] = jws.split(".");
  return [head, Buffer.from(change(Buffer.from(body, "base64url").toString())).toString("base64url"), signature].join(
    ".",
  );
};
const welcomes = (docs: (of: LiedTo) => string, length: (real: number) => number) => (of: LiedTo) => {
  of.his.tell(docs(of), (said) => (said.kind === "welcome" ? [welcomeFrame(length(said.s))] : true));
  of.his.drop();
};
/** The same, and no signed head says otherwise. */
const shorter = (docs: (of: LiedTo) => string, length: (real: number) => number) => (of: LiedTo) => {
  of.his.tell(docs(of), (said) =>
    said.kind === "welcome" ? [welcomeFrame(length(said.s))] : said.kind === "head" ? [] : true,
  );
  of.his.drop();
};
const syncFrame = (update: Uint8Array): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, SYNC);
  encoding.writeVarUint(encoder, 2);
  encoding.writeVarUint8Array(encoder, update);
  return encoding.toUint8Array(encoder);
};
/** What Yjs itself sends when the server's copy is edited so. */
const rewritten = async (
  of: LiedTo,
  doc: string,
  edit: (array: Y.Array<unknown>, copy: Y.Doc) => void,
): Promise<Uint8Array> => {
  const copy = new Y.Doc();
  copy.clientID = 1;
  const array = copy.getArray<unknown>("e");
  array.push(await of.stored(doc));
  const before = Y.encodeStateVector(copy);
  edit(array, copy);
  return syncFrame(Y.encodeStateAsUpdate(copy, before));
};
const onLog = (): string => LOG;
const other = "x".repeat(43);

const ROWS: Row[] = [
  { lie: "WELCOME to a shorter log", says: "rollback", begin: shorter(onLog, (real) => real - 1), later: 31_000 },
  { lie: "WELCOME to a shorter lane", says: "rollback", begin: shorter(isLane, (real) => real - 1), later: 31_000 },
  { lie: "WELCOME to an empty log", says: "rollback", begin: shorter(onLog, () => 0), later: 31_000 },
  {
    lie: "heads of an earlier position, signed and young",
    says: "rollback",
    begin: headsOf(onLog, async (of, { s, t }, doc) => [
      of.his.head({ wid: of.wid, doc }, { s: s - 1, h: sha256((await of.stored(doc))[s - 2] ?? ""), t }),
    ]),
    later: 31_000,
  },
  {
    lie: "an entry of the log deleted",
    says: "deletion",
    begin: headsOf(onLog, async (of, _head, doc) => [await rewritten(of, doc, (array) => array.delete(0, 1))]),
  },
  {
    lie: "the newest entry of the log deleted",
    says: "deletion",
    begin: headsOf(onLog, async (of, _head, doc) => [
      await rewritten(of, doc, (array) => array.delete(array.length - 1, 1)),
    ]),
  },
  {
    lie: "the decision deleted from the lane",
    says: "deletion",
    begin: headsOf(isLane, async (of, _head, doc) => [await rewritten(of, doc, (array) => array.delete(1, 1))]),
  },
  {
    lie: "an entry put before the first",
    says: "insert-before-head",
    begin: headsOf(onLog, async (of, _head, doc) => [
      await rewritten(of, doc, (array, copy) => {
        copy.clientID = 7;
        array.insert(0, ["forged"]);
      }),
    ]),
  },
  {
    lie: "an entry put into the lane before the decision",
    says: "insert-before-head",
    begin: headsOf(isLane, async (of, _head, doc) => [
      await rewritten(of, doc, (array, copy) => {
        copy.clientID = 7;
        array.insert(1, ["forged"]);
      }),
    ]),
  },
  {
    lie: "entries in another order",
    says: "gap",
    begin: pageOf(([one = "", two = "", ...rest]) => [two, one, ...rest]),
  },
  { lie: "an entry left out", says: "gap", begin: pageOf(([, ...rest]) => rest) },
  {
    lie: "an entry left out and the next renumbered",
    says: "chain-broken",
    begin: pageOf(([one = "", two = ""]) => [
      edited(two, () => ({ s: (JSON.parse(one) as { s: number }).s, p: other })),
    ]),
  },
  {
    lie: "an entry dated before the one it follows",
    says: "time-went-back",
    begin: entriesOf(onLog, ([entry = ""]) => [edited(entry, () => ({ t: 1 }))]),
  },
  {
    lie: "another time than in the signed head",
    says: "log-fork",
    once: true,
    stays: true,
    begin: async (of) => {
      of.his.tell(LOG, (said) =>
        said.kind === "entries" && said.entries.length > 0
          ? [
              entriesFrame(
                said.from,
                said.entries.map((entry) => edited(entry, ({ t }) => ({ t: t + 1 }))),
                said.whole,
              ),
            ]
          : true,
      );
      await of.step();
    },
  },
  {
    lie: "a command with another body",
    says: "bad-signature",
    begin: entriesOf(onLog, ([entry = ""]) => [
      edited(entry, ({ c }) => ({ c: reworded(c, (text) => text.replace("reads ", "leaks ")) })),
    ]),
  },
  {
    lie: "a command of somebody who is not a member",
    says: "unknown-device",
    begin: entriesOf(onLog, ([entry = ""]) => [
      edited(entry, ({ c }) => ({
        c: [
          Buffer.from(JSON.stringify({ alg: "Ed25519", typ: "bulkhead-cmd+jws", kid: "A".repeat(22) })).toString(
            "base64url",
          ),
          ...c.split(".").slice(1),
        ].join("."),
      })),
    ]),
  },
  {
    lie: "an older command again as the next",
    says: "replay",
    begin: entriesOf(onLog, ([entry = ""], of) => [
      edited(entry, () => ({
        c: commandOf(
          keptBy(of.ben)
            .filter(({ doc }) => doc === LOG)
            .at(-1)?.entry ?? "",
        ),
      })),
    ]),
  },
  {
    lie: "a request of the lane in the log",
    says: "wrong-doc",
    begin: entriesOf(onLog, ([entry = ""], of) => [
      edited(entry, () => ({ c: commandOf(keptBy(of.ben).find(({ doc }) => doc === of.lane())?.entry ?? "") })),
    ]),
  },
  {
    lie: "a command that saw another history",
    says: "bad-signature",
    begin: entriesOf(onLog, ([entry = ""]) => [
      edited(entry, ({ c }) => ({ c: reworded(c, (text) => text.replace(/"seen":\[\d+/, '"seen":[1')) })),
    ]),
  },
  { lie: "a number where an entry belongs", says: "not-text", begin: entriesOf(onLog, () => [42]) },
  { lie: "words where an entry belongs", says: "malformed", begin: entriesOf(onLog, () => ["trust me"]) },
  {
    lie: "an entry with a field too many",
    says: "malformed",
    begin: entriesOf(onLog, ([entry = ""]) => [edited(entry, () => ({ note: "x" }))]),
  },
  {
    lie: "a request in the lane that its device did not sign",
    says: "bad-signature",
    begin: entriesOf(isLane, ([entry = ""]) => [
      edited(entry, ({ c }) => ({ c: reworded(c, (text) => text.replace("write_file", "wipe_disks")) })),
    ]),
  },
  {
    lie: "a second decision in the lane, with the first one's signature",
    says: "replay",
    begin: entriesOf(isLane, ([entry = ""], of) => [
      edited(entry, () => ({
        c: commandOf(keptBy(of.ben).find(({ doc, seq }) => doc === of.lane() && seq === 2)?.entry ?? ""),
      })),
    ]),
  },
  {
    lie: "a request in the lane that names another log",
    says: "log-fork",
    begin: entriesOf(isLane, ([entry = ""]) => [edited(entry, ({ m }) => ({ m: [m?.[0] ?? 0, other] }))]),
  },
  {
    lie: "a request in the lane that names an older log than the one before",
    says: "log-fork",
    begin: entriesOf(isLane, ([entry = ""], of) => [
      edited(entry, () => ({
        m: [1, sha256(keptBy(of.ben).find(({ doc, seq }) => doc === LOG && seq === 1)?.entry ?? "")],
      })),
    ]),
  },
  {
    lie: "a head with another hash for the newest entry",
    says: "log-fork",
    begin: headsOf(onLog, (of, { s, t }, doc) => [of.his.head({ wid: of.wid, doc }, { s, h: other, t })]),
  },
  {
    lie: "a head with another hash for the first entry",
    says: "log-fork",
    begin: headsOf(onLog, (of, { t }, doc) => [of.his.head({ wid: of.wid, doc }, { s: 1, h: other, t })]),
  },
  {
    lie: "a head with another hash for the lane",
    says: "fork",
    begin: headsOf(isLane, (of, { s, t }, doc) => [of.his.head({ wid: of.wid, doc }, { s, h: other, t })]),
  },
  {
    lie: "a head with another hash for an earlier entry of the lane",
    says: "fork",
    begin: headsOf(isLane, (of, { t }, doc) => [of.his.head({ wid: of.wid, doc }, { s: 1, h: other, t })]),
  },
  {
    lie: "two heads for one position that is still to come",
    says: "log-fork",
    begin: headsOf(onLog, (of, { s, t }, doc) =>
      [other, "y".repeat(43)].map((h) => of.his.head({ wid: of.wid, doc }, { s: s + 5, h, t })),
    ),
  },
  {
    lie: "a head of the next entry, and then another entry",
    says: "log-fork",
    once: true,
    begin: async (of) => {
      headsOf(onLog, (_of, { s, t }, doc) => [of.his.head({ wid: of.wid, doc }, { s: s + 1, h: other, t })])(of);
      await until(() => of.ben.room.status(of.wid).link !== "in-sync", "the head that is ahead");
      await of.act();
    },
  },
  {
    lie: "the head of another list on this one's socket",
    says: "head-elsewhere",
    begin: headsOf(onLog, (of, { s, h, t }, doc) => [of.his.head({ wid: of.wid, doc }, { s, h, t, doc: "admin" })]),
  },
  {
    lie: "the head of another workspace",
    says: "head-elsewhere",
    begin: headsOf(onLog, (of, { s, h, t }, doc) => [
      of.his.head({ wid: of.wid, doc }, { s, h, t, wid: "w".repeat(22) }),
    ]),
  },
  {
    lie: "heads signed with another key than the recorded one",
    says: "head-signature",
    told: "withheld",
    begin: headsOf(onLog, (of, { s, h, t }, doc) => [of.his.head({ wid: of.wid, doc }, { s, h, t }, strangerKey())]),
  },
  {
    lie: "the same signed head for ever",
    says: "head-old",
    told: "withheld",
    begin: (of) => {
      let first: string | null = null;
      headsOf(onLog, (_of, { jws }) => [writeText(HEAD, (first ??= jws))])(of);
    },
    later: 61_000,
  },
  {
    lie: "heads whose time goes back",
    says: "head-old",
    told: "withheld",
    begin: headsOf(onLog, (of, { s, h, t }, doc) => [of.his.head({ wid: of.wid, doc }, { s, h, t: t - 3_600_000 })]),
    later: 61_000,
  },
  {
    lie: "no head at all",
    says: "frozen",
    told: "withheld",
    begin: async (of) => {
      headsOf(onLog, () => [])(of);
      // One that is on its way would be an old one by then: what was said before the cut is heard before the cut is.
      of.his.drop();
      await until(() => of.ben.room.status(of.wid).link !== "in-sync", "the cut");
    },
    later: 61_000,
  },
  {
    lie: "heads of entries that never come",
    says: "withheld",
    told: "withheld",
    begin: async (of) => {
      of.his.tell(LOG, (said) => (said.kind === "entries" ? [] : true));
      await of.act();
    },
    later: 31_000,
  },
  {
    lie: "WELCOME to more than ever comes",
    says: "withheld",
    told: "withheld",
    begin: welcomes(onLog, (real) => real + 3),
    later: 31_000,
  },
  {
    lie: "a head of the lane whose entries never come",
    says: "withheld",
    told: "withheld",
    begin: async (of) => {
      of.his.tell(of.lane(), (said) => (said.kind === "entries" ? [] : true));
      await of.ben.room.authority.ask(of.ben.call(of.wid, SERVER, "{}"));
    },
    later: 31_000,
  },
  {
    lie: "a request in the lane that names a log that never comes",
    says: "withheld",
    told: "withheld",
    begin: async (of) => {
      of.his.tell(LOG, (said) => (said.kind === "entries" || said.kind === "head" ? [] : true));
      await of.act();
      await of.ben.room.authority.ask(of.ben.call(of.wid, SERVER, "{}"));
    },
    later: 31_000,
  },
  {
    lie: "a command confirmed and thrown away",
    says: "withheld",
    told: "withheld",
    begin: async (of) => {
      of.his.swallow("lane:", ({ id, jws }) =>
        ackFrame(id, { ok: true, d: "queue:approvers", s: 3, id: sha256(jws), dup: false }),
      );
      await of.ben.room.authority.ask(of.ben.call(of.wid, SERVER, "{}"));
    },
    later: 31_000,
  },
  {
    lie: "another command confirmed than the one that was sent",
    says: "ack-other",
    begin: async (of) => {
      of.his.swallow("lane:", ({ id }) =>
        ackFrame(id, { ok: true, d: "queue:approvers", s: 3, id: other, dup: false }),
      );
      await of.ben.room.authority.ask(of.ben.call(of.wid, SERVER, "{}"));
    },
  },
  {
    lie: "a command confirmed for another list",
    says: "ack-other",
    begin: async (of) => {
      of.his.swallow("lane:", ({ id, jws }) => ackFrame(id, { ok: true, d: LOG, s: 3, id: sha256(jws), dup: false }));
      await of.ben.room.authority.ask(of.ben.call(of.wid, SERVER, "{}"));
    },
  },
  {
    lie: "a command confirmed where another stands",
    says: "ack-broken",
    begin: (of) => {
      of.his.swallow(LOG, ({ id, jws }) => ackFrame(id, { ok: true, d: LOG, s: 2, id: sha256(jws), dup: false }));
      of.ben.room.handlers["member.remove"]({ wid: of.wid, member: of.ben.room.team(of.wid).me }, main)?.catch?.(
        () => undefined,
      );
    },
  },
];

/** Waits until Ben is told; `later` ms pass again and again, since nobody can see from outside when the lie has arrived. */
const lieIs = async (of: LiedTo, code: string, later: number): Promise<void> => {
  const told = (): boolean => of.ben.room.status(of.wid).lie === code;
  // Longer each time, so that on a slow machine the approval does not run out meanwhile.
  for (let wait = 700; !told() && wait < PATIENCE_MS; wait *= 2) {
    of.ben.clock.pass(later);
    await until(told, code, wait).catch(() => undefined);
  }
  if (!told())
    throw new Error(
      `Ben is not told of ${code}: ${JSON.stringify(of.ben.room.status(of.wid))} ${JSON.stringify(evidenceOf(of.ben))}`,
    );
};

describe("[T15] the server tells a lie, and the app says which", () => {
  lie.for(ROWS.map((row) => [row.lie, row.says, row] as const))(
    "[LY1] [LY2] [LY4] %s: %s",
    async ([, says, { told = "tampered", begin, later = 0, once, stays }], { control }) => {
      const of = await startLiedTo();
      const { ben, his, wid, call } = of;
      const before = keptBy(ben);
      await begin(of);
      await lieIs(of, says, later);
      expect(ben.room.status(wid)).toMatchObject({
        link: told,
        reason: { code: told === "tampered" ? "tampered" : says },
      });
      holdsOut(of, before);
      expect(evidenceOf(ben).map(({ code }) => code)).toContain(says);

      if (told === "tampered" && once === undefined) {
        // Connecting again forgives nothing while the lie goes on.
        await ben.room.handlers["workspace.reconnect"]({ wid }, main);
        if (ben.room.status(wid).lie === undefined) await Promise.resolve(begin(of)).catch(() => undefined);
        await lieIs(of, says, later);
        holdsOut(of, before);
      }
      his.truth();
      await ben.room.handlers["workspace.reconnect"]({ wid }, main);
      await control(async () => {
        if (stays) return of.ada.inSync(wid);
        await until(
          () => ben.room.status(wid).link === "in-sync" && ben.room.authority.permit(call).ok,
          "in sync again, and the permit",
        );
        expect(ben.room.status(wid).lie).toBeUndefined();
      });
    },
  );
});

describe("[T15] [T19] a server that shows the log and keeps the lane to itself", () => {
  lie(
    "[LY10] cannot hide that a request was withdrawn: nothing that was approved runs until the lane is open again",
    async ({ control }) => {
      const of = await startLiedTo();
      const { ben, his, wid, call } = of;
      const before = keptBy(ben);
      his.tell(of.lane(), (said) => (said.kind === "hello" ? [] : true));
      his.drop();
      await until(() => ben.room.status(wid).link !== "in-sync", "the cut");
      // The log is there again, with what happens in it and its heads.
      await of.act();
      await until(
        () => keptBy(ben).filter(({ doc }) => doc === LOG).length > before.filter(({ doc }) => doc === LOG).length,
        "more of the log",
      );
      holdsOut(of, before);
      expect(ben.room.status(wid).link).toBe("connecting");
      his.truth();
      his.drop();
      await control(() => until(() => ben.room.authority.permit(call).ok, "the permit"));
    },
  );
});

describe("[T15] the lists that approvers and Admins read", () => {
  lie.for([["queue:approvers"], ["admin"]] as const)(
    "[LY13] %s refused for good to whom the log lets read it, again and again: denied",
    async ([doc], { control }) => {
      const { ada, hers, wid } = await startLiedTo();
      await ada.inSync(wid);
      hers.tell(doc, (said, on) => {
        if (said.kind === "hello") on.shut(CLOSE.forbidden);
        return said.kind === "hello" ? [] : true;
      });
      hers.drop();
      const told = (): boolean => ada.room.status(wid).lie === "denied";
      // A moment is honest: the entry that took the right may be on its way.
      await ada.inSync(wid);
      ada.clock.pass(20_000);
      await ada.inSync(wid);
      for (let wait = 700; !told() && wait < PATIENCE_MS; wait *= 2) {
        ada.clock.pass(11_000);
        await until(told, "Ada told", wait).catch(() => undefined);
      }
      expect(ada.room.status(wid)).toMatchObject({ link: "withheld", reason: { code: "denied" } });
      expect(evidenceOf(ada)).toMatchObject([{ code: "denied", doc }]);
      hers.truth();
      ada.clock.pass(240_000);
      hers.drop();
      await control(() => until(() => ada.room.status(wid).link === "in-sync", "in sync again", PATIENCE_MS));
    },
  );

  const unopened: Lie = (said) => (said.kind === "hello" ? [] : true);
  const closedWhere =
    (kind: Said["kind"]): Lie =>
    (said, on) => {
      if (said.kind !== kind) return true;
      on.shut(1_013);
      return [];
    };
  lie.for([
    ["queue:approvers", "never opened", unopened],
    ["admin", "never opened", unopened],
    ["queue:approvers", "closed for the moment, each time it is asked for", closedWhere("hello")],
    ["queue:approvers", "closed for the moment, each time something comes in it", closedWhere("entries")],
  ] as const)("[LY13] %s, %s: denied, however it is kept", async ([doc, , keeps], { control }) => {
    const { ada, ben, hers, wid } = await startLiedTo();
    await ada.inSync(wid);
    hers.tell(doc, keeps);
    hers.drop();
    await ada.inSync(wid);
    await ben.room.authority.ask(ben.call(wid, SERVER, "{}"));
    const told = (): boolean => ada.room.status(wid).lie === "denied";
    for (let passed = 0; !told() && passed < 120_000; passed += 11_000) {
      ada.clock.pass(11_000);
      await until(told, "Ada told", 700).catch(() => undefined);
    }
    expect(ada.room.status(wid)).toMatchObject({ link: "withheld", reason: { code: "denied" } });
    expect(evidenceOf(ada)).toMatchObject([{ code: "denied", doc }]);
    hers.truth();
    hers.drop();
    await control(() => until(() => ada.room.status(wid).link === "in-sync", "in sync again", PATIENCE_MS));
  });

  lie.for([["admin"], ["queue:approvers"]] as const)(
    "[LY3] another hash for the newest entry of %s: fork",
    async ([doc], { control }) => {
      const { ada, hers, wid } = await startLiedTo();
      await ada.inSync(wid);
      hers.tell(doc, (said, on) => (said.kind === "head" ? [hers.head(on, { s: said.s, h: other, t: said.t })] : true));
      await until(() => ada.room.status(wid).lie === "fork", "Ada told");
      expect(evidenceOf(ada)).toMatchObject([{ code: "fork", doc }]);
      hers.truth();
      await ada.room.handlers["workspace.reconnect"]({ wid }, main);
      await control(() => ada.inSync(wid));
    },
  );
});

describe("[T15] a server that was restored from an older backup", () => {
  lie(
    "[LY1] and takes nothing back is told as what it may be, keeps what was verified here, and is forgotten when the newer one is back",
    async ({ control }) => {
      const of = await startLiedTo();
      const { ben, his, wid, lair, call, act } = of;
      const backup = lair.memory.copy();
      await act();
      await until(
        () => keptBy(ben).filter(({ doc }) => doc === LOG).length > backup.count(wid, LOG),
        "the entries after the backup",
      );
      const before = keptBy(ben);
      // It hears what is offered, and answers nothing.
      his.tell("", (said) => (said.kind === "other" ? [] : true));
      his.reach(await lair.fork(backup));
      his.drop();
      await lieIs(of, "rollback", 31_000);
      expect(wordsOf(ben.room.status(wid).reason)).toContain(
        "set back to an older backup, or it hides what happened since",
      );
      holdsOut(of, before);
      his.truth();
      his.reach(await lair.fork(lair.memory));
      await ben.room.handlers["workspace.reconnect"]({ wid }, main);
      await control(() => until(() => ben.room.authority.permit(call).ok, "the permit"));
    },
  );
});

describe("[T15] [LY8] the server says what nobody can read", () => {
  const frames: [string, (said: Said) => Uint8Array | string | null][] = [
    [
      "a second HELLO",
      (said) =>
        said.kind === "head"
          ? writeText(
              HELLO,
              JSON.stringify({ from: 1, to: 1, nonce: "n".repeat(32), origin: "http://x", key: "k".repeat(43) }),
            )
          : null,
    ],
    ["a second WELCOME", (said) => (said.kind === "head" ? welcomeFrame(0) : null)],
    [
      "an answer to nothing",
      (said) => (said.kind === "head" ? ackFrame(999, { ok: true, d: LOG, s: 1, id: other, dup: false }) : null),
    ],
    ["an answer that is none", (said) => (said.kind === "head" ? ackFrame(1, { ok: "yes" }) : null)],
    ["a head that is none", (said) => (said.kind === "head" ? writeText(HEAD, "trust me") : null)],
    [
      "a head with a field too many",
      (said) =>
        said.kind === "head"
          ? writeText(
              HEAD,
              strangerKey().signJws("bulkhead-head+jws", {
                v: 1,
                w: "w".repeat(22),
                d: LOG,
                s: 1,
                h: other,
                t: 1,
                note: "x",
              }),
            )
          : null,
    ],
    [
      "a head signed for another purpose",
      (said) =>
        said.kind === "head"
          ? writeText(
              HEAD,
              strangerKey().signJws("bulkhead-cmd+jws", { v: 1, w: "w".repeat(22), d: LOG, s: 1, h: other, t: 1 }),
            )
          : null,
    ],
    ["a question for the whole copy", (said) => (said.kind === "head" ? new Uint8Array([SYNC, 0, 1, 0]) : null)],
    ["an update cut off", (said) => (said.kind === "head" ? new Uint8Array([SYNC, 2, 9, 1]) : null)],
    [
      "an update that is not Yjs",
      (said) => (said.kind === "head" ? new Uint8Array([SYNC, 2, 3, 255, 255, 255]) : null),
    ],
    ["a frame that is larger than what is read", (said) => (said.kind === "head" ? new Uint8Array(67_108_865) : null)],
    ["text", (said) => (said.kind === "head" ? "hello" : null)],
    ["nothing in a frame", (said) => (said.kind === "head" ? new Uint8Array() : null)],
    ["a HELLO that is none", (said) => (said.kind === "hello" ? writeText(HELLO, "{}") : null)],
    ["a WELCOME that is none", (said) => (said.kind === "welcome" ? writeText(WELCOME, "{}") : null)],
  ];
  lie.for(frames)(
    "%s: nothing of it is believed, nothing runs, nobody is accused, and the truth is enough",
    async ([, make], { control }) => {
      const of = await startLiedTo();
      const { ben, his, wid, call } = of;
      const before = keptBy(ben);
      his.tell(LOG, (said, on) => {
        const frame = make(said);
        if (frame === null) return true;
        on.say(frame);
        return [];
      });
      his.drop();
      await until(() => ben.room.status(wid).reason?.code === "unreadable", "Ben told that it cannot be read");
      holdsOut(of, before);
      expect(evidenceOf(ben)).toEqual([]);
      his.truth();
      await control(() =>
        until(() => ben.room.status(wid).link === "in-sync" && ben.room.authority.permit(call).ok, "in sync by itself"),
      );
    },
  );
});
