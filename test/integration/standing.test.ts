/** Reading where a call stands is a query: it says what is true now and writes nothing. */
import { expect, test } from "vitest";
import { createConfirmStore } from "../../electron/host/store/confirms.ts";
import { createHoldStore } from "../../electron/host/store/holds.ts";
import { SERVER, startServerProcess, teamAt } from "../helpers/app.ts";
import { until } from "../helpers/wait.ts";

const DAYS = 8 * 24 * 3_600_000;
/** Ben's app looks at the time often. */
const looking = async () => teamAt(await startServerProcess(), undefined, { tickMs: 20 });

test("neither asking where a call stands nor asking for its permit keeps or tells anything; the next look does", async () => {
  const { wid, ben } = await looking();
  const call = ben.call(wid, SERVER, '{"path":"/notes/a.txt","content":"hello"}');
  await ben.room.authority.ask(call);
  const holds = createHoldStore(ben.store);
  const before = holds.get(call.id);
  const told: string[] = [];
  ben.room.authority.onStanding((id) => void told.push(id));
  ben.clock.pass(DAYS);
  expect(ben.room.authority.standing(call.id)?.state).toBe("expired");
  expect(ben.room.authority.permit(call)).toMatchObject({ ok: false });
  expect([holds.get(call.id), createConfirmStore(ben.store).get(call.id), told]).toEqual([before, null, []]);
  // Positive control.
  await until(() => told.length > 0, "the next look");
  expect([holds.get(call.id)?.state, told]).toEqual(["expired", [call.id]]);
});

test("whoever hears of a step keeps it in a transaction of theirs, and what they throw away is kept after all", async () => {
  const { wid, ben } = await looking();
  const call = ben.call(wid, SERVER, '{"path":"/notes/a.txt","content":"hello"}');
  await ben.room.authority.ask(call);
  const holds = createHoldStore(ben.store);
  const seen: unknown[] = [];
  ben.room.authority.onStanding((id) => {
    seen.push(holds.get(id)?.state);
    const thrown = (): void => {
      ben.store.write(() => {
        ben.room.authority.keep(id);
        seen.push(holds.get(id)?.state);
        throw new Error("not this time");
      });
    };
    expect(thrown).toThrow("not this time");
    seen.push(holds.get(id)?.state);
  });
  ben.clock.pass(DAYS);
  await until(() => holds.get(call.id)?.state === "expired", "the step to be kept");
  expect(seen).toEqual(["queued", "expired", "queued"]);
});
