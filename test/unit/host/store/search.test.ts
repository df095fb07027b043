import { describe, expect, onTestFinished, test } from "vitest";
import { createMessageStore } from "../../../../electron/host/store/messages.ts";
import { openStore } from "../../../../electron/host/store/open.ts";
import { createRunStore } from "../../../../electron/host/store/runs.ts";
import { createSearch } from "../../../../electron/host/store/search.ts";
import { createThreadStore } from "../../../../electron/host/store/threads.ts";
import { tempDir } from "../../../helpers/temp.ts";

const world = () => {
  const store = openStore({ dir: tempDir() });
  onTestFinished(() => store.close());
  const threads = createThreadStore(store);
  const messages = createMessageStore(store, createRunStore(store));
  let n = 0;
  const say = (wid: string, text: string, final = true): string => {
    const thread = `thread-${wid}`;
    if (threads.get(thread) === null) threads.add({ id: thread, wid, title: `Thread of ${wid}`, at: 1 });
    const id = `m${++n}`;
    messages.add({ id, thread, at: n, author: "person", run: null, step: null, streaming: !final });
    messages.setParts(id, [{ kind: "text", text, final }], !final);
    return id;
  };
  return { say, messages, find: createSearch(store).find };
};

describe("search", () => {
  test("finds words in any order, the last one by its beginning, and cuts the snippet around the first match", () => {
    const { say, find } = world();
    say("a", "The quick brown fox jumps over the lazy dog");
    say("a", "Something else");
    expect(find("a", "dog qui")).toMatchObject([
      {
        threadId: "thread-a",
        title: "Thread of a",
        seq: 1,
        before: "The ",
        match: "quick",
        after: " brown fox jumps over the lazy dog",
      },
    ]);
    expect(find("a", "ui")).toEqual([]);
  });

  test("[T12] finds nothing of another workspace", () => {
    const { say, find } = world();
    say("a", "shared word canary-a");
    say("b", "shared word canary-b");
    expect(
      find("a", "shared")
        .map((hit) => hit.after + hit.before)
        .join(),
    ).not.toContain("canary-b");
    expect(find("b", "shared")).toHaveLength(1);
  });

  test("a text that still streams is found once it is whole, and its changes are followed", () => {
    const { say, messages, find } = world();
    const id = say("a", "unfinished", false);
    expect(find("a", "unfinished")).toEqual([]);
    messages.setText(id, "unfinished zebra");
    messages.setParts(id, [{ kind: "text", text: "finished zebra", final: true }], false);
    expect(find("a", "zebra")).toHaveLength(1);
    messages.setParts(id, [{ kind: "text", text: "giraffe", final: true }], false);
    expect(find("a", "zebra")).toEqual([]);
    expect(find("a", "giraffe")).toHaveLength(1);
  });

  test("accents and case do not matter; other scripts do work", () => {
    const { say, find } = world();
    say("a", "Übergröße für Anaïs, 検索 и поиск");
    for (const query of ["ubergroße", "ANAIS", "検索", "Поиск"]) expect(find("a", query), query).toHaveLength(1);
  });

  test.each([
    '"',
    '""',
    "'",
    "a OR b",
    "NOT",
    "NEAR(a b)",
    "text:x",
    "*",
    "^a",
    "a*b",
    "(",
    "-a",
    "a AND",
    "\u0000",
    "\u0301",
    "\u{1F600}",
    "{a b}: c",
    "+",
    "a+b",
    "%",
    ";DROP TABLE parts",
    "x".repeat(500),
    "a ".repeat(250),
  ])("a hostile query is only words: %j", (query) => {
    const { say, find } = world();
    say("a", "plain words here");
    expect(find("a", query)).toEqual([]);
  });

  test("control characters in a message cannot move the highlight into the sentence", () => {
    const { say, find } = world();
    say("a", "\u0003 before \u0002 needle \u0003 after");
    const [hit] = find("a", "needle");
    expect(`${hit?.before}${hit?.match}${hit?.after}`).not.toMatch(/[\u0002\u0003]/);
  });
});
