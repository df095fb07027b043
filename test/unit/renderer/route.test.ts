import { expect, test, vi } from "vitest";

/** Where a browser remembers the workspace. */
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
const { chooseWorkspace, chosenWorkspace, goToSection, openThread, route } =
  await import("../../../renderer/state/route.ts");

test("a workspace is shown from its beginning, and nobody who has gone on there is thrown back when the answer comes", () => {
  openThread("a thread of before");
  chooseWorkspace("first");
  expect(route.get()).toEqual({ page: "thread", thread: null, seq: null });

  // It is shown as soon as the log has it, and founding answers later.
  const since = route.get();
  goToSection("tools");
  chooseWorkspace("second", since);
  expect([chosenWorkspace.get(), route.get()]).toEqual(["second", { page: "tools" }]);
});
