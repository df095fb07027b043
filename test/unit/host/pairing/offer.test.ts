/** Whether another computer can be added now: what the screen shows, and what a pairing asks before it begins. */
import { expect, test } from "vitest";
import { why } from "#core/facts/why.ts";
import { OWN } from "#core/rules/budget.ts";
import { DEVICES_MAX } from "#core/rules/devices.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { LinkState } from "#client/link/link.ts";
import { canPair } from "../../../../electron/host/pairing/offer.ts";
import { createTeam, deviceBody, makeDevice } from "../../../helpers/people.ts";
import { worded } from "../../../helpers/worded.ts";

const team = createTeam();
const asked = (link: LinkState["link"], reason: LinkState["reason"] = null, active = true, of = team) =>
  canPair({
    active: () => active,
    link: () => ({ link, since: 0, reason, also: [] }),
    log: of.log,
    me: of.ada.member,
    serverNow: () => of.now,
  });

test("[T26] adding a computer needs the server, and what stands in the way is said", () => {
  const halted = why("tampered", "fork", true);
  expect((["in-sync", "withheld", "connecting"] as const).map((link) => asked(link).allowed)).toEqual([
    true,
    true,
    true,
  ]);
  expect(asked("offline", why("offline", "x", null))).toEqual({
    allowed: false,
    why: worded("A new computer is added over the server, and it cannot be reached now."),
  });
  expect(asked("offline", why("paused")).why).toEqual(
    worded("A new computer is added over the server, and you work offline on purpose. Connect again first."),
  );
  expect((["tampered", "refused", "out", "update-app"] as const).map((link) => asked(link, halted))).toEqual(
    Array.from({ length: 4 }, () => ({ allowed: false, why: halted })),
  );
  expect(asked("in-sync", null, false)).toEqual({
    allowed: false,
    why: worded("This computer is no longer part of the workspace, so it cannot add another."),
  });
});

test("[BU1] whoever has ten devices is told to revoke one before a code is made, and whoever changed too much today to wait", () => {
  const many = createTeam();
  const devices = Array.from({ length: DEVICES_MAX - 1 }, () => makeDevice(many.ada));
  const add = (device: (typeof devices)[number]) =>
    many.given(many.ada, LOG, "device.add", deviceBody(many.wid, device));
  devices.forEach(add);
  expect(asked("in-sync", null, true, many)).toEqual({
    allowed: false,
    why: worded("You have 10 devices in use, and a person has no more. Revoke one first, then add this one."),
  });
  many.given(many.ada, LOG, "device.revoke", { device: devices[0]?.device });
  expect(asked("in-sync", null, true, many).allowed).toBe(true);
  for (let i = 0; i < 12; i += 1) many.given(many.ada, LOG, "member.rename", { name: `Ada ${i}` });
  expect(asked("in-sync", null, true, many)).toMatchObject({
    allowed: false,
    why: worded(/as often as one person may within a day/),
  });
  many.pass(2 * OWN.unitMs);
  expect(asked("in-sync", null, true, many).allowed).toBe(true);
});
