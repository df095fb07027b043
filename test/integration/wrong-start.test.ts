/**
 * A server that came up wrongly for a while: without its store, with another one, with an older backup, with another key, or
 * under another name. Real apps over real sockets, and time that is handed in. Each time nobody is accused, nothing that was
 * approved runs meanwhile, what was shown stays as evidence, and when the server is right all is as before without a word of
 * anybody's.
 */
import { describe, expect, onTestFinished, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { generateServerKey } from "../../sync-server/server/system/server-key.ts";
import { startServer } from "../../sync-server/server/server.ts";
import type { ChainStore } from "../../sync-server/server/store/store.ts";
import { SERVER } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { evidenceOf, holdsOut, keptBy, startLiedTo } from "../helpers/lied-to.ts";
import type { LiedTo } from "../helpers/lied-to.ts";
import { createMemory } from "../helpers/memory-store.ts";
import { foundAt } from "../helpers/sync-world.ts";
import { PATIENCE_MS, until } from "../helpers/wait.ts";

const FAST = { tickMs: 50 };
interface Served {
  readonly url: string;
  readonly events: string[];
}
const serve = async (
  of: LiedTo,
  store: ChainStore,
  origins: readonly string[] = [of.hers.url, of.his.url],
): Promise<Served> => {
  const events: string[] = [];
  const server = await startServer({
    store,
    host: "127.0.0.1",
    port: 0,
    origins,
    create: "open",
    now: Date.now,
    log: ({ event, code }) => void events.push(code === undefined ? event : `${event} ${code}`),
    headEveryMs: 200,
    limits: { strangersPerAddress: 4_096, authWithinMs: 600_000 },
  });
  onTestFinished(() => server.close());
  return { url: `http://127.0.0.1:${server.port}`, events };
};
const keyed = (store: ChainStore, key: string): ChainStore => ({
  ...store,
  secret: async (name, make) => (name === "server-key" ? key : store.secret(name, make)),
});
/** An older copy that is not put right by what the apps hold: its key is another one. */
const olderWith = (backup: ReturnType<typeof createMemory>) => keyed(backup.connect(), generateServerKey());

/** As long as the longest pause before it is tried again passes, as often as it takes; slowly enough that nothing expires. */
const pausesUntil = async (app: App, holds: () => boolean, what: string): Promise<void> => {
  for (let wait = 1_000; !holds() && wait < PATIENCE_MS; wait *= 2) {
    app.clock.pass(241_000);
    await until(holds, what, wait).catch(() => undefined);
  }
  await until(holds, what, 1);
};

interface Row {
  readonly start: string;
  /** What the status line says meanwhile. */
  readonly link: "refused" | "tampered" | "withheld";
  readonly code: string;
  readonly wrong: (of: LiedTo, backup: ReturnType<typeof createMemory>) => Promise<Served>;
  /** Time that passes before it is told, ms. */
  readonly later?: number;
  /** A line of the server's own log. */
  readonly logs?: string;
  readonly evidence?: string;
}
const ROWS: Row[] = [
  {
    start: "an empty folder",
    link: "refused",
    code: "workspace-unserved",
    wrong: (of) => serve(of, createMemory().connect()),
  },
  {
    start: "another node's database",
    link: "refused",
    code: "workspace-unserved",
    wrong: async (of) => {
      const served = await serve(of, createMemory().connect(), [of.hers.url, of.his.url]);
      await foundAt(served.url);
      return served;
    },
  },
  {
    start: "another name in --origin",
    link: "refused",
    code: "server-name",
    logs: "origin-unknown 4410",
    wrong: (of) => serve(of, of.lair.memory.connect(), ["https://sync.example.org"]),
  },
  {
    start: "the right store and another key",
    link: "withheld",
    code: "head-signature",
    wrong: (of) => serve(of, keyed(of.lair.memory.connect(), generateServerKey())),
  },
  {
    start: "an older backup and another key",
    link: "tampered",
    code: "tampered",
    later: 31_000,
    evidence: "rollback",
    wrong: (of, backup) => serve(of, olderWith(backup)),
  },
  {
    start: "a backup of before this computer joined",
    link: "refused",
    code: "device-unserved",
    wrong: async (of) => {
      const before = createMemory();
      const [first = ""] = await of.stored(LOG);
      await before.connect().append(of.wid as never, [{ doc: LOG, seq: 1, entry: first }], new Map());
      return serve(of, olderWith(before));
    },
  },
];

describe("[T26] [LY11] [LY12] a server that came up wrongly, with", () => {
  test.each(ROWS.map((row) => [row.start, row] as const))(
    "%s: told as what it is, and over by itself when it is right again",
    async (_start, { link, code, wrong, later = 0, logs, evidence }) => {
      const of = await startLiedTo(FAST);
      const { ben, his, wid, lair, call, act } = of;
      const backup = lair.memory.copy();
      await act();
      await until(
        () => keptBy(ben).filter(({ doc }) => doc === LOG).length > backup.count(wid, LOG),
        "the entries after the backup",
      );
      const before = keptBy(ben);
      const served = await wrong(of, backup);
      his.reach(served.url);
      his.drop();
      await until(() => {
        if (later > 0) ben.clock.pass(later / 100);
        return ben.room.status(wid).link === link && ben.room.status(wid).reason?.code === code;
      }, `${link} ${code}`);
      holdsOut(of, before);
      const waits = ben.call(wid, SERVER, "{}");
      if (link !== "tampered") await ben.room.authority.ask(waits);
      // It is tried again and again meanwhile, and nothing changes.
      ben.clock.pass(241_000);
      await until(() => ben.room.status(wid).link === link, "still so");
      if (logs !== undefined) expect(served.events).toContain(logs);
      const shown = evidenceOf(ben);
      if (evidence !== undefined) expect(shown.map((piece) => piece.code)).toContain(evidence);

      his.reach(await lair.fork(lair.memory));
      his.drop();
      await pausesUntil(ben, () => ben.room.status(wid).link === "in-sync", "back by itself");
      await until(() => ben.room.authority.permit(call).ok, "the permit");
      if (link !== "tampered")
        await until(
          () => ben.room.authority.standing(waits.id)?.state === "waiting",
          "what was asked meanwhile, at the server",
        );
      // What was a lie stays evidence, and that the app went on by itself is told and kept beside it.
      expect(evidenceOf(ben)).toEqual(expect.arrayContaining(shown));
      const wentOn = evidenceOf(ben).filter((piece) => piece.code === "went-on").length;
      expect(wentOn).toBe(link === "tampered" ? 1 : 0);
      expect(ben.room.status(wid).wentOn === undefined).toBe(wentOn === 0);
      expect(ben.shell.notified.filter(({ title }) => title === "Approvals go on")).toHaveLength(wentOn);
    },
  );
});
