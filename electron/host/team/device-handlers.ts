import { asMemberId } from "#core/protocol/ids.ts";
import { rejected } from "../seams.ts";
import type { Handlers } from "../seams.ts";
import type { Invites } from "./invites.ts";
import type { Lives } from "../workspaces/lives.ts";
import { replaceKey } from "./rotation.ts";

/** A new key for this computer, and a way back for somebody who lost theirs. */
export const createDeviceHandlers = ({
  lives,
  invites,
}: {
  readonly lives: Lives;
  readonly invites: Invites;
}): Pick<Handlers, "device.replaceKey" | "member.letBack"> => {
  const running = new Map<string, Promise<void>>();
  return {
    "device.replaceKey": async ({ wid }) => {
      const started = running.get(wid) ?? replaceKey(lives.get(wid)).finally(() => running.delete(wid));
      running.set(wid, started);
      await started;
      return {};
    },
    "member.letBack": async ({ wid, member, expiresInMs }) => {
      const id = asMemberId(member);
      if (id === undefined) throw rejected("no-such-member");
      return invites.letBack(lives.get(wid), id, expiresInMs);
    },
  };
};
