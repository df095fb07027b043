import { expect, test } from "vitest";
import { drop } from "#core/facts/drop.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { oneByOne, oneByOneOf } from "#core/protocol/one-by-one.ts";

test("what is let go is told by a code, never by a message", async () => {
  const told: string[] = [];
  const tell = (why: string, code: string) => void told.push(`${why} ${code}`);
  drop(Promise.reject(new Refusal({ code: "no-key", args: ["Cleo wrote: the harbour."] })), "key.kept", tell);
  drop(Promise.reject(new TypeError("the harbour")), "key.kept", tell);
  drop(Promise.reject(Object.assign(new Error("/home/cleo"), { code: "ENOSPC" })), "key.kept", tell);
  drop(Promise.resolve(), "key.kept", tell);
  await expect.poll(() => told.length).toBe(3);
  expect(told).toEqual(["key.kept no-key", "key.kept TypeError", "key.kept ENOSPC"]);
});

test("works begin one after the other, also after one that failed, and each answers whoever asked", async () => {
  const inTurn = oneByOne();
  const first = Promise.withResolvers<string>();
  const begun: string[] = [];
  const begin = <T>(name: string, work: () => Promise<T>) =>
    inTurn(() => {
      begun.push(name);
      return work();
    });
  const answers = Promise.allSettled([
    begin("first", () => first.promise),
    begin("second", () => Promise.reject(new Error("no"))),
    begin("third", () => Promise.resolve("third")),
  ]);
  await Promise.resolve();
  expect(begun).toEqual(["first"]);
  first.resolve("first");
  expect((await answers).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(begun).toEqual(["first", "second", "third"]);
});

test("works of one key begin one after the other, and those of another wait for none of them", async () => {
  const inTurn = oneByOneOf<string>();
  const first = Promise.withResolvers<void>();
  const begun: string[] = [];
  const begin = (key: string, name: string, work: () => Promise<void> = () => Promise.resolve()) =>
    inTurn(key, () => {
      begun.push(name);
      return work();
    });
  const all = [
    begin("a", "first", () => first.promise),
    begin("a", "second", () => Promise.reject(new Error("no"))),
    begin("a", "third"),
    begin("b", "other"),
  ];
  expect(begun).toEqual(["first", "other"]);
  first.resolve();
  expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
  ]);
  expect(begun).toEqual(["first", "other", "second", "third"]);
});
