/** What a window without a page was shown. */
import { expect, test } from "vitest";
import { createShown } from "../../../scripts/apps/shown.ts";

const setup = (shown: readonly object[] = []) => {
  const asked: string[] = [];
  const seen = createShown({
    token: "first",
    confirm: async (url) => {
      asked.push(url);
      return shown as never;
    },
  });
  return { seen, asked };
};

test("of what has one value the newest is shown, and of what happens all, in its order", () => {
  const { seen } = setup();
  expect([seen.badge(), seen.session(), seen.pairing(), seen.act()]).toEqual([0, "first", undefined, undefined]);
  for (const waiting of [2, 1]) seen.take({ f: "badge", waiting });
  seen.take({ f: "session", token: "second" });
  seen.take({ f: "pairing", name: "Laptop", number: "12 34" });
  for (const title of ["a", "b"]) seen.take({ f: "notify", title, body: "", card: null });
  expect([seen.badge(), seen.session(), seen.pairing()]).toEqual([1, "second", { name: "Laptop", number: "12 34" }]);
  expect(seen.notices()).toEqual([
    { title: "a", body: "" },
    { title: "b", body: "" },
  ]);
});

test("an act that is over is shown no more", () => {
  const { seen } = setup();
  const act = { what: "an act" } as never;
  seen.take({ f: "act", act });
  expect(seen.act()).toBe(act);
  seen.take({ f: "act", act: null });
  expect(seen.act()).toBeUndefined();
});

test("each window that opens is remembered and asked to confirm, and what it showed is kept", async () => {
  const act = { what: "an act" };
  const { seen, asked } = setup([act]);
  seen.take({ f: "popup", url: "/a" });
  seen.take({ f: "popup", url: "/b" });
  expect([seen.popups(), asked]).toEqual([
    ["/a", "/b"],
    ["/a", "/b"],
  ]);
  await expect.poll(() => seen.confirmed()).toEqual([act, act]);
});

test("an event of a thread that no window could read is refused", () => {
  const { seen } = setup();
  seen.take({ f: "thread", n: 1, event: { kind: "reload", thread: "t1" } });
  expect(() => seen.take({ f: "thread", n: 2, event: { kind: "unheard" } })).toThrow("kind");
  expect(seen.events()).toEqual([{ kind: "reload", thread: "t1" }]);
});
