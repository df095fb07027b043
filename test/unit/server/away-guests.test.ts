/** A guest whose pairing is at home at another node, against a home that answers what the test wants. */
import { expect, onTestFinished, test, vi } from "vitest";
import type { PairId, WorkspaceId } from "#core/protocol/ids.ts";
import { CLOSE } from "#core/protocol/wire.ts";
import { createAwayGuests } from "../../../sync-server/server/connections/away-guests.ts";
import type { AwayGuestsDeps } from "../../../sync-server/server/connections/away-guests.ts";
import type { End } from "../../../sync-server/server/connections/pairing-ends.ts";
import type { Word } from "../../../sync-server/server/system/node-words.ts";

const [WID, ID] = ["w".repeat(22) as WorkspaceId, "p".repeat(43) as PairId];
const ANSWER_MS = 1_000;
const NOBODY = { code: CLOSE.noPairing, reason: "no-such-pairing" };
const OVER = { code: CLOSE.pairingOver, reason: "pairing-over" } as const;

const setup = (more: Partial<AwayGuestsDeps> = {}) => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const told: Word[] = [];
  const order: string[] = [];
  const note = (word: Word): void => {
    told.push(word);
    order.push(word.k);
  };
  const ask = async (word: Word): Promise<boolean> => {
    note(word);
    return true;
  };
  const guests = createAwayGuests({ ask, tell: note, answerMs: ANSWER_MS, ...more });
  const heard: unknown[] = [];
  const ends: End[] = [];
  let gone = false;
  const guest = {
    say: (text: string) => heard.push(text),
    end: (shut: object) => heard.push(shut),
    isGone: () => gone,
  };
  const joined = guests.join(WID, ID, guest, (end) => {
    ends.push(end);
    order.push("seated");
  });
  const seat = (): string => told.map((word) => (word.k === "knock" ? word.seat : "")).join("");
  const leave = (): void => {
    gone = true;
  };
  return { guests, joined, told, heard, ends, seat, leave, order };
};

test("[SV85] a guest whom its home lets in is welcomed before the home hears that it is there, and then both speak", async () => {
  const { guests, joined, told, heard, ends, seat, order } = setup();
  guests.hear({ k: "in", seat: seat() });
  expect(await joined).toBeUndefined();
  expect(order).toEqual(["knock", "seated", "here"]);
  ends[0]?.say("hello");
  expect(told.at(-1)).toEqual({ k: "say", wid: WID, id: ID, seat: seat(), text: "hello" });
  guests.hear({ k: "answer", seat: seat(), text: "welcome" });
  guests.hear({ k: "answer", seat: "of somebody else", text: "lost" });
  expect(heard).toEqual(["welcome"]);
  ends[0]?.left();
  expect(told.at(-1)).toEqual({ k: "left", wid: WID, id: ID, seat: seat() });
  guests.hear({ k: "answer", seat: seat(), text: "too late" });
  expect(heard).toEqual(["welcome"]);
});

test("[SV85] a guest whom no home answers in time is told that there is no such pairing, and a home that let it in meanwhile that it left", async () => {
  const { guests, joined, ends, seat, order } = setup();
  vi.advanceTimersByTime(ANSWER_MS);
  expect(await joined).toEqual(NOBODY);
  guests.hear({ k: "in", seat: seat() });
  expect([order, ends]).toEqual([["knock", "left"], []]);
});

test("a guest is told at once where there is no other node, or none can be asked", async () => {
  for (const ask of [async () => false, async () => Promise.reject(new Error("away"))]) {
    const { joined, told } = setup({ ask });
    expect(await joined).toEqual(NOBODY);
    expect(told).toEqual([]);
  }
});

test("a guest whom its home refuses, before or after it sat, is ended with the home's reason", async () => {
  const before = setup();
  before.guests.hear({ k: "over", seat: before.seat(), ...OVER });
  expect(await before.joined).toMatchObject(OVER);
  expect([before.heard, before.ends]).toEqual([[expect.objectContaining(OVER)], []]);
  const after = setup();
  after.guests.hear({ k: "in", seat: after.seat() });
  await after.joined;
  for (let i = 0; i < 2; i += 1) after.guests.hear({ k: "over", seat: after.seat(), ...OVER });
  expect(after.heard).toEqual([expect.objectContaining(OVER)]);
});

test("a guest who went while its home was asked is not seated, and its home hears that it left", async () => {
  const { guests, joined, ends, seat, order, leave } = setup();
  leave();
  guests.hear({ k: "in", seat: seat() });
  expect(await joined).toBeUndefined();
  expect([order, ends]).toEqual([["knock", "left"], []]);
});
