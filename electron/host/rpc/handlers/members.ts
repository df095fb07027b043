import { asDeviceId, asMemberId, asRoleId, LOG } from "#core/ids.ts";
import type { MemberId } from "#core/ids.ts";
import { may, roleOf } from "#core/may.ts";
import { REJECTS } from "#core/reject.ts";
import { Refusal } from "../../seams.ts";
import type { Handlers } from "../../seams.ts";
import type { Live } from "../../sync/live.ts";
import type { Lives } from "../../sync/lives.ts";
import { needs } from "../../sync/needs.ts";
import { explain } from "../../sync/team-view.ts";

const memberIn = ({ log }: Live, id: string): MemberId => {
  const member = asMemberId(id);
  if (member === undefined || !log.members.has(member)) throw new Refusal("no-such-member", REJECTS["no-such-member"]);
  return member;
};

/** The methods `member.*` and `device.*`. The server judges them again by the same rules, at its own position. */
export const createMemberHandlers = ({ lives }: { readonly lives: Lives }): Pick<Handlers, "member.setRole" | "member.remove" | "device.revoke" | "member.explain"> => ({
  "member.setRole": async ({ wid, member, role, from: seen }) => {
    const live = lives.get(wid);
    const id = memberIn(live, member);
    const from = roleOf(live.log, id);
    const to = asRoleId(role);
    if (from === null) throw new Refusal("no-such-member", REJECTS["no-such-member"]);
    if (seen !== undefined && seen !== from) throw new Refusal("stale", REJECTS.stale);
    if (to === undefined || !live.log.roles.has(to)) throw new Refusal("no-such-role", REJECTS["no-such-role"]);
    if (from === to) return {};
    needs(may(live.log, live.me, "members.assign", { member: id, to }));
    await live.outbox.now("member.role", LOG, { member: id, from, to });
    return {};
  },
  "member.remove": async ({ wid, member }) => {
    const live = lives.get(wid);
    const id = memberIn(live, member);
    needs(may(live.log, live.me, "members.remove", { member: id }));
    await live.outbox.now("member.remove", LOG, { member: id });
    return {};
  },
  "device.revoke": async ({ wid, device }) => {
    const live = lives.get(wid);
    const id = asDeviceId(device);
    if (id === undefined || !live.log.devices.has(id)) throw new Refusal("no-such-device", REJECTS["no-such-device"]);
    needs(may(live.log, live.me, "members.remove", { device: id }));
    await live.outbox.now("device.revoke", LOG, { device: id });
    return {};
  },
  "member.explain": ({ wid, member }) => {
    const live = lives.get(wid);
    return explain(live.log, memberIn(live, member));
  },
});
