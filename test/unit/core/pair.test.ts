import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Hash, MemberId, WorkspaceId } from "#core/protocol/ids.ts";
import { writeCode } from "#core/protocol/link.ts";
import { pairCommitment, pairNumber, readPairLink, writePairCode } from "#core/protocol/pair.ts";
import type { PairCode, PairTalk } from "#core/protocol/pair.ts";
import { crypto } from "../../helpers/node-crypto.ts";

const code: PairCode = {
  wid: "W".repeat(22) as WorkspaceId,
  head: [12, "H".repeat(43) as Hash],
  member: "M".repeat(22) as MemberId,
  seed: "S".repeat(22),
  server: "https://sync.example.org",
};
const text = writePairCode(crypto, code);
const read = (link: string) => readPairLink(crypto, link);

test("[PA1] a code is read as it was written, as a link, with the slash that some systems add, and bare", () => {
  for (const link of [text, `bulkhead://pair#${text}`, `bulkhead://pair/#${text}`, `  bulkhead://pair#${text}\n`])
    expect(read(link)).toEqual({ ok: true, code });
});

describe("[PA1] [T28] a code is refused by name", () => {
  const parts = text.split(".");
  const replaced = (at: number, by: string) => `bulkhead://pair#${parts.with(at, by).join(".")}`;
  test.each([
    ["of a megabyte", "x".repeat(1_000_000), "pair-too-long"],
    ["of a later version", replaced(0, "2"), "pair-version"],
    ["with a part missing", `bulkhead://pair#${parts.slice(0, 5).join(".")}`, "pair-malformed"],
    ["cut in the middle of its seed", `bulkhead://pair#${text.slice(0, 110)}`, "pair-malformed"],
    ["with one part more", `${text}.x`, "pair-malformed"],
    ["that is an invite link", `bulkhead://join#${text}`, "pair-is-invite"],
    ["that is an invite's page", `https://sync.example.org/join#${text}`, "pair-is-invite"],
    ["that is an invite's bare code", writeCode(crypto, code), "pair-is-invite"],
    ["of another scheme", `javascript:alert(1)#${text}`, "pair-malformed"],
    ["with a script for a member", replaced(4, "<script>alert(1)</script>"), "pair-malformed"],
    ["with a head before the first entry", replaced(2, "0"), "pair-malformed"],
    ["with a seed in another spelling", replaced(6, `${"S".repeat(21)}=`), "pair-malformed"],
    ["with a server that is no origin", replaced(5, crypto.encode("https://sync.example.org/path")), "pair-server"],
    ["with a server in another scheme", replaced(5, crypto.encode("file:///etc/passwd")), "pair-server"],
    ["with a server that is no text", replaced(5, "_w"), "pair-malformed"],
    ["that is empty", "", "pair-malformed"],
  ])("%s", (_title, link, problem) => expect(read(link)).toEqual({ ok: false, problem }));
});

test("[PA1] a code that lost its end, wherever it was cut, is told as cut and never as another server's or an invite", () => {
  for (const link of [text, `bulkhead://pair#${text}`])
    for (let lost = 1; lost < text.length; lost++)
      expect([lost, read(link.slice(0, -lost))]).toEqual([lost, { ok: false, problem: "pair-malformed" }]);
});

test("[PA1] [T28] no text makes the reader throw, and what it reads it would write the same", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(fc.string({ maxLength: 50 })).map((parts) => `bulkhead://pair#1.${parts.join(".")}`),
      ),
      (link) => {
        const taken = read(link);
        if (taken.ok) expect(link.endsWith(writePairCode(crypto, taken.code))).toBe(true);
      },
    ),
  );
});

const talk: PairTalk = {
  wid: code.wid,
  member: code.member,
  x: "x".repeat(43),
  enc: "e".repeat(43),
  name: "Laptop",
  newNonce: "n".repeat(22),
  nonce: "m".repeat(22),
};

test("[PA2] the number has six digits and changes with each thing that was exchanged", () => {
  expect(pairNumber(crypto, talk)).toMatch(/^[0-9]{6}$/);
  const others = (Object.keys(talk) as (keyof PairTalk)[]).map((key) =>
    pairNumber(crypto, { ...talk, [key]: `${talk[key].slice(1)}z` }),
  );
  expect(others).toHaveLength(7);
  for (const number of others) expect(number).not.toBe(pairNumber(crypto, talk));
});

test("[PA2] numbers are spread evenly: none of the ten first digits is rare", () => {
  const firsts = Array.from({ length: 5_000 }, (_, i) => pairNumber(crypto, { ...talk, nonce: String(i) })[0]);
  for (const digit of "0123456789") expect(firsts.filter((first) => first === digit).length).toBeGreaterThan(400);
});

test("[PA3] a commitment fits one text only", () => {
  expect(pairCommitment(crypto, "a".repeat(22))).not.toBe(pairCommitment(crypto, `${"a".repeat(21)}b`));
  expect(pairCommitment(crypto, "a".repeat(22))).toMatch(/^[A-Za-z0-9_-]{43}$/);
});
