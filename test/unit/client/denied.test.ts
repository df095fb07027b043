/** A document that is refused although it may be read: when that is a doubt, and when it is not. */
import { expect, test } from "vitest";
import { ADMIN } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { createDenied } from "#client/copy/denied.ts";
import { QUEUE } from "../../helpers/people.ts";

const setup = () => {
  const facts = { at: 0, in: true, readable: [QUEUE, ADMIN] as DocName[], shown: [QUEUE, ADMIN] as DocName[] };
  const denied = createDenied({
    clock: { monotonic: () => facts.at },
    readable: () => facts.readable,
    isIn: () => facts.in,
    isShown: (doc) => facts.shown.includes(doc),
  });
  const pass = (ms: number) => {
    facts.at += ms;
    return denied.doubt()?.doc ?? null;
  };
  return { facts, denied, pass };
};

test("[LY13] is a doubt after half a minute, and refusing it again in between starts no new one", () => {
  const { facts, denied, pass } = setup();
  facts.shown = [ADMIN];
  denied.refused(QUEUE, 4403);
  expect(pass(20_000)).toBeNull();
  denied.refused(QUEUE, 4403);
  expect(pass(10_000)).toBeNull();
  expect(pass(1_000)).toBe(QUEUE);
  expect(denied.doubt()).toMatchObject({ code: "denied", shown: 'SHUT {"code":4403}' });
});

test("[LY13] is a doubt where nothing is answered at all, whatever else the server does meanwhile", () => {
  const { facts, denied, pass } = setup();
  expect(pass(60_000)).toBeNull();
  facts.shown = [ADMIN];
  for (let passed = 0; passed < 30_000; passed += 1_000) expect(pass(1_000)).toBeNull();
  expect(pass(1_001)).toBe(QUEUE);
  expect(denied.doubt()?.shown).toContain("OPEN");
  facts.shown = [QUEUE, ADMIN];
  expect(pass(0)).toBeNull();
});

test("[LY13] is none while more of it comes", () => {
  const { facts, denied, pass } = setup();
  facts.shown = [ADMIN];
  for (let each = 0; each < 10; each += 1) {
    expect(pass(25_000)).toBeNull();
    denied.grew(QUEUE);
  }
  pass(0);
  expect([pass(30_000), pass(1_000), pass(1_000)]).toEqual([null, QUEUE, QUEUE]);
});

test("[LY13] is none once it is open, and another one is still one", () => {
  const { facts, denied, pass } = setup();
  facts.shown = [];
  denied.refused(QUEUE, 4403);
  denied.refused(ADMIN, 4403);
  facts.shown = [QUEUE];
  expect(pass(30_001)).toBe(ADMIN);
  facts.shown = [QUEUE, ADMIN];
  expect(pass(0)).toBeNull();
});

test("[LY13] counts no time in which nobody is let in, and loses none that it counted", () => {
  const { facts, denied, pass } = setup();
  facts.shown = [ADMIN];
  denied.refused(QUEUE, 4403);
  expect(pass(20_000)).toBeNull();
  facts.in = false;
  expect([pass(0), pass(3_600_000)]).toEqual([null, null]);
  facts.in = true;
  expect([pass(0), pass(10_000), pass(1_000)]).toEqual([null, null, QUEUE]);
});

test("[LY13] is none where the right is gone by what is verified, also when it comes back, and after a new start", () => {
  const { facts, denied, pass } = setup();
  facts.shown = [ADMIN];
  denied.refused(QUEUE, 4403);
  facts.readable = [ADMIN];
  expect(pass(30_001)).toBeNull();
  facts.readable = [QUEUE, ADMIN];
  expect(pass(1_000)).toBeNull();
  denied.refused(QUEUE, 4403);
  denied.reset();
  expect(pass(30_001)).toBeNull();
});
