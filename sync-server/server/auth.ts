/** Who is at the other end of a socket, and what that lets them do. Asked once per socket, in the workspace's line. */
import { AUTH_TYP, authPayload, parseSigned } from "#core/command.ts";
import type { AuthPayload, Signed } from "#core/command.ts";
import { deviceIdOf, inviteIdOf } from "#core/crypto.ts";
import type { CryptoDep } from "#core/crypto.ts";
import { asInviteId, asPairId, LOG } from "#core/ids.ts";
import type { DeviceId, DocName, InviteId, MemberId, PairId, WorkspaceId } from "#core/ids.ts";
import { deviceActive, mayRead, roleNamed } from "#core/may.ts";
import { checkInvite, inviteProblem } from "#core/invite.ts";
import { pairIdOf } from "#core/pair.ts";
import { json } from "#core/parse.ts";
import type { RejectCode } from "#core/reject.ts";
import type { Log } from "#core/state.ts";
import { CLOSE } from "#core/wire.ts";
import type { Workspace } from "./workspace.ts";

export interface Dialled {
  readonly wid: WorkspaceId;
  readonly doc: DocName;
  readonly nonce: string;
}

/** What a joiner is told before they decide. `problem` is why the invite would be refused now, or null. */
export interface InviteGreeting {
  readonly s: number;
  readonly invite: string;
  readonly workspace: string;
  readonly inviter: string;
  readonly used: number;
  readonly problem: RejectCode | null;
  /** Name of the member whom it lets come back, or null. */
  readonly member: string | null;
  /** Name of the role that it gives. */
  readonly role: string;
}

export type Admission =
  | { readonly as: "device"; readonly device: DeviceId; readonly member: MemberId }
  | { readonly as: "invite"; readonly id: InviteId; readonly greeting: InviteGreeting }
  | { readonly as: "found" }
  /** Holds the key of that pairing; whether somebody waits there is another question. */
  | { readonly as: "pair"; readonly id: PairId };
export interface Shut {
  readonly code: number;
  readonly reason: string;
}
export type AuthVerdict = { readonly ok: true; readonly admission: Admission } | ({ readonly ok: false } & Shut);

const shut = (code: number, reason: string): AuthVerdict & { ok: false } => ({ ok: false, code, reason });

/** Reads the answer to HELLO and checks that it was made for this socket; whose it is comes later. */
export const readAuth = (crypto: CryptoDep, jws: string, { wid, doc, nonce }: Dialled, accepts: (origin: string) => boolean): Signed<AuthPayload> | Shut => {
  const signed = parseSigned(crypto, jws, authPayload);
  if (signed === undefined) return isNewer(crypto, jws) ? { code: CLOSE.protocolTooOld, reason: "this server speaks version 1" } : { code: CLOSE.malformed, reason: "malformed answer" };
  const { w, d, nonce: answered, aud } = signed.payload;
  if (signed.typ !== AUTH_TYP) return { code: CLOSE.unauthorized, reason: "signed for another purpose" };
  if (w !== wid || d !== doc) return { code: CLOSE.unauthorized, reason: "signed for another document" };
  if (answered !== nonce) return { code: CLOSE.unauthorized, reason: "answer to another question" };
  return accepts(aud) ? signed : { code: CLOSE.unauthorized, reason: "signed for another server" };
};

const isNewer = (crypto: CryptoDep, jws: string): boolean => {
  const body = json(crypto.decode(jws.split(".")[1] ?? "") ?? "");
  return typeof body === "object" && body !== null && "v" in body && typeof body.v === "number" && body.v > 1;
};

/** Whether the device may read the document at the newest position and time; undefined where it may. */
export const refusedDevice = (log: Log, device: DeviceId, doc: DocName, now = log.time): Shut | undefined => {
  const active = deviceActive(log, device);
  if (active === undefined) return { code: CLOSE.unauthorized, reason: "this device is not part of the workspace" };
  const answer = mayRead(log, active.member, doc, log.seq, now);
  return answer.allowed ? undefined : { code: CLOSE.forbidden, reason: answer.rule };
};

const asDevice = (crypto: CryptoDep, { log }: Workspace, { kid, input, signature, payload }: Signed<AuthPayload>, now: number): AuthVerdict => {
  const device = log.devices.get(kid);
  if (device === undefined || !crypto.verify(device.x, input, signature)) return shut(CLOSE.unauthorized, "this device is not part of the workspace");
  const refused = refusedDevice(log, kid, payload.d, now);
  return refused === undefined ? { ok: true, admission: { as: "device", device: kid, member: device.member } } : { ok: false, ...refused };
};

const asInvite = async (crypto: CryptoDep, workspace: Workspace, { kid, input, signature, payload }: Signed<AuthPayload>, now: number): Promise<AuthVerdict> => {
  const { log } = workspace;
  const id = asInviteId(kid);
  const holds = payload.d === LOG && id === inviteIdOf(crypto, payload.x) && crypto.verify(payload.x, input, signature);
  const invite = holds && log.seq > 0 ? (await workspace.admin()).invites.get(id) : undefined;
  if (invite === undefined || id === undefined) return shut(CLOSE.unauthorized, "there is no such invite");
  const checked = checkInvite(log, crypto, invite.jws, log.seq);
  const problem = checked.ok ? inviteProblem(log, checked.invite, now) : checked.code;
  const greeting = { s: log.seq, invite: invite.jws, workspace: log.name, inviter: log.members.get(invite.by)?.name ?? "", used: log.inviteUses.get(id) ?? 0, problem: problem ?? null, member: invite.member === null ? null : (log.members.get(invite.member)?.name ?? ""), role: roleNamed(log, invite.role)?.name ?? invite.role };
  return { ok: true, admission: { as: "invite", id, greeting } };
};

const asFounder = (crypto: CryptoDep, { log }: Workspace, { kid, input, signature, payload }: Signed<AuthPayload>, mayFound: () => boolean): AuthVerdict => {
  const holds = payload.d === LOG && kid === deviceIdOf(crypto, payload.x) && crypto.verify(payload.x, input, signature);
  if (!holds) return shut(CLOSE.unauthorized, "the signature does not match");
  if (log.seq > 0) return shut(CLOSE.forbidden, "this workspace exists already");
  return mayFound() ? { ok: true, admission: { as: "found" } } : shut(CLOSE.forbidden, "this server takes no new workspaces now");
};

const asNewDevice = (crypto: CryptoDep, { kid, input, signature, payload }: Signed<AuthPayload>): AuthVerdict => {
  const id = asPairId(kid);
  const holds = payload.d === LOG && id === pairIdOf(crypto, payload.x) && crypto.verify(payload.x, input, signature);
  return holds && id !== undefined ? { ok: true, admission: { as: "pair", id } } : shut(CLOSE.unauthorized, "the signature does not match");
};

export const judgeAuth = (crypto: CryptoDep, workspace: Workspace, signed: Signed<AuthPayload>, facts: { readonly now: number; readonly mayFound: () => boolean }): AuthVerdict | Promise<AuthVerdict> => {
  switch (signed.payload.as) {
    case "device":
      // A founder whose genesis never arrived, or a wrong server: "found" and "invite" tell the rest.
      return workspace.log.seq === 0 ? shut(CLOSE.notFound, "there is no such workspace here") : asDevice(crypto, workspace, signed, facts.now);
    case "invite":
      return workspace.log.seq === 0 ? shut(CLOSE.notFound, "there is no such workspace here") : asInvite(crypto, workspace, signed, facts.now);
    case "pair":
      return workspace.log.seq === 0 ? shut(CLOSE.notFound, "there is no such workspace here") : asNewDevice(crypto, signed);
    case "found":
      return asFounder(crypto, workspace, signed, facts.mayFound);
  }
};
