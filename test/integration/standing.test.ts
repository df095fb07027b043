/** Reading where a call stands is a query: it says what is true now and writes nothing. */
import { expect, test } from "vitest";
import { createConfirmStore } from "../../electron/host/store/confirms.ts";
import { createHoldStore } from "../../electron/host/store/holds.ts";
import { SERVER, startTeam } from "../helpers/app.ts";

const DAYS = 8 * 24 * 3_600_000;

test("asking where a call stands keeps nothing and tells nobody; what acts on it does", async () => {
  const { wid, ben } = await startTeam();
  const call = ben.call(wid, SERVER, '{"path":"/notes/a.txt","content":"hello"}');
  await ben.room.authority.ask(call);
  const holds = createHoldStore(ben.store);
  const before = holds.get(call.id);
  const told: string[] = [];
  ben.room.authority.onStanding((id) => void told.push(id));
  ben.clock.pass(DAYS);
  expect(ben.room.authority.standing(call.id)?.state).toBe("expired");
  expect([holds.get(call.id), createConfirmStore(ben.store).get(call.id), told]).toEqual([before, null, []]);
  // Positive control: whoever wants to run it has it looked at, and then it is kept as over.
  expect(ben.room.authority.permit(call)).toMatchObject({ ok: false });
  await Promise.resolve();
  expect([holds.get(call.id)?.state, told]).toEqual(["expired", [call.id]]);
});
