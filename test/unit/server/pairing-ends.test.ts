/** Who is an end of a pairing, and how much it may say there. */
import { expect, test } from "vitest";
import { CLOSE } from "#core/protocol/wire.ts";
import { createEnds } from "../../../sync-server/server/connections/pairing-ends.ts";
import type { Voice } from "../../../sync-server/server/connections/peer.ts";

const setup = () => {
  const ends = createEnds(2);
  const [voice, other] = [{}, {}] as [Voice, Voice];
  const heard: string[] = [];
  const end = { say: (text: string) => void heard.push(text), left: () => void heard.push("it left") };
  return { ends, voice, other, heard, end };
};

test("an end says so much and no more, and one that is set anew begins again", () => {
  const { ends, voice, heard, end } = setup();
  ends.set(voice, end);
  expect(["a", "b", "c"].map((text) => ends.say(voice, text)?.code)).toEqual([undefined, undefined, CLOSE.tooMuch]);
  ends.set(voice, end);
  expect(ends.say(voice, "d")).toBeUndefined();
  expect(heard).toEqual(["a", "b", "d"]);
});

test("who is no end says nothing", () => {
  const { ends, voice, other, heard, end } = setup();
  ends.set(voice, end);
  expect(ends.say(other, "x")?.code).toBe(CLOSE.forbidden);
  expect(heard).toEqual([]);
});

test("an end that leaves is told of once, and one that was forgotten never", () => {
  const { ends, voice, other, heard, end } = setup();
  ends.set(voice, end);
  ends.set(other, end);
  ends.left(voice);
  ends.left(voice);
  ends.forget(other);
  ends.left(other);
  expect(heard).toEqual(["it left"]);
  expect(ends.say(voice, "x")?.code).toBe(CLOSE.forbidden);
});
