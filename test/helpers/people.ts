/**
 * Ada, Ben and Cleo: members with real keys, who sign real commands. `createTeam` folds what they send with the rules
 * under test, on a clock of its own, so that a test can say what happened in one line each.
 */
import { AUTH2_TYP } from "#core/protocol/channels.ts";
import {
  AUTH_TYP,
  COMMAND_TYP,
  deviceProofText,
  INVITE_TYP,
  joinProofText,
  signingInput,
} from "#core/protocol/command.ts";
import { deviceIdOf, inviteIdOf, workspaceIdOf } from "#core/protocol/crypto.ts";
import { writeEntry } from "#core/protocol/entry.ts";
import { ingestAdmin, ingestApproval, ingestLog } from "#core/rules/fold.ts";
import type { Ingested } from "#core/rules/fold.ts";
import type { IngestOptions } from "#core/rules/opened.ts";
import { ADMIN, laneDoc, LOG, queueDoc } from "#core/protocol/ids.ts";
import type {
  DeviceId,
  DocName,
  Hash,
  InviteId,
  MemberId,
  PairId,
  QueueId,
  RoleId,
  WorkspaceId,
} from "#core/protocol/ids.ts";
import { pairIdOf } from "#core/protocol/pair.ts";
import { WIRE_RANGE } from "#core/protocol/wire.ts";
import { DEFAULT_QUEUE, newAdminDoc, newApprovalDoc, newLog } from "#core/rules/state.ts";
import type { AdminDoc, ApprovalDoc, Chain, Log } from "#core/rules/state.ts";
import { crypto, makeKey, randomId, randomKey } from "./node-crypto.ts";
import type { KeyPair } from "./node-crypto.ts";

export interface Person {
  readonly name: string;
  readonly member: MemberId;
  readonly device: DeviceId;
  readonly key: KeyPair;
  readonly enc: string;
  readonly counters: Map<string, number>;
}

const deviceFor = (name: string, member: MemberId): Person => {
  const key = makeKey();
  return { name, member, device: deviceIdOf(crypto, key.x), key, enc: randomKey(), counters: new Map() };
};
export const makePerson = (name: string): Person => deviceFor(name, randomId() as MemberId);
/** Another device of the same person. */
export const makeDevice = (of: Person): Person => deviceFor(of.name, of.member);

export const jws = (key: KeyPair, kid: string, typ: string, body: unknown): string => {
  const input = signingInput(crypto, kid, typ, body);
  return `${input}.${key.sign(input)}`;
};

export interface CommandParts {
  readonly w: WorkspaceId;
  readonly d: DocName | string;
  readonly k: string;
  readonly b: unknown;
  readonly seen: readonly [number, string];
  readonly exp: number;
  readonly n?: number;
  readonly v?: number;
  readonly x?: boolean;
}

/** The next command of that device in that document; `over` replaces any part of the signed payload. */
export const signCommand = (by: Person, parts: CommandParts, typ: string = COMMAND_TYP): string => {
  const n = parts.n ?? (by.counters.get(parts.d) ?? 0) + 1;
  by.counters.set(parts.d, Math.max(n, by.counters.get(parts.d) ?? 0));
  return jws(by.key, by.device, typ, {
    v: parts.v ?? 1,
    w: parts.w,
    d: parts.d,
    n,
    seen: parts.seen,
    exp: parts.exp,
    k: parts.k,
    x: parts.x ?? true,
    b: parts.b,
  });
};

export interface AuthParts {
  readonly w: WorkspaceId;
  readonly d: string;
  readonly nonce: string;
  readonly aud: string;
}
export const signAuth = (by: Person, as: "device" | "found", parts: AuthParts): string =>
  jws(by.key, by.device, AUTH_TYP, { v: 1, ...parts, as, x: by.key.x });

/** What a connection signs: no document, and the versions that it heard. */
export const signAuth2 = (
  by: Person,
  { w, nonce, aud, ...over }: Omit<AuthParts, "d"> & { readonly [key: string]: unknown },
): string =>
  jws(by.key, by.device, AUTH2_TYP, {
    v: 1,
    w,
    nonce,
    aud,
    x: by.key.x,
    wire: WIRE_RANGE.to,
    heard: [WIRE_RANGE.from, WIRE_RANGE.to],
    ...over,
  });

export interface InviteKit {
  readonly id: InviteId;
  readonly key: KeyPair;
  readonly jws: string;
}

export interface InviteParts {
  readonly role?: string;
  readonly exp?: number;
  readonly uses?: number;
  readonly mode?: "direct" | "confirm";
  /** The member who comes back with it. */
  readonly member?: MemberId;
  readonly w?: WorkspaceId;
  readonly id?: string;
}
export const makeInvite = (by: Person, w: WorkspaceId, now: number, parts: InviteParts = {}): InviteKit => {
  const key = makeKey();
  const id = inviteIdOf(crypto, key.x);
  const payload = {
    v: 1,
    w: parts.w ?? w,
    id: parts.id ?? id,
    x: key.x,
    role: parts.role ?? "member",
    exp: parts.exp ?? now + 86_400_000,
    uses: parts.uses ?? 1,
    mode: parts.mode ?? "direct",
    member: parts.member ?? null,
  };
  return { id, key, jws: jws(by.key, by.device, INVITE_TYP, payload) };
};
export const signInviteAuth = (invite: InviteKit, parts: AuthParts): string =>
  jws(invite.key, invite.id, AUTH_TYP, { v: 1, ...parts, as: "invite", x: invite.key.x });
export interface PairKey {
  readonly id: PairId;
  readonly key: KeyPair;
}
export const makePairKey = (): PairKey => {
  const key = makeKey();
  return { id: pairIdOf(crypto, key.x), key };
};
export const signPairAuth = ({ id, key }: PairKey, parts: AuthParts): string =>
  jws(key, id, AUTH_TYP, { v: 1, ...parts, as: "pair", x: key.x });
/** What a first device says of itself. */
export const OWN_DEVICE = { name: null, version: "1.0.0", knows: 1 };
export const joinBody = (w: WorkspaceId, invite: InviteKit, who: Person) => ({
  member: who.member,
  name: who.name,
  x: who.key.x,
  enc: who.enc,
  device: OWN_DEVICE,
  invite: invite.jws,
  proof: invite.key.sign(joinProofText(w, invite.id, who.key.x, who.enc, who.member)),
});
/** Body of `device.rotate`. */
export const rotateBody = (w: WorkspaceId, device: Person) => ({
  x: device.key.x,
  enc: device.enc,
  pop: device.key.sign(deviceProofText(w, device.member, device.key.x, device.enc)),
});
/** Body of `device.add`. */
export const deviceBody = (w: WorkspaceId, device: Person) => ({
  ...rotateBody(w, device),
  kind: "desktop" as const,
  name: null,
});

export const requestBody = (over: Record<string, unknown> = {}) => ({
  ttlMs: 3_600_000,
  server: "Files",
  tool: "write_file",
  rule: "default",
  callHash: crypto.sha256(randomId()),
  jwe: "sealed",
  replaces: null,
  practice: false,
  ...over,
});

export const genesisOf = (founder: Person, workspace = "Harbour"): { wid: WorkspaceId; body: { text: string } } => {
  const text = JSON.stringify({
    workspace,
    member: founder.member,
    name: founder.name,
    x: founder.key.x,
    enc: founder.enc,
    device: OWN_DEVICE,
    salt: randomKey(),
  });
  return { wid: workspaceIdOf(crypto, text), body: { text } };
};

export type Over = Partial<CommandParts> & { readonly typ?: string };

export interface Team {
  readonly ada: Person;
  readonly wid: WorkspaceId;
  readonly log: Log;
  readonly admin: AdminDoc;
  readonly queue: ApprovalDoc;
  /** Moves the server's clock, ms. */
  pass(ms: number): void;
  readonly now: number;
  seen(): [number, string];
  sign(by: Person, doc: DocName, kind: string, body: unknown, over?: Over): string;
  /** Makes the next entry of that document from the command and folds it. */
  take(
    chain: Chain,
    command: string,
    entry?: Partial<{ s: number; p: string; t: number; a: number; m: [number, string] }>,
  ): Ingested;
  send(by: Person, doc: DocName, kind: string, body: unknown, over?: Over): Ingested;
  /** Like `send`, and throws where it is refused: for what a test takes as given. */
  given(by: Person, doc: DocName, kind: string, body: unknown, over?: Over): Hash;
  chain(doc: DocName): Chain;
  /** A member with that role, invited by the founder and confirmed where that is needed. */
  member(name: string, role?: string): Person;
  /** Texts of all entries so far. */
  readonly entries: readonly { readonly doc: DocName; readonly text: string }[];
  /** Texts of all entries that were offered, each with its verdict. */
  readonly attempts: readonly { readonly doc: DocName; readonly text: string; readonly verdict: string }[];
}

export const ingestInto = (log: Log, chain: Chain, text: string, options?: IngestOptions): Ingested => {
  if (chain === log) return ingestLog({ crypto }, log, text, options);
  if ("invites" in chain) return ingestAdmin({ crypto }, log, chain as AdminDoc, text, options);
  return ingestApproval({ crypto }, log, chain as ApprovalDoc, text, options);
};

export const QUEUE: DocName = queueDoc(DEFAULT_QUEUE);

export const createTeam = (): Team => {
  const ada = makePerson("Ada");
  const { wid, body } = genesisOf(ada);
  const log = newLog(wid);
  const docs = new Map<DocName, Chain>([[LOG, log]]);
  const entries: { doc: DocName; text: string }[] = [];
  const attempts: { doc: DocName; text: string; verdict: string }[] = [];
  let now = 1_800_000_000_000;

  const chain = (doc: DocName): Chain => {
    const known = docs.get(doc) ?? (doc === ADMIN ? newAdminDoc(doc) : newApprovalDoc(doc));
    docs.set(doc, known);
    return known;
  };
  const seen = (): [number, string] => [log.seq, log.head];
  const sign: Team["sign"] = (by, doc, kind, content, over = {}) => {
    const { typ, ...parts } = over;
    return signCommand(by, { w: wid, d: doc, k: kind, b: content, seen: seen(), exp: now + 600_000, ...parts }, typ);
  };
  const take: Team["take"] = (to, command, entry = {}) => {
    const m = to === log ? null : ((entry.m ?? [log.seq, log.head]) as [number, Hash]);
    const a = entry.a ?? Math.max(log.ahead, to.ahead);
    const text = writeEntry({
      s: entry.s ?? to.seq + 1,
      p: (entry.p ?? to.head) as Hash,
      t: entry.t ?? Math.max(now, to.time - a),
      a,
      c: command,
      m,
    });
    const taken = ingestInto(log, to, text);
    attempts.push({ doc: to.doc, text, verdict: taken.ok ? "ok" : taken.code });
    if (taken.ok) entries.push({ doc: to.doc, text });
    return taken;
  };
  const send: Team["send"] = (by, doc, kind, content, over) => take(chain(doc), sign(by, doc, kind, content, over));
  const given: Team["given"] = (by, doc, kind, content, over) => {
    const taken = send(by, doc, kind, content, over);
    if (!taken.ok) throw new Error(`the test takes ${kind} as given, but: ${taken.code}`);
    return taken.command;
  };
  const member: Team["member"] = (name, role = "member") => {
    const who = makePerson(name);
    const plain = ["member", "guest"].includes(role);
    const invite = makeInvite(ada, wid, now, { role, mode: plain ? "direct" : "confirm" });
    given(who, LOG, "member.join", joinBody(wid, invite, who));
    if (!plain) given(ada, LOG, "member.role", { member: who.member, from: "guest", to: role });
    return who;
  };

  given(ada, LOG, "genesis", body, { seen: [0, ""] });
  return {
    ada,
    wid,
    log,
    admin: chain(ADMIN) as AdminDoc,
    queue: chain(QUEUE) as ApprovalDoc,
    pass: (ms) => {
      now += ms;
    },
    get now() {
      return now;
    },
    seen,
    sign,
    take,
    send,
    given,
    chain,
    member,
    entries,
    attempts,
  };
};

/** A queue that asks `n` of the roles; `over` replaces any part. */
export const queueOf = (
  id: string,
  all: { n: number; roles?: string[]; members?: MemberId[] }[],
  over: Record<string, unknown> = {},
) => ({
  id: id as QueueId,
  name: `Queue ${id}`,
  all: all.map(({ n, roles = [], members = [] }) => ({ n, roles: roles as RoleId[], members })),
  deny: 1,
  decideMs: 8 * 3_600_000,
  useMs: 3_600_000,
  steps: [],
  practice: false,
  oneForTwo: false,
  independent: false,
  phone: "reject" as const,
  grants: "none" as const,
  ...over,
});

export const lane = (person: Person): DocName => laneDoc(person.member);
