/** What is said where a person waits, or pastes the wrong thing: the cause, and where to go on. */
import { describe, expect, test } from "vitest";
import { newLog } from "#core/rules/state.ts";
import { why } from "#core/facts/why.ts";
import { factsWords } from "#text/facts.ts";
import { wordsOf } from "../../helpers/worded.ts";
import { readCode, whereToFound } from "../../../electron/host/workspaces/founding.ts";
import { heldFacts } from "#client/link/held-facts.ts";
import { createLink } from "#client/link/link.ts";

const NOW = Date.UTC(2026, 10, 30);
const said = (work: () => unknown): string => {
  try {
    work();
    return "nothing";
  } catch (error) {
    return wordsOf(error as never) ?? "";
  }
};

describe("what the server does not take yet", () => {
  test.each([
    ["recovering", "held-recovering", 0, /set back to an older copy.*wait for that/],
    ["storage", "held-storage", 0, /cannot save anything now/],
    [
      "own-clock",
      "clocks-apart",
      2 * 86_400_000,
      /The server's clock says .* and this computer's .*, which is 2 days behind.*This computer's clock is wrong/,
    ],
    ["server-clock", "clocks-apart", -2 * 86_400_000, /which is 2 days ahead.*The server's clock is wrong/],
  ] as const)("is said with its cause, and that it goes out by itself: %s", (code, said, apart, sentence) => {
    const facts = heldFacts(code, NOW, NOW + apart) ?? [];
    expect(facts[0]?.code).toBe(said);
    expect(factsWords(facts)).toMatch(sentence);
    expect(factsWords(facts)).toMatch(/What waits here goes out by itself\./);
  });

  test("is not spoken of where nothing waits, or where it is a matter of moments", () => {
    expect([heldFacts(null, NOW, NOW), heldFacts("log-behind", NOW, NOW)]).toEqual([null, null]);
  });

  test("stands beside In sync, before what was given back", () => {
    const state = { held: heldFacts("recovering", NOW, NOW) };
    const clock = { now: () => NOW, monotonic: () => 1_000 };
    const lease = { ended: () => false, renew: () => undefined } as never;
    const link = createLink({
      clock,
      log: newLog("w".repeat(22) as never),
      lease,
      out: () => null,
      halt: () => null,
      doubt: () => null,
      given: () => why("gave-back", 2),
      held: () => state.held,
      owes: () => false,
      paused: () => false,
      unserved: () => null,
      server: () => "https://sync.example.org",
    });
    link.welcomed();
    link.head({ s: 0, h: "", t: NOW, a: 0 });
    link.look();
    expect(link.shown()).toMatchObject({ link: "in-sync", reason: { code: "held-recovering" } });
    state.held = null;
    link.look();
    expect(link.shown()).toMatchObject({ link: "in-sync", reason: { code: "gave-back" } });
  });
});

describe("a link in the wrong form", () => {
  const FOUNDING = `https://sync.example.org/found#1.${"s".repeat(22)}`;
  test("is named, with where it goes", () => {
    expect(whereToFound(FOUNDING)).toEqual({ server: "https://sync.example.org", seed: "s".repeat(22) });
    expect(said(() => readCode(FOUNDING))).toMatch(/founding link.*Create a workspace/);
    expect(said(() => whereToFound("https://sync.example.org/join#1.abc"))).toMatch(/invite link.*Join with a link/);
    expect(said(() => whereToFound("bulkhead://join#1.abc"))).toMatch(/invite link.*Join with a link/);
  });

  test("is told from one that came without its end, and from anything else", () => {
    expect(said(() => whereToFound(FOUNDING.slice(0, -3)))).toMatch(/part of this founding link is missing/);
    expect(said(() => whereToFound("https://sync.example.org/found"))).toMatch(/part of this founding link is missing/);
    expect(said(() => whereToFound("https://sync.example.org/foundry"))).toMatch(/not the address of a sync server/);
    expect(said(() => readCode("https://sync.example.org/join#1.abc"))).toMatch(/not an invite link/);
  });
});
