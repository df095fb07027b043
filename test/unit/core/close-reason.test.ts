/** Why a server closed something, as codes. */
import { expect, test } from "vitest";
import { asCloseReason, CLOSE_REASONS } from "#core/facts/close-reason.ts";
import { REJECTS } from "#core/facts/reject.ts";
import { SENTENCES } from "#text/sentences.ts";

test("[FC3] what closes a connection is a code of at most 40 characters, and so is every fact that may stand there", () => {
  const codes = [...CLOSE_REASONS, ...REJECTS, ...Object.keys(SENTENCES)];
  expect(codes.filter((code) => code.length > 40 || !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(code))).toEqual([]);
  expect(new Set(CLOSE_REASONS).size).toBe(CLOSE_REASONS.length);
});

test("what another node says is a code of ours, or stands for one of a newer version", () => {
  expect(CLOSE_REASONS.map(asCloseReason)).toEqual([...CLOSE_REASONS]);
  expect([asCloseReason("came-later"), asCloseReason("x".repeat(41)), asCloseReason(7)]).toEqual([
    "pairing-over",
    undefined,
    undefined,
  ]);
});
