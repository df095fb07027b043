/** Signatures checked ahead: the fold's verdicts are the same, whatever was or was not checked. */
import { describe, expect, test } from "vitest";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { writeEntry } from "#core/protocol/entry.ts";
import { ingestLog } from "#core/rules/fold.ts";
import { newLog } from "#core/rules/state.ts";
import type { Log } from "#core/rules/state.ts";
import { clientCrypto } from "#node/client-crypto.ts";
import { createAhead } from "#client/copy/ahead.ts";
import { createReplica } from "#client/copy/replica.ts";
import { platform } from "../../../electron/host/ways/platform.ts";
import { openStore } from "../../../electron/host/store/open.ts";
import { createWorkspaceStore } from "../../../electron/host/store/workspaces.ts";
import {
  createTeam,
  deviceBody,
  rotateBody,
  makeDevice,
  makeInvite,
  makePerson,
  QUEUE,
  requestBody,
} from "../../helpers/people.ts";
import type { Team } from "../../helpers/people.ts";
import { tempDir } from "../../helpers/temp.ts";
import { keptRow } from "../../helpers/kept-row.ts";

const textsOf = (team: Team, doc: DocName): string[] =>
  team.entries.filter((item) => item.doc === doc).map(({ text }) => text);

/** A log with every kind of proof in it: founding, joins by invite, further devices. */
const proofs = (): Team => {
  const team = createTeam();
  const ben = team.member("Ben", "approver");
  const laptop = makeDevice(ben);
  team.given(ben, LOG, "device.add", deviceBody(team.wid, laptop));
  team.given(laptop, LOG, "device.rotate", rotateBody(team.wid, makeDevice(ben)));
  team.given(team.ada, ADMIN, "invite.create", { invite: makeInvite(team.ada, team.wid, team.now).jws, label: "" });
  team.given(ben, QUEUE, "approval.request", requestBody());
  return team;
};
/** Counts what is verified in line. */
const counted = (ahead: ReturnType<typeof createAhead>) => {
  let inLine = 0;
  const real = clientCrypto.verify;
  return {
    count: () => inLine,
    fold: (log: Log, texts: readonly string[]) => {
      clientCrypto.verify = (...args: Parameters<typeof real>) => {
        inLine += 1;
        return real(...args);
      };
      try {
        return texts
          .map((text) => ingestLog({ crypto: ahead.crypto }, log, text))
          .map((verdict) => (verdict.ok ? "ok" : verdict.code));
      } finally {
        clientCrypto.verify = real;
      }
    },
  };
};

describe("what was checked ahead", () => {
  test("answers for every signature and proof of a log, each once", async () => {
    const team = proofs();
    const log = newLog(team.wid);
    const ahead = createAhead(clientCrypto, () => log);
    const { fold, count } = counted(ahead);
    await ahead.check(LOG, textsOf(team, LOG));
    expect(fold(log, textsOf(team, LOG))).toEqual(textsOf(team, LOG).map(() => "ok"));
    expect(count()).toBe(0);
    // Control: without it each of them is checked in line.
    const again = newLog(team.wid);
    fold(again, textsOf(team, LOG));
    expect(count()).toBeGreaterThan(textsOf(team, LOG).length);
  });

  test("is worth nothing for another text, key or signature", async () => {
    const team = proofs();
    const log = newLog(team.wid);
    const ahead = createAhead(clientCrypto, () => log);
    await ahead.check(LOG, textsOf(team, LOG));
    const [genesis = ""] = textsOf(team, LOG);
    const jws = (JSON.parse(genesis) as { c: string }).c;
    const [head = "", body = "", signature = ""] = jws.split(".");
    const { x } = team.ada.key;
    expect(ahead.crypto.verify(x, `${head}.${body}x`, signature)).toBe(false);
    expect(ahead.crypto.verify(makePerson("Eve").key.x, `${head}.${body}`, signature)).toBe(false);
    expect(ahead.crypto.verify(x, `${head}.${body}`, "A".repeat(86))).toBe(false);
    expect(ahead.crypto.verify(x, `${head}.${body}`, signature)).toBe(true);
  });
});

describe("[T15] [CH9] a long log", () => {
  const long = 300;
  const replicaOf = (team: Team) => {
    const store = openStore({ dir: tempDir() });
    const rows = createWorkspaceStore(store);
    const row = keptRow({ wid: team.wid, member: team.ada.member });
    rows.add(row, 0);
    return {
      rows,
      replica: createReplica({
        platform,
        monotonic: () => performance.now(),
        row,
        rows,
        write: store.write,
        now: () => 1,
        changed: () => undefined,
        halted: () => undefined,
      }),
    };
  };
  const longTeam = (): Team => {
    const team = proofs();
    while (team.log.seq < long) team.given(team.ada, LOG, "server.key", { x: team.ada.key.x });
    return team;
  };

  test("with one forged signature stops exactly there, with the entry as evidence, as it would in line", async () => {
    const team = longTeam();
    const texts = textsOf(team, LOG);
    const at = 210;
    const entry = JSON.parse(texts[at] ?? "") as { s: number; p: never; t: number; c: string };
    const [head, body] = entry.c.split(".");
    const forged = writeEntry({
      ...entry,
      c: `${head}.${body}.${makePerson("Mallory").key.sign(`${head}.${body}`)}`,
      m: null,
    });
    const { replica, rows } = replicaOf(team);
    replica.take(LOG, texts.with(at, forged));
    await expect.poll(() => replica.halt()?.code).toBe("tampered");
    expect([replica.log.seq, rows.evidence(team.wid)]).toEqual([
      at,
      [
        {
          doc: LOG,
          seq: at,
          code: "bad-signature",
          head: replica.log.head,
          shown: forged,
          at: expect.any(Number) as number,
        },
      ],
    ]);
    // Control: the honest one is taken to its end.
    const honest = replicaOf(team);
    honest.replica.take(LOG, texts);
    await expect.poll(() => honest.replica.log.head).toBe(team.log.head);
  });

  test("and its queue arrive together, and entries that come meanwhile are taken after them in order", async () => {
    const team = longTeam();
    const texts = textsOf(team, LOG);
    const { replica } = replicaOf(team);
    replica.take(QUEUE, textsOf(team, QUEUE));
    replica.take(LOG, texts.slice(0, 200));
    replica.take(LOG, texts.slice(200, 201));
    replica.take(LOG, texts.slice(201));
    await expect.poll(() => replica.approvals(QUEUE).requests.size).toBe(1);
    expect([replica.log.head, replica.halt()]).toEqual([team.log.head, null]);
  });

  test("that is given up while it is checked starts anew where it stood", async () => {
    const team = longTeam();
    const texts = textsOf(team, LOG);
    const { replica } = replicaOf(team);
    replica.take(LOG, texts);
    expect(replica.follow(LOG).length).toBe(0);
    replica.take(LOG, texts.slice(0, 10));
    expect(replica.log.seq).toBe(10);
    replica.take(LOG, texts.slice(10));
    await expect.poll(() => replica.log.head).toBe(team.log.head);
    expect(replica.halt()).toBeNull();
  });
});
