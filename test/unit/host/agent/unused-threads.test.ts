import { noted } from "../../../helpers/worded.ts";
import { expect, onTestFinished, test } from "vitest";
import { agentWorld, playAuthority, playModels, playTools, WID } from "../../../helpers/agent-world.ts";
import { tempDir } from "../../../helpers/temp.ts";

const from = { window: "main" } as const;
const world = () => {
  const made = agentWorld({
    dir: tempDir(),
    authority: playAuthority(() => ({ kind: "allow", rule: noted("allowed") })),
    tools: playTools(),
    models: playModels(() => ({ text: "Read." })),
  });
  onTestFinished(made.close);
  const create = (wid: string = WID, reuse = true): string =>
    (made.room.handlers["thread.create"]({ wid, reuse }, from) as { id: string }).id;
  const count = (): number => made.room.list(WID).length;
  return { ...made, create, count };
};

test("new threads do not pile up: one in which nobody wrote is given again, on top", () => {
  const { create, count, newThread, room } = world();
  const first = create();
  expect([create(), create()]).toEqual([first, first]);
  expect(count()).toBe(1);
  // Whoever does not ask for it gets one of their own.
  const other = newThread();
  expect(other).not.toBe(first);
  expect(count()).toBe(2);
  const again = create();
  expect(count()).toBe(2);
  expect(room.list(WID)[0]?.id).toBe(again);
});

const USES: [string, (made: ReturnType<typeof world>, thread: string) => void | Promise<void>][] = [
  ["a message", (made, thread) => (made.send(thread, "hello"), made.idle(thread))],
  ["a name", ({ room }, thread) => void room.handlers["thread.rename"]({ thread, title: "New thread" }, from)],
  ["a chosen model", ({ room }, thread) => void room.handlers["thread.setModel"]({ thread, model: null }, from)],
  [
    "what is being written",
    ({ room }, thread) =>
      void room.handlers["thread.saveDraft"](
        { thread, writer: "w", base: 0, typedAt: 1, draft: { text: "half a", calls: [], open: null } },
        from,
      ),
  ],
];
test.each(USES)("[T39] a thread with %s is never given as a new one", async (_, use) => {
  const made = world();
  const first = made.create();
  await use(made, first);
  expect(made.create()).not.toBe(first);
});

test("[T3] an unused thread of one workspace is never given in another", () => {
  const { create } = world();
  const first = create();
  const elsewhere = create("w".repeat(22));
  expect(elsewhere).not.toBe(first);
  // Control: in its own it is.
  expect(create()).toBe(first);
});
