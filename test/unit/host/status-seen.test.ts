import { expect, test } from "vitest";
import { isSameButSending, isSameStatus } from "../../../electron/host/workspaces/status-seen.ts";
import type { StatusSeen } from "../../../electron/host/workspaces/status-seen.ts";

test("a status is another one when anything that a window shows of it is", () => {
  const seen: StatusSeen = { link: "offline", since: 1, code: "silent", said: "No answer.", waiting: 0, seq: 4 };
  const changes: { [K in keyof StatusSeen]: StatusSeen[K] } = {
    link: "in-sync",
    since: 2,
    code: null,
    said: "The server is full.",
    waiting: 1,
    seq: 5,
  };
  expect([isSameStatus(seen, { ...seen }), isSameStatus(null, null)]).toEqual([true, true]);
  expect([isSameStatus(seen, null), isSameStatus(null, seen)]).toEqual([false, false]);
  for (const [field, value] of Object.entries(changes)) {
    const other = { ...seen, [field]: value };
    expect([field, isSameStatus(seen, other)]).toEqual([field, false]);
    // Cards are looked at for each of these but the number of commands that wait.
    expect([field, isSameButSending(seen, other)]).toEqual([field, field === "waiting"]);
  }
  expect([isSameButSending(null, seen), isSameButSending(seen, null)]).toEqual([false, false]);
});
