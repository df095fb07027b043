import { expect, test } from "vitest";
import type { WorkspaceId } from "#core/protocol/ids.ts";
import { unread } from "../../../sync-server/server/connections/unread.ts";
import { StoreProblem } from "../../../sync-server/server/store/store.ts";
import type { LogFields } from "../../../sync-server/server/system/log.ts";

const loggedFor = (error: unknown): LogFields[] => {
  const lines: LogFields[] = [];
  unread((fields) => lines.push(fields), "w" as WorkspaceId, error);
  return lines;
};

test("a fault of ours is named to whoever runs the server, and a store's refusal is not told twice", () => {
  const [line, ...more] = loggedFor(new TypeError("what a client sent"));
  expect(more).toEqual([]);
  expect(line).toMatchObject({ event: "fault", workspace: "w", error: "TypeError" });
  expect(JSON.stringify(line)).not.toContain("what a client sent");
  expect(loggedFor(new StoreProblem("no-store", "There is no store."))).toEqual([]);
});
