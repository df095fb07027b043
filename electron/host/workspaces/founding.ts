/** Founding a workspace, and joining one with a link. Nothing is written here before the server took the command. */
import { VERSION } from "#bridge/version.ts";
import { KNOWS } from "#core/protocol/levels.ts";
import {
  foundProofText,
  genesisText,
  INVITE_TYP,
  invitePayload,
  joinProofText,
  parseCommand,
  parseSigned,
} from "#core/protocol/command.ts";
import type { InvitePayload } from "#core/protocol/command.ts";
import { workspaceIdOf } from "#core/protocol/crypto.ts";
import { asMemberId, LOG } from "#core/protocol/ids.ts";
import type { DeviceId, MemberId } from "#core/protocol/ids.ts";
import { readLink } from "#core/protocol/link.ts";
import { isServerOrigin } from "#core/protocol/origin.ts";
import type { InviteCode } from "#core/protocol/link.ts";
import { json, label } from "#core/protocol/parse.ts";
import { BUILT_IN_ROLES } from "#core/rules/roles.ts";
import { z } from "zod";
import type { InvitePreview } from "#bridge/invite.ts";
import type { Refusal } from "#core/facts/refusal.ts";
import { refusalOf, refused } from "#bridge/refused.ts";
import { told } from "#bridge/told.ts";
import type { Told } from "#bridge/told.ts";
import type { Clock } from "#client/ports/clock.ts";
import type { WorkspaceRow, WorkspaceStore } from "#client/ports/store.ts";
import { rejected } from "../seams.ts";
import { clockFact, endOf, needNearClocks } from "#client/link/clocks.ts";
import { nodeCrypto, inviteKey, keyFromSeed, random22 } from "#node/crypto.ts";
import type { InviteKey } from "#node/crypto.ts";
import { knock } from "#client/link/knock.ts";
import type { Knock } from "#client/link/knock.ts";
import { platform } from "../ways/platform.ts";
import { otherLink } from "./other-link.ts";
import { QUEUED_LIFE_MS, refusalFact } from "#client/link/outbox.ts";
import type { Keyring, Signer } from "#client/keys/signer.ts";

const ONLINE_LIFE_MS = 600_000;

export interface FoundingDeps {
  readonly rows: WorkspaceStore;
  readonly signer: Signer;
  readonly clock: Clock;
}

/** Origin of a sync server as a person types it. Throws `Refusal("server-address")`. */
export const serverOrigin = (typed: string): string => {
  const text = typed.trim();
  const refuse = (): Refusal => refused("server-address");
  let url: URL;
  try {
    url = new URL(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
  } catch {
    // The refusal says what an address looks like.
    throw refuse();
  }
  if (
    (url.pathname !== "/" && url.pathname !== "") ||
    url.search !== "" ||
    url.username !== "" ||
    !isServerOrigin(url.origin)
  )
    throw refuse();
  return url.origin;
};

/** Where a workspace is founded. `seed`: of the founding link, where one was given. */
export interface Where {
  readonly server: string;
  readonly seed: string | null;
}
const foundingLink = /^(https?:\/\/[^\s#]{1,300})\/found#1\.([A-Za-z0-9_-]{22})$/;
/** An address as a person types it, or a founding link. Throws `Refusal("server-address")`. */
export const whereToFound = (typed: string): Where => {
  const [, address, seed] = foundingLink.exec(typed.trim()) ?? [];
  if (address !== undefined && seed !== undefined) return { server: serverOrigin(address), seed };
  const other = otherLink(typed, "found");
  if (other !== null) throw refusalOf(other);
  return { server: serverOrigin(typed), seed: null };
};
const linkProof = (seed: string, wid: string, nonce: string, aud: string): { x: string; proof: string } => {
  const { x, sign } = keyFromSeed(seed, "bulkhead-found-v1");
  return { x, proof: sign(foundProofText(wid, nonce, aud, x)) };
};

/** What this computer says of itself. Its name stays here: nobody was asked whether the team may read it. */
const OWN_DEVICE = { name: null, version: VERSION, knows: KNOWS };

/** What is kept owes the log the key with which this server signs heads: server-key.ts. */
export const found = async (
  { signer, clock, rows }: FoundingDeps,
  workspace: string,
  person: string,
  { server, seed }: Where,
  embedded: WorkspaceRow["embedded"],
): Promise<WorkspaceRow> => {
  const member = newMember();
  const text = JSON.stringify({
    workspace,
    member,
    name: person,
    x: signer.keys.x,
    enc: signer.keys.enc,
    device: OWN_DEVICE,
    salt: random22(),
  });
  if (genesisText(json(text)) === undefined) throw refused("name-not-one-line");
  const wid = workspaceIdOf(nodeCrypto, text);
  const door = await knock(platform, server, wid, (nonce) =>
    signer.auth({
      w: wid,
      d: LOG,
      nonce,
      aud: server,
      as: "found",
      ...(seed === null ? {} : { link: linkProof(seed, wid, nonce, server) }),
    }),
  );
  try {
    const genesis = await signer.command({
      wid,
      doc: LOG,
      n: rows.nextCounter(wid, LOG),
      seen: [0, ""],
      exp: endOf(clock.now(), door.hello.t ?? null, ONLINE_LIFE_MS),
      kind: "genesis",
      body: { text },
    });
    const ack = await door.send(genesis.jws, clock.now());
    if (!ack.ok) throw refusalOf(clockFact(ack.code, clock.now(), door.hello.t ?? null) ?? refusalFact(ack.code));
    const row: WorkspaceRow = {
      wid,
      member,
      device: signer.device,
      nextDevice: null,
      server,
      embedded,
      paused: false,
      halt: null,
      pin: [0, ""],
    };
    rows.add(row, clock.now(), door.hello.key);
    return row;
  } finally {
    door.close();
  }
};

// ---- joining ------------------------------------------------------------------------------------

export const readCode = (link: string): InviteCode => {
  const read = readLink(nodeCrypto, link);
  if (!read.ok) throw refusalOf(otherLink(link, "join") ?? told(read.problem));
  return read.code;
};

/** What no member's name may hold, a server's greeting may not either: it could turn round what is read beside it. */
const shown = z.string().refine((value) => label(80)(value) !== undefined);
const Greeting = z.strictObject({
  s: z.int().min(0),
  invite: z.string().max(4_096),
  workspace: shown,
  inviter: z.literal("").or(shown),
  used: z.int().min(0),
  problem: z.string().max(64).nullable(),
  /** Name of the member who comes back, or null. */
  member: z.literal("").or(shown).nullable(),
  /** Name of the role, "" from a server that does not say it. */
  role: z.literal("").or(shown).default(""),
  /** How far the time of the workspace, by which the invite ends, is ahead of dates, ms. */
  ahead: z.int().min(0).default(0),
  /** What a join would be dated with, ms. */
  now: z.int().min(0).optional(),
});
type Greeting = z.infer<typeof Greeting>;

/** Standing at the door: who invites to what, as the server says it and as far as the link proves it. */
export interface Door {
  readonly code: InviteCode;
  readonly key: InviteKey;
  readonly greeting: Greeting;
  readonly invite: InvitePayload;
  /** Device that made the invite. */
  readonly by: DeviceId;
  readonly knock: Knock;
}

const bad = (): Refusal => rejected("invite-bad");

export const atTheDoor = async (code: InviteCode): Promise<Door> => {
  const key = inviteKey(code.seed);
  const auth = async (nonce: string): Promise<string> =>
    signWithInvite(key, { v: 1, w: code.wid, d: LOG, nonce, aud: code.server, as: "invite", x: key.x });
  const opened = await knock(platform, code.server, code.wid, auth);
  try {
    const greeting = Greeting.safeParse(json(opened.welcome)).data;
    const signed = greeting === undefined ? undefined : parseSigned(nodeCrypto, greeting.invite, invitePayload);
    if (greeting === undefined || signed === undefined || signed.typ !== INVITE_TYP) throw bad();
    const invite = signed.payload;
    if ((invite.member === null) !== (greeting.member === null)) throw bad();
    if (invite.w !== code.wid || invite.x !== key.x || invite.id !== key.id) throw bad();
    return { code, key, greeting, invite, by: signed.kid, knock: opened };
  } catch (error) {
    opened.close();
    throw error;
  }
};

const signWithInvite = (key: InviteKey, payload: object): string => {
  const input = `${nodeCrypto.encode(JSON.stringify({ alg: "Ed25519", typ: "bulkhead-auth+jws", kid: key.id }))}.${nodeCrypto.encode(JSON.stringify(payload))}`;
  return `${input}.${key.sign(input)}`;
};

/** Throws the reason why this invite would be refused. Whether its time is over the server says: this computer's clock may be wrong. */
export const checkDoor = ({ greeting, invite }: Door, own: number): void => {
  const { problem } = greeting;
  if (problem === "invite-expired") needNearClocks(own, greeting.now ?? null);
  // Nothing signed shows what others did with the invite: that is the server's word, and told as that.
  const says = (code: string): Refusal => refused("server-says", refusalFact(code));
  if (problem !== null) throw says(problem);
  if (greeting.used >= invite.uses) throw says("invite-used");
};

/** What a built-in role is called is not the server's to say, nor may another one pass for it. */
const roleOf = ({ greeting, invite }: Door): Pick<InvitePreview, "role" | "roleDefined"> => {
  const builtIn = BUILT_IN_ROLES.find(({ id }) => id === invite.role)?.name;
  return { role: builtIn ?? (greeting.role === "" ? invite.role : greeting.role), roleDefined: builtIn === undefined };
};

export const previewOf = (door: Door, alreadyMember: boolean): InvitePreview => {
  const { code, greeting, invite } = door;
  return {
    server: code.server,
    workspace: greeting.workspace,
    wid: code.wid,
    inviter: greeting.inviter,
    ...roleOf(door),
    confirm: invite.mode === "confirm",
    expiresAt: invite.exp - greeting.ahead,
    usesLeft: Math.max(0, invite.uses - greeting.used),
    back: greeting.member,
    alreadyMember,
  };
};

export interface Joined {
  readonly row: WorkspaceRow;
  /** Position of the join in the log. */
  readonly at: number;
}

const joinRefused = (code: string, clocks: Told | undefined): Refusal =>
  code === "fork-detected" ? refused("joined-other-history") : refusalOf(clocks ?? refusalFact(code));

export interface JoinDeps extends Omit<FoundingDeps, "signer"> {
  readonly keys: Keyring;
  /** Keeps the new membership; one that was here before ends with it. */
  readonly keep: (row: WorkspaceRow) => void;
}

/** How a join is tried: with which key, or with the bytes of an attempt whose answer was lost. */
interface Attempt {
  readonly member: MemberId;
  readonly device: DeviceId;
  readonly jws: string;
  readonly expiresAt: number;
}

/**
 * Sends the join. The command is kept before it is sent: when its answer is lost, the next attempt sends the same bytes
 * and the server answers with the first result, so that one person never becomes two members.
 *
 * `fresh` asks for a key of its own: a key that was part of this workspace before never comes back (core/WHY.md, 1).
 */
export const join = async (deps: JoinDeps, door: Door, person: string, fresh: boolean): Promise<Joined> => {
  const { rows, keys, clock } = deps;
  const { code, key, invite } = door;
  const kept = rows.join(code.wid, key.id);
  const device = kept === null ? undefined : deviceOf(kept.jws);
  const again =
    kept !== null &&
    device !== undefined &&
    kept.expiresAt > endOf(clock.now(), door.greeting.now ?? null, 0) &&
    keys.has(device)
      ? { ...kept, device }
      : null;
  if (again === null) checkDoor(door, clock.now());
  const made = again === null && fresh ? await keys.make() : null;
  const attempt = again ?? (await signJoin(deps, keys.signer(made ?? keys.first()), door, person));
  rows.saveJoin(code.wid, key.id, attempt.member, attempt.jws, attempt.expiresAt);
  const ack = await door.knock.send(attempt.jws, clock.now());
  if (!ack.ok) {
    rows.dropJoin(code.wid, key.id);
    // A key that nobody ever knew.
    if (made !== null) await keys.drop(made).catch(() => undefined);
    throw joinRefused(ack.code, clockFact(ack.code, clock.now(), door.greeting.now ?? null));
  }
  const row: WorkspaceRow = {
    wid: invite.w,
    member: attempt.member,
    device: attempt.device,
    nextDevice: null,
    server: code.server,
    embedded: null,
    paused: false,
    halt: null,
    pin: code.head,
  };
  deps.keep(row);
  rows.dropJoin(code.wid, key.id);
  return { row, at: ack.s };
};

/** The device that signed a command; undefined where it cannot be read. */
export const deviceOf = (jws: string): DeviceId | undefined => parseCommand(nodeCrypto, jws)?.kid;
const newMember = (): MemberId => {
  const member = asMemberId(random22());
  if (member === undefined) throw new Error("a random id of the wrong length");
  return member;
};

const signJoin = async (
  { rows, clock }: JoinDeps,
  signer: Signer,
  { code, key, greeting, invite }: Door,
  person: string,
): Promise<Attempt> => {
  const member = invite.member ?? newMember();
  const { x, enc } = signer.keys;
  const proof = key.sign(joinProofText(code.wid, key.id, x, enc, member));
  const expiresAt = endOf(clock.now(), greeting.now ?? null, QUEUED_LIFE_MS);
  const signed = await signer.command({
    wid: code.wid,
    doc: LOG,
    n: rows.nextCounter(code.wid, LOG),
    seen: code.head,
    exp: expiresAt,
    kind: "member.join",
    body: { member, name: person, x, enc, device: OWN_DEVICE, invite: greeting.invite, proof },
  });
  return { member, device: signer.device, jws: signed.jws, expiresAt };
};
