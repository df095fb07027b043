/**
 * What a device signs. A command is a compact JWS over exact bytes (RFC 7515, alg Ed25519 of RFC 9864): it is stored
 * and hashed as it was sent, so there is no canonical JSON anywhere.
 *
 *   header   { alg: "Ed25519", typ: "bulkhead-cmd+jws", kid: deviceId }
 *   payload  { v: 1, w: workspace, d: document, n: counter, seen: [logSeq, logHash], exp: ms, k: kind, x: critical, b: body }
 *
 * `n` grows with every command of a device in a document. `seen` is the log head the author had verified. `exp` ends
 * the life of a command that somebody holds back. `x` says whether who does not know the kind must stop there: see
 * levels.ts. Header and payload keep these keys for ever.
 */
import type { CryptoDep } from "./crypto.ts";
import {
  asBaseDoc,
  asDeviceId,
  asDocName,
  asHash,
  asInviteId,
  asKey,
  asSigningKey,
  asMemberId,
  asQueueId,
  asRoleId,
  asServerId,
  asWorkspaceId,
  EPOCH_MAX,
} from "./ids.ts";
import type { DeviceId } from "./ids.ts";
import { bool, int, json, label, list, nullable, oneOf, pair, record, tagged, text } from "./parse.ts";
import type { Parsed, Parser } from "./parse.ts";
import { asCapability } from "./capabilities.ts";

export const COMMAND_TYP = "bulkhead-cmd+jws";
export const AUTH_TYP = "bulkhead-auth+jws";
export const INVITE_TYP = "bulkhead-invite+jws";
export const HEAD_TYP = "bulkhead-head+jws";
export const WANT_TYP = "bulkhead-want+jws";
/** Largest command, in characters of the compact JWS. */
export const COMMAND_MAX = 65_536;
const TIME_MAX = 8_640_000_000_000_000;
export const MINUTE = 60_000;
export const DAY = 86_400_000;
/** How long a command may wait between signing and the server: online, and from the outbox. */
export const COMMAND_LIFE_MAX = 7 * DAY + 10 * MINUTE;

const name = label(80);
/** A detached Ed25519 signature. */
export const signature = (value: unknown): string | undefined =>
  typeof value === "string" && /^[A-Za-z0-9_-]{86}$/.test(value) ? value : undefined;
const time = int(0, TIME_MAX);
const sealed = text(57_344, 1);

/** Names only: values are filled in on each computer and never synced. */
const values = list(record({ name: text(128, 1), secret: bool }), 64);
/** In arguments, address and values of headers, `${NAME}` stands for the value of that name; `$${` for the text `${`. */
export const launch = tagged<Launch>("kind", {
  stdio: record({
    kind: oneOf("stdio"),
    command: text(1_024, 1),
    args: list(text(4_096), 64),
    /** Become variables of the process; the templates may name them too. */
    env: values,
    /** Stand in the templates alone. */
    vars: values,
  }),
  http: record({
    kind: oneOf("http"),
    url: text(2_048, 1),
    headers: list(record({ name: text(128, 1), value: text(4_096) }), 32),
    vars: values,
  }),
});
export interface LaunchValue {
  readonly name: string;
  readonly secret: boolean;
}
export type Launch =
  | {
      readonly kind: "stdio";
      readonly command: string;
      readonly args: readonly string[];
      readonly env: readonly LaunchValue[];
      readonly vars: readonly LaunchValue[];
    }
  | {
      readonly kind: "http";
      readonly url: string;
      readonly headers: readonly { readonly name: string; readonly value: string }[];
      readonly vars: readonly LaunchValue[];
    };

export const threshold = record({ n: int(1, 50), roles: list(asRoleId, 32), members: list(asMemberId, 50) });
export type Threshold = Parsed<typeof threshold>;

/** A rung of escalation: its thresholds replace those before it, `afterMs` after the request. Time alone only denies. */
export const escalation = record({ afterMs: int(MINUTE, 30 * DAY), all: list(threshold, 8, 1) });
export type Escalation = Parsed<typeof escalation>;

export const queuePolicy = record({
  id: asQueueId,
  name,
  /** All must be met; one vote may serve several. */
  all: list(threshold, 8, 1),
  /** This many rejections decide against. */
  deny: int(1, 50),
  decideMs: int(MINUTE, 30 * DAY),
  useMs: int(MINUTE, 30 * DAY),
  /** Rungs in the order of their time, all before `decideMs`, which is the last rung and denies. */
  steps: list(escalation, 8),
  /** Whether somebody may try the flow with requests that can never be used. */
  practice: bool,
  /** Whether one person's click counts for each of those in whose place they stand too. Otherwise people who click are counted. */
  oneForTwo: bool,
  /** Whether votes of people whom the requester brought in lately do not count: see ties.ts. */
  independent: bool,
  /** What votes from phones count: nothing, rejections, the approval of one person, all. Levels say what is served. */
  phone: oneOf("none", "reject", "one", "full"),
  /** Whether approvers may agree to calls ahead. */
  grants: oneOf("none", "allow"),
});
export type QueuePolicy = Parsed<typeof queuePolicy>;

export const condition = record({
  /** Dotted path into the arguments, e.g. `options.path`. */
  path: text(200, 1),
  op: oneOf("equals", "under", "host-in", "at-most", "matches"),
  value: text(1_000),
});
export type Condition = Parsed<typeof condition>;

/** Most tools of one server, and most that one rule names. Hosts read no more of a server. */
export const TOOLS_MAX = 256;
const toolName = text(200, 1);

/** `confirm` asks the person who runs, on their own screen; it never satisfies a queue. */
export type RuleEffect =
  | { readonly kind: "allow" }
  | { readonly kind: "confirm" }
  | { readonly kind: "deny" }
  | { readonly kind: "ask"; readonly queue: Parsed<typeof asQueueId> };
export const rule = record({
  id: (value: unknown) => (typeof value === "string" && /^[A-Za-z0-9_-]{1,32}$/.test(value) ? value : undefined),
  server: nullable(asServerId),
  /** Exact names of tools; with `except` every tool but these, so that a server has a default and exceptions in few words. */
  tools: list(toolName, TOOLS_MAX),
  except: bool,
  args: list(condition, 8),
  /** Applies to these roles of the requester; empty for all. */
  roles: list(asRoleId, 32),
  effect: tagged<RuleEffect>("kind", {
    allow: record({ kind: oneOf("allow") }),
    confirm: record({ kind: oneOf("confirm") }),
    deny: record({ kind: oneOf("deny") }),
    ask: record({ kind: oneOf("ask"), queue: asQueueId }),
  }),
});
export type Rule = Parsed<typeof rule>;

/** Never `allow`: what nobody thought of must not run by itself. */
export const unnamed = oneOf("ask", "confirm", "deny");
export type Unnamed = Parsed<typeof unnamed>;
const position = int(0, Number.MAX_SAFE_INTEGER);

export const deviceKind = oneOf("desktop", "phone", "runner");
export type DeviceKind = Parsed<typeof deviceKind>;
/** Version of an app as it names itself, and the newest level that it knows. */
const knowing = { version: text(40, 1), knows: int(1, 1_000_000) };
/** What the first device of a person says of itself. It is a computer: phones and runners are added by one. */
const ownDevice = record({ name: nullable(name), ...knowing });
export type OwnDevice = Parsed<typeof ownDevice>;
const level = int(1, 1_000_000);

/** Body of every kind of command. Each stands in `levels.ts` too. */
export const bodies = {
  /** `text` is JSON of `genesisText`; its hash is the workspace id. */
  genesis: record({ text: text(2_048, 1) }),
  /** One number higher; never lowered. Keeps this shape for ever. */
  "workspace.level": record({ from: level, to: level }),
  "member.join": record({
    member: asMemberId,
    name,
    x: asSigningKey,
    enc: asKey,
    device: ownDevice,
    invite: text(4_096, 1),
    proof: signature,
  }),
  "member.role": record({ member: asMemberId, from: asRoleId, to: asRoleId }),
  /** Tells whoever waits for the role that an invite promised that they will not get it. */
  "member.refuse": record({ member: asMemberId }),
  /** The own name. */
  "member.rename": record({ name }),
  "member.remove": record({ member: asMemberId }),
  "device.add": record({ x: asSigningKey, enc: asKey, pop: signature, kind: deviceKind, name: nullable(name) }),
  /** What the signing device knows, where it is not what it said before. Keeps this shape for ever. */
  "device.knows": record(knowing),
  "device.revoke": record({ device: asDeviceId }),
  /** Replaces the signing device by a new one of the same member. */
  "device.rotate": record({ x: asSigningKey, enc: asKey, pop: signature }),
  "role.define": record({ id: asRoleId, name, caps: list(asCapability, 64) }),
  "invite.create": record({ invite: text(4_096, 1), label: text(80) }),
  "invite.revoke": record({ id: asInviteId }),
  "tool.define": record({
    id: asServerId,
    name,
    launch,
    /** As they were seen: their definitions are accepted with this (TD5). */
    tools: list(record({ name: toolName, schema: asHash, readOnly: bool, destructive: bool }), TOOLS_MAX),
    /** Rules of this server, added in the same act, so that none of its tools is ever there without its rule. */
    policy: nullable(record({ base: position, rules: list(rule, 500) })),
  }),
  /** With every rule that names the server. */
  "tool.remove": record({ id: asServerId }),
  /** Accepts a definition of a tool. `base` is the position of the `tool.define` that it belongs to, and so of its launch. */
  "tool.accept": record({
    server: asServerId,
    base: position,
    tool: toolName,
    schema: asHash,
    readOnly: bool,
    destructive: bool,
  }),
  /** Takes an accepted definition out again. */
  "tool.withdraw": record({ server: asServerId, base: position, tool: toolName, schema: asHash }),
  /** Replaces the policy whole; `base` is the log position of the policy it replaces. `unnamed` is what a call gets that no rule names. */
  "policy.set": record({ base: position, unnamed, rules: list(rule, 500), queues: list(queuePolicy, 32, 1) }),
  "server.key": record({ x: asSigningKey }),
  /** The log's state before this entry: see checkpoint.ts. `v` is the format of the state's text. */
  checkpoint: record({ v: int(1, 1_000_000), at: pair(int(1, Number.MAX_SAFE_INTEGER), asHash), stateHash: asHash }),
  /** Opens the next epoch of a queue or a lane. */
  "epoch.open": record({ doc: asBaseDoc, n: int(2, EPOCH_MAX) }),
  "approval.delegate": record({ to: asMemberId, until: time }),
  "approval.undelegate": record({}),
  "approval.request": record({
    ttlMs: int(MINUTE, 30 * DAY),
    /** Shown to approvers who cannot open the arguments, and kept in the audit. */
    server: name,
    tool: text(200, 1),
    /** Id of the rule that asked, or `default`. */
    rule: text(32, 1),
    /** SHA-256 over the exact text of the call, which lies in the sealed text: see call-hash in the host. */
    callHash: asHash,
    /** General JWE (RFC 7516), with its recipients packed, to the approvers' devices and the requester's own. */
    jwe: sealed,
    /** An edit: the own request that this one takes the place of. Its votes are void. */
    replaces: nullable(asHash),
    /** Marked for everybody, may be decided by whoever asked, and can never be used. */
    practice: bool,
  }),
  "approval.vote": record({
    request: asHash,
    v: oneOf("approve", "reject"),
    /** JWE to requester and approvers. */ note: nullable(text(16_384, 1)),
  }),
  "approval.cancel": record({ request: asHash }),
  /** The same sealed text for approvers who were added later. */
  "approval.rewrap": record({ request: asHash, jwe: sealed }),
  "approval.used": record({ request: asHash, result: oneOf("ok", "error", "unknown") }),
} as const;
export type Kind = keyof typeof bodies;
export type Body<K extends Kind> = Parsed<(typeof bodies)[K]>;

export const genesisText = record({
  workspace: name,
  member: asMemberId,
  name,
  x: asSigningKey,
  enc: asKey,
  device: ownDevice,
  salt: text(43, 22),
});
export type GenesisText = Parsed<typeof genesisText>;

export const invitePayload = record({
  v: int(1, 1),
  w: asWorkspaceId,
  id: asInviteId,
  x: asSigningKey,
  role: asRoleId,
  exp: time,
  uses: int(1, 50),
  /** `confirm`: the person joins as a Guest and an Admin then gives the role. */
  mode: oneOf("direct", "confirm"),
  /** Set to let a member who lost their devices come back as themselves. */
  member: nullable(asMemberId),
});
export type InvitePayload = Parsed<typeof invitePayload>;

const auth = {
  v: int(1, 1),
  w: asWorkspaceId,
  d: asDocName,
  nonce: text(64, 16),
  /** Origin that the client dialled: an answer cannot be relayed to another server. */
  aud: text(300, 1),
  /** `device` for a member, `invite` for a joiner (kid = invite id), `found` to create the workspace, `pair` for a new device (kid = pairing id). */
  as: oneOf("device", "invite", "found", "pair"),
  /** Public key; for `device` the server uses the one in the log and ignores this. */
  x: asSigningKey,
};
const plainAuth = record(auth);
/** A founder's, with the key of a founding link, where the server founds for nobody else. */
const linkedAuth = record({ ...auth, as: oneOf("found"), link: record({ x: asSigningKey, proof: signature }) });
export type AuthPayload = Parsed<typeof plainAuth> & { readonly link?: Parsed<typeof linkedAuth>["link"] };
export const authPayload: Parser<AuthPayload> = (value) => plainAuth(value) ?? linkedAuth(value);

export const commandPayload = record({
  v: int(1, 1),
  w: asWorkspaceId,
  d: asDocName,
  n: int(1, Number.MAX_SAFE_INTEGER),
  seen: pair(int(0, Number.MAX_SAFE_INTEGER), text(43)),
  exp: time,
  k: text(40, 1),
  x: bool,
  b: (value: unknown) => (typeof value === "object" && value !== null ? value : undefined),
});
export type CommandPayload = Parsed<typeof commandPayload>;

export interface Signed<T> {
  readonly kid: DeviceId;
  readonly typ: string;
  readonly payload: T;
  /** `header.payload`, the signed text. */
  readonly input: string;
  readonly signature: string;
}

export const signedHeader = record({ alg: oneOf("Ed25519"), typ: text(40, 1), kid: asDeviceId });

/** Splits and parses a compact JWS; the signature is not checked here. */
export const parseSigned = <T>(crypto: CryptoDep, jws: string, of: Parser<T>): Signed<T> | undefined => {
  const parts = jws.length <= COMMAND_MAX ? jws.split(".") : [];
  const [h, p, s] = parts;
  if (parts.length !== 3 || h === undefined || p === undefined || signature(s) === undefined || s === undefined)
    return undefined;
  const head = signedHeader(json(crypto.decode(h) ?? ""));
  const body = of(json(crypto.decode(p) ?? ""));
  return head === undefined || body === undefined
    ? undefined
    : { kid: head.kid, typ: head.typ, payload: body, input: `${h}.${p}`, signature: s };
};

export const parseCommand = (crypto: CryptoDep, jws: string): Signed<CommandPayload> | undefined =>
  parseSigned(crypto, jws, commandPayload);

/** The text a device signs; append "." and the signature to make the JWS. */
export const signingInput = (crypto: CryptoDep, kid: string, typ: string, body: unknown): string =>
  `${crypto.encode(JSON.stringify({ alg: "Ed25519", typ, kid }))}.${crypto.encode(JSON.stringify(body))}`;

/** Proof that the holder of an invite key joins with exactly these keys: a proof that was seen is useless to others. */
export const joinProofText = (w: string, invite: string, x: string, enc: string, member: string): string =>
  JSON.stringify(["bulkhead-join-v1", w, invite, x, enc, member]);
/** Proof that the holder of a founding link founds this workspace, in answer to this question: overheard it founds nothing else. */
export const foundProofText = (w: string, nonce: string, aud: string, x: string): string =>
  JSON.stringify(["bulkhead-found-v1", w, nonce, aud, x]);
/** Proof of possession of a new device's key. */
export const deviceProofText = (w: string, member: string, x: string, enc: string): string =>
  JSON.stringify(["bulkhead-pop-v1", w, member, x, enc]);
