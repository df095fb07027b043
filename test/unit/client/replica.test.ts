/** The verified copy: what it takes, what stops it, and what it keeps. */
import { describe, expect, test } from "vitest";
import { HEAD_TYP } from "#core/protocol/command.ts";
import { laneDoc, LOG } from "#core/protocol/ids.ts";
import type { Hash, DocName } from "#core/protocol/ids.ts";
import { writeEntry } from "#core/protocol/entry.ts";
import { parseEntry } from "#core/protocol/entry.ts";
import { createReplica } from "#client/copy/replica.ts";
import type { Replica } from "#client/copy/replica.ts";
import { KEEPS_WORD_MS } from "#client/copy/claim.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { platform } from "../../../electron/host/ways/platform.ts";
import { openStore } from "../../../electron/host/store/open.ts";
import { createWorkspaceStore } from "../../../electron/host/store/workspaces.ts";
import type { WorkspaceRow, WorkspaceStore } from "#client/ports/store.ts";
import { makeKey } from "../../helpers/node-crypto.ts";
import { createTeam, jws, makePerson, QUEUE, requestBody } from "../../helpers/people.ts";
import type { Team } from "../../helpers/people.ts";
import { tempDir } from "../../helpers/temp.ts";
import { worded } from "../../helpers/worded.ts";
import { why } from "#core/facts/why.ts";

interface Copy {
  readonly replica: Replica;
  readonly rows: WorkspaceStore;
  readonly changes: string[];
  /** How each was committed. */
  readonly commits: string[];
  /** The disk refuses new entries, or takes them again. */
  full(is: boolean): void;
  again(): Replica;
}
const copyOf = (team: Team, over: Partial<WorkspaceRow> = {}, monotonic: () => number = () => 0): Copy => {
  const store = openStore({ dir: tempDir() });
  const commits: string[] = [];
  const rows: WorkspaceStore = {
    ...createWorkspaceStore(store),
    soon: (work) => (commits.push("does not wait"), store.soon(work)),
  };
  const row: WorkspaceRow = {
    wid: team.wid,
    member: team.ada.member,
    device: team.ada.device,
    nextDevice: null,
    server: "http://127.0.0.1:1",
    embedded: null,
    paused: false,
    halt: null,
    pin: [0, ""],
    ...over,
  };
  rows.add(row, 0);
  const changes: string[] = [];
  const open = (of: WorkspaceRow): Replica =>
    createReplica({
      platform,
      row: of,
      rows,
      write: (work) => (commits.push("waits"), store.write(work)),
      now: () => 1,
      monotonic,
      changed: (doc, taken) => void changes.push(`${doc} ${taken.map(({ seq }) => seq).join()}`),
      halted: () => void changes.push("halted"),
    });
  const full = (is: boolean): void =>
    void store.db.exec(
      is
        ? "CREATE TEMP TRIGGER full BEFORE INSERT ON main.chain BEGIN SELECT RAISE(ABORT, 'full'); END"
        : "DROP TRIGGER temp.full",
    );
  return { replica: open(row), rows, changes, commits, full, again: () => open(rows.list()[0] as WorkspaceRow) };
};
const textsOf = (team: Team, doc: DocName): string[] =>
  team.entries.filter((item) => item.doc === doc).map(({ text }) => text);
const asked = () => {
  const team = createTeam();
  const ben = team.member("Ben");
  const request = team.given(ben, QUEUE, "approval.request", requestBody());
  return { team, ben, request };
};

describe("a copy", () => {
  test("[T19] waits for the disk with the log, that rights follow from and signatures name, and with no queue", () => {
    const { team } = asked();
    const { replica, commits } = copyOf(team);
    for (const [doc, how] of [
      [LOG, "waits"],
      [QUEUE, "does not wait"],
    ] as const) {
      commits.length = 0;
      replica.take(doc, textsOf(team, doc));
      expect([replica.length(doc) > 0, ...new Set(commits)]).toEqual([true, how]);
    }
  });

  test("takes what is true, keeps it, and folds it again at the next start", () => {
    const { team, request } = asked();
    const { replica, again, changes } = copyOf(team);
    replica.take(LOG, textsOf(team, LOG));
    replica.take(QUEUE, textsOf(team, QUEUE));
    expect(replica.halt()).toBeNull();
    expect(changes).toEqual(["log 1,2", "queue:approvers 1"]);
    const next = again();
    expect([next.log.seq, next.log.head, next.approvals(QUEUE).requests.has(request)]).toEqual([
      2,
      team.log.head,
      true,
    ]);
  });

  test("lets an approval wait for the log position that it names", () => {
    const { team, request } = asked();
    const { replica, changes } = copyOf(team);
    replica.take(QUEUE, textsOf(team, QUEUE));
    expect(changes).toEqual([]);
    replica.take(LOG, textsOf(team, LOG));
    expect(changes).toEqual(["log 1,2", "queue:approvers 1"]);
    expect(replica.approvals(QUEUE).requests.has(request)).toBe(true);
  });

  test("stands still while the disk refuses, says so, and goes on where it stood: nothing is lost, nobody is accused", () => {
    const { team, request } = asked();
    const { replica, rows, changes, full, again } = copyOf(team);
    const [first = "", ...rest] = textsOf(team, LOG);
    replica.take(LOG, [first]);
    full(true);
    replica.take(LOG, rest);
    expect([replica.halt()?.code, rows.entries(team.wid, LOG), changes]).toEqual([
      "store-failed",
      [first],
      ["log 1", "halted"],
    ]);
    // What arrives meanwhile waits; trying again changes nothing yet, nor does the person's reconnecting.
    replica.take(QUEUE, textsOf(team, QUEUE));
    replica.retry();
    replica.resume();
    expect([replica.halt()?.code, changes]).toEqual(["store-failed", ["log 1", "halted"]]);
    // A socket that is opened now begins after all that was verified.
    expect(replica.follow(LOG).length).toBe(2);
    full(false);
    replica.retry();
    expect([replica.halt(), changes]).toEqual([null, ["log 1", "halted", "log 2", "queue:approvers 1"]]);
    expect([rows.entries(team.wid, LOG), rows.evidence(team.wid)]).toEqual([textsOf(team, LOG), []]);
    expect(again().approvals(QUEUE).requests.has(request)).toBe(true);
  });

  test("takes a long log in slices, so that the host is never still for long", async () => {
    const team = createTeam();
    for (let i = 0; i < 850; i += 1) team.given(team.ada, LOG, "invite.revoke", { id: "inviteinviteinviteinvi" });
    const { replica, changes } = copyOf(team);
    replica.take(LOG, textsOf(team, LOG));
    await expect.poll(() => replica.log.seq).toBe(851);
    expect(changes).toHaveLength(3);
  });
});

describe("[T15] a copy stops at the last verified head", () => {
  const forged = (change: (team: Team, texts: string[]) => { doc: DocName; shown: string }) => {
    const { team } = asked();
    const texts = textsOf(team, LOG);
    const copy = copyOf(team);
    const { doc, shown } = change(team, texts);
    const head = team.log.head;
    copy.replica.take(LOG, texts);
    if (doc !== LOG) copy.replica.take(doc, [shown]);
    return { ...copy, shown, head };
  };
  const voteBy = (team: Team, member: { key: { sign(text: string): string } }) => {
    const request = [...team.queue.requests.keys()][0];
    const command = team.sign(team.ada, QUEUE, "approval.vote", { request, v: "approve", note: null });
    const input = command.split(".").slice(0, 2).join(".");
    return `${input}.${member.key.sign(input)}`;
  };

  test("a vote that the approver did not sign", () => {
    const { team } = asked();
    const { replica, rows, again } = copyOf(team);
    replica.take(LOG, textsOf(team, LOG));
    replica.take(QUEUE, textsOf(team, QUEUE));
    const before = replica.approvals(QUEUE).head;
    const shown = writeEntry({
      s: 2,
      p: before,
      t: team.now,
      c: voteBy(team, makePerson("Mallory")),
      m: [team.log.seq, team.log.head as never],
    });
    replica.take(QUEUE, [shown]);
    expect(replica.halt()?.code).toBe("tampered");
    expect([...replica.approvals(QUEUE).requests.values()][0]).toMatchObject({ state: "pending", votes: [] });
    expect(rows.evidence(team.wid)).toEqual([
      { doc: QUEUE, seq: 1, code: "bad-signature", head: before, shown, at: 1 },
    ]);
    // The honest vote that the server might send next is not taken either, nor after a restart.
    replica.take(LOG, textsOf(team, LOG));
    expect(again().halt()?.code).toBe("tampered");
  });

  test("positive control: the same entry with the right signature is taken", () => {
    const { team } = asked();
    const { replica } = copyOf(team);
    replica.take(LOG, textsOf(team, LOG));
    replica.take(QUEUE, textsOf(team, QUEUE));
    replica.take(QUEUE, [
      writeEntry({
        s: 2,
        p: replica.approvals(QUEUE).head,
        t: team.now,
        c: voteBy(team, team.ada),
        m: [team.log.seq, team.log.head as never],
      }),
    ]);
    expect(replica.halt()).toBeNull();
    expect([...replica.approvals(QUEUE).requests.values()][0]).toMatchObject({ state: "approved" });
  });

  test.each([
    ["a left-out entry", "gap", (texts: string[]) => texts.splice(0, 1)],
    ["a replayed entry", "gap", (texts: string[]) => texts.push(texts[1] ?? "")],
    ["an entry that is no text of ours", "malformed", (texts: string[]) => texts.push("{}")],
  ])("%s", (_name, code, change) => {
    const { replica, rows } = forged((team, texts) => {
      change(texts);
      return { doc: LOG, shown: team.wid };
    });
    expect(replica.halt()?.code).toBe("tampered");
    expect(rows.evidence(replica.log.wid)[0]?.code).toBe(code);
  });

  test("a log without the head that the invite link pinned", () => {
    const team = createTeam();
    team.member("Ben");
    const { replica, rows } = copyOf(team, { pin: [2, "x".repeat(43) as Hash] });
    replica.take(LOG, textsOf(team, LOG));
    expect(replica.halt()?.code).toBe("tampered");
    expect(rows.evidence(team.wid)[0]?.code).toBe("log-fork");
    const right = copyOf(team, { pin: [2, team.log.head] });
    right.replica.take(LOG, textsOf(team, LOG));
    expect(right.replica.halt()).toBeNull();
  });

  test("something removed or put in between, in words", () => {
    for (const code of ["deletion", "insert-before-head", "not-text"]) {
      const { replica } = copyOf(createTeam());
      replica.suspect(LOG, code, "");
      expect(replica.halt()).toEqual(worded(/\. The server (?:removed|put|sent) /));
    }
  });

  test("and goes on from there when the person connects again and the server shows what is true", () => {
    const { team } = asked();
    const { replica, rows } = copyOf(team);
    const [first = "", second = ""] = textsOf(team, LOG);
    replica.take(LOG, [first, first]);
    expect(replica.halt()?.code).toBe("tampered");
    replica.resume();
    replica.take(LOG, [second]);
    expect(replica.halt()).toBeNull();
    expect(replica.log.head).toBe(team.log.head);
    expect(rows.evidence(team.wid)).toHaveLength(1);
  });

  test("[LY9] [T15] and what was kept of it stays, however often the server gives reason for a doubt, which needs nobody here", () => {
    const { team } = asked();
    let time = 0;
    const { replica, rows } = copyOf(team, {}, () => time);
    replica.take(LOG, textsOf(team, LOG));
    replica.suspect(LOG, "fork", "what the server showed");
    replica.resume();
    for (let i = 1; i <= 150; i += 1) {
      replica.claims.welcomed(LOG, 1_000 + i);
      time += KEEPS_WORD_MS + 1;
      replica.look();
      expect(replica.lie()).toBe("withheld");
      replica.claims.down(LOG);
      replica.look();
    }
    const kept = rows.evidence(team.wid);
    expect(kept[0]).toMatchObject({ code: "fork", shown: "what the server showed" });
    // The newest doubts, and not all of them.
    expect(kept.at(-1)?.shown).toBe('WELCOME {"s":1150}');
    expect(kept.length).toBeLessThan(50);
  });

  test("[LY9] [LY12] and of many lies between truths the first stay, beside the newest", () => {
    const { team } = asked();
    const { replica, rows } = copyOf(team);
    replica.take(LOG, textsOf(team, LOG));
    for (let i = 1; i <= 50; i += 1) {
      replica.suspect(LOG, "fork", `lie ${i}`);
      replica.resume();
    }
    expect(rows.evidence(team.wid).map(({ shown }) => shown)).toEqual(
      [1, 2, 3, 44, 45, 46, 47, 48, 49, 50].map((i) => `lie ${i}`),
    );
  });
});

describe("[T15] [LY12] a copy that stands stopped looks again", () => {
  /** A copy with the log, stopped over another head of its newest position, and a server that can sign. */
  const stopped = (code = "log-fork", over: Partial<WorkspaceRow> = {}) => {
    const team = createTeam();
    const server = makeKey();
    team.given(team.ada, LOG, "server.key", { x: server.x });
    team.member("Ben");
    const copy = copyOf(team, over);
    copy.replica.take(LOG, textsOf(team, LOG));
    copy.replica.suspect(LOG, code, "what the server showed");
    const head = (s = team.log.seq, h: string = team.log.head, key = server): string =>
      jws(key, team.ada.device, HEAD_TYP, { v: 1, w: team.wid, d: LOG, s, h, t: team.now + s });
    const shows = (length: number, jwt: string): boolean => {
      copy.replica.lookAgain();
      copy.replica.claims.welcomed(LOG, length);
      copy.replica.head(LOG, jwt);
      return copy.replica.mend([LOG]);
    };
    return { team, head, shows, ...copy };
  };

  test("and goes on where the whole verified chain is shown, with the evidence and the moment kept, also over a restart", () => {
    const { team, replica, rows, head, shows, again } = stopped();
    expect([replica.halt()?.code, replica.mendable(), replica.looksAgain()]).toEqual(["tampered", true, false]);
    expect(shows(team.log.seq, head())).toBe(true);
    expect([replica.halt(), replica.lie()]).toEqual([null, null]);
    expect(rows.evidence(team.wid).map(({ code }) => code)).toEqual(["log-fork", "went-on"]);
    expect(again().halt()).toBeNull();
  });

  test("and goes on beyond it where what follows is true, and only when that is verified", () => {
    const { team, replica, head } = stopped();
    team.member("Cleo");
    replica.lookAgain();
    replica.claims.welcomed(LOG, team.log.seq);
    replica.head(LOG, head());
    expect([replica.mend([LOG]), replica.halt()?.code]).toEqual([false, "tampered"]);
    replica.take(LOG, textsOf(team, LOG).slice(replica.log.seq));
    expect([replica.mend([LOG]), replica.halt(), replica.log.head]).toEqual([true, null, team.log.head]);
  });

  test.each([
    [
      "an older copy",
      (of: ReturnType<typeof stopped>) =>
        of.shows(
          of.team.log.seq - 1,
          of.head(of.team.log.seq - 1, of.replica.log.hashes.at(of.team.log.seq - 1) ?? ""),
        ),
    ],
    ["an empty one", (of: ReturnType<typeof stopped>) => of.shows(0, of.head(0, ""))],
    [
      "another hash at the same position",
      (of: ReturnType<typeof stopped>) => of.shows(of.team.log.seq, of.head(of.team.log.seq, "x".repeat(43))),
    ],
    [
      "the right head, signed by another key",
      (of: ReturnType<typeof stopped>) =>
        of.shows(of.team.log.seq, of.head(of.team.log.seq, of.team.log.head, makeKey())),
    ],
    [
      "nothing but a welcome",
      (of: ReturnType<typeof stopped>) => {
        of.replica.lookAgain();
        of.replica.claims.welcomed(LOG, of.team.log.seq);
        return of.replica.mend([LOG]);
      },
    ],
  ])("and stands where it is shown %s", (_what, show) => {
    const of = stopped();
    expect([show(of), of.replica.halt()?.code, of.again().halt()?.code]).toEqual([false, "tampered", "tampered"]);
    // The same server that shows the truth afterwards.
    expect([of.shows(of.team.log.seq, of.head()), of.replica.halt()]).toEqual([true, null]);
  });

  test("and stands while one list of those that may be read is not shown", () => {
    const { team, replica, head } = stopped();
    replica.lookAgain();
    replica.claims.welcomed(LOG, team.log.seq);
    replica.head(LOG, head());
    expect([replica.mend([LOG, QUEUE]), replica.mend([LOG])]).toEqual([false, true]);
  });

  test("and keeps a lie that is told again and again once, so that it pushes nothing out", () => {
    const { team, rows, replica, shows, head } = stopped();
    for (let i = 0; i < 30; i += 1) shows(team.log.seq, head(team.log.seq, `${i}`.padEnd(43, "x")));
    expect([rows.evidence(team.wid).length, rows.evidence(team.wid)[0]?.shown, replica.halt()?.code]).toEqual([
      1,
      "what the server showed",
      "tampered",
    ]);
  });

  test.each([["heads-differ"], ["names-differ"]])(
    "but not by itself after %s, which no server can answer: a person connects again",
    (code) => {
      const { team, replica, shows, head } = stopped(code);
      expect([replica.mendable(), shows(team.log.seq, head()), replica.halt()?.code]).toEqual([
        false,
        false,
        "tampered",
      ]);
      expect(replica.halt()).toEqual(worded(/Then reconnect\.$/));
      replica.resume();
      expect(replica.halt()).toBeNull();
    },
  );

  test("but not where the log lacks what the invite link pinned, whatever the server signs", () => {
    const { team, replica, head, shows } = stopped("log-fork", { pin: [1, "y".repeat(43) as Hash] });
    expect([shows(team.log.seq, head()), replica.halt()?.code]).toEqual([false, "tampered"]);
  });

  test("but not over a disk that refuses: it stands until that is written, and then goes on", () => {
    const { team, replica, rows, head } = stopped();
    const refuse = rows.setHalt;
    const refusing = { on: true };
    Object.assign(rows, {
      setHalt: (...args: Parameters<typeof refuse>) => {
        if (refusing.on) throw new Refusal(why("not-saved"));
        refuse(...args);
      },
    });
    replica.lookAgain();
    replica.claims.welcomed(LOG, team.log.seq);
    replica.head(LOG, head());
    expect([replica.mend([LOG]), replica.halt()?.code]).toEqual([false, "tampered"]);
    refusing.on = false;
    replica.retry();
    expect([replica.mend([LOG]), replica.halt()]).toEqual([true, null]);
  });
});

describe("a kind of command that this version does not know", () => {
  const dance = () => {
    const team = createTeam();
    const copy = copyOf(team);
    const text = writeEntry({
      s: 2,
      p: team.log.head as never,
      t: team.now,
      c: team.sign(team.ada, LOG, "team.dance", {}),
      m: null,
    });
    copy.replica.take(LOG, [...textsOf(team, LOG), text]);
    return { team, text, ...copy };
  };

  test("asks for an update and accuses nobody", () => {
    const { replica } = dance();
    expect(replica.halt()).toEqual(worded(/Update this app/));
    expect(replica.log.seq).toBe(1);
  });

  test("stops the same version again after a restart, and lets the one that knows it go on from what was kept", () => {
    const { team, text, again, rows } = dance();
    const same = again();
    same.take(LOG, [text]);
    expect(same.halt()?.code).toBe("update-app");
    // For the version that knows it, the entry at that place is one that folds.
    const updated = again();
    team.member("Ben");
    updated.take(LOG, textsOf(team, LOG).slice(1));
    expect([updated.halt(), updated.log.head, rows.list()[0]?.halt]).toEqual([null, team.log.head, null]);
    expect(rows.entries(team.wid, LOG)).toEqual(textsOf(team, LOG));
  });
});

describe("a head", () => {
  const server = makeKey();
  const headOf = (team: Team, over: Record<string, unknown> = {}, key = server, doc: string = LOG) =>
    jws(key, team.ada.device, HEAD_TYP, {
      v: 1,
      w: team.wid,
      d: doc,
      s: team.log.seq,
      h: team.log.head,
      t: team.now,
      ...over,
    });
  const loaded = (withKey: boolean) => {
    const team = createTeam();
    if (withKey) team.given(team.ada, LOG, "server.key", { x: server.x });
    const copy = copyOf(team);
    copy.replica.take(LOG, textsOf(team, LOG));
    return { team, ...copy };
  };

  test("is believed when it is of this document and signed with the key that an Owner named", () => {
    const { team, replica } = loaded(true);
    expect(replica.head(LOG, headOf(team))).toEqual({ s: 2, h: team.log.head, t: team.now, a: 0 });
    expect(replica.head(LOG, headOf(team, {}, makeKey()))).toBeNull();
    expect(() => replica.head(LOG, "nonsense")).toThrow("malformed");
    expect(replica.halt()).toBeNull();
  });

  test.each([{ d: "admin" }, { w: "w".repeat(22) }])("of another list or workspace is a lie: %o", (over) => {
    const { team, replica } = loaded(true);
    expect(replica.head(LOG, headOf(team, over))).toBeNull();
    expect([replica.halt()?.code, replica.lie()]).toEqual(["tampered", "head-elsewhere"]);
  });

  test("that contradicts what was verified means that two histories are shown", () => {
    const { team, replica } = loaded(true);
    expect(replica.head(LOG, headOf(team, { s: 1, h: "x".repeat(43) }))).toBeNull();
    expect(replica.halt()?.code).toBe("tampered");
  });

  test("of a lane is compared where the copy is as long", () => {
    const { team, replica } = loaded(false);
    const lane = laneDoc(team.ada.member);
    expect(replica.head(lane, headOf(team, { s: 0, h: "" }, server, lane))).toMatchObject({ s: 0 });
    expect(replica.head(lane, headOf(team, { s: 5, h: "x".repeat(43) }, server, lane))).toMatchObject({ s: 5 });
    expect(replica.halt()).toBeNull();
  });
});

test("entries are kept byte for byte", () => {
  const team = createTeam();
  const { replica, rows } = copyOf(team);
  replica.take(LOG, textsOf(team, LOG));
  expect(rows.entries(team.wid, LOG)).toEqual(textsOf(team, LOG));
  expect(parseEntry(rows.entries(team.wid, LOG)[0] ?? "", true)?.s).toBe(1);
});
