/** Commands on their way: what is kept, what is sent again, in which order, and what is never sent later. */
import { describe, expect, test } from "vitest";
import { COMMAND_TYP, DAY } from "#core/protocol/command.ts";
import type { Body, Kind } from "#core/protocol/command.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName, Hash } from "#core/protocol/ids.ts";
import type { Ack } from "#core/protocol/wire.ts";
import { platform } from "../../../electron/host/ways/platform.ts";
import { openStore } from "../../../electron/host/store/open.ts";
import { createWorkspaceStore } from "../../../electron/host/store/workspaces.ts";
import { createOutbox } from "#client/link/outbox.ts";
import type { Settled } from "#client/link/outbox.ts";
import type { CommandFacts, Signer } from "#client/keys/signer.ts";
import { makeKey } from "../../helpers/node-crypto.ts";
import { jws, requestBody } from "../../helpers/people.ts";
import { tempDir } from "../../helpers/temp.ts";
import { keptRow } from "../../helpers/kept-row.ts";

const WID = "w".repeat(22);
const QUEUE = "queue:approvers" as DocName;
const REQUEST = "r".repeat(43) as Hash;
const yes = (): Ack => ({ ok: true, d: QUEUE, s: 1, id: "i", dup: false });

/** An outbox over a line that the test holds: each send waits for the test to answer it. */
const line = () => {
  const store = openStore({ dir: tempDir() });
  const rows = createWorkspaceStore(store);
  rows.add(keptRow({ wid: WID, server: "http://x" }), 0);
  const sent: string[] = [];
  const settled: Settled[] = [];
  const moved: [string, string][] = [];
  const state: {
    up: boolean;
    folded: boolean;
    newest: DocName | null;
    waits: ((ack: Ack | null) => void)[];
    shell: Promise<void>;
  } = { up: true, folded: false, newest: null, waits: [], shell: Promise.resolve() };
  const signer = {
    command: async ({ kind, doc, n, body, exp }: CommandFacts<Kind>) => {
      await state.shell;
      const id = `${kind} ${n}` as Hash;
      // A request is read again where it has to be signed again.
      return kind === "approval.request"
        ? {
            jws: jws(makeKey(), "d".repeat(22), COMMAND_TYP, {
              v: 1,
              w: WID,
              d: doc,
              n,
              seen: [1, "h"],
              exp,
              k: kind,
              x: true,
              b: body,
            }),
            id: `${doc} ${n}` as Hash,
          }
        : { jws: id, id };
    },
  } as unknown as Signer;
  const outbox = createOutbox(
    {
      crypto: platform.crypto,
      timers: platform.timers,
      wid: WID,
      rows,
      signer: () => signer,
      now: () => 1_000,
      server: () => null,
      seen: () => [1, "h"],
      send: (_doc, jws) => {
        sent.push(jws);
        return new Promise((resolve) => void state.waits.push(resolve));
      },
      confirmed: () => Promise.resolve(),
      connected: () => state.up,
      ready: async () => state.up,
      folded: async () => state.folded,
      settled: (result) => void settled.push(result),
      newest: (doc) => state.newest ?? doc,
      moved: (from, to) => void moved.push([from, to]),
    },
    store.write,
  );
  const vote = () =>
    outbox.later("approval.vote", QUEUE, { request: REQUEST, v: "approve", note: null }, { request: REQUEST });
  /** The connection ends: whatever was not answered never will be. */
  const cut = () => {
    state.up = false;
    for (const wait of state.waits.splice(0)) wait(null);
  };
  /** Answers the command that is under way, once there is one. */
  const answer = async (ack: Ack): Promise<void> => {
    await expect.poll(() => state.waits.length).toBe(1);
    state.waits.shift()?.(ack);
  };
  return { outbox, rows, store, sent, settled, state, moved, vote, cut, answer };
};
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("[LV11] a kind that the server does not know yet", () => {
  const refused = (): Ack => ({ ok: false, code: "unknown-command" });
  const queued = (x: boolean) => {
    const at = line();
    const payload = { v: 1, w: WID, d: QUEUE, n: 1, seen: [1, "h".repeat(43)], exp: 9_000, k: "card.seen", x, b: {} };
    const bytes = jws(makeKey(), "d".repeat(22), COMMAND_TYP, payload);
    at.rows.queue(WID, { command: "seen" as Hash, kind: "card.seen", request: null, jws: bytes }, 0);
    return at;
  };

  test("is dropped without a word where others may pass over it, and what waits behind it goes on", async () => {
    const { outbox, rows, settled, sent, vote, answer } = queued(false);
    await vote();
    await answer(refused());
    await expect.poll(() => sent).toHaveLength(2);
    expect([settled, rows.outboxRow(WID, "seen")?.state]).toEqual([[], "refused"]);
    await answer(yes());
    await expect.poll(() => settled.length).toBe(1);
    expect(outbox.waiting()).toBe(0);
  });

  test("is told of where it is critical", async () => {
    const { settled, outbox, answer } = queued(true);
    outbox.flush();
    await answer(refused());
    await expect
      .poll(() => settled)
      .toEqual([{ command: "seen", kind: "card.seen", request: null, code: "unknown-command" }]);
  });
});

describe("[EP3] a request that was signed for an epoch which closed meanwhile", () => {
  const NEXT = "queue:approvers@2" as DocName;
  const asked = async () => {
    const at = line();
    const request = await at.outbox.later("approval.request", QUEUE, requestBody() as Body<"approval.request">, {
      request: null,
    });
    return { ...at, request };
  };
  const closed = (): Ack => ({ ok: false, code: "epoch-closed" });

  test("is signed again for the newest one, once, and whoever waits for it is told its new id", async () => {
    const { outbox, rows, state, sent, settled, moved, answer, request } = await asked();
    state.newest = NEXT;
    await answer(closed());
    await expect.poll(() => sent).toHaveLength(2);
    expect([moved, settled, outbox.waiting()]).toEqual([[[request, `${NEXT} 1`]], [], 1]);
    expect(JSON.parse(Buffer.from(sent[1]?.split(".")[1] ?? "", "base64url").toString())).toMatchObject({
      d: NEXT,
      k: "approval.request",
      exp: 1_000 + 7 * DAY,
    });
    expect(rows.outboxRow(WID, request)).toMatchObject({ state: "refused", code: "epoch-closed" });
    await answer(yes());
    await expect
      .poll(() => settled)
      .toEqual([{ command: `${NEXT} 1`, kind: "approval.request", request: `${NEXT} 1`, code: null }]);
    outbox.flush();
    expect(sent).toHaveLength(2);
  });

  test("waits while this copy does not know the next one", async () => {
    const { sent, state, moved, answer } = await asked();
    await answer(closed());
    await turn();
    expect(moved).toEqual([]);
    state.newest = NEXT;
    await expect.poll(() => state.waits.length).toBe(1);
    await answer(closed());
    await expect.poll(() => sent).toHaveLength(3);
    expect(moved).toHaveLength(1);
  });

  test("stays refused where it was canceled while it waited", async () => {
    const { outbox, state, sent, settled, moved, answer, request } = await asked();
    state.newest = NEXT;
    await outbox.later("approval.cancel", QUEUE, { request }, { request });
    await answer(closed());
    await answer({ ok: false, code: "no-such-request" });
    await expect.poll(() => settled.map(({ code }) => code)).toEqual(["epoch-closed", "no-such-request"]);
    expect([moved, sent.length]).toEqual([[], 2]);
  });

  test("stays refused also where the cancellation is just being signed", async () => {
    const { outbox, state, sent, settled, moved, answer, request } = await asked();
    state.newest = NEXT;
    const shell = Promise.withResolvers<void>();
    state.shell = shell.promise;
    const canceled = outbox.later("approval.cancel", QUEUE, { request }, { request });
    await answer(closed());
    // The answer is being worked on, behind the signature.
    await turn();
    shell.resolve();
    await canceled;
    await answer({ ok: false, code: "no-such-request" });
    await expect.poll(() => settled.map(({ code }) => code)).toEqual(["epoch-closed", "no-such-request"]);
    expect([moved, sent.length]).toEqual([[], 2]);
  });
});

test("[EP3] [AP15] of a request and its edit that an epoch closed on, only the edit is signed again, in nobody's place", async () => {
  const NEXT = "queue:approvers@2" as DocName;
  const { outbox, state, sent, settled, moved, answer } = line();
  const request = await outbox.later("approval.request", QUEUE, requestBody() as Body<"approval.request">, {
    request: null,
  });
  const edit = await outbox.later(
    "approval.request",
    QUEUE,
    requestBody({ replaces: request }) as Body<"approval.request">,
    { request: null },
  );
  state.newest = NEXT;
  await answer({ ok: false, code: "epoch-closed" });
  await answer({ ok: false, code: "no-such-request" });
  await expect.poll(() => sent).toHaveLength(3);
  expect(moved).toEqual([[edit, `${NEXT} 1`]]);
  expect(JSON.parse(Buffer.from(sent[2]?.split(".")[1] ?? "", "base64url").toString())).toMatchObject({
    d: NEXT,
    b: { replaces: null },
  });
  await answer(yes());
  await expect
    .poll(() => settled.map(({ command, code }) => [command, code]))
    .toEqual([
      [request, "epoch-closed"],
      [`${NEXT} 1`, null],
    ]);
  // Where the request before it was taken, the server's word about the edit stands.
  const first = await outbox.later("approval.request", QUEUE, requestBody() as Body<"approval.request">, {
    request: null,
  });
  await answer(yes());
  await outbox.later("approval.request", QUEUE, requestBody({ replaces: first }) as Body<"approval.request">, {
    request: null,
  });
  await answer({ ok: false, code: "no-such-request" });
  await expect.poll(() => settled.at(-1)?.code).toBe("no-such-request");
  expect(moved).toHaveLength(1);
});

describe("a command for later", () => {
  test("[T26] that was sent and never answered is sent again over the next connection, as the same bytes and in order", async () => {
    const { outbox, sent, state, vote, cut, settled, answer } = line();
    await vote();
    await vote();
    expect(sent).toEqual(["approval.vote 1"]);
    cut();
    await turn();
    expect([outbox.waiting(), settled]).toEqual([2, []]);
    state.up = true;
    outbox.flush();
    await answer(yes());
    await answer(yes());
    expect(sent.slice(1)).toEqual(["approval.vote 1", "approval.vote 2"]);
    await turn();
    expect([outbox.waiting(), settled.map(({ code }) => code)]).toEqual([0, [null, null]]);
    outbox.flush();
    expect(sent).toHaveLength(3);
  });

  test("[T26] waits for the answer to the one before: a counter that goes first would make that one void", async () => {
    const { sent, vote, answer, settled } = line();
    await vote();
    await vote();
    await vote();
    await answer({ ok: false, code: "storage" });
    // The server's own trouble ends nothing, and nothing overtakes.
    await expect.poll(() => sent).toEqual(["approval.vote 1", "approval.vote 1"]);
    for (let n = 0; n < 3; n += 1) await answer(yes());
    await expect
      .poll(() => settled.map(({ command, code }) => `${command} ${code ?? "taken"}`))
      .toEqual(["approval.vote 1 taken", "approval.vote 2 taken", "approval.vote 3 taken"]);
    expect(sent.slice(1)).toEqual(["approval.vote 1", "approval.vote 2", "approval.vote 3"]);
  });

  test("whose answer could not be kept is asked for again", async () => {
    const { outbox, store, sent, vote, answer, settled } = line();
    await vote();
    store.db.exec("CREATE TEMP TRIGGER full BEFORE UPDATE ON main.outbox BEGIN SELECT RAISE(ABORT, 'full'); END");
    await answer(yes());
    await turn();
    expect([outbox.waiting(), settled]).toEqual([1, []]);
    store.db.exec("DROP TRIGGER temp.full");
    await expect.poll(() => sent).toHaveLength(2);
    await answer(yes());
    await expect.poll(() => outbox.waiting()).toBe(0);
  });

  test("is on the disk before it is sent, together with what belongs to it", async () => {
    const { outbox, rows, state, sent } = line();
    state.up = false;
    const written: string[] = [];
    await outbox.later(
      "approval.cancel",
      QUEUE,
      { request: REQUEST },
      { request: REQUEST, with: (id) => void written.push(id) },
    );
    expect([sent, written, rows.waiting(WID).map(({ jws }) => jws)]).toEqual([
      [],
      ["approval.cancel 1"],
      ["approval.cancel 1"],
    ]);
    const refused = outbox.later(
      "approval.cancel",
      QUEUE,
      { request: REQUEST },
      {
        request: REQUEST,
        with: () => {
          throw new Error("full");
        },
      },
    );
    await expect(refused).rejects.toThrow("full");
    expect(rows.waiting(WID)).toHaveLength(1);
  });

  test("keeps the order of its counters when several are signed at once", async () => {
    const { sent, vote, answer } = line();
    await Promise.all([vote(), vote(), vote()]);
    for (let n = 0; n < 3; n += 1) await answer(yes());
    expect(sent).toEqual(["approval.vote 1", "approval.vote 2", "approval.vote 3"]);
  });

  test("that the rules refuse is over and says why, and the next one goes", async () => {
    const { outbox, settled, vote, sent, answer } = line();
    await vote();
    await vote();
    await answer({ ok: false, code: "resolved" });
    await expect.poll(() => sent).toHaveLength(2);
    expect(settled).toEqual([
      { command: "approval.vote 1", kind: "approval.vote", request: REQUEST, code: "resolved" },
    ]);
    expect(outbox.waiting()).toBe(1);
  });

  test("is over when this device is out, and nothing more is taken", async () => {
    const { outbox, state, settled, vote } = line();
    state.up = false;
    await vote();
    outbox.refuseAll("unknown-device");
    expect([outbox.waiting(), settled[0]?.code]).toEqual([0, "unknown-device"]);
    await expect(vote()).rejects.toMatchObject({ code: "takes-nothing" });
    state.up = true;
    outbox.flush();
    expect(state.waits).toEqual([]);
  });
});

describe("what the server does not take yet", () => {
  test.each(["recovering", "storage", "server-clock"])(
    "waits, and it is known why, until it is taken: %s",
    async (code) => {
      const { outbox, sent, answer, vote } = line();
      await vote();
      expect(outbox.held()).toBe(null);
      await answer({ ok: false, code } as Ack);
      await expect.poll(() => outbox.held()).toBe(code);
      await expect.poll(() => sent.length, { timeout: 10_000 }).toBe(2);
      await answer(yes());
      await expect.poll(() => [outbox.waiting(), outbox.held()]).toEqual([0, null]);
    },
  );

  test("reads as what it is, where it was for now", async () => {
    const { outbox, answer } = line();
    const done = outbox.now("device.revoke", LOG, { device: "d".repeat(22) as never });
    const said = expect(done).rejects.toMatchObject({
      code: "recovering",
    });
    await answer({ ok: false, code: "recovering" });
    await said;
  });
});

describe("a command for now", () => {
  const remove = (of: ReturnType<typeof line>) =>
    of.outbox.now("device.revoke", LOG, { device: "d".repeat(22) as never });

  test("is refused offline and never sent later", async () => {
    const of = line();
    of.state.up = false;
    await expect(remove(of)).rejects.toMatchObject({ code: "not-connected" });
    of.state.up = true;
    of.outbox.flush();
    expect(of.sent).toEqual([]);
  });

  test("whose answer was lost counts when the own fold holds it, and is named where it does not", async () => {
    for (const folded of [true, false]) {
      const of = line();
      const done = remove(of);
      await expect.poll(() => of.sent.length).toBe(1);
      of.state.folded = folded;
      of.cut();
      expect(
        await done.then(
          () => "done",
          (error: { code: string }) => error.code,
        ),
      ).toBe(folded ? "done" : "no-answer");
    }
  });
});

test("[MB14] the last word of a key waits for what that key signed, and nothing else is signed before its answer", async () => {
  const { outbox, sent, state, vote, answer } = line();
  state.folded = true;
  await vote();
  const last = outbox.last("device.rotate", LOG, { x: "x", enc: "e", pop: "p" } as never);
  // It takes its turn once it knows that there is a connection.
  await turn();
  const next = vote();
  await expect.poll(() => sent).toHaveLength(1);
  await answer(yes());
  await expect.poll(() => sent).toHaveLength(2);
  expect(sent[1]).toMatch(/^device.rotate/);
  await turn();
  expect(outbox.waiting()).toBe(0);
  await answer(yes());
  await Promise.all([last, next]);
  await expect.poll(() => sent).toHaveLength(3);
  expect(sent[2]).toMatch(/^approval.vote/);
});
