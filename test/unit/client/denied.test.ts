/** A document that is refused although it may be read: when that is a doubt, and when it is not. */
import { expect, test } from "vitest";
import { ADMIN } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { createDenied } from "#client/copy/denied.ts";
import { QUEUE } from "../../helpers/people.ts";

const setup = () => {
  const facts = { at: 0, in: true, readable: [QUEUE, ADMIN] as DocName[] };
  const denied = createDenied({
    monotonic: () => facts.at,
    readable: () => facts.readable,
    isIn: () => facts.in,
  });
  const pass = (ms: number) => {
    facts.at += ms;
    return denied.doubt()?.doc ?? null;
  };
  return { facts, denied, pass };
};

test("[LY13] is a doubt after half a minute, and refusing it again in between starts no new one", () => {
  const { denied, pass } = setup();
  denied.refused(QUEUE, 4403);
  expect(pass(20_000)).toBeNull();
  denied.refused(QUEUE, 4403);
  expect(pass(10_000)).toBeNull();
  expect(pass(1)).toBe(QUEUE);
  expect(denied.doubt()).toMatchObject({ code: "denied", shown: 'SHUT {"code":4403}' });
});

test("[LY13] is none once it is open, and another one is still one", () => {
  const { denied, pass } = setup();
  denied.refused(QUEUE, 4403);
  denied.refused(ADMIN, 4403);
  denied.opened(QUEUE);
  expect(pass(30_001)).toBe(ADMIN);
  denied.opened(ADMIN);
  expect(pass(0)).toBeNull();
});

test("[LY13] is none while nobody is let in, and starts no new half minute after it", () => {
  const { facts, denied, pass } = setup();
  denied.refused(QUEUE, 4403);
  facts.in = false;
  expect(pass(30_001)).toBeNull();
  facts.in = true;
  expect(pass(0)).toBe(QUEUE);
});

test("[LY13] is none where the right is gone by what is verified, also when it comes back, and after a new start", () => {
  const { facts, denied, pass } = setup();
  denied.refused(QUEUE, 4403);
  facts.readable = [ADMIN];
  expect(pass(30_001)).toBeNull();
  facts.readable = [QUEUE, ADMIN];
  expect(pass(0)).toBeNull();
  denied.refused(QUEUE, 4403);
  denied.reset();
  expect(pass(30_001)).toBeNull();
});
