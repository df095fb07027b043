import { asMemberId, asRoleId, LOG } from "#core/protocol/ids.ts";
import type { MemberId, RoleId } from "#core/protocol/ids.ts";
import { may, roleOf } from "#core/rules/may.ts";
import { refused } from "#bridge/refused.ts";
import { rejected } from "../seams.ts";
import type { HandlersOf } from "../seams.ts";
import type { memberMethods } from "#bridge/member.ts";
import { clearDelegation, setDelegation } from "./delegations.ts";
import type { Invites } from "./invites.ts";
import type { Live } from "#client/live.ts";
import { needs } from "./needs.ts";
import { explain } from "./team-view.ts";

const memberIn = ({ log }: Live, id: string): MemberId => {
  const member = asMemberId(id);
  if (member === undefined || !log.members.has(member)) throw rejected("no-such-member");
  return member;
};

/** Whoever waits for that role, and may get it from me. */
const promisedIn = (
  live: Live,
  id: string,
  role: string,
): { readonly member: MemberId; readonly from: RoleId; readonly to: RoleId } => {
  const member = memberIn(live, id);
  const from = roleOf(live.log, member);
  const to = live.log.members.get(member)?.promised ?? null;
  if (from === null) throw rejected("no-such-member");
  if (to === null) throw refused("answered-already");
  if (to !== role) throw rejected("stale");
  needs(may(live.log, live.me, "members.assign", { member, to }));
  return { member, from, to };
};

/** The methods `member.*` and `delegation.*`. The server judges them again by the same rules, at its own position. */
export const createMemberHandlers = ({
  workspace,
  invites,
}: {
  /** Throws `Refusal("no-such-workspace")`. */
  readonly workspace: (wid: string) => Live;
  readonly invites: Invites;
}): HandlersOf<typeof memberMethods> => ({
  "member.setRole": async ({ wid, member, role, from: seen }) => {
    const live = workspace(wid);
    const id = memberIn(live, member);
    const from = roleOf(live.log, id);
    const to = asRoleId(role);
    if (from === null) throw rejected("no-such-member");
    if (seen !== undefined && seen !== from) throw rejected("stale");
    if (to === undefined || !live.log.roles.has(to)) throw rejected("no-such-role");
    if (from === to) return {};
    needs(may(live.log, live.me, "members.assign", { member: id, to }));
    await live.outbox.now("member.role", LOG, { member: id, from, to });
    return {};
  },
  "member.givePromised": async ({ wid, member, role }) => {
    const live = workspace(wid);
    await live.outbox.now("member.role", LOG, promisedIn(live, member, role));
    return {};
  },
  "member.refusePromised": async ({ wid, member, role }) => {
    const live = workspace(wid);
    await live.outbox.now("member.refuse", LOG, { member: promisedIn(live, member, role).member });
    return {};
  },
  "member.remove": async ({ wid, member }) => {
    const live = workspace(wid);
    const id = memberIn(live, member);
    needs(may(live.log, live.me, "members.remove", { member: id }));
    await live.outbox.now("member.remove", LOG, { member: id });
    return {};
  },
  "member.explain": ({ wid, member }) => {
    const live = workspace(wid);
    return explain(live.log, memberIn(live, member));
  },
  "member.letBack": async ({ wid, member, expiresInMs }) => {
    const live = workspace(wid);
    return invites.letBack(live, memberIn(live, member), expiresInMs);
  },
  "delegation.set": async ({ wid, to, until }) => {
    await setDelegation(workspace(wid), to, until);
    return {};
  },
  "delegation.clear": async ({ wid }) => {
    await clearDelegation(workspace(wid));
    return {};
  },
});
