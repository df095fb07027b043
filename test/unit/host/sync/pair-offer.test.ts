/** Whether another computer can be added now: what the screen shows, and what a pairing asks before it begins. */
import { expect, test } from "vitest";
import type { StatusView } from "#bridge/views.ts";
import { canPair } from "../../../../electron/host/sync/pair-offer.ts";

const asked = (link: StatusView["link"], reason: StatusView["reason"] = null, active = true) => canPair({ active: () => active, link: () => ({ link, since: 0, reason }) });

test("[T26] adding a computer needs the server, and what stands in the way is said", () => {
  const halted = { code: "tampered", message: "The server's copy cannot be trusted." };
  expect((["in-sync", "withheld", "connecting"] as const).map((link) => asked(link).allowed)).toEqual([true, true, true]);
  expect(asked("offline", { code: "offline", message: "The server at x cannot be reached." })).toEqual({ allowed: false, rule: "A new computer is added over the server, and it cannot be reached now." });
  expect(asked("offline", { code: "paused", message: "" }).rule).toBe("A new computer is added over the server, and you work offline on purpose. Connect again first.");
  expect((["tampered", "refused", "update-app"] as const).map((link) => asked(link, halted))).toEqual(Array.from({ length: 3 }, () => ({ allowed: false, rule: halted.message })));
  expect(asked("in-sync", null, false)).toEqual({ allowed: false, rule: "This computer is no longer part of the workspace, so it cannot add another." });
});
