/** Two windows write one draft: the one that was typed in last wins, and the other text is offered. */
import { expect, test } from "vitest";
import type { Draft } from "#bridge/thread.ts";
import { afterAside, afterSave, afterSent } from "../../../../electron/host/agent/draft.ts";
import type { KeptDraft } from "../../../../electron/host/store/drafts.ts";

const empty: KeptDraft = { version: 0, writer: "", typedAt: 0, draft: { text: "", calls: [], open: null }, aside: [] };
const draft = (text: string, values = ""): Draft => ({
  text,
  calls: values === "" ? [] : [{ server: "s", tool: "t", values, raw: null, why: "" }],
  open: null,
});
const by = (writer: string, text: Draft, base: number, typedAt: number) => ({ draft: text, base, writer, typedAt });

test("[T39] a save on top of the newest version takes its place, and nothing is put aside", () => {
  const first = afterSave(empty, by("A", draft("one"), 0, 1)).kept;
  const { kept, won } = afterSave(first, by("B", draft("two"), first.version, 2));
  expect({ won, text: kept.draft.text, aside: kept.aside }).toEqual({ won: true, text: "two", aside: [] });
});

test("[T39] a stale save of the window that was typed in last wins, and the other text is put aside", () => {
  const first = afterSave(empty, by("A", draft("from A"), 0, 1)).kept;
  const { kept, won } = afterSave(first, by("B", draft("from B"), 0, 2));
  expect(won).toBe(true);
  expect(kept.draft.text).toBe("from B");
  expect(kept.aside.map((each) => each.draft.text)).toEqual(["from A"]);
});

test("[T39] a save that comes late from a window typed in earlier does not overwrite, and is put aside itself", () => {
  const first = afterSave(empty, by("B", draft("from B"), 0, 5)).kept;
  const { kept, won } = afterSave(first, by("A", draft("from A"), 0, 4));
  expect(won).toBe(false);
  expect(kept.draft.text).toBe("from B");
  expect(kept.aside.map((each) => each.draft.text)).toEqual(["from A"]);
});

test("[T39] what the winner says too is not put aside; arguments count as text does", () => {
  const first = afterSave(empty, by("A", draft("wri", "path"), 0, 1)).kept;
  expect(afterSave(first, by("B", draft("write it", "path"), 0, 2)).kept.aside).toEqual([]);
  expect(afterSave(first, by("B", draft("write it", "other"), 0, 2)).kept.aside).toHaveLength(1);
});

test("[T39] saves of one window follow each other, whatever version it knew", () => {
  const first = afterSave(empty, by("A", draft("hello"), 0, 1)).kept;
  const { kept, won } = afterSave(first, by("A", draft("bye"), 0, 2));
  expect({ won, text: kept.draft.text, aside: kept.aside }).toEqual({ won: true, text: "bye", aside: [] });
});

test("[T39] what was put aside is taken up, and what stood there changes place with it; or it is put away", () => {
  const first = afterSave(empty, by("A", draft("from A"), 0, 1)).kept;
  const second = afterSave(first, by("B", draft("from B"), 0, 2)).kept;
  const id = second.aside[0]?.id ?? -1;
  const used = afterAside(second, id, true);
  expect(used?.draft.text).toBe("from A");
  expect(used?.aside.map((each) => each.draft.text)).toEqual(["from B"]);
  expect(afterAside(second, id, false)).toMatchObject({ draft: { text: "from B" }, aside: [] });
  expect(afterAside(second, 999, true)).toBeNull();
});

test("[T39] sending clears the text that was sent, and not another one or the calls", () => {
  const kept: KeptDraft = { ...empty, version: 3, writer: "A", draft: draft(" hello", "path") };
  expect(afterSent(kept, "hello world", "A")).toMatchObject({
    version: 4,
    draft: { text: "", calls: [{ values: "path" }] },
  });
  expect(afterSent(kept, "hello", "B")).toMatchObject({ version: 4, draft: { text: "" } });
  expect(afterSent(kept, "something else", "A")).toBe(kept);
});

test("[T39] what another window wrote stays, also where it is how the sent text begins", () => {
  const kept: KeptDraft = { ...empty, version: 3, writer: "A", draft: draft("Delete") };
  expect(afterSent(kept, "Delete the old notes", "B")).toBe(kept);
});
