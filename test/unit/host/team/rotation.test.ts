/** When the private half of a replaced key may go. */
import { expect, test } from "vitest";
import { COMMAND_LIFE_MAX } from "#core/protocol/command.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DeviceId } from "#core/protocol/ids.ts";
import type { Live } from "#client/live.ts";
import { spentKeys } from "../../../../electron/host/team/rotation.ts";
import type { Keyring } from "#client/keys/signer.ts";
import { createTeam, rotateBody, makeDevice, QUEUE, requestBody } from "../../../helpers/people.ts";

const sealedTo = (...devices: string[]) => JSON.stringify({ to: devices.map((kid) => kid.padEnd(76, "A")).join("") });

/** Ada replaced her key in one workspace; the ring also holds a key that no log names. */
const world = () => {
  const team = createTeam();
  const ben = team.member("Ben");
  const next = makeDevice(team.ada);
  const state = { link: "in-sync", now: 0 };
  const ask = (to: string, ttlMs = 3_600_000) =>
    team.given(ben, QUEUE, "approval.request", requestBody({ jwe: sealedTo(to), ttlMs }));
  const rotate = () => team.given(team.ada, LOG, "device.rotate", rotateBody(team.wid, next));
  const live = {
    log: team.log,
    device: next.device,
    link: () => ({ link: state.link }),
    serverNow: () => team.now,
    docs: { queues: () => [team.queue], lanes: () => [] },
  } as unknown as Live;
  const keys = { list: () => [team.ada.device, next.device, "unknown-purpose" as DeviceId] } as unknown as Keyring;
  const spent = (named: string[] = [], lives = [live]) =>
    spentKeys({ keys, lives, named: new Set([next.device, ...named]) });
  return { team, next, state, ask, rotate, live, spent };
};

test("[MB14] a replaced key goes when everything that was signed before it was replaced has expired", () => {
  const { team, rotate, spent } = world();
  expect(spent()).toEqual([]);
  rotate();
  expect(spent()).toEqual([]);
  team.pass(COMMAND_LIFE_MAX);
  expect(spent()).toEqual([]);
  team.pass(1);
  expect(spent()).toEqual([team.ada.device]);
});

test("[MB14] it stays while an open request is sealed to it, while the copy may be behind, and where another workspace or a join uses it", () => {
  const { team, state, ask, rotate, live, spent } = world();
  rotate();
  team.pass(COMMAND_LIFE_MAX + 1);
  ask("somebody-else");
  expect(spent()).toEqual([team.ada.device]);
  ask(team.ada.device);
  expect(spent()).toEqual([]);
  team.pass(3_600_001);
  expect(spent()).toEqual([team.ada.device]);
  state.link = "offline";
  expect(spent()).toEqual([]);
  state.link = "in-sync";
  expect(spent([team.ada.device])).toEqual([]);
  const other = world();
  other.team.log.devices.set(team.ada.device, {
    ...[...other.team.log.devices.values()][0],
    id: team.ada.device,
  } as never);
  expect(spent([], [live, other.live])).toEqual([]);
});
