/** Killed in the middle of a change: of the arguments of a call that waits, and of this computer's key. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { RpcClient } from "../../scripts/apps/rpc-client.ts";
import { acceptServer, callBecomes, callInNewThread, callsOf, cardFor, decide } from "../../scripts/apps/team.ts";
import { expect, test } from "./fixtures.ts";
import { openLedger } from "./ledger.ts";
import type { Place } from "./ledger.ts";

interface Asked {
  readonly thread: string;
  readonly call: string;
  readonly request: string;
}
/** Ben's call waits, and its card is in front of Ada. */
const asks = async ({ team: { ada, ben, wid }, ledger }: Place, line: string): Promise<Asked> => {
  const thread = await callInNewThread(ben.rpc, wid, ledger, "work", { line });
  const { id } = await callBecomes(ben.rpc, thread, ["waiting"]);
  return { thread, call: id, request: (await cardFor(ada.rpc, wid)).request };
};
const edits = ({ team: { ben } }: Place, { thread, call }: Asked, line: string) =>
  ben.rpc.call("call.edit", { thread, call, args: JSON.stringify({ line }) });
const lineOf = (args: string | null): string => (JSON.parse(args ?? "{}") as { line: string }).line;
/** The one card that waits for Ada, once it is `first` or another one. */
const cardIs = async ({ team: { ada, wid } }: Place, first: string, same: boolean): Promise<string> => {
  const open = (cards: readonly { request: string; state: string }[]) =>
    cards.filter(({ state }) => state === "pending");
  const cards = await ada.rpc.when(
    "cards",
    wid,
    (all) => open(all).length === 1 && (open(all)[0]?.request === first) === same,
  );
  return open(cards)[0]?.request ?? "";
};
const stateOf = async ({ team: { ada, wid } }: Place, request: string) =>
  (await ada.rpc.when("cards", wid, () => true)).find((card) => card.request === request)?.state;

const ANSWERS_WITHIN_MS = 400;
const answers = (rpc: RpcClient, thread: string): Promise<boolean> =>
  Promise.race([
    callsOf(rpc, thread).then(() => true),
    new Promise<boolean>((done) => void setTimeout(done, ANSWERS_WITHIN_MS, false)),
  ]);

test.describe("[T19] [T20] [AP15] killing Ben's agent host while a waiting call is changed", () => {
  test("before anything of it is kept: the call waits as it was asked, and what is changed then runs alone", async ({
    world,
  }) => {
    const place = await openLedger(world);
    const {
      team: { ada, ben, wid },
      ledger,
      lines,
    } = place;
    const old = await asks(place, "old");
    // Somebody else writes the file, so the host stands at the door of its transaction.
    const disk = new DatabaseSync(join(ben.app.dataDir, "bulkhead.db"), { timeout: 60_000 });
    disk.exec("BEGIN IMMEDIATE");
    let over = false;
    const lost = edits(place, old, "lost")
      .then(
        () => "kept",
        () => "not kept",
      )
      .finally(() => (over = true));
    // It stands there for three seconds and then gives up, which a busy machine may come too late to see.
    await expect.poll(async () => over || !(await answers(ben.rpc, old.thread)), { intervals: [10] }).toBe(true);
    ben.app.killHost();
    disk.exec("ROLLBACK");
    disk.close();
    expect(await lost).toBe("not kept");
    const call = await callBecomes(ben.rpc, old.thread, ["waiting"]);
    expect([lineOf(call.args), call.asked]).toEqual(["old", null]);
    // What this window knows of the tools is from before the kill.
    await acceptServer(await ben.window(), wid, ledger);
    await edits(place, old, "new");
    const fresh = await cardIs(place, old.request, false);
    expect(await stateOf(place, old.request)).toBe("replaced");
    await decide(ada.rpc, wid, fresh, "approve");
    await callBecomes(ben.rpc, old.thread, ["done"]);
    expect(lines()).toEqual(["new"]);
  });

  test("kept and not sent: an approval of the first arguments that comes meanwhile runs nothing", async ({ world }) => {
    const place = await openLedger(world);
    const {
      team: { ada, ben, wid },
      lines,
    } = place;
    const old = await asks(place, "old");
    ben.net.cut();
    await ben.rpc.when("status", wid, ({ link }) => link !== "in-sync");
    await edits(place, old, "new");
    ben.app.killHost();
    await decide(ada.rpc, wid, old.request, "approve");
    await ada.rpc.when("cards", wid, (cards) =>
      cards.some(({ request, state }) => request === old.request && state === "approved"),
    );
    const call = await callBecomes(ben.rpc, old.thread, ["queued"]);
    expect(lineOf(call.args)).toBe("new");
    ben.net.mend();
    const fresh = await cardIs(place, old.request, false);
    expect(await stateOf(place, old.request)).toBe("replaced");
    await callBecomes(ben.rpc, old.thread, ["waiting"]);
    expect(lines()).toEqual([]);
    await decide(ada.rpc, wid, fresh, "approve");
    await callBecomes(ben.rpc, old.thread, ["done"]);
    expect(lines()).toEqual(["new"]);
  });

  test("sent, and killed before the answer: it is the same request after the restart, and its approval runs once", async ({
    world,
  }) => {
    const place = await openLedger(world);
    const {
      team: { ada, ben, wid },
      lines,
    } = place;
    const old = await asks(place, "old");
    ben.net.deafen();
    await edits(place, old, "new");
    const fresh = await cardIs(place, old.request, false);
    ben.app.killHost();
    await decide(ada.rpc, wid, fresh, "approve");
    ben.net.mend();
    const call = await callBecomes(ben.rpc, old.thread, ["done"]);
    expect([lineOf(call.args), lineOf(call.asked)]).toEqual(["new", "old"]);
    const cards = await ada.rpc.when("cards", wid, (all) => all.some(({ state }) => state === "used"));
    expect(Object.fromEntries(cards.map(({ request, state }) => [request, state]))).toEqual({
      [old.request]: "replaced",
      [fresh]: "used",
    });
    expect(lines()).toEqual(["new"]);
  });

  test("at any moment: one of the two is asked, it alone can be approved, and it alone runs", async ({ world }) => {
    const place = await openLedger(world);
    const {
      team: { ada, ben, wid },
      ledger,
      lines,
    } = place;
    for (const [index, wait] of [0, 4, 10, 25, 60].entries()) {
      const old = await asks(place, `old-${index}`);
      void edits(place, old, `new-${index}`).catch(() => undefined);
      await new Promise((done) => setTimeout(done, wait));
      ben.app.killHost();
      const call = await callBecomes(ben.rpc, old.thread, ["waiting", "queued"]);
      const line = lineOf(call.args);
      expect([`old-${index}`, `new-${index}`]).toContain(line);
      const request = await cardIs(place, old.request, line === `old-${index}`);
      expect(lineOf((await ada.rpc.call("card.get", { wid, request })).args)).toBe(line);
      await decide(ada.rpc, wid, request, "approve");
      await callBecomes(ben.rpc, old.thread, ["done"]);
      expect(lines().filter((each) => each.endsWith(`-${index}`))).toEqual([line]);
      await acceptServer(ben.rpc, wid, ledger);
    }
  });
});

/** The device of Ben's that is in force, as `rpc` sees it. */
const deviceAt = async (
  { team: { wid } }: Place,
  rpc: RpcClient,
  wanted: (device: string) => boolean = () => true,
): Promise<string> => {
  let found = "";
  await rpc.when("team", wid, ({ members }) => {
    const devices =
      members.find(({ name }) => name === "Ben")?.devices.filter(({ revokedAt }) => revokedAt === null) ?? [];
    found = devices.length === 1 ? (devices[0]?.id ?? "") : "";
    return found !== "" && wanted(found);
  });
  return found;
};
const replacesKey = ({ team: { ben, wid } }: Place) => ben.rpc.call("device.replaceKey", { wid });
/** How many keys this computer has. */
const ring = ({ team: { ben } }: Place): number =>
  (JSON.parse(readFileSync(join(ben.app.dataDir, "device-keys.json"), "utf8")) as { secrets: { pairs: unknown[] } })
    .secrets.pairs.length;
const startsAgain = async ({ team: { ben } }: Place): Promise<void> => {
  await ben.app.start();
  await ben.window();
};
/** Ben is in, everybody sees the same one key of his, and what he asks with it runs. */
const works = async (place: Place, line: string): Promise<string> => {
  const {
    team: { ada, ben, wid },
    ledger,
    lines,
  } = place;
  await ben.rpc.when("status", wid, ({ link }) => link === "in-sync");
  await acceptServer(ben.rpc, wid, ledger);
  const { thread, request } = await asks(place, line);
  const device = await deviceAt(place, ben.rpc);
  expect(await deviceAt(place, ada.rpc, (seen) => seen === device)).toBe(device);
  await decide(ada.rpc, wid, request, "approve");
  await callBecomes(ben.rpc, thread, ["done"]);
  expect(lines().filter((each) => each === line)).toEqual([line]);
  return device;
};

test.describe("[T19] [T24] power cut while Ben's key is replaced", () => {
  test("before the new key reached the server: the old one is in force and works, and can be replaced", async ({
    world,
  }) => {
    const place = await openLedger(world);
    const {
      team: { ada, ben },
    } = place;
    const old = await deviceAt(place, ada.rpc);
    ben.net.stall();
    void replacesKey(place).catch(() => undefined);
    await expect.poll(() => ring(place)).toBe(2);
    await ben.app.crash();
    ben.net.cut();
    ben.net.mend();
    await startsAgain(place);
    expect(await works(place, "old key")).toBe(old);
    await replacesKey(place);
    await deviceAt(place, ada.rpc, (device) => device !== old);
    expect(await works(place, "new key")).not.toBe(old);
    // The key that was made before the cut is the one that is used.
    expect(ring(place)).toBe(2);
  });

  test("sent, and cut before the answer: the new key finds its way in and works", async ({ world }) => {
    const place = await openLedger(world);
    const {
      team: { ada, ben },
    } = place;
    const old = await deviceAt(place, ada.rpc);
    ben.net.deafen();
    void replacesKey(place).catch(() => undefined);
    const next = await deviceAt(place, ada.rpc, (device) => device !== old);
    await ben.app.crash();
    ben.net.mend();
    await startsAgain(place);
    expect(await works(place, "new key")).toBe(next);
  });

  test("at any moment: one of the two keys is in force, and works", async ({ world }) => {
    const place = await openLedger(world);
    for (const [index, wait] of [0, 8, 25, 80].entries()) {
      const before = await deviceAt(place, place.team.ada.rpc);
      void replacesKey(place).catch(() => undefined);
      await new Promise((done) => setTimeout(done, wait));
      await place.team.ben.app.crash();
      await startsAgain(place);
      const after = await works(place, `key ${index}`);
      expect(ring(place)).toBeGreaterThanOrEqual(after === before ? 1 : 2);
    }
  });
});
