/** Who is at the other end of a socket, and what that lets them do. Asked once per socket, in the workspace's line. */
import { AUTH2_TYP, auth2Payload } from "#core/protocol/channels.ts";
import type { Auth2Payload, WireRange } from "#core/protocol/channels.ts";
import { AUTH_TYP, authPayload, parseSigned, signedHeader } from "#core/protocol/command.ts";
import type { AuthPayload, Signed } from "#core/protocol/command.ts";
import { deviceIdOf, inviteIdOf } from "#core/protocol/crypto.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";
import { asInviteId, asPairId, docBase, docEpoch, LOG } from "#core/protocol/ids.ts";
import type { DeviceId, DocName, InviteId, MemberId, PairId, WorkspaceId } from "#core/protocol/ids.ts";
import { epochAt, mayRead, roleNamed, roleOf } from "#core/rules/may.ts";
import { checkInvite, inviteProblem } from "#core/rules/invite.ts";
import { pairIdOf } from "#core/protocol/pair.ts";
import { json } from "#core/protocol/parse.ts";
import type { RejectCode } from "#core/facts/reject.ts";
import type { ReadDevice, ReadLog } from "#core/rules/read.ts";
import { timeOf } from "#core/rules/time.ts";
import { CLOSE } from "#core/protocol/wire.ts";
import type { Dated } from "../order/timeline.ts";
import type { Workspace } from "../order/workspace.ts";
import type { CloseReason } from "#core/facts/close-reason.ts";

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
  /** How far the time of the workspace, by which the invite ends, is ahead of dates, ms; absent where it is not. */
  readonly ahead?: number;
  /** What a join would be dated with, ms. */
  readonly now: number;
}

export type Admission =
  | { readonly as: "device"; readonly device: DeviceId; readonly member: MemberId }
  | { readonly as: "invite"; readonly id: InviteId; readonly greeting: InviteGreeting }
  /** `link`: public key of the founding link that it was shown, or null. */
  | { readonly as: "found"; readonly link: string | null }
  /** Holds the key of that pairing; whether somebody waits there is another question. */
  | { readonly as: "pair"; readonly id: PairId };
export interface Shut {
  readonly code: number;
  readonly reason: CloseReason;
  /** Position of the entry that closed the device. Its holder has proven the key, and may read the log up to there. */
  readonly until?: number;
}
/** Why the holder of a fitting key may not found here, or undefined where they may. */
export type RefusedFounder = (payload: AuthPayload) => Promise<Shut | undefined>;
export type AuthVerdict = { readonly ok: true; readonly admission: Admission } | ({ readonly ok: false } & Shut);

const shut = (code: number, reason: CloseReason): AuthVerdict => ({ ok: false, code, reason });

/**
 * Reads the answer to HELLO and checks that it was made for this socket, with the key that it names. Whose key that is
 * comes later, and is asked only of who has proven it: a name alone gets the same answer whether it is known here or not.
 */
export const readAuth = (
  crypto: CryptoDep,
  jws: string,
  { wid, doc, nonce }: Dialled,
  accepts: (origin: string) => boolean,
): Signed<AuthPayload> | Shut => {
  const signed = parseSigned(crypto, jws, authPayload);
  if (signed === undefined) return unreadable(crypto, jws, AUTH_TYP);
  const { w, d, nonce: answered, aud } = signed.payload;
  if (signed.typ !== AUTH_TYP) return OTHER_PURPOSE;
  if (w !== wid || d !== doc) return { code: CLOSE.otherPurpose, reason: "other-document" };
  if (answered !== nonce) return { code: CLOSE.staleAnswer, reason: "other-question" };
  if (!accepts(aud)) return { code: CLOSE.otherServer, reason: "other-server" };
  return proves(crypto, signed) ? signed : NOT_PROVEN;
};

/** The same of a connection, where no document is named: the wire's version and the range that was heard are signed instead. */
export const readAuth2 = (
  crypto: CryptoDep,
  jws: string,
  { wid, nonce, range }: { readonly wid: WorkspaceId; readonly nonce: string; readonly range: WireRange },
  accepts: (origin: string) => boolean,
): Signed<Auth2Payload> | Shut => {
  const signed = parseSigned(crypto, jws, auth2Payload);
  if (signed === undefined) return unreadable(crypto, jws, AUTH2_TYP);
  const { w, nonce: answered, aud, x, wire, heard } = signed.payload;
  if (signed.typ !== AUTH2_TYP) return OTHER_PURPOSE;
  if (w !== wid) return { code: CLOSE.otherPurpose, reason: "other-workspace" };
  if (answered !== nonce) return { code: CLOSE.staleAnswer, reason: "other-question" };
  // Somebody on the way made the range another one, so that an older version is spoken.
  if (heard[0] !== range.from || heard[1] !== range.to) return { code: CLOSE.staleAnswer, reason: "other-range" };
  if (!accepts(aud)) return { code: CLOSE.otherServer, reason: "other-server" };
  if (signed.kid !== deviceIdOf(crypto, x) || !crypto.verify(x, signed.input, signed.signature)) return NOT_PROVEN;
  if (wire < range.from) return { code: CLOSE.protocolTooOld, reason: "app-too-old" };
  return wire > range.to ? { code: CLOSE.serverTooOld, reason: "server-too-old" } : signed;
};

const OTHER_PURPOSE: Shut = { code: CLOSE.otherPurpose, reason: "other-purpose" };
const NOT_PROVEN: Shut = { code: CLOSE.badSignature, reason: "signature-wrong" };

/** Why an answer has not the shape that is asked for. */
const unreadable = (crypto: CryptoDep, jws: string, wanted: string): Shut => {
  const typ = signedHeader(json(crypto.decode(jws.split(".")[0] ?? "") ?? ""))?.typ;
  const other = wanted === AUTH_TYP ? AUTH2_TYP : AUTH_TYP;
  if (typ === other) return OTHER_PURPOSE;
  return isNewer(crypto, jws)
    ? { code: CLOSE.protocolTooOld, reason: "server-speaks-1" }
    : { code: CLOSE.malformed, reason: "malformed-answer" };
};

/** How a key is named by what its holder comes as. */
const NAMES = { device: deviceIdOf, found: deviceIdOf, invite: inviteIdOf, pair: pairIdOf } as const;
/** Whether whoever answered holds the key that is in the answer, and goes by the name that belongs to it. */
const proves = (crypto: CryptoDep, { kid, input, signature, payload: { as, x } }: Signed<AuthPayload>): boolean =>
  kid === NAMES[as](crypto, x) && crypto.verify(x, input, signature);

const isNewer = (crypto: CryptoDep, jws: string): boolean => {
  const body = json(crypto.decode(jws.split(".")[1] ?? "") ?? "");
  return typeof body === "object" && body !== null && "v" in body && typeof body.v === "number" && body.v > 1;
};

/** Whether the device may read the document at the newest position and time; undefined where it may. Its key is proven. */
export const refusedDevice = (log: ReadLog, id: DeviceId, doc: DocName, now = log.time): Shut | undefined => {
  const device = log.devices.get(id);
  if (device === undefined) return { code: CLOSE.unknownDevice, reason: "device-unknown" };
  if (device.to !== null) return closedDevice(log, device, doc);
  const answer = mayRead(log, device.member, doc, log.seq, now);
  return answer.allowed ? undefined : { code: CLOSE.forbidden, reason: answer.why.code };
};

/**
 * The same of many documents at one position and time: a right is to all epochs of a document, so each is asked once. An
 * epoch that nobody opened is none of them.
 */
export const refusedOf = (log: ReadLog, id: DeviceId, now: number): ((doc: DocName) => Shut | undefined) => {
  const asked = new Map<DocName, Shut | undefined>();
  return (doc) => {
    const base = docBase(doc);
    if (docEpoch(doc) > epochAt(log, base)) return refusedDevice(log, id, doc, now);
    if (!asked.has(base)) asked.set(base, refusedDevice(log, id, base, now));
    return asked.get(base);
  };
};

const closedDevice = (log: ReadLog, { member, to }: ReadDevice, doc: DocName): Shut => {
  const until = doc === LOG && to !== null ? { until: to } : {};
  return roleOf(log, member) === null
    ? { code: CLOSE.memberRemoved, reason: "membership-ended", ...until }
    : { code: CLOSE.deviceClosed, reason: "device-closed", ...until };
};

const NOT_HERE = shut(CLOSE.notFound, "no-such-workspace");

/** A device whose key is proven, at a document; on a connection at the log, which every device of the workspace reads. */
export const judgeDevice = ({ log }: Workspace, kid: DeviceId, doc: DocName, now: number): AuthVerdict => {
  // A founder whose genesis never arrived, or a server that is another one, or has another store.
  if (log.seq === 0) return NOT_HERE;
  const refused = refusedDevice(log, kid, doc, now);
  return refused === undefined
    ? { ok: true, admission: { as: "device", device: kid, member: (log.devices.get(kid) as ReadDevice).member } }
    : { ok: false, ...refused };
};

const asInvite = async (
  crypto: CryptoDep,
  workspace: Workspace,
  { kid, payload }: Signed<AuthPayload>,
  dated: Dated,
): Promise<AuthVerdict> => {
  const { log } = workspace;
  const id = asInviteId(kid);
  if (payload.d !== LOG) return shut(CLOSE.forbidden, "invite-opens-only-the-log");
  const invite = id === undefined ? undefined : (await workspace.admin()).invites.get(id);
  if (invite === undefined || id === undefined) return shut(CLOSE.unknownInvite, "no-such-invite");
  const checked = checkInvite(log, crypto, invite.jws, log.seq);
  const problem = checked.ok ? inviteProblem(log, checked.invite, timeOf(dated)) : checked.code;
  const greeting = {
    s: log.seq,
    invite: invite.jws,
    workspace: log.name,
    inviter: log.members.get(invite.by)?.name ?? "",
    used: log.inviteUses.get(id) ?? 0,
    problem: problem ?? null,
    member: invite.member === null ? null : (log.members.get(invite.member)?.name ?? ""),
    role: roleNamed(log, invite.role)?.name ?? invite.role,
    ...(dated.a === 0 ? {} : { ahead: dated.a }),
    now: dated.t,
  };
  return { ok: true, admission: { as: "invite", id, greeting } };
};

const asFounder = async (
  { log }: Workspace,
  { payload }: Signed<AuthPayload>,
  refusedFounder: RefusedFounder,
): Promise<AuthVerdict> => {
  if (payload.d !== LOG) return shut(CLOSE.forbidden, "founded-over-the-log");
  if (log.seq > 0) return shut(CLOSE.exists, "workspace-exists");
  const refused = await refusedFounder(payload);
  return refused === undefined
    ? { ok: true, admission: { as: "found", link: payload.link?.x ?? null } }
    : { ok: false, ...refused };
};

const asNewDevice = ({ kid, payload }: Signed<AuthPayload>): AuthVerdict => {
  const id = asPairId(kid);
  return payload.d === LOG && id !== undefined
    ? { ok: true, admission: { as: "pair", id } }
    : shut(CLOSE.forbidden, "pairing-over-the-log");
};

export const judgeAuth = (
  crypto: CryptoDep,
  workspace: Workspace,
  signed: Signed<AuthPayload>,
  facts: { readonly dated: Dated; readonly refusedFounder: RefusedFounder },
): AuthVerdict | Promise<AuthVerdict> => {
  const { as } = signed.payload;
  if (as === "found") return asFounder(workspace, signed, facts.refusedFounder);
  if (as === "device") return judgeDevice(workspace, signed.kid, signed.payload.d, timeOf(facts.dated));
  if (workspace.log.seq === 0) return NOT_HERE;
  return as === "invite" ? asInvite(crypto, workspace, signed, facts.dated) : asNewDevice(signed);
};
