/** Invites that this person may see. The seed of a link is known only to the computer that made it, wrapped there. */
import { invitePayload, parseSigned } from "#core/protocol/command.ts";
import { ADMIN, asInviteId, asRoleId, LOG } from "#core/protocol/ids.ts";
import type { Hash, InviteId, MemberId, RoleId } from "#core/protocol/ids.ts";
import { readLink, writeCode } from "#core/protocol/link.ts";
import { may, roleNamed, roleOf } from "#core/rules/may.ts";
import { inviteProblem } from "#core/rules/invite.ts";
import { covers, MEMBER_ROLE } from "#core/rules/roles.ts";
import type { ReadLog } from "#core/rules/read.ts";
import type { Invite } from "#core/rules/state.ts";
import { dateOf } from "#core/rules/time.ts";
import type { InviteView } from "#bridge/invite.ts";
import { refused } from "#bridge/refused.ts";
import { rejected } from "../seams.ts";
import type { Shell } from "../seams.ts";
import type { WorkspaceStore } from "#client/ports/store.ts";
import { spansIn } from "../tools/secret-shapes.ts";
import { nodeCrypto, inviteKey, random22 } from "#node/crypto.ts";
import { canLetBack } from "./device-view.ts";
import type { Live } from "#client/live.ts";
import { nameOf } from "../people/names.ts";
import { needs } from "./needs.ts";

export interface NewInvite {
  readonly role: string;
  readonly label: string;
  readonly expiresInMs: number;
  readonly uses: number;
}
interface Made extends NewInvite {
  readonly role: RoleId;
  /** Who comes back with it, or null for somebody new. */
  readonly member: MemberId | null;
}
export interface Invites {
  /** Opens the kept codes of a workspace, so that links can be shown again. */
  load(wid: string): Promise<void>;
  create(live: Live, wanted: NewInvite): Promise<InviteView>;
  /** An invite for a member who lost their devices: for one use, and for the role they hold. */
  letBack(live: Live, member: MemberId, expiresInMs: number): Promise<InviteView>;
  revoke(live: Live, invite: string): Promise<void>;
  views(live: Live): InviteView[];
  /** Links are rights: those of a workspace that is forgotten leave the memory, too. */
  forget(wid: string): void;
}

const STATES: Record<string, InviteView["state"]> = {
  "invite-revoked": "revoked",
  "invite-used": "used",
  "invite-expired": "expired",
};

export const createInvites = ({ shell, rows }: { shell: Shell; rows: WorkspaceStore }): Invites => {
  /** Code by `wid invite`. */
  const codes = new Map<string, string>();

  const view = (live: Live, invite: Invite): InviteView => {
    const payload = { id: invite.id, exp: invite.expiresAt, uses: invite.uses } as Parameters<typeof inviteProblem>[1];
    const problem = inviteProblem(live.log, payload, live.serverNow());
    const code = codes.get(`${live.wid} ${invite.id}`);
    return {
      id: invite.id,
      label: invite.label,
      role: invite.role,
      createdBy: nameOf(live.log, invite.by),
      expiresAt: dateOf(live.log, invite.expiresAt),
      uses: invite.uses,
      used: live.log.inviteUses.get(invite.id) ?? 0,
      back: invite.member === null ? null : nameOf(live.log, invite.member),
      state: problem === undefined ? "open" : (STATES[problem] ?? "revoked"),
      usedBy: usedBy(live.log, invite.id),
      ...linksOf(code, live.server()),
    };
  };

  const make = async (live: Live, { role, member, label, expiresInMs, uses }: Made): Promise<InviteView> => {
    if (spansIn(label).length > 0) throw refused("label-secret");
    const seed = random22();
    const key = inviteKey(seed);
    const invite = await live.signer().invite({
      v: 1,
      w: live.log.wid,
      id: key.id,
      x: key.x,
      role,
      exp: Math.floor(live.serverNow()) + expiresInMs,
      uses,
      mode: needsConfirm(live.log, role) ? "confirm" : "direct",
      member,
    });
    const code = writeCode(nodeCrypto, {
      wid: live.log.wid,
      head: [live.log.seq, live.log.head as Hash],
      seed,
      server: live.server(),
    });
    const sealed = await shell.request("secret.wrap", { text: code });
    if (typeof sealed !== "string") throw refused("secret-failed");
    // Kept first: an invite whose link nobody knows could only be revoked.
    rows.saveCode(live.wid, key.id, sealed);
    // Known before the workspace shows the invite: a list that is told at once would show it without its link.
    codes.set(`${live.wid} ${key.id}`, code);
    await live.outbox.now("invite.create", ADMIN, { invite, label });
    const made = live.replica.admin.invites.get(inviteIdIn(invite) ?? key.id);
    if (made === undefined) throw refused("invite-not-shown");
    return view(live, made);
  };

  return {
    forget: (wid) => {
      for (const name of codes.keys()) if (name.startsWith(`${wid} `)) codes.delete(name);
    },
    load: async (wid) => {
      for (const { invite, sealed } of rows.codes(wid)) {
        // A code that cannot be opened is a link that cannot be shown again; the invite itself stays valid.
        const code = await shell.request("secret.unwrap", { sealed }).catch(() => null);
        if (typeof code === "string") codes.set(`${wid} ${invite}`, code);
      }
    },
    create: async (live, wanted) => {
      const role = asRoleId(wanted.role);
      if (role === undefined || roleNamed(live.log, role) === undefined) throw rejected("no-such-role");
      needs(may(live.log, live.me, "members.invite", { role }));
      return make(live, { ...wanted, role, member: null });
    },
    letBack: async (live, member, expiresInMs) => {
      needs(canLetBack(live, member));
      const role = roleOf(live.log, member);
      if (role === null) throw rejected("no-such-member");
      return make(live, { role, member, label: "", expiresInMs, uses: 1 });
    },
    revoke: async (live, invite) => {
      const id = asInviteId(invite);
      if (id === undefined || !live.replica.admin.invites.has(id)) throw refused("no-such-invite");
      await live.outbox.now("invite.revoke", LOG, { id });
    },
    views: (live) =>
      may(live.log, live.me, "members.invite").allowed
        ? [...live.replica.admin.invites.values()].toSorted((a, b) => b.at - a.at).map((invite) => view(live, invite))
        : [],
  };
};

const usedBy = (log: ReadLog, invite: InviteId): InviteView["usedBy"] =>
  [...log.members.values()]
    .filter((member) => member.invite === invite)
    .map(({ name, promised }) => ({
      name,
      waitsFor: promised === null ? null : (roleNamed(log, promised)?.name ?? promised),
    }));

/** The same invite under the address at which the server is reached now, and where links of it that were sent before lead. */
const linksOf = (code: string | undefined, server: string): Pick<InviteView, "link" | "appLink" | "oldAddress"> => {
  const read = code === undefined ? undefined : readLink(nodeCrypto, code);
  if (read === undefined || !read.ok) return { link: null, appLink: null, oldAddress: null };
  const now = writeCode(nodeCrypto, { ...read.code, server });
  return {
    link: `${server}/join#${now}`,
    appLink: `bulkhead://join#${now}`,
    oldAddress: read.code.server === server ? null : read.code.server,
  };
};

/** Whether a role has rights that a Member has not: then a leaked link must not give them by itself. */
const needsConfirm = (log: ReadLog, id: RoleId): boolean => {
  const role = roleNamed(log, id);
  const plain = roleNamed(log, MEMBER_ROLE);
  return role === undefined || plain === undefined || !covers(plain.caps, role.caps);
};

const inviteIdIn = (jws: string): InviteId | undefined => parseSigned(nodeCrypto, jws, invitePayload)?.payload.id;
