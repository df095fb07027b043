/** What every store must do, whatever its engine. `open` gives a fresh one; `reopen` opens the same place again. */
import { describe, expect, test } from "vitest";
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import { writeState } from "#core/rules/state-text.ts";
import { createStates } from "../../sync-server/server/order/states.ts";
import type { States } from "../../sync-server/server/order/states.ts";
import { crypto } from "../helpers/node-crypto.ts";
import { createTeam } from "../helpers/people.ts";
import type { ChainStore, StoredEntry } from "../../sync-server/server/store/store.ts";

export interface Place {
  open(): Promise<ChainStore>;
}

const wid = "W".repeat(22) as WorkspaceId;
const other = "X".repeat(22) as WorkspaceId;
const log = "log" as DocName;
const queue = "queue:approvers" as DocName;
const row = (doc: DocName, seq: number, entry = `${doc} ${seq}`): StoredEntry => ({ doc, seq, entry });
const at = (...lengths: [DocName, number][]) => new Map(lengths);
const all = { entries: 1_000, characters: 1_000_000 };

/** A log with two checkpoints, and what each signed. */
const checkpointed = () => {
  const team = createTeam();
  team.member("Ben");
  const checkpoints = [1, 2].map(() => {
    const text = writeState(team.log);
    team.given(team.ada, log, "checkpoint", {
      v: 2,
      at: [team.log.seq, team.log.head],
      stateHash: crypto.sha256(text),
    });
    const { seq } = team.log;
    team.given(team.ada, log, "server.key", { x: team.ada.key.x });
    return { seq, text };
  });
  return { team, checkpoints };
};

export const storeContract = (name: string, place: () => Place): void => {
  describe(name, () => {
    test("[ST1] keeps entries in order, by workspace and document, byte for byte", async () => {
      const store = await place().open();
      const exact = '{"s":1 ,"x":"ü\\u0000 \u2028"}';
      expect(await store.append(wid, [row(log, 1, exact), row(log, 2), row(queue, 1)], at([log, 0], [queue, 0]))).toBe(
        "appended",
      );
      expect(await store.append(other, [row(log, 1)], at([log, 0]))).toBe("appended");
      expect(await store.read(wid, log, 1, all)).toEqual([exact, "log 2"]);
      expect(await store.read(wid, log, 2, all)).toEqual(["log 2"]);
      expect(await store.read(wid, queue, 1, all)).toEqual(["queue:approvers 1"]);
      expect(await store.read(wid, queue, 2, all)).toEqual([]);
      expect(await store.length(wid, log)).toBe(2);
      expect(await store.length(wid, "admin" as DocName)).toBe(0);
      expect((await store.workspaces()).sort()).toEqual([wid, other]);
      await store.close();
    });

    test("[SV91] gives the text that a checkpoint signed, at any node that opens the place", async () => {
      const here = place();
      const store = await here.open();
      const { team, checkpoints } = checkpointed();
      const texts = team.entries.filter(({ doc }) => doc === log).map(({ text }) => text);
      await store.append(
        team.wid,
        texts.map((entry, index) => ({ doc: log, seq: index + 1, entry })),
        at([log, 0]),
      );
      const newest = checkpoints.at(-1)?.seq ?? 0;
      const ask = (states: States, position: number) =>
        states
          .at(team.wid, position, newest)
          .then((state) => state && { seq: state.seq, text: new TextDecoder().decode(state.bytes) });
      const states = createStates(crypto, store);
      for (const { seq, text } of checkpoints)
        expect([await ask(states, seq), await ask(states, seq - 1)]).toEqual([
          { seq, text },
          checkpoints.findLast((each) => each.seq < seq) ?? null,
        ]);
      // Several at once, and where nobody signed any.
      expect(await Promise.all([1, 2, 3].map(() => ask(states, texts.length)))).toEqual(
        [1, 2, 3].map(() => checkpoints.at(-1)),
      );
      expect(await states.at(team.wid, texts.length, null)).toBeNull();
      await store.close();
      const again = await here.open();
      expect(await ask(createStates(crypto, again), texts.length)).toEqual(checkpoints.at(-1));
      await again.close();
    });

    test("[ST2] appends all of a batch or nothing", async () => {
      const store = await place().open();
      await store.append(wid, [row(log, 1)], at([log, 0]));
      await expect(store.append(wid, [row(queue, 1), row(log, 1)], at([queue, 0]))).rejects.toThrow();
      expect(await store.length(wid, queue)).toBe(0);
      await store.close();
    });

    test("[ST3] answers conflict, and keeps nothing, where somebody appended since the batch was judged", async () => {
      const store = await place().open();
      await store.append(wid, [row(log, 1)], at([log, 0]));
      expect(await store.append(wid, [row(queue, 1)], at([queue, 0], [log, 0]))).toBe("conflict");
      expect(await store.length(wid, queue)).toBe(0);
      expect(await store.append(wid, [row(queue, 1)], at([queue, 0], [log, 1]))).toBe("appended");
      await store.close();
    });

    test("[ST3] only compares the lengths where the batch is empty", async () => {
      const store = await place().open();
      await store.append(wid, [row(log, 1)], at([log, 0]));
      expect(await store.append(wid, [], at([log, 0], [queue, 0]))).toBe("conflict");
      expect(await store.append(wid, [], at([log, 1], [queue, 0]))).toBe("appended");
      expect(await store.length(wid, log)).toBe(1);
      await store.close();
    });

    test("[ST4] reads in pages: at most so many entries, and no more than one past so many characters", async () => {
      const store = await place().open();
      await store.append(
        wid,
        Array.from({ length: 10 }, (_, i) => row(log, i + 1, "x".repeat(100))),
        at([log, 0]),
      );
      expect(await store.read(wid, log, 1, { entries: 3, characters: 10_000 })).toHaveLength(3);
      expect(await store.read(wid, log, 1, { entries: 10, characters: 250 })).toHaveLength(3);
      expect(await store.read(wid, log, 1, { entries: 10, characters: 1 })).toHaveLength(1);
      await store.close();
    });

    test("[ST19] holds a workspace for one piece of work, and answers what that answers", async () => {
      const store = await place().open();
      await store.append(wid, [row(log, 1)], at([log, 0]));
      const answer = await store.hold(wid, async (held) => {
        expect(await held.read(wid, log, 1, all)).toEqual(["log 1"]);
        expect(await held.lengths(wid, [log, queue])).toEqual(at([log, 1], [queue, 0]));
        expect(await held.append(wid, [row(queue, 1)], at([log, 0]))).toBe("conflict");
        return held.append(wid, [row(queue, 1)], at([log, 1], [queue, 0]));
      });
      expect(answer).toBe("appended");
      expect(await store.lengths(wid, [log, queue])).toEqual(at([log, 1], [queue, 1]));
      await store.close();
    });

    test("[ST22] reads one entry of each of several documents at once, and leaves out what is not there", async () => {
      const store = await place().open();
      await store.append(wid, [row(log, 1), row(log, 2), row(queue, 1)], at([log, 0], [queue, 0]));
      await store.append(other, [row(queue, 1, "another workspace")], at([queue, 0]));
      const asked = at([log, 2], [queue, 1], ["admin" as DocName, 1]);
      const found = new Map([
        [log, "log 2"],
        [queue, "queue:approvers 1"],
      ]);
      expect(await store.entriesAt(wid, asked)).toEqual(found);
      expect(await store.hold(wid, (held) => held.entriesAt(wid, asked))).toEqual(found);
      expect(await store.entriesAt(wid, at([log, 3], [queue, 0]))).toEqual(new Map());
      await store.close();
    });

    test("[ST5] has everything again when it is opened again", async () => {
      const here = place();
      const first = await here.open();
      await first.append(wid, [row(log, 1)], at([log, 0]));
      const secret = await first.secret("key", () => "one");
      await first.close();
      const second = await here.open();
      expect(await second.read(wid, log, 1, all)).toEqual(["log 1"]);
      // Whoever must not make a second key says so by throwing: a kept one asks nobody.
      const refuse = (): string => {
        throw new Error("asked for a key where one is kept");
      };
      expect(await second.secret("key", refuse)).toBe(secret);
      await expect(second.secret("another", refuse)).rejects.toThrow();
      await second.close();
    });
  });
};
