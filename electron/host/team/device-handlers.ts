import type { deviceMethods } from "#bridge/device.ts";
import { asDeviceId, LOG } from "#core/protocol/ids.ts";
import { may } from "#core/rules/may.ts";
import { rejected } from "../seams.ts";
import type { HandlersOf } from "../seams.ts";
import type { Live } from "#client/live.ts";
import { needs } from "./needs.ts";
import { replaceKey } from "./rotation.ts";

/** The methods `device.*`: a new key for this computer, and the end of one that is lost. */
export const createDeviceHandlers = ({
  workspace,
}: {
  /** Throws `Refusal("no-such-workspace")`. */
  readonly workspace: (wid: string) => Live;
}): HandlersOf<typeof deviceMethods> => {
  const running = new Map<string, Promise<void>>();
  return {
    "device.replaceKey": async ({ wid }) => {
      const started = running.get(wid) ?? replaceKey(workspace(wid)).finally(() => running.delete(wid));
      running.set(wid, started);
      await started;
      return {};
    },
    "device.revoke": async ({ wid, device }) => {
      const live = workspace(wid);
      const id = asDeviceId(device);
      if (id === undefined || !live.log.devices.has(id)) throw rejected("no-such-device");
      needs(may(live.log, live.me, "members.remove", { device: id }));
      await live.outbox.now("device.revoke", LOG, { device: id });
      return {};
    },
  };
};
