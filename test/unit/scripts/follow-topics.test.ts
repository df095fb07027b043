/** Topics that a script watches, against a host that answers when the test wants. */
import { expect, test } from "vitest";
import { followTopics } from "../../../scripts/apps/follow-topics.ts";

const setup = () => {
  const asked: { topic: string; resolve: (value: unknown) => void; reject: (error: Error) => void }[] = [];
  const pages: ((value: unknown) => void)[] = [];
  let came = 0;
  const topics = followTopics(
    {
      ask: (_method, params, resolve, reject) => {
        asked.push({ topic: (params as { topic: string }).topic, resolve, reject });
      },
      call: () => new Promise((resolve) => pages.push(resolve)),
    },
    () => {
      came += 1;
    },
  );
  return { topics, asked, pages, came: () => came };
};
const TOPIC = "invites/w";
const LIST = "threads/w";

test("a value is here while its answer is read, and a newer one takes its place", async () => {
  const { topics, asked } = setup();
  const watching = topics.watch(TOPIC);
  expect([topics.watches(TOPIC), topics.value(TOPIC)]).toEqual([true, undefined]);
  asked[0]?.resolve(["old"]);
  topics.heard({ f: "topic", n: 1, topic: TOPIC, value: ["new"] });
  await watching;
  expect(topics.value(TOPIC)).toEqual(["new"]);
});

test("a list is here once it is whole", async () => {
  const { topics, asked, pages, came } = setup();
  void topics.watch(LIST);
  asked[0]?.resolve({ n: 1, counts: { all: 2 }, rows: ["a"] });
  expect([topics.value(LIST), came()]).toEqual([undefined, 0]);
  pages[0]?.({ n: 1, from: 1, rows: ["b"] });
  await expect.poll(() => topics.value(LIST)).toEqual(["a", "b"]);
  expect(came()).toBe(1);
});

test("a watch that is refused is none, unless there was a value before; a new host is asked for all others", async () => {
  const { topics, asked } = setup();
  const [kept, refused] = [topics.watch(TOPIC), topics.watch("audits/w")];
  asked[0]?.resolve([]);
  asked[1]?.reject(new Error("not allowed"));
  await kept;
  await expect(refused).rejects.toThrow("not allowed");
  expect([topics.watches(TOPIC), topics.watches("audits/w")]).toEqual([true, false]);
  topics.watchAll();
  expect(asked.slice(2).map(({ topic }) => topic)).toEqual([TOPIC]);
  asked[2]?.reject(new Error("not yet"));
  expect([topics.watches(TOPIC), topics.value(TOPIC)]).toEqual([true, []]);
});
