/** What is kept of OPENs that were answered before. */
import { describe, expect, test } from "vitest";
import { writeOpen } from "#core/protocol/channels.ts";
import type { Hash, QueueId, WorkspaceId } from "#core/protocol/ids.ts";
import { queueDoc } from "#core/protocol/ids.ts";
import { sha256Of } from "#node/crypto.ts";
import { createKnownOpens } from "../../../sync-server/server/connections/known-opens.ts";

const WID = "W".repeat(22) as WorkspaceId;
const OTHER = "O".repeat(22) as WorkspaceId;
const had = { length: 3, head: "h".repeat(43) as Hash };
const asked = (count: number, queue = "q") =>
  Array.from({ length: count }, (_, i) => ({ channel: i + 1, doc: queueDoc(queue as QueueId, i + 1), had }));
const ANSWER = new Uint8Array([1]);

describe("CN4 OPENs that were answered before", () => {
  test("are found by their bytes and their workspace, and by nothing less", () => {
    const opens = createKnownOpens(sha256Of);
    const bytes = writeOpen(asked(20));
    const key = opens.keyOf(WID, bytes) ?? "";
    opens.keep(key, asked(20), ANSWER);
    expect(opens.get(key)).toEqual({ asked: asked(20), bases: ["queue:q"], unchanged: ANSWER });
    const altered = bytes.slice();
    altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
    for (const [wid, other] of [
      [OTHER, bytes],
      [WID, altered],
      [WID, writeOpen(asked(21))],
    ] as const)
      expect(opens.get(opens.keyOf(wid, other) ?? "")).toBeUndefined();
  });

  test("are not kept where reading costs as little", () => {
    const opens = createKnownOpens(sha256Of);
    expect(opens.keyOf(WID, writeOpen(asked(3)))).toBeUndefined();
    opens.keep("short", asked(15), ANSWER);
    expect(opens.get("short")).toBeUndefined();
  });

  test("are bounded by their documents: those that were asked for longest ago go first", () => {
    const opens = createKnownOpens(sha256Of, 60);
    for (const name of ["a", "b", "c"]) opens.keep(name, asked(20, name), ANSWER);
    expect(opens.get("a")?.asked.length).toBe(20);
    opens.keep("d", asked(20, "d"), ANSWER);
    expect(["a", "b", "c", "d"].filter((name) => opens.get(name) !== undefined)).toEqual(["a", "c", "d"]);
    opens.keep("all", asked(60, "e"), ANSWER);
    expect(["a", "c", "d", "all"].filter((name) => opens.get(name) !== undefined)).toEqual(["all"]);
    // One that is larger than everything together leaves nothing behind.
    opens.keep("more", asked(61, "f"), ANSWER);
    expect(["all", "more"].filter((name) => opens.get(name) !== undefined)).toEqual([]);
    opens.keep("a", asked(20, "a"), ANSWER);
    expect(opens.get("a")?.asked.length).toBe(20);
  });
});
