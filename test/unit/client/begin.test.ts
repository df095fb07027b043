/** Beginning with a checkpoint, and verifying what lies behind it, against servers that tell the truth and servers that lie. */
import { describe, expect, onTestFinished, test } from "vitest";
import { stateHashOf } from "#core/rules/checkpoint.ts";
import { writeEntry } from "#core/protocol/entry.ts";
import { LOG } from "#core/protocol/ids.ts";
import { newLog } from "#core/rules/state.ts";
import { readState, writeState } from "#core/rules/state-text.ts";
import { STATE_PAGE, writeStatePage } from "#core/protocol/wire.ts";
import { beginWith } from "#client/link/begin.ts";
import type { BeginFacts } from "#client/link/begin.ts";
import { createHistory } from "#client/link/history.ts";
import { createReplica } from "#client/copy/replica.ts";
import { platform } from "../../../electron/host/ways/platform.ts";
import { openStore } from "../../../electron/host/store/open.ts";
import { createWorkspaceStore } from "../../../electron/host/store/workspaces.ts";
import { crypto } from "../../helpers/node-crypto.ts";
import { createTeam, ingestInto, makePerson } from "../../helpers/people.ts";
import type { Team } from "../../helpers/people.ts";
import { stateServer } from "../../helpers/state-server.ts";
import type { Shown, StateServer } from "../../helpers/state-server.ts";
import { tempDir } from "../../helpers/temp.ts";

const logOf = (team: Team): string[] => team.entries.filter(({ doc }) => doc === LOG).map(({ text }) => text);
const grow = (team: Team, count: number): void => {
  for (let i = 0; i < count; i += 1) team.given(team.ada, LOG, "server.key", { x: team.ada.key.x });
};
/** A log with a checkpoint in its middle, as an honest server shows it. */
const lived = (before = 150) => {
  const team = createTeam();
  team.member("Ben");
  grow(team, before);
  const text = writeState(team.log);
  const seq = team.log.seq + 1;
  team.given(team.ada, LOG, "checkpoint", {
    v: 2,
    at: [team.log.seq, team.log.head],
    stateHash: stateHashOf(crypto, team.log),
  });
  grow(team, 20);
  const shown: Shown = { entries: logOf(team), state: { seq, text } };
  return { team, shown, seq, text };
};
/** A little now and then, for as long as the test runs. */
const dripping = (send: (nth: number) => void): void => {
  let nth = 0;
  const drip = setInterval(() => send((nth += 1)), 5);
  onTestFinished(() => clearInterval(drip));
};
const begin = ({ url }: StateServer, team: Team, pin: BeginFacts["pin"] = [team.log.seq, team.log.head]) =>
  beginWith({ platform, server: url, wid: team.wid, pin, auth: async () => "an answer" });

describe("[CK4] a new device begins", () => {
  test("with the state that the pinned head of its link proves", async () => {
    const { team, shown, seq, text } = lived();
    const server = await stateServer(shown);
    expect(await begin(server, team)).toEqual({ kind: "state", seq: seq - 1, state: text });
    expect(server.asked).toEqual([`state at ${team.log.seq}`, `entries from ${seq - 1}`]);
  });

  test.each([
    ["no checkpoint", (shown: Shown) => void (shown.state = null)],
    ["no answer", (shown: Shown) => void (shown.pages = (send) => send(new Uint8Array([110])))],
    [
      "pages of two states",
      (shown: Shown) =>
        void (shown.pages = (send) =>
          [1, 2].forEach((page) =>
            send(writeStatePage({ seq: page, page, pages: 2, bytes: new Uint8Array(STATE_PAGE) })),
          )),
    ],
    [
      "a page twice",
      (shown: Shown) =>
        void (shown.pages = (send) =>
          [1, 1].forEach((page) =>
            send(writeStatePage({ seq: 5, page, pages: 2, bytes: new Uint8Array(STATE_PAGE) })),
          )),
    ],
    [
      "an empty page after the other, without an end",
      (shown: Shown) =>
        void (shown.pages = (send) =>
          dripping((page) =>
            send(writeStatePage({ seq: 5, page, pages: Number.MAX_SAFE_INTEGER, bytes: new Uint8Array() })),
          )),
    ],
  ])("with the whole log where there is %s", async (_name, change) => {
    const { team, shown } = lived();
    change(shown);
    expect(await begin(await stateServer(shown), team)).toEqual({ kind: "none" });
  });

  test("[T30] LV14 with the whole log, and without a lie, where the state is of a level or a format that it does not know", async () => {
    const { team, shown, seq, text } = lived();
    const { url } = await stateServer(shown);
    const facts = { platform, server: url, wid: team.wid, pin: [team.log.seq, team.log.head] as const };
    const auth = async () => "an answer";
    expect(await beginWith({ ...facts, auth, knows: 0 })).toEqual({ kind: "none" });
    expect(await beginWith({ ...facts, auth, knows: 1 })).toEqual({ kind: "state", seq: seq - 1, state: text });
    // What is edited is a lie all the same.
    shown.state = { seq, text: text.replace('"Ben"', '"Eve"') };
    expect(await beginWith({ ...facts, auth, knows: 0 })).toMatchObject({ kind: "lie", code: "wrong-state" });
  });

  test("with the whole log where the state comes so slowly that nobody would wait for it", async () => {
    const { team, shown, seq } = lived();
    shown.pages = (send) =>
      dripping((page) => send(writeStatePage({ seq, page, pages: 1_000_000, bytes: new Uint8Array(STATE_PAGE) })));
    const { url } = await stateServer(shown);
    expect(
      await beginWith(
        {
          platform,
          server: url,
          wid: team.wid,
          pin: [team.log.seq, team.log.head],
          auth: async () => "an answer",
        },
        500,
      ),
    ).toEqual({ kind: "none" });
  });

  const edited = (text: string): string => text.replace('"Ben"', '"Eve"');
  test.each([
    [
      "a state that was edited",
      "wrong-state",
      ({ shown, seq, text }: ReturnType<typeof lived>) => void (shown.state = { seq, text: edited(text) }),
    ],
    [
      "the state of another workspace",
      "wrong-state",
      ({ shown, seq }: ReturnType<typeof lived>) => void (shown.state = { seq, text: lived().text }),
    ],
    [
      "a checkpoint that is none",
      "malformed",
      ({ shown, seq, text }: ReturnType<typeof lived>) => void (shown.state = { seq: seq + 1, text }),
    ],
    [
      "entries that do not lead to the pinned head",
      "fork-detected",
      ({ shown, team }: ReturnType<typeof lived>) =>
        void (shown.entries = shown.entries.toSpliced(-1, 1, (grow(team, 1), logOf(team).at(-1) ?? ""))),
    ],
    [
      "another checkpoint with a state of its own, in the place of the real one",
      "fork-detected",
      ({ shown, seq, team }: ReturnType<typeof lived>) => {
        const forger = createTeam();
        const text = writeState(forger.log);
        const c = forger.sign(forger.ada, LOG, "checkpoint", {
          v: 2,
          at: [1, forger.log.head],
          stateHash: crypto.sha256(text),
        });
        shown.entries = shown.entries.with(
          seq - 1,
          writeEntry({ s: seq, p: team.log.hashes.at(seq - 1) as never, t: team.now, c, m: null }),
        );
        shown.state = { seq, text };
      },
    ],
  ])("never with %s, and knows that the server lies", async (_name, code, lie) => {
    const at = lived();
    const pin: BeginFacts["pin"] = [at.team.log.seq, at.team.log.head];
    lie(at);
    expect(await begin(await stateServer(at.shown), at.team, pin)).toMatchObject({ kind: "lie", code });
  });
});

describe("what lies behind the checkpoint", () => {
  /** A copy that began, and its history against a server that shows `shown`. */
  const began = async (change: (at: ReturnType<typeof lived>) => void = () => undefined, before = 150) => {
    const at = lived(before);
    const { team, seq, text } = at;
    const honest = at.shown.entries;
    change(at);
    const server = await stateServer(at.shown);
    const store = openStore({ dir: tempDir() });
    const rows = createWorkspaceStore(store);
    const row = {
      wid: team.wid,
      member: team.ada.member,
      device: team.ada.device,
      nextDevice: null,
      server: server.url,
      embedded: null,
      paused: false,
      halt: null,
      pin: [team.log.seq, team.log.head] as const,
    };
    rows.add(row, 0);
    rows.begin(team.wid, { seq: seq - 1, state: at.text });
    const open = () =>
      createReplica({
        platform,
        monotonic: () => performance.now(),
        row,
        rows,
        write: store.write,
        now: () => 1,
        changed: () => undefined,
        halted: () => undefined,
      });
    const replica = open();
    replica.take(LOG, honest.slice(seq - 1));
    const done: string[] = [];
    const history = () =>
      createHistory({
        platform,
        wid: team.wid,
        rows,
        write: store.write,
        server: () => server.url,
        auth: async () => "an answer",
        suspect: (code, shown) => {
          replica.suspect(LOG, code, shown);
          done.push(code);
        },
        whole: () => void done.push("whole"),
      });
    return { ...at, server, rows, open, replica, history, done, text };
  };

  test("is not needed to be in use: the copy that began is the one that read everything", async () => {
    const { team, replica, rows, open, seq } = await began();
    expect([writeState(replica.log), replica.halt(), rows.entries(team.wid, LOG).length]).toEqual([
      writeState(team.log),
      null,
      team.log.seq - seq + 1,
    ]);
    // A restart before anything behind it is here, without and with a saved state.
    expect(writeState(open().log)).toBe(writeState(team.log));
    replica.close();
    expect(writeState(open().log)).toBe(writeState(team.log));
  });

  test("[T15] is fetched, verified and kept, and then nothing is left to wait for", async () => {
    const { team, rows, history, done, open, seq } = await began();
    const run = history();
    expect(run.progress()).toEqual({ have: 0, of: seq - 1 });
    run.look(true);
    await expect.poll(() => done).toEqual(["whole"]);
    expect([run.progress(), rows.entries(team.wid, LOG)]).toEqual([null, logOf(team)]);
    rows.dropFold(team.wid, LOG);
    expect(writeState(open().log)).toBe(writeState(team.log));
  });

  test("goes on where it was after a lost connection and after a restart", async () => {
    const { server, shown, rows, team, history, done, seq } = await began((at) => void (at.shown.cutAfter = 60));
    const first = history();
    first.look(true);
    await expect.poll(() => rows.entries(team.wid, LOG, 1, 70).length).toBeGreaterThanOrEqual(60);
    first.close();
    shown.cutAfter = undefined as never;
    const second = history();
    second.look(true);
    await expect.poll(() => done).toEqual(["whole"]);
    expect(server.asked.at(-1)).not.toBe("entries from 0");
    expect(rows.entries(team.wid, LOG).length).toBe(team.log.seq);
    expect(seq).toBeGreaterThan(60);
  });

  const forge = (text: string): string => {
    const entry = JSON.parse(text) as { s: number; p: never; t: number; c: string };
    const input = entry.c.split(".").slice(0, 2).join(".");
    return writeEntry({ ...entry, c: `${input}.${makePerson("Mallory").key.sign(input)}`, m: null });
  };
  test.each([
    [
      "an entry that its author did not sign",
      "bad-signature",
      (shown: Shown) => void (shown.entries = shown.entries.with(100, forge(shown.entries[100] ?? ""))),
    ],
    [
      "a history that ends before the checkpoint",
      "deletion",
      (shown: Shown) => void (shown.entries = shown.entries.slice(0, 90)),
    ],
    ["an entry left out", "gap", (shown: Shown) => void (shown.entries = shown.entries.toSpliced(50, 1))],
  ])("[T15] stops the copy, with evidence, where it has %s", async (_name, code, lie) => {
    const { team, rows, replica, history, done } = await began(({ shown }) => lie(shown));
    history().look(true);
    await expect.poll(() => done).toEqual([code]);
    expect([
      replica.halt()?.code,
      rows.evidence(team.wid).map((row) => row.code),
      rows.begun(team.wid) === undefined,
    ]).toEqual(["tampered", [code], false]);
  });

  test("[T15] stops the copy where another history was signed than the one that the state names", async () => {
    // The founder's own key signs both; the hashes that the state names are of one.
    const { history, done, replica } = await began(({ shown, team }) => {
      const other = newLog(team.wid);
      const texts = shown.entries.slice(0, 40);
      for (const text of texts) ingestInto(other, other, text);
      const c = team.sign(team.ada, LOG, "server.key", { x: team.ada.key.x }, { seen: [40, other.head], n: 1_000 });
      shown.entries = [
        ...texts,
        writeEntry({ s: 41, p: other.head as never, t: other.time, c, m: null }),
        ...shown.entries.slice(41),
      ];
    });
    history().look(true);
    await expect.poll(() => done).toEqual(["log-fork"]);
    expect(replica.halt()?.code).toBe("tampered");
  });

  test("[T15] stops the copy where it folds to another state than the one that it began with", async () => {
    // Every hash is right and a right was added: what only the text of the state says.
    const { history, done } = await began((at) => {
      const state = JSON.parse(at.text) as { members: { name: string }[] };
      (state.members[1] as { name: string }).name = "Eve";
      at.text = JSON.stringify(state);
      expect(readState(at.text)).toBeDefined();
    });
    history().look(true);
    await expect.poll(() => done).toEqual(["wrong-state"]);
  });
});
