import { expect, test } from "vitest";
import { CLOSE } from "#core/protocol/wire.ts";
import { createTurnedAway } from "#client/link/turned-away.ts";

const world = ({ wasIn = true, unsettled = false, took = false, closed = false, due = false } = {}) => {
  const done: string[] = [];
  const turned = createTurnedAway({
    retry: { failed: (urgent = false) => void done.push(urgent ? "retry now" : "retry later"), due: () => due },
    link: { in: () => wasIn, refuse: (code) => void done.push(`refused ${code}`) },
    identity: { unsettled: () => unsettled, turnedAway: () => void done.push("other key") },
    reconcile: () => void done.push("reconcile"),
    offer: () => {
      done.push("offer");
      return Promise.resolve(took);
    },
    restart: () => void done.push("restart"),
    isClosed: () => closed,
    again: () => void done.push("again"),
  });
  return { turned, done };
};

test("who was in, or is between two keys, asks again at once where the close is about the key", () => {
  for (const [wasIn, unsettled, when] of [
    [true, false, "retry now"],
    [false, true, "retry now"],
    [false, false, "retry later"],
  ] as const) {
    const { turned, done } = world({ wasIn, unsettled });
    turned.with(CLOSE.memberRemoved);
    expect(done).toEqual([`refused ${CLOSE.memberRemoved}`, when, "reconcile"]);
  }
  const { turned, done } = world();
  turned.with(CLOSE.notFound);
  expect(done[1]).toBe("retry later");
});

test("a server that does not know the device or the workspace is offered what is here, and begun with anew where it takes it", async () => {
  for (const code of [CLOSE.unknownDevice, CLOSE.notFound]) {
    const [took, refused, gone] = [world({ took: true }), world(), world({ took: true, closed: true })];
    for (const { turned } of [took, refused, gone]) turned.with(code);
    await new Promise(setImmediate);
    expect([took, refused, gone].map(({ done }) => [done.includes("offer"), done.includes("restart")])).toEqual([
      [true, true],
      [true, false],
      [true, false],
    ]);
  }
  const { turned, done } = world({ took: true });
  turned.with(CLOSE.deviceClosed);
  await new Promise(setImmediate);
  expect(done).not.toContain("offer");
});

test("when it is time all is asked again, with the other key once where the close was about the key", () => {
  const { turned, done } = world({ due: true });
  turned.with(CLOSE.deviceClosed);
  expect(done.slice(3)).toEqual(["other key", "again"]);
  turned.look();
  expect(done.slice(5)).toEqual(["again"]);
  const waiting = world();
  waiting.turned.look();
  expect(waiting.done).toEqual([]);
});
