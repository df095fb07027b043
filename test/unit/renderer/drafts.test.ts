/** The window's side of a draft, on a host that answers when it is told to. */
import { wordsOf } from "../../helpers/worded.ts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DRAFT_MAX } from "#bridge/limits.ts";
import type { Draft, DraftView } from "#bridge/thread.ts";
import { Failure } from "../../../renderer/failure.ts";
import { createDrafts } from "../../../renderer/state/drafts.ts";
import { withCall, withCalled, withChosen, withClosed, withTyped } from "../../../renderer/state/draft-calls.ts";
import { matching, picked, type ToolChoice } from "../../../renderer/state/tool-choice.ts";
import { told } from "#bridge/told.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const empty: Draft = { text: "", calls: [], open: null };
const text =
  (words: string) =>
  (draft: Draft): Draft => ({ ...draft, text: words });
interface Saved {
  readonly draft: Draft;
  readonly base: number;
}
const world = (kept: DraftView = { version: 0, draft: empty, aside: [] }) => {
  const saved: Saved[] = [];
  let away = false;
  let instead: Draft | null = null;
  const request = (async (method: string, params: Saved) => {
    if (away) throw new Failure(told("host-away"));
    if (method === "thread.draft") return kept;
    saved.push(params);
    return { version: saved.length + kept.version, aside: [], instead };
  }) as unknown as Parameters<typeof createDrafts>[0];
  return {
    saved,
    drafts: createDrafts(request, "window", () => 1),
    setAway: (is: boolean) => void (away = is),
    setInstead: (draft: Draft) => void (instead = draft),
    texts: () => saved.map((each) => each.draft.text),
  };
};

test("[T39] keys in a row are one save, and a page that goes away saves at once", async () => {
  const { drafts, texts } = world();
  for (const word of ["h", "he", "hello"]) drafts.change("t", text(word));
  expect(texts()).toEqual([]);
  await vi.advanceTimersByTimeAsync(500);
  expect(texts()).toEqual(["hello"]);
  drafts.change("t", text("hello you"));
  drafts.flushAll();
  expect(texts()).toEqual(["hello", "hello you"]);
  drafts.flushAll();
  expect(texts()).toHaveLength(2);
});

test("[T39] what the host could not take is said, stays on the screen and is tried again", async () => {
  const { drafts, texts, setAway } = world();
  setAway(true);
  drafts.change("t", text("precious"));
  await vi.advanceTimersByTimeAsync(500);
  expect(drafts.state("t").get()).toMatchObject({ draft: { text: "precious" }, unkept: { code: "draft-unkept" } });
  drafts.refresh("t");
  await vi.advanceTimersByTimeAsync(10);
  expect(drafts.state("t").get().draft.text).toBe("precious");
  setAway(false);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(texts()).toEqual(["precious"]);
  expect(drafts.state("t").get().unkept).toBeNull();
});

test("[T39] what was typed before the kept draft arrived is not overwritten by it", async () => {
  const { drafts } = world({ version: 7, draft: { ...empty, text: "kept" }, aside: [] });
  drafts.refresh("t");
  drafts.change("t", text("typed first"));
  await vi.advanceTimersByTimeAsync(10);
  expect(drafts.state("t").get().draft.text).toBe("typed first");
});

test("[T39] the text of a window typed in later takes this one's place only where nobody typed on", async () => {
  const { drafts, setInstead } = world();
  setInstead({ ...empty, text: "from elsewhere" });
  drafts.change("t", text("mine"));
  drafts.flush("t");
  drafts.change("t", text("mine, and on"));
  await vi.advanceTimersByTimeAsync(10);
  expect(drafts.state("t").get().draft.text).toBe("mine, and on");
  drafts.flush("t");
  await vi.advanceTimersByTimeAsync(10);
  expect(drafts.state("t").get()).toMatchObject({ draft: { text: "from elsewhere" }, replaced: 1 });
});

test("[T39] more than a draft holds is not sent at each key, and it is said that it is only on the screen", async () => {
  const { drafts, saved } = world();
  for (let n = 1; n <= 5; n += 1) {
    drafts.change("t", text("x".repeat(DRAFT_MAX + n)));
    await vi.advanceTimersByTimeAsync(3_000);
  }
  expect(saved).toEqual([]);
  expect(wordsOf(drafts.state("t").get().unkept)).toContain("only on this screen");
  drafts.change("t", text("short"));
  await vi.advanceTimersByTimeAsync(500);
  expect(saved).toHaveLength(1);
  expect(drafts.state("t").get().unkept).toBeNull();
});

test("[T39] a form that was typed in stays beside others when it is left, and an untouched one goes", () => {
  const chosen = withChosen({ ...empty, text: "/wri" }, "s", "write");
  expect(withClosed(chosen).calls).toEqual([]);
  const typed = withClosed(withTyped(chosen, 0, { values: '{"path":"a"}' }));
  expect(typed).toMatchObject({ open: null, calls: [{ tool: "write" }] });
  const both = withCall(typed, { server: "s", tool: "write", values: "", raw: "{}", why: "" });
  expect(both).toMatchObject({ open: 1, calls: [{ values: '{"path":"a"}' }, { raw: "{}" }] });
  expect(withChosen(withClosed(both), "s", "write").open).toBe(0);
  expect(withCalled(both, 1)).toMatchObject({ text: "", open: null, calls: [{ values: '{"path":"a"}' }] });
});

test("[T39] Enter takes a tool only where one is clearly meant or was moved to", () => {
  const choice = (name: string): ToolChoice =>
    ({ server: { name: "files" }, tool: { name }, path: `files.${name}` }) as unknown as ToolChoice;
  const all = ["read_file", "write_file", "etc_hosts"].map(choice);
  const enter = (typed: string, moved: number | null = null) => picked(matching(all, typed), typed, moved);
  expect(["read_file", "re", "files.w", "hosts"].map((typed) => enter(typed))).toEqual([0, 0, 0, 0]);
  // Nothing typed, several that fit somewhere, or more than one word: the text is meant.
  expect(["", "file", "etc/hosts has", "etc hosts", "nothing"].map((typed) => enter(typed))).toEqual([
    null,
    null,
    null,
    null,
    null,
  ]);
  expect(enter("file", 1)).toBe(1);
});
