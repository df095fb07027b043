/** What an admission makes of a socket: whose it is, what it may send, at what rate, and by whose clock. */
import type { DocName } from "#core/protocol/ids.ts";
import type { Admission } from "../admission/auth.ts";
import type { Owner } from "../admission/limits.ts";
import type { Peer } from "./peer.ts";
import type { Author } from "../order/timeline.ts";
import type { Scope } from "../order/workspace.ts";

export const ownerOf = ({ wid, belt }: Peer, admission: Admission): Owner => {
  if (admission.as === "device") return { as: "device", name: `${wid} ${admission.member}` };
  return {
    as: "guest",
    name: admission.as === "found" ? `found ${belt.address}` : `${wid} ${admission.as} ${admission.id}`,
  };
};

export const scopeOf = (admission: Exclude<Admission, { as: "pair" }>, doc: DocName): Scope =>
  admission.as === "device"
    ? { as: "device", device: admission.device, doc }
    : admission.as === "invite"
      ? { as: "invite", invite: admission.greeting.invite }
      : { as: "found" };

export const withinRate = ({ site: { limits }, wid, belt }: Peer, admission: Admission, bytes = 0): boolean =>
  admission.as === "device"
    ? limits.command(`${wid} ${admission.device}`, `${wid} ${admission.member}`, bytes)
    : limits.strangerCommand(belt.address);

export const authorOf = ({ ahead }: Peer, admission: Admission): Author | undefined =>
  ahead === undefined ? undefined : { who: admission.as === "device" ? admission.member : "", ahead };

/** The device's name in limits, with its workspace. */
export const deviceOf = ({ wid, admission }: Peer): string =>
  `${wid} ${admission?.as === "device" ? admission.device : ""}`;
